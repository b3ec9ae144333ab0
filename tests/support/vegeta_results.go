// Makes the fixtures of vegeta's three encodings: `go run vegeta_results.go DIR`. A load of 120
// requests, 50 a second, on a server of its own, with the struct and the encoders' formats of
// vegeta (lib/results.go); gob is Go's own. With 9 fields as before 12.8.0, with 12 as since.
package main

import (
	"encoding/base64"
	"encoding/csv"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"time"
)

type Result struct {
	Attack    string        `json:"attack"`
	Seq       uint64        `json:"seq"`
	Code      uint16        `json:"code"`
	Timestamp time.Time     `json:"timestamp"`
	Latency   time.Duration `json:"latency"`
	BytesOut  uint64        `json:"bytes_out"`
	BytesIn   uint64        `json:"bytes_in"`
	Error     string        `json:"error"`
	Body      []byte        `json:"body"`
	Method    string        `json:"method"`
	URL       string        `json:"url"`
	Headers   http.Header   `json:"headers"`
}

func attack(url string) []Result {
	paths := []string{"/search?q=a", "/product/7", "/checkout", "/slow"}
	client := http.Client{Timeout: 40 * time.Millisecond}
	var out []Result
	var lock sync.Mutex
	var wait sync.WaitGroup
	for i := 0; i < 120; i++ {
		wait.Add(1)
		go func(i int) {
			defer wait.Done()
			r := Result{Attack: "shop", Seq: uint64(i), Method: "GET", URL: "http://shop.test" + paths[i%4],
				Timestamp: time.Now()}
			answer, err := client.Get(url + paths[i%4])
			if err == nil {
				r.Body, err = io.ReadAll(answer.Body)
				answer.Body.Close()
				r.BytesIn, r.Code, r.Headers = uint64(len(r.Body)), uint16(answer.StatusCode), answer.Header
				if r.Code < 200 || r.Code >= 400 {
					r.Error = answer.Status
				}
			}
			if err != nil {
				r.Error = fmt.Sprintf("Get %q: net/http: request canceled, \"timeout\"", r.URL)
			}
			r.Latency = time.Since(r.Timestamp)
			lock.Lock()
			out = append(out, r)
			lock.Unlock()
		}(i)
		time.Sleep(20 * time.Millisecond)
	}
	wait.Wait()
	return out
}

func main() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(time.Duration(len(r.URL.Path)) * 300 * time.Microsecond)
		switch r.URL.Path {
		case "/slow":
			time.Sleep(time.Duration(time.Now().UnixNano()%60) * time.Millisecond)
		case "/checkout":
			if time.Now().UnixNano()%5 == 0 {
				http.Error(w, "no", 503)
				return
			}
		}
		fmt.Fprintf(w, "{\"path\":%q}", r.URL.Path)
	}))
	results := attack(server.URL)
	file := func(name string) *os.File {
		f, err := os.Create(filepath.Join(os.Args[1], name))
		if err != nil {
			panic(err)
		}
		return f
	}
	new12, old9 := gob.NewEncoder(file("twelve-fields.bin")), gob.NewEncoder(file("nine-fields.bin"))
	lines := json.NewEncoder(file("results.json"))
	twelve, nine := csv.NewWriter(file("twelve-columns.csv")), csv.NewWriter(file("nine-columns.csv"))
	for _, r := range results {
		new12.Encode(r)
		old9.Encode(old(r))
		lines.Encode(r)
		headers := ""
		for name, values := range r.Headers {
			headers += name + ": " + values[0] + "\r\n"
		}
		row := []string{fmt.Sprint(r.Timestamp.UnixNano()), fmt.Sprint(r.Code), fmt.Sprint(r.Latency.Nanoseconds()),
			fmt.Sprint(r.BytesOut), fmt.Sprint(r.BytesIn), r.Error, base64.StdEncoding.EncodeToString(r.Body),
			r.Attack, fmt.Sprint(r.Seq), r.Method, r.URL, base64.StdEncoding.EncodeToString([]byte(headers))}
		twelve.Write(row)
		nine.Write(row[:9])
	}
	twelve.Flush()
	nine.Flush()
}

// Gob writes the name of the type: it must be Result as well.
func old(r Result) any {
	type Result struct {
		Attack    string
		Seq       uint64
		Code      uint16
		Timestamp time.Time
		Latency   time.Duration
		BytesOut  uint64
		BytesIn   uint64
		Error     string
		Body      []byte
	}
	return Result{r.Attack, r.Seq, r.Code, r.Timestamp, r.Latency, r.BytesOut, r.BytesIn, r.Error, r.Body}
}
