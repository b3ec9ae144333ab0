#!/usr/bin/env python3
"""Fixtures of tests/fixtures/{k6-*,gatling-*}: rows of a real JMeter run (CSV with the columns of
its defaults) as k6 and Gatling would have written them. Neither can be run where this project is
built; files of the real tools are read by tst_k6_gatling_corpus.

    make_load_fixtures.py jmeter.jtl.csv tests/fixtures
"""
import base64
import csv
import json
import os
import struct
import sys
from datetime import datetime, timedelta, timezone

ROWS = 24
K6_ROWS = 10  # k6 writes nine lines for each
ZONE = timezone(timedelta(hours=-3))


class Row:
    def __init__(self, fields, index):
        self.begin_ms = int(fields["timeStamp"])
        self.elapsed_ms = int(fields["elapsed"])
        self.label = fields["label"].split(",")[0]
        self.status = fields["responseCode"]
        self.ok = fields["success"] == "true"
        self.worker = fields["threadName"].split("-")[-1]
        self.url = fields["URL"]
        self.latency_ms = int(fields["Latency"])
        self.connect_ms = int(fields["Connect"])
        self.index = index
        # k6 knows nanoseconds.
        self.ns = self.elapsed_ms * 1000000 + index * 1001 + 7
        self.waiting_ns = min(self.latency_ms * 1000000 + index * 501, self.ns - 5)
        self.end_ns = self.begin_ms * 1000000 + self.ns + index


def ms(ns):
    return ("%.6f" % (ns / 1e6)).rstrip("0").rstrip(".")


def k6_tags(row):
    tags = {"expected_response": "true" if row.ok else "false", "group": "", "method": "GET",
            "name": row.label, "proto": "HTTP/1.1", "scenario": "shoppers", "status": row.status,
            "url": "http://127.0.0.1:18080/" + row.label.replace(" ", "-")}
    if row.index % 5 == 0:
        tags["group"] = "::checkout"
    if not row.ok:
        tags["error_code"] = "1404"
    if row.index == K6_ROWS - 1:
        tags.update(status="0", error="dial: connection refused", error_code="1212",
                    expected_response="false")
        del tags["proto"]
    return dict(sorted(tags.items()))


def k6_parts(row):
    failed = k6_tags(row)["expected_response"] == "false"
    return [("http_reqs", "1"), ("http_req_duration", ms(row.ns)),
            ("http_req_blocked", ms(row.connect_ms * 1000000 + 1500)),
            ("http_req_connecting", ms(row.connect_ms * 1000000)),
            ("http_req_tls_handshaking", "0"), ("http_req_sending", ms(3)),
            ("http_req_waiting", ms(row.waiting_ns)),
            ("http_req_receiving", ms(row.ns - row.waiting_ns - 3)),
            ("http_req_failed", "1" if failed else "0")]


def k6_samples(rows):
    """(metric, end in ns, value, tags) in the order of a run."""
    scenario = {"group": "", "scenario": "shoppers"}
    for row in sorted(rows, key=lambda r: r.end_ns):
        for metric, value in k6_parts(row):
            yield metric, row.end_ns, value, k6_tags(row)
        yield "checks", row.end_ns + 1000, "1" if row.ok else "0", dict(scenario, check="status is 200")
        if row.index % 4 == 3:
            end = row.end_ns + 2000
            yield "data_sent", end, "620", scenario
            yield "data_received", end, "13437", scenario
            yield "iteration_duration", end, ms(row.ns + 900000), scenario
            yield "iterations", end, "1", scenario
            yield "vus", end, "2", None
    yield "dropped_iterations", max(r.end_ns for r in rows), "3", {"scenario": "shoppers"}


TYPES = {"http_reqs": ("counter", "default"), "http_req_failed": ("rate", "default"),
         "checks": ("rate", "default"), "vus": ("gauge", "default"), "iterations": ("counter", "default"),
         "dropped_iterations": ("counter", "default"), "data_sent": ("counter", "data"),
         "data_received": ("counter", "data")}
THRESHOLDS = {"http_req_duration": ["p(95)<300"], "http_req_failed": ["rate<0.01"]}


