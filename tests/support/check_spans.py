#!/usr/bin/env python3
"""Counts what files of OTLP, Jaeger and Zipkin hold, by json and a walker of protobuf alone.

    check_spans.py FILE...     one JSON object: {"FILE": {"spans": ..., ...} or null}

null: the file is none of those, or damaged. Counted are spans that have a time; of Zipkin's first
version a record with both sides of a call is two spans. total_ns is the sum of the spans' lengths.
"""

import base64
import json
import struct
import sys
from datetime import datetime, timezone


class Totals:
    def __init__(self):
        self.spans = self.errors = self.total_ns = self.events = self.links = 0
        self.no_end = self.remote = self.logs = self.points = self.aggregates = 0
        self.services, self.traces, self.ids = set(), set(), set()
        self.rows = []

    def span(self, service, trace, span, parent, name, kind, begin, end, error, remote=False):
        if begin is None:
            return False
        self.spans += 1
        self.errors += bool(error)
        self.remote += bool(remote)
        self.no_end += end is None
        length = max(0, end - begin) if end is not None else 0
        self.total_ns += length
        self.services.add(service or "unknown_service")
        self.traces.add(trace)
        self.rows.append((trace, span, parent, name, kind, begin, length, bool(error)))
        return True

    def result(self):
        out = {k: v for k, v in vars(self).items() if isinstance(v, int)}
        out["services"] = sorted(self.services)
        out["traces"] = len(self.traces - {0})
        return out


def number(value):
    return int(value) if value not in (None, "") else 0


def id_of(text):
    """Hex of any case, or base64."""
    if text is None or text == "":
        return 0
    try:
        return int(text, 16)
    except ValueError:
        pass
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        return 0
    return int.from_bytes(raw, "big") if len(raw) in (8, 16) else 0


def low(value):
    return value & (2**64 - 1)


# OTLP as JSON

KINDS = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"]


def enum(value, prefix, names):
    if value is None:
        return 0
    if isinstance(value, int):
        return value
    return names.index(value[len(prefix):]) if value.startswith(prefix) else int(value)


def service_of(resource):
    for entry in (resource or {}).get("attributes") or []:
        if entry.get("key") == "service.name":
            return entry.get("value", {}).get("stringValue", "")
    return ""


def otlp_json(document, out):
    found = False
    trace = document.get("trace")
    if isinstance(trace, dict):
        found |= otlp_json(trace, out)
    for key in ("resourceSpans", "batches", "resourceMetrics", "resourceLogs"):
        for group in document.get(key) or []:
            found = True
            service = service_of(group.get("resource"))
            scopes = (group.get("scopeSpans") or group.get("instrumentationLibrarySpans")
                      or group.get("scopeMetrics") or group.get("scopeLogs") or [])
            for scope in scopes:
                for span in scope.get("spans") or []:
                    otlp_json_span(span, service, out)
                for log in scope.get("logRecords") or []:
                    if number(log.get("timeUnixNano")) or number(log.get("observedTimeUnixNano")):
                        out.logs += 1
                        out.services.add(service or "unknown_service")
                for metric in scope.get("metrics") or []:
                    for kind in ("gauge", "sum"):
                        out.points += len(metric.get(kind, {}).get("dataPoints") or [])
                    for kind in ("histogram", "exponentialHistogram", "summary"):
                        out.aggregates += len(metric.get(kind, {}).get("dataPoints") or [])
        found |= key in document
    return found


def otlp_json_span(span, service, out):
    begin, end = number(span.get("startTimeUnixNano")), number(span.get("endTimeUnixNano"))
    status = (span.get("status") or {}).get("code")
    placed = out.span(service, id_of(span.get("traceId")), low(id_of(span.get("spanId"))),
                      low(id_of(span.get("parentSpanId"))), span.get("name", ""),
                      enum(span.get("kind"), "SPAN_KIND_", KINDS), begin or end or None,
                      end or None, enum(status, "STATUS_CODE_", ["UNSET", "OK", "ERROR"]) == 2)
    if placed:
        out.events += len(span.get("events") or [])
        out.links += len(span.get("links") or [])


# OTLP as protobuf


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    """[(number, wire type, value)]"""
    at, out = 0, []
    while at < len(data):
        key, at = varint(data, at)
        wire = key & 7
        if wire == 0:
            value, at = varint(data, at)
        elif wire in (1, 5):
            size = 8 if wire == 1 else 4
            value = int.from_bytes(data[at:at + size], "little")
            at += size
        elif wire == 2:
            size, at = varint(data, at)
            value = data[at:at + size]
            at += size
        else:
            raise ValueError("wire type")
        if at > len(data):
            raise ValueError("cut off")
        out.append((key >> 3, wire, value))
    return out


