#!/usr/bin/env python3
"""Cuts the fixtures of OTLP, Jaeger and Zipkin from a run of the shop.

    make_span_fixtures.py RUN/otel tests/fixtures

What the tools wrote is copied as it is, only less of it; other spellings of the same spans (Tempo,
Jaeger, the first version of Zipkin, frames of the Collector's file exporter) are made of it here.
"""

import base64
import json
import pathlib
import struct
import subprocess
import sys


def lines(path):
    return path.read_text().splitlines()


def shortest(all_lines, count):
    """The shortest lines that have rows, in their order."""
    chosen = sorted(sorted(range(len(all_lines)), key=lambda i: len(all_lines[i]))[:count])
    return [all_lines[i] for i in chosen]


def failed_trace(all_lines, spans):
    """One trace with a span that failed, or the first one: as documents of OTLP."""
    documents = [json.loads(line) for line in all_lines]
    every = [span for d in documents for r in d["resourceSpans"] for s in r["scopeSpans"]
             for span in s["spans"]]
    bad = [span["traceId"] for span in every if span["status"]["code"] == 2]
    trace = bad[0] if bad else every[0]["traceId"]
    left, out = spans, {}
    for document in documents:
        for resource in document["resourceSpans"]:
            service = resource["resource"]["attributes"][0]["value"]["stringValue"]
            for scope in resource["scopeSpans"]:
                chosen = [s for s in scope["spans"] if s["traceId"] == trace][:left]
                for event in (e for s in chosen for e in s["events"]):
                    event["attributes"] = [a for a in event["attributes"]
                                           if a["key"] != "exception.stacktrace"]
                left -= len(chosen)
                if chosen:
                    group = out.setdefault(service, {"resource": resource["resource"],
                                                     "scopeSpans": []})
                    group["scopeSpans"].append({"scope": scope["scope"], "spans": chosen})
    return list(out.values())


KINDS = ["SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT",
         "SPAN_KIND_PRODUCER", "SPAN_KIND_CONSUMER"]
CODES = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"]


def as_tempo(groups):
    """Ids in base64 and enums by name, as JSON that was made from protobuf."""
    text = json.dumps(groups)
    groups = json.loads(text)
    for group in groups:
        for scope in group["scopeSpans"]:
            for span in scope["spans"]:
                for key in ("traceId", "spanId", "parentSpanId"):
                    if key in span:
                        span[key] = base64.b64encode(bytes.fromhex(span[key])).decode()
                span["kind"] = KINDS[span["kind"]]
                span["status"]["code"] = CODES[span["status"]["code"]]
    return groups


def jaeger_tags(attributes):
    out = []
    for attribute in attributes:
        (kind, value), = attribute["value"].items()
        kind = {"stringValue": "string", "intValue": "int64", "doubleValue": "float64",
                "boolValue": "bool"}[kind]
        out.append({"key": attribute["key"], "type": kind, "value": value})
    return out


def as_jaeger(groups):
    spans, processes = [], {}
    for i, group in enumerate(groups, 1):
        attributes = group["resource"]["attributes"]
        processes[f"p{i}"] = {"serviceName": attributes[0]["value"]["stringValue"],
                              "tags": jaeger_tags(attributes[1:])}
        for scope in group["scopeSpans"]:
            for span in scope["spans"]:
                begin, end = int(span["startTimeUnixNano"]), int(span["endTimeUnixNano"])
                parent = span.get("parentSpanId")
                tags = jaeger_tags(span["attributes"])
                tags.append({"key": "span.kind", "type": "string",
                             "value": KINDS[span["kind"]][10:].lower()})
                if span["status"]["code"] == 2:
                    tags.append({"key": "error", "type": "bool", "value": True})
                spans.append({
                    "traceID": span["traceId"], "spanID": span["spanId"], "flags": 1,
                    "operationName": span["name"],
                    "references": [{"refType": "CHILD_OF", "traceID": span["traceId"],
                                    "spanID": parent}] if parent else [],
                    "startTime": begin // 1000, "duration": end // 1000 - begin // 1000,
                    "tags": tags,
                    "logs": [{"timestamp": int(e["timeUnixNano"]) // 1000,
                              "fields": [{"key": "event", "type": "string", "value": e["name"]}]
                              + jaeger_tags(e["attributes"])} for e in span["events"]],
                    "processID": f"p{i}", "warnings": None})
    return {"data": [{"traceID": spans[0]["traceID"], "spans": spans, "processes": processes,
                      "warnings": None}], "total": 0, "limit": 0, "offset": 0, "errors": None}


