#!/usr/bin/env python3
"""Latency figures of a file of JMeter, or of what k6_gatling_rows.py and raw_rows.py read, computed from
its rows with nothing of ours.

Prints one line: count errors min mean p50 p90 p95 p99 p999 max, in nanoseconds; "-" for a file
without rows. Transactions whose samples have rows, redirects and embedded resources are not counted.
check_latency.py --rows FILE counts every row of a CSV file, as JMeter's own report does.
"""
import csv
import re
import sys
import xml.etree.ElementTree as xml

sys.dont_write_bytecode = True  # beside the sources
import k6_gatling_rows
import raw_rows

TRANSACTION = re.compile(r"Number of samples in transaction : (\d+)")


def csv_rows(path, every):
    """(elapsed ms, ok) of each request."""
    text = open(path, newline="", encoding="utf-8-sig").read()
    separator = next(c for c in ",;\t|" if c in text.split("\n")[0])
    rows = list(csv.reader(text.splitlines(keepends=True), delimiter=separator))
    names = rows.pop(0) if "elapsed" in rows[0] else [
        "timeStamp", "elapsed", "label", "responseCode", "responseMessage", "threadName", "dataType",
        "success"]
    seen = {}
    for row in rows:
        if len(row) < len(names):
            continue
        row = dict(zip(names, row))
        begin = int(row["timeStamp"]) if row["timeStamp"].isdigit() else 0
        begins = seen.setdefault(row.get("threadName", ""), [])
        transaction = TRANSACTION.match(row.get("responseMessage", ""))
        if transaction and not every:
            samples = int(transaction.group(1))
            if samples == 0 or 0 < 2 * samples <= 4 * sum(b >= begin for b in begins):
                continue
        begins.append(begin)
        yield float(row["elapsed"]), row["success"].lower() == "true"


def xml_rows(element, inside=None):
    for child in element:
        if child.tag not in ("sample", "httpSample", "sampleResult") or inside == "request":
            continue
        parts = [c for c in child if c.tag in ("sample", "httpSample", "sampleResult")]
        transaction = TRANSACTION.match(child.get("rm", "")) and (parts or inside is None)
        if transaction:
            yield from xml_rows(child, "transaction")
        else:
            yield float(child.get("t")), child.get("s") == "true"


def main():
    every, path = sys.argv[1] == "--rows", sys.argv[-1]
    others = raw_rows.read(path)
    if others is None:
        others = k6_gatling_rows.read(path)
    if others is not None:
        rows = others
    elif open(path, "rb").read(400).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        text = open(path, encoding="utf-8").read().strip()
        # References to control characters, which are no XML, count for nothing here.
        rows = list(xml_rows(xml.fromstring(re.sub(r"&#x?[0-9a-fA-F]+;", " ", text).encode())))
    else:
        rows = list(csv_rows(path, every))
    times = sorted(round(ms * 1_000_000) for ms, _ in rows)
    if not times:
        return print("-")
    rank = lambda per_myriad: times[max(-(-per_myriad * len(times) // 10000), 1) - 1]
    print(len(times), sum(not ok for _, ok in rows), times[0], repr(sum(times) / len(times)),
          *(rank(q) for q in (5000, 9000, 9500, 9900, 9990)), times[-1])


main()