def first(message, tag, default=None):
    for number_, _, value in message:
        if number_ == tag:
            return value
    return default


def all_of(message, *tags):
    return [value for number_, wire, value in message if number_ in tags and wire == 2]


def otlp_proto(data, out):
    for group in all_of(fields(data), 1):
        group = fields(group)
        service = ""
        for resource in all_of(group, 1):
            for entry in all_of(fields(resource), 1):
                entry = fields(entry)
                if first(entry, 1) == b"service.name":
                    service = first(fields(first(entry, 2, b"")), 1, b"").decode()
        for scope in all_of(group, 2, 1000):
            for row in all_of(fields(scope), 2):
                row = fields(row)
                wires = {(number_, wire) for number_, wire, _ in row}
                if (7, 1) in wires or (8, 1) in wires:
                    otlp_proto_span(row, service, out)
                elif (1, 1) in wires or (11, 1) in wires:
                    if first(row, 1, 0) or first(row, 11, 0):
                        out.logs += 1
                        out.services.add(service or "unknown_service")
                else:
                    for kind in (5, 7):
                        for metric in all_of(row, kind):
                            out.points += len(all_of(fields(metric), 1))
                    for kind in (9, 10, 11):
                        for metric in all_of(row, kind):
                            out.aggregates += len(all_of(fields(metric), 1))


def otlp_proto_span(row, service, out):
    big = lambda tag: int.from_bytes(first(row, tag, b""), "big")
    begin, end = first(row, 7, 0), first(row, 8, 0)
    status = first(fields(first(row, 15, b"")), 3, 0)
    placed = out.span(service, big(1), low(big(2)), low(big(4)), first(row, 5, b"").decode(),
                      first(row, 6, 0), begin or end or None, end or None, status == 2)
    if placed:
        out.events += len(all_of(row, 11))
        out.links += len(all_of(row, 13))


# Jaeger


def jaeger_tags(tags):
    out = {}
    for tag in tags or []:
        value = tag.get("value")
        for name in ("vStr", "vBool", "vInt64", "vFloat64", "vBinary"):
            value = tag.get(name, value)
        out[tag.get("key")] = value
    return out


