#!/usr/bin/env python3
"""Counts what the traces of two files of OTLP JSON lines spend their time with, from the files alone.

    check_trace_diff.py BEFORE AFTER    one JSON object: {"POST /checkout": {"frontend\tSELECT products":
                                        {"calls": [12.0, 1.0], "critical": [...], "self": [...]}}}

Of each operation at the root of traces: "n", "mean", "p50" (nearest rank) of both sides, and under
"calls" by service and kind of query or name: calls, self time and time on the critical path per trace,
in ns; under "tail" the mean of the slowest traces (from the p95 on) and their critical path. The
critical path is found by looking at every instant between two times of the trace, which is slow.
"""

import gzip
import json
import re
import sys
from collections import defaultdict


def spans_of(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rt") as file:
        for line in file:
            for group in json.loads(line).get("resourceSpans", []):
                service = next(a["value"]["stringValue"] for a in group["resource"]["attributes"]
                               if a["key"] == "service.name")
                for scope in group["scopeSpans"]:
                    for span in scope["spans"]:
                        attributes = {a["key"]: next(iter(a["value"].values()))
                                      for a in span.get("attributes", []) if a["value"]}
                        yield service, span, attributes


def kind(statement):
    """The verb and the table that it works on."""
    text = statement
    if text.startswith("WITH "):
        while "(" in text:  # drop what is in brackets, from the innermost
            text = re.sub(r"\([^()]*\)", " ", text)
        text = re.sub(r".*?\b(?=(SELECT|UPDATE|INSERT|DELETE)\b)", "", text, count=1)
    found = re.match(r"(SELECT).*?\bFROM (\w+)|(INSERT) INTO (\w+)|(UPDATE) (\w+)|(DELETE) FROM (\w+)",
                     text)
    return " ".join(part for part in found.groups() if part) if found else text.split()[0]


class Span:
    def __init__(self, service, span, attributes):
        self.id, self.parent_id = span["spanId"], span.get("parentSpanId") or None
        self.trace = span["traceId"]
        self.begin, self.end = int(span["startTimeUnixNano"]), int(span["endTimeUnixNano"])
        statement = attributes.get("db.query.text") or attributes.get("db.statement")
        self.name = span["name"]
        self.key = service + "\t" + (kind(statement) if statement else self.name)
        self.children = []


def own_time(span):
    """Length without the union of what children cover."""
    covered, at = 0, span.begin
    for child in sorted(span.children, key=lambda c: c.begin):
        begin, end = max(child.begin, at, span.begin), min(child.end, span.end)
        if end > begin:
            covered += end - begin
            at = end
    return span.end - span.begin - covered


def critical(root):
    """Of every stretch between two times: who the end of the root waited for."""
    out = defaultdict(int)

    def walk(span, begin, end):
        # From the end backwards: of the children that have ended by then the one that ended last.
        at = end
        ended = lambda c: min(c.end, span.end)
        left = [c for c in span.children]
        while True:
            done = [c for c in left if ended(c) <= at and ended(c) > max(begin, c.begin)]
            if not done:
                break
            last = max(done, key=lambda c: (c.end, -c.begin))
            left.remove(last)
            out[span.key] += at - ended(last)
            at = max(last.begin, begin)
            walk(last, at, ended(last))
        out[span.key] += at - begin

    walk(root, root.begin, root.end)
    return out


def percentile(sorted_values, per_myriad):
    return sorted_values[max(-(-per_myriad * len(sorted_values) // 10000), 1) - 1]


def side(path):
    traces = defaultdict(list)
    for service, span, attributes in spans_of(path):
        made = Span(service, span, attributes)
        traces[made.trace].append(made)
    by_root = defaultdict(list)
    for spans in traces.values():
        ids = {s.id: s for s in spans}
        for s in spans:
            if s.parent_id in ids:
                ids[s.parent_id].children.append(s)
        tops = [s for s in spans if s.parent_id is None] or [s for s in spans
                                                             if s.parent_id not in ids]
        root = max(tops, key=lambda s: s.end - s.begin)
        by_root[root.name].append((root, spans))
    out = {}
    for name, all_of_it in by_root.items():
        lengths = sorted(root.end - root.begin for root, _ in all_of_it)
        slow = percentile(lengths, 9500)
        calls, self_ns, path_ns, tail_ns = (defaultdict(int) for _ in range(4))
        tail = []
        for root, spans in all_of_it:
            for s in spans:
                calls[s.key] += 1
                self_ns[s.key] += own_time(s)
            on_path = critical(root)
            assert sum(on_path.values()) == root.end - root.begin
            for key, ns in on_path.items():
                path_ns[key] += ns
            if root.end - root.begin >= slow:
                tail.append(root.end - root.begin)
                for key, ns in on_path.items():
                    tail_ns[key] += ns
        n = len(all_of_it)
        out[name] = {
            "n": n, "mean": sum(lengths) / n, "p50": percentile(lengths, 5000),
            "tail_n": len(tail), "tail_mean": sum(tail) / len(tail),
            "calls": {key: {"calls": calls[key] / n, "self": self_ns[key] / n,
                            "critical": path_ns[key] / n, "tail": tail_ns[key] / len(tail)}
                      for key in calls}}
    return out


def main():
    print(json.dumps([side(path) for path in sys.argv[1:3]], indent=1))


if __name__ == "__main__":
    main()