def as_zipkin_v1(spans):
    out = []
    for span in spans:
        sides = {"CLIENT": ("cs", "cr"), "SERVER": ("sr", "ss")}.get(span.get("kind"), ())
        times = (span["timestamp"], span["timestamp"] + span["duration"])
        record = {key: span[key] for key in ("traceId", "id", "parentId", "name") if key in span}
        record["timestamp"], record["duration"] = span["timestamp"], span["duration"]
        record["annotations"] = [{"timestamp": time, "value": side,
                                  "endpoint": span["localEndpoint"]}
                                 for side, time in zip(sides, times)]
        record["binaryAnnotations"] = [{"key": key, "value": value,
                                        "endpoint": span["localEndpoint"]}
                                       for key, value in sorted(span["tags"].items())[:4]]
        out.append(record)
    return out


def main():
    run, fixtures = map(pathlib.Path, sys.argv[1:])
    json_folder, proto_folder = fixtures / "otlp-json", fixtures / "otlp-proto"
    for folder in (json_folder, proto_folder, fixtures / "jaeger-json", fixtures / "zipkin-json"):
        folder.mkdir(exist_ok=True)

    traces = lines(run / "otlp-json/traces.jsonl")
    few = shortest(traces, 3)
    (json_folder / "traces.jsonl").write_text("\n".join(few) + "\n")
    (json_folder / "bad-cut.jsonl").write_text(few[0] + "\n" + few[1][:-300])
    (json_folder / "metrics.jsonl").write_text(
        shortest(lines(run / "otlp-json/metrics.jsonl"), 1)[0] + "\n")
    logs = lines(run / "otlp-json/logs.jsonl")
    (json_folder / "logs.jsonl").write_text("\n".join(shortest(logs, 3)) + "\n")
    groups = failed_trace(traces, 12)
    (json_folder / "document.json").write_text(json.dumps({"resourceSpans": groups}, indent=1))
    (json_folder / "tempo-v1.json").write_text(json.dumps({"batches": as_tempo(groups)}))
    (json_folder / "tempo-v2.json").write_text(json.dumps(
        {"trace": {"resourceSpans": as_tempo(groups)}, "metrics": {}, "status": "COMPLETE"}))

    proto = run / "otlp-proto"
    pick = lambda signal, count: [path.read_bytes() for path in sorted(
        sorted(proto.glob(f"{signal}-*.pb")), key=lambda p: p.stat().st_size)[:count]]
    small, second = pick("traces", 2)
    (proto_folder / "traces.pb").write_bytes(small)
    (proto_folder / "metrics.pb").write_bytes(pick("metrics", 1)[0])
    (proto_folder / "logs.pb").write_bytes(pick("logs", 1)[0])
    (proto_folder / "bad-cut.pb").write_bytes(small + second[:-100])
    packed = subprocess.run(["zstd", "-q", "-c"], input=small, capture_output=True, check=True)
    frames = [small, shortest(logs, 1)[0].encode(), packed.stdout]
    (proto_folder / "collector.bin").write_bytes(
        b"".join(struct.pack(">I", len(frame)) + frame for frame in frames))

    (fixtures / "jaeger-json/trace.json").write_text(json.dumps(as_jaeger(groups), indent=1))
    spans = json.loads(shortest(lines(run / "zipkin/spans.jsonl"), 1)[0])[:12]
    (fixtures / "zipkin-json/v2.json").write_text(json.dumps(spans, indent=1))
    (fixtures / "zipkin-json/v1.json").write_text(json.dumps(as_zipkin_v1(spans), indent=1))


if __name__ == "__main__":
    main()
