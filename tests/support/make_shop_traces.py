#!/usr/bin/env python3
"""Cuts whole traces out of OTLP JSON lines: make_shop_traces.py TRACES.jsonl OUT.jsonl.gz

Of each operation at the root of traces the shortest ones, with the attributes that findings are made
from and the names of services. Every value is as it was."""
import collections
import gzip
import json
import sys

KEEP = {"db.query.text", "db.system.name", "server.address", "http.route"}
TRACES = {"POST /checkout": 8, "GET /product/:id": 6, "GET /search": 4}


def main():
    source, target = sys.argv[1:]
    blocks, roots = [], collections.defaultdict(list)
    for line in open(source):
        for resource in json.loads(line)["resourceSpans"]:
            for scope in resource["scopeSpans"]:
                blocks.append((resource["resource"], scope))
                for span in scope["spans"]:
                    if not span.get("parentSpanId"):
                        took = int(span["endTimeUnixNano"]) - int(span["startTimeUnixNano"])
                        roots[span["name"]].append((took, span["traceId"]))
    chosen = set()
    for name, count in TRACES.items():
        chosen.update(trace for _, trace in sorted(roots[name])[:count])
    by_service = collections.defaultdict(list)
    for resource, scope in blocks:
        service = next(a for a in resource["attributes"] if a["key"] == "service.name")
        for span in scope["spans"]:
            if span["traceId"] not in chosen:
                continue
            for unused in ("events", "links", "flags", "droppedAttributesCount",
                           "droppedEventsCount", "droppedLinksCount"):
                span.pop(unused, None)
            span["attributes"] = [a for a in span["attributes"] if a["key"] in KEEP]
            by_service[json.dumps(service)].append(span)
    with gzip.GzipFile(target, "wb", mtime=0) as out:
        for service, spans in sorted(by_service.items()):
            document = {"resourceSpans": [{"resource": {"attributes": [json.loads(service)]},
                                           "scopeSpans": [{"spans": spans}]}]}
            out.write(json.dumps(document, separators=(",", ":")).encode() + b"\n")


main()
