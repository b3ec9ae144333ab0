"""(ms, ok) of each request in a raw file of vegeta, hey, ab -g, Yandex.Tank, pgbench -l or
siege -v, read the plain way; None for every other file. Lines that are none are passed over."""
import csv
import json
import re
from decimal import Decimal


def ok(code):
    return 200 <= int(code) < 400


def ns(text, scale):
    return int(Decimal(text).scaleb(scale).to_integral_value("ROUND_HALF_UP"))


def vegeta_gob(data):
    """Field numbers are those of vegeta's struct: 3 code, 4 time, 5 latency, 8 error."""
    at, rows = 0, []

    def uint():
        nonlocal at
        at += 1
        if data[at - 1] < 128:
            return data[at - 1]
        size = 256 - data[at - 1]
        at += size
        return int.from_bytes(data[at - size:at], "big")

    while at < len(data):
        end = uint() + at
        if uint() % 2:  # a negative type: a definition
            at = end
            continue
        field, code, latency = 0, 0, 0
        while at < end and field < 9:
            delta = uint()
            if delta == 0:
                break
            field += delta
            if field in (1, 4, 8, 9):
                size = uint()
                at += size
            elif field == 3:
                code = uint()
            elif field == 5:
                latency = uint() // 2
            else:
                uint()
        rows.append((latency, ok(code)))
        at = end
    return rows


def lines_of(text, separator, columns, pick):
    rows = []
    for line in text.splitlines():
        fields = line.split(separator)
        if len(fields) in columns:
            try:
                rows.append(pick(fields))
            except (ValueError, ArithmeticError):
                pass
    return [row for row in rows if row]


def read(path):
    """None for files of other tools."""
    rows = rows_in_ns(path)
    return None if rows is None else [(ns / 1e6, ok) for ns, ok in rows]


def rows_in_ns(path):
    data = open(path, "rb").read()
    if b"Result" in data[:16]:
        return vegeta_gob(data)
    text = data.decode("utf-8", "replace")
    first = text.split("\n")[0].rstrip("\r")
    if first.startswith('{"attack"'):
        rows = [json.loads(line) for line in text.splitlines()]
        return [(row["latency"], ok(row["code"])) for row in rows]
    if re.match(r"\d{19},\d{1,3},", first):
        return [(int(row[2]), ok(row[1])) for row in csv.reader(text.splitlines())]
    if first.startswith("response-time,"):
        return lines_of(text, ",", (8,), lambda f: (ns(f[0], 9), ok(f[6])))
    if first.startswith("starttime\t"):
        return lines_of(text, "\t", (6,), lambda f: (ns(f[4], 6), True))
    if re.match(r"\d{10}\.\d{3}\t", first):
        return lines_of(text, "\t", (12,),
                        lambda f: (ns(f[2], 3), int(f[10]) == 0 and int(f[11]) < 400))
    if re.match(r"\d+ \d+ \w+ \d+ \d{10} \d+", first):
        return lines_of(text, " ", (6, 7, 8), lambda f: f[2] != "skipped" and (
            (ns(f[2], 3), True) if f[2].isdigit() else (0, False)))
    siege = re.findall(r"HTTP/\S+ (\d+) +([\d.]+) secs: +\d+ bytes ==>", text)
    return [(ns(seconds, 9), ok(code)) for code, seconds in siege] or None