def rfc3339(ns):
    at = datetime.fromtimestamp(ns // 1000000000, ZONE)
    fraction = (".%09d" % (ns % 1000000000)).rstrip("0").rstrip(".")
    return at.strftime("%Y-%m-%dT%H:%M:%S") + fraction + "-03:00"


def dump(value):
    return json.dumps(value, separators=(",", ":"))


def k6_json(rows):
    out, seen = [], set()
    for metric, ns, value, tags in k6_samples(rows):
        if metric not in seen:
            seen.add(metric)
            kind, contains = TYPES.get(metric, ("trend", "time"))
            out.append(dump({"type": "Metric",
                             "data": {"name": metric, "type": kind, "contains": contains,
                                      "thresholds": THRESHOLDS.get(metric, []), "submetrics": None},
                             "metric": metric}))
        # By hand: the numbers stay as they are.
        out.append('{"metric":%s,"type":"Point","data":{"time":%s,"value":%s,"tags":%s}}'
                   % (dump(metric), dump(rfc3339(ns)), value, dump(tags)))
    return "\n".join(out) + "\n"


CSV_TAGS = ["check", "error", "error_code", "expected_response", "group", "method", "name", "proto",
            "scenario", "status", "url"]


def k6_csv(rows, nanos_per_unit):
    out = ["metric_name,timestamp,metric_value," + ",".join(CSV_TAGS) + ",extra_tags,metadata"]
    for metric, ns, value, tags in k6_samples(rows):
        tags = tags or {}
        out.append(",".join([metric, str(ns // nanos_per_unit), "%.6f" % float(value)] +
                            [tags.get(t, "") for t in CSV_TAGS] + ["", ""]))
    return "\n".join(out) + "\n"


def trend(values_ms, names):
    values = sorted(values_ms)

    def at(q):
        position = q * (len(values) - 1)
        low = int(position)
        high = min(low + 1, len(values) - 1)
        return values[low] + (values[high] - values[low]) * (position - low)

    all_of = {"avg": sum(values) / len(values), "min": values[0], "med": at(0.5), "max": values[-1],
              "p(90)": at(0.9), "p(95)": at(0.95), "p(99)": at(0.99), "p(99.9)": at(0.999),
              "count": len(values)}
    return {name: all_of[name] for name in names}


def k6_summary(rows, export):
    """The metrics of --summary-export, or of handleSummary."""
    seconds = (max(r.end_ns for r in rows) - min(r.end_ns - r.ns for r in rows)) / 1e9
    failed = sum(k6_tags(r)["expected_response"] == "false" for r in rows)
    names = ["avg", "min", "med", "max", "p(90)", "p(95)"]
    if not export:
        names += ["p(99)", "p(99.9)", "count"]
    durations = trend([r.ns / 1e6 for r in rows], names)
    connecting = trend([float(r.connect_ms) for r in rows], names)
    passed = sum(r.ok for r in rows)
    metrics = {
        "http_reqs": ("counter", "default", {"count": len(rows), "rate": len(rows) / seconds}),
        "http_req_duration": ("trend", "time", durations),
        "http_req_connecting": ("trend", "time", connecting),
        "http_req_duration{expected_response:true}":
            ("trend", "time", trend([r.ns / 1e6 for r in rows if r.ok], names)),
        "http_req_failed": ("rate", "default", {"passes": failed, "fails": len(rows) - failed}),
        "checks": ("rate", "default", {"passes": passed, "fails": len(rows) - passed}),
        "data_received": ("counter", "data", {"count": 40311, "rate": 40311 / seconds}),
        "vus": ("gauge", "default", {"value": 2, "min": 2, "max": 2}),
        "dropped_iterations": ("counter", "default", {"count": 3, "rate": 3 / seconds}),
    }
    checks = {"name": "status is 200", "path": "::status is 200", "id": "a", "passes": passed,
              "fails": len(rows) - passed}
    out = {}
    for name, (kind, contains, values) in metrics.items():
        if kind == "rate":
            share = values["passes"] / len(rows)
            values = dict({"value": share} if export else {"rate": share}, **values)
        if export:
            out[name] = dict(values)
            if name in THRESHOLDS:  # true means that it failed
                out[name]["thresholds"] = {t: True for t in THRESHOLDS[name]}
        else:
            out[name] = {"type": kind, "contains": contains, "values": values}
            if name in THRESHOLDS:
                out[name]["thresholds"] = {t: {"ok": False} for t in THRESHOLDS[name]}
    if export:
        return {"root_group": {"name": "", "path": "", "id": "d", "groups": {},
                               "checks": {"status is 200": checks}}, "metrics": out}
    return {"root_group": {"name": "", "path": "", "id": "d", "groups": [], "checks": [checks]},
            "options": {"summaryTrendStats": names, "summaryTimeUnit": "", "noColor": False},
            "state": {"isStdOutTTY": False, "isStdErrTTY": True, "testRunDurationMs": seconds * 1e3},
            "metrics": out}


def gatling_events(rows):
    """User starts and ends, requests and groups by the time they are written."""
    events = []
    for worker in sorted({r.worker for r in rows}):
        mine = [r for r in rows if r.worker == worker]
        first, last = min(r.begin_ms for r in mine), max(r.begin_ms + r.elapsed_ms for r in mine)
        events.append((first - 1, 0, "start", worker, first - 1, first - 1))
        events.append((last + 1, 2, "end", worker, first - 1, last + 1))
    for row in rows:
        events.append((row.begin_ms + row.elapsed_ms, 1, "request", row))
        if row.index % 5 == 0:
            events.append((row.begin_ms + row.elapsed_ms, 2, "group", row))
    return sorted(events, key=lambda e: e[:2])


def groups_of(row):
    return ["checkout", "pay"] if row.index % 5 == 0 else []


def message_of(row):
    return "" if row.ok else "status.find.is(200), but actually found " + row.status


def gatling_text(rows, era):
    start = min(r.begin_ms for r in rows) - 5
    name, run = "shop.ShopSimulation", "shopsimulation"
    if era == "2.0":
        out = ["\t".join([name, run, "RUN", str(start), " ", "2.0"])]
    else:
        out = ["ASSERTION\tAAECAAICAAAAAAAAAFRA"] if era == "3.10.5" else []
        out.append("\t".join(["RUN", name, run, str(start), " ", era]))
    for event in gatling_events(rows):
        if event[2] in ("start", "end"):
            what, worker, first, at = event[2].upper(), event[3], str(event[4]), str(event[5])
            out.append("\t".join({
                "2.0": ["shoppers", worker, "USER", what, first, "0" if what == "START" else at],
                "2.3": ["USER", "shoppers", worker, what, first, at],
                "3.2.1": ["USER", "shoppers", worker, what, first, at],
                "3.5.0": ["USER", "shoppers", what, first, at],
                "3.10.5": ["USER", "shoppers", what, at]}[era]))
            continue
        row = event[3]
        begin, end = str(row.begin_ms), str(row.begin_ms + row.elapsed_ms)
        groups, status, message = ",".join(groups_of(row)), "OK" if row.ok else "KO", message_of(row) or " "
        if event[2] == "group":
            times = [begin, end, str(row.elapsed_ms), status]
            out.append("\t".join({
                "2.0": ["shoppers", row.worker, "GROUP", groups] + times,
                "2.3": ["GROUP", "shoppers", row.worker, groups] + times,
                "3.2.1": ["GROUP", row.worker, groups] + times,
                "3.5.0": ["GROUP", groups] + times,
                "3.10.5": ["GROUP", groups] + times}[era]))
            continue
        rest = [status, message]
        out.append("\t".join({
            "2.0": ["shoppers", row.worker, "REQUEST", groups, row.label, begin, begin,
                    str(row.begin_ms + row.latency_ms), end] + rest,
            "2.3": ["REQUEST", "shoppers", row.worker, groups, row.label, begin, end] + rest,
            "3.2.1": ["REQUEST", row.worker, groups, row.label, begin, end] + rest,
            "3.5.0": ["REQUEST", groups, row.label, begin, end] + rest,
            "3.10.5": ["REQUEST", groups, row.label, begin, end] + rest}[era]))
    if era != "2.0":
        out.append("ERROR\tNo attribute named 'cart' is defined\t%d" % (start + 100))
    return "\n".join(out) + "\n"


def gatling_binary(rows):
    start = min(r.begin_ms for r in rows) - 5
    cache = {}

    def string(text):
        latin = all(ord(c) < 256 for c in text)
        data = text.encode("latin-1" if latin else "utf-16-le")
        return struct.pack(">i", len(data)) + (data + (b"\0" if latin else b"\1") if data else b"")

    def cached(text):
        if text in cache:
            return struct.pack(">i", -cache[text])
        cache[text] = len(cache) + 1
        return struct.pack(">i", cache[text]) + string(text)

    def groups(row):
        return struct.pack(">i", len(groups_of(row))) + b"".join(map(cached, groups_of(row)))

    assertion = base64.b64decode("AAECAAICAAAAAAAAAFRA")
    out = (b"\0" + string("3.13.1") + string("shop.ShopSimulation") + struct.pack(">q", start) +
           string("a caf\u00e9 \u2615") + struct.pack(">i", 1) + string("shoppers") +
           struct.pack(">ii", 1, len(assertion)) + assertion)
    for event in gatling_events(rows):
        if event[2] in ("start", "end"):
            out += struct.pack(">bibi", 2, 0, event[2] == "start", event[5] - start)
            continue
        row = event[3]
        begin, end = row.begin_ms - start, row.begin_ms + row.elapsed_ms - start
        if event[2] == "group":
            out += b"\3" + groups(row) + struct.pack(">iiib", begin, end, row.elapsed_ms, row.ok)
        else:
            out += (b"\1" + groups(row) + cached(row.label) + struct.pack(">iib", begin, end, row.ok) +
                    cached(message_of(row)))
    return out + b"\4" + cached("No attribute named 'cart' is defined") + struct.pack(">i", 100)


def gatling_stats(rows):
    def stats(name, some):
        oks, kos = [r for r in some if r.ok], [r for r in some if not r.ok]

        def three(of):
            return {k: of(v) if v else 0 for k, v in (("total", some), ("ok", oks), ("ko", kos))}

        def percentile(q):
            return lambda v: sorted(r.elapsed_ms for r in v)[min(int(q * len(v)), len(v) - 1)]

        def deviation(v):
            mean = sum(r.elapsed_ms for r in v) / len(v)
            return int((sum((r.elapsed_ms - mean) ** 2 for r in v) / len(v)) ** 0.5)

        return {"name": name, "numberOfRequests": three(len),
                "minResponseTime": three(lambda v: min(r.elapsed_ms for r in v)),
                "maxResponseTime": three(lambda v: max(r.elapsed_ms for r in v)),
                "meanResponseTime": three(lambda v: sum(r.elapsed_ms for r in v) // len(v)),
                "standardDeviation": three(deviation),
                "percentiles1": three(percentile(0.5)), "percentiles2": three(percentile(0.75)),
                "percentiles3": three(percentile(0.95)), "percentiles4": three(percentile(0.99)),
                "group1": {"name": "t < 800 ms", "htmlName": "t < 800 ms", "count": len(oks),
                           "percentage": 100 * len(oks) // len(some)},
                "meanNumberOfRequestsPerSecond": three(lambda v: len(v) / 2)}

    contents = {}
    for label in sorted({r.label for r in rows}):
        key = "req_" + label.replace(" ", "-")
        contents[key] = {"type": "REQUEST", "name": label, "path": label, "pathFormatted": key,
                         "stats": stats(label, [r for r in rows if r.label == label])}
    whole = stats("All Requests", rows)
    return {"type": "GROUP", "name": "All Requests", "path": "", "pathFormatted": "group_missing-name",
            "stats": whole, "contents": contents}, whole


def main():
    source, target = sys.argv[1:]
    with open(source, newline="") as f:
        rows = [Row(fields, i) for i, fields in zip(range(ROWS), csv.DictReader(f))]
    few = rows[:K6_ROWS]

    def write(folder, name, data):
        os.makedirs(os.path.join(target, folder), exist_ok=True)
        with open(os.path.join(target, folder, name), "wb") as f:
            f.write(data if isinstance(data, bytes) else data.encode())

    write("k6-json", "shop.json", k6_json(few))
    write("k6-csv", "seconds.csv", k6_csv(few, 1000000000))
    write("k6-csv", "nanoseconds.csv", k6_csv(few, 1))
    write("k6-summary", "export.json", json.dumps(k6_summary(few, True), indent=4))
    write("k6-summary", "handle-summary.json", json.dumps(k6_summary(few, False), indent=2))
    for era in ("2.0", "2.3", "3.2.1", "3.5.0", "3.10.5"):
        write("gatling-log", "layout-" + era + ".log", gatling_text(rows, era))
    write("gatling-binary", "shop.log", gatling_binary(rows))
    tree, whole = gatling_stats(rows)
    write("gatling-stats", "stats.json", json.dumps(tree, indent=2))
    write("gatling-stats", "global_stats.json", json.dumps(whole, indent=2))


main()
