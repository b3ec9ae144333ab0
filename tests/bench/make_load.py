#!/usr/bin/env python3
"""Writes a large load test: make_load.py jtl|k6 FILE [MEGABYTES [SEED [SLOWER]]]. Always the same bytes.

A request every millisecond, by one of 200 workers to one of eight endpoints, log-normal latencies and one
failure in a hundred; checkouts take SLOWER times as long (1). As JMeter's CSV or as k6's JSON lines (for each request the eight points that k6 writes).
"""
import random
import sys

BLOCK = 20_000  # rows that are drawn at a time
ENDPOINTS = ["login", "home", "search", "product", "cart", "checkout", "orders", "logout"]
TRENDS = ["duration", "blocked", "connecting", "sending", "waiting", "receiving"]


def rows(slower):
    for i in range(BLOCK):
        latency = random.lognormvariate(3.5, 0.8)
        name = ENDPOINTS[random.randrange(8)]
        ms = min(int(latency * (slower if name == "checkout" else 1)) + 1, 60_000)
        yield i, ms, name, random.randrange(200) + 1, random.random() < 0.01


def jtl(out, drawn, start):
    for i, ms, name, worker, failed in drawn:
        code, text = ("503", "Service Unavailable") if failed else ("200", "OK")
        out.append("%d,%d,%s,%s,%s,Shoppers 1-%d,text,%s,,%d,%d,200,200,http://shop.example:8080/%s,%d,0,%d\n" %
                   (start + i, ms, name, code, text, worker, "false" if failed else "true", 512 + ms * 13 % 9000, 310,
                    name, ms - 1, ms % 3))


def k6(out, drawn, start):
    for i, ms, name, worker, failed in drawn:
        at = start + i + ms
        time = "2026-11-20T%02d:%02d:%02d.%03d000000Z" % (at // 3_600_000 % 24, at // 60_000 % 60, at // 1000 % 60,
                                                         at % 1000)
        tags = ('{"expected_response":"%s","group":"","method":"GET","name":"%s","proto":"HTTP/1.1",'
                '"scenario":"shoppers","status":"%d","url":"http://shop.example:8080/%s"}' %
                ("false" if failed else "true", name, 503 if failed else 200, name))
        points = [("http_reqs", 1), ("http_req_failed", 1 if failed else 0)]
        points += [("http_req_" + t, ms if t in ("duration", "waiting") else ms % 3) for t in TRENDS]
        for metric, value in points:
            out.append('{"metric":"%s","type":"Point","data":{"time":"%s","value":%s,"tags":%s}}\n' %
                       (metric, time, value, tags))


def main():
    kind, path = sys.argv[1], sys.argv[2]
    size = int(float(sys.argv[3]) * 1e6) if len(sys.argv) > 3 else 1_000_000_000
    random.seed(int(sys.argv[4]) if len(sys.argv) > 4 else 7)
    slower = float(sys.argv[5]) if len(sys.argv) > 5 else 1
    with open(path, "w", buffering=1 << 20) as file:
        written, start = 0, 0
        if kind == "jtl":
            start = 1_795_213_856_000
            written += file.write("timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,"
                                  "failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect\n")
        else:
            for name in ["http_reqs", "http_req_failed"] + ["http_req_" + t for t in TRENDS]:
                kinds = {"http_reqs": "counter", "http_req_failed": "rate"}
                written += file.write('{"type":"Metric","data":{"name":"%s","type":"%s","contains":"%s","thresholds":[],'
                                      '"submetrics":null},"metric":"%s"}\n' %
                                      (name, kinds.get(name, "trend"), "default" if name in kinds else "time", name))
        while written < size:
            out = []
            (jtl if kind == "jtl" else k6)(out, rows(slower), start)
            text = "".join(out)
            written += file.write(text)
            start += BLOCK


main()