def jaeger_time(value):
    if isinstance(value, str):
        head, _, rest = value.partition(".")
        digits = ""
        while rest and rest[0].isdigit():
            digits, rest = digits + rest[0], rest[1:]
        when = datetime.fromisoformat(head + rest.replace("Z", "+00:00"))
        whole = int((when - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds())
        return whole * 10**9 + int((digits + "000000000")[:9])
    return value * 1000 if value is not None else None


def jaeger_duration(value):
    if isinstance(value, str):
        return int(value[:-2]) if value.endswith("ns") and value[:-2].isdigit() else None
    return value * 1000 if value is not None else None


def jaeger(document, out):
    if isinstance(document, list):
        return all([jaeger(entry, out) for entry in document]) and bool(document)
    if not isinstance(document, dict):
        return False
    if "spanID" in document or "spanId" in document:
        jaeger_span(document, {}, out)
        return True
    if "data" in document:
        data = document["data"]
        return all([jaeger(trace, out) for trace in (data if isinstance(data, list) else [data])])
    if "spans" not in document:
        return False
    processes = document.get("processes") or {}
    for span in document["spans"]:
        jaeger_span(span, processes, out)
    return True


def jaeger_span(span, processes, out):
    trace = id_of(span.get("traceID", span.get("traceId")))
    own = low(id_of(span.get("spanID", span.get("spanId"))))
    tags = jaeger_tags(span.get("tags"))
    parent, links = None, 0
    references = [(r.get("refType"), id_of(r.get("traceID", r.get("traceId"))),
                   low(id_of(r.get("spanID", r.get("spanId"))))) for r in span.get("references") or []]
    same = [r for r in references if r[1] == trace]
    for kind in ("CHILD_OF", "FOLLOWS_FROM"):
        for reference in same:
            if parent is None and reference[0] == kind:
                parent = reference
    links = len(references) - (parent is not None)
    process = span.get("process") or processes.get(span.get("processID"), {})
    begin = jaeger_time(span.get("startTime"))
    if begin is None and "startTimeMillis" in span:
        begin = span["startTimeMillis"] * 10**6
    length = jaeger_duration(span.get("duration"))
    kinds = {"internal": 1, "server": 2, "client": 3, "producer": 4, "consumer": 5}
    error = tags.get("error") in (True, "true") or tags.get("otel.status_code") == "ERROR"
    above = parent[2] if parent else low(id_of(span.get("parentSpanID", span.get("parentSpanId"))))
    placed = out.span(process.get("serviceName"), trace, own, above, span.get("operationName", ""),
                      kinds.get(tags.get("span.kind"), 0), begin,
                      begin + length if begin is not None and length is not None else None, error)
    if placed:
        out.events += len(span.get("logs") or [])
        out.links += links


# Zipkin

CORE = ("cs", "cr", "sr", "ss", "ms", "mr")


def zipkin(document, out):
    if isinstance(document, list):
        return all([zipkin(entry, out) for entry in document]) and bool(document)
    if not isinstance(document, dict) or "traceId" not in document or "id" not in document:
        return False
    notes = document.get("annotations") or []
    when = {}
    for note in notes:
        when.setdefault(note.get("value"), note.get("timestamp"))
    said, length = document.get("timestamp") or None, document.get("duration")
    ends = lambda begin: begin + length if begin is not None and length is not None else None
    tags = {**(document.get("tags") or {}),
            **{b.get("key"): b.get("value") for b in document.get("binaryAnnotations") or []}}
    error = "error" in tags and tags["error"] not in ("false", False)
    rows = []
    kind = document.get("kind")
    client, server = "cs" in when or "cr" in when, "sr" in when or "ss" in when
    trace, own = id_of(document["traceId"]), low(id_of(document["id"]))
    if not kind and (client or server):
        if client:
            rows.append(("CLIENT", said or when.get("cs"), ends(said) or when.get("cr"), False,
                         ("cs", "cr")))
        if server and client:
            rows.append(("SERVER", when.get("sr"), when.get("ss"), True, ("sr", "ss")))
        elif server:
            rows.append(("SERVER", said or when.get("sr"), ends(said) or when.get("ss"),
                         said is None and "parentId" in document, ("sr", "ss")))
    elif not kind and "ms" in when:
        rows.append(("PRODUCER", said or when["ms"], ends(said), False, ()))
    elif not kind and "mr" in when:
        rows.append(("CONSUMER", said or when["mr"], ends(said), False, ()))
    else:
        times = [n["timestamp"] for n in notes if n.get("timestamp")]
        rows.append((kind, said or (min(times) if times else None), ends(said),
                     kind == "SERVER" and document.get("shared", False), ()))
    placed = False
    for kind, begin, end, remote, core in rows:
        begin = begin if begin is not None else end
        if kind == "SERVER" and (trace, own, "CLIENT") in out.ids:
            remote = True
        service = [n["endpoint"].get("serviceName") for n in notes
                   if n.get("value") in core and n.get("endpoint")]
        service += [(document.get("localEndpoint") or {}).get("serviceName")]
        service += [b["endpoint"].get("serviceName") for b in document.get("binaryAnnotations") or []
                    if b.get("endpoint") and b.get("key") not in ("sa", "ca")]
        service += [n["endpoint"].get("serviceName") for n in notes if n.get("endpoint")]
        service = next((s for s in service if s), "")
        kinds = {"SERVER": 2, "CLIENT": 3, "PRODUCER": 4, "CONSUMER": 5}
        parent = document.get("parentId")
        try:
            above = low(int(parent, 16)) if parent else 0
        except ValueError:
            above = 0
        ns = lambda time: time * 1000 if time is not None else None
        placed |= out.span(service, trace, own, above, document.get("name", ""),
                           kinds.get(kind, 0), ns(begin), ns(end), error, remote)
        out.ids.add((trace, own, kind))
    if placed:
        out.events += sum(n.get("value") not in CORE for n in notes)
    return True


# Files


def documents(text):
    """One document, or one a line."""
    try:
        return [json.loads(text)]
    except ValueError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]


def check(path):
    with open(path, "rb") as file:
        data = file.read()
    out = Totals()
    try:
        if data[:1] == b"\x0a":
            otlp_proto(data, out)
            return out
        if data[:1] == b"\x00":
            while data:
                size = struct.unpack(">I", data[:4])[0]
                message, data = data[4:4 + size], data[4 + size:]
                if message[:1] == b"{":
                    otlp_json(json.loads(message), out)
                else:
                    otlp_proto(message, out)
            return out
        text = data.decode("utf-8-sig")
        found = bool(text.strip())
        for document in documents(text):
            if isinstance(document, dict) and otlp_json(document, out):
                continue
            probe = document
            while isinstance(probe, list) and probe:
                probe = probe[0]
            is_zipkin = isinstance(probe, dict) and "id" in probe and "traceId" in probe
            found &= zipkin(document, out) if is_zipkin else jaeger(document, out)
        return out if found else None
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, struct.error):
        return None


def main():
    results = {path: check(path) for path in sys.argv[1:]}
    print(json.dumps({path: out and out.result() for path, out in results.items()}, indent=1))


if __name__ == "__main__":
    main()
