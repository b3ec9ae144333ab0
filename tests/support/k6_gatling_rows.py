"""Rows of files of k6 and Gatling, read the plain way, for check_latency.py."""
import csv
import gzip
import json
import re
import struct


def k6_json(data):
    failed = {}
    rows = []
    for line in data.decode().splitlines():
        point = json.loads(line)
        if point["type"] != "Point" or not point["metric"].startswith("http_req_"):
            continue
        value, tags = point["data"]["value"], point["data"]["tags"]
        if point["metric"] == "http_req_duration":
            rows.append([value, True])
        elif point["metric"] == "http_req_failed":  # follows the duration it belongs to
            rows[-1][1] = value == 0
    return rows


def k6_csv(data):
    rows = []
    for row in csv.DictReader(data.decode().splitlines()):
        value = float(row["metric_value"])
        if row["metric_name"] == "http_req_duration":
            rows.append([value, row.get("expected_response", "") != "false"])
        elif row["metric_name"] == "http_req_failed":
            rows[-1][1] = value == 0
    return rows


def gatling_text(data):
    rows = []
    for line in data.decode().splitlines():
        fields = line.split("\t")
        if fields[0] == "REQUEST" or len(fields) > 2 and fields[2] == "REQUEST":
            at = max(i for i, f in enumerate(fields) if f in ("OK", "KO"))
            first = at - (2 if fields[0] == "REQUEST" else 4)
            rows.append([int(fields[at - 1]) - int(fields[first]), fields[at] == "OK"])
    return rows


def gatling_binary(data):
    at, texts, rows = 1, {}, []

    def take(form):
        nonlocal at
        at += struct.calcsize(form)
        return struct.unpack_from(form, data, at - struct.calcsize(form))[0]

    def text():
        nonlocal at
        size = take(">i")
        at += size + 1 if size else 0

    def cached():
        if take(">i") > 0:
            text()

    text(), text(), take(">q"), text()
    for _ in range(take(">i")):
        text()
    for _ in range(take(">i")):
        size = take(">i")
        at += size
    while at < len(data):
        kind = take(">b")
        if kind in (1, 3):
            for _ in range(take(">i")):
                cached()
        if kind == 1:
            cached()
            begin, end, ok = take(">i"), take(">i"), take(">b")
            cached()
            rows.append([end - begin, ok != 0])
        elif kind == 2:
            at += 9
        elif kind == 3:
            at += 13
        else:
            cached(), take(">i")
    return rows


def read(path):
    """(ms, ok) of each request, or None for files of other tools."""
    with open(path, "rb") as f:
        data = f.read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    if data[:1] == b"{":
        return k6_json(data)
    if data[:11] == b"metric_name":
        return k6_csv(data)
    if data[:1] == b"\0":
        return gatling_binary(data)
    return gatling_text(data) if re.match(rb"(ASSERTION|RUN|\S+\t\S+\tRUN)\t", data) else None
