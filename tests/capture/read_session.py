#!/usr/bin/env python3
"""Reads a session with nothing of ours: capture/FORMAT.md, SQLite, and the zstd tool.

    read_session.py SESSION.fws            every row of every table, one line each
    read_session.py --sums SESSION.fws     the checksum of every chunk row, by the xxhsum tool

A test compares the rows with what the virtual tables show. It is also the proof that FORMAT.md
says enough to write a reader.
"""
import sqlite3
import struct
import subprocess
import sys

NO_TIME = -(1 << 63)
KINDS = {1: "sample", 2: "slice", 3: "counter", 4: "request", 5: "summary",
         6: "benchmark", 7: "flow", 8: "slice_level", 9: "counter_level",
         16: "string", 17: "frame", 18: "stack", 19: "text"}
COLUMNS = {
    "sample": ["time", "track", "cpu", "stack", "measure", "labels", "value", "count"],
    "slice": ["begin", "length", "track", "name", "depth", "kind", "flags", "trace", "span",
              "parent", "args"],
    "flow": ["begin", "length", "from_track", "to_track", "name", "from_span", "to_span",
             "backward"],
    "slice_level": ["begin", "length", "track", "name", "depth", "kind", "flags", "count", "busy",
                    "cell_bits"],
    "counter_level": ["time", "length", "track", "min", "max", "last", "count", "cell_bits"],
    "counter": ["time", "track", "value"],
    "request": ["begin", "latency", "endpoint", "status", "ok", "bytes_in", "bytes_out",
                "worker", "phase", "status_text", "error", "kind", "connect", "first_byte",
                "labels"],
    "summary": ["begin", "length", "endpoint", "metric", "subset", "figure", "unit", "position",
                "value", "method"],
    "benchmark": ["time", "name", "metric", "unit", "run", "repetition", "iterations", "value",
                  "ok", "statistic", "method", "labels"],
    "frame": ["function", "file", "module", "line", "kind", "source", "flags", "address", "outer"],
    "stack": ["caller", "frame"],
}
FALLBACK = {"time": NO_TIME, "begin": NO_TIME, "cpu": -1, "count": 1, "connect": -1,
            "first_byte": -1}
FALLBACK_OF = {("benchmark", "ok"): 1}
NAMED = {"slice", "slice_level", "flow", "benchmark"}
REALS = {"position", "min", "max", "last"}
SLICE_KIND = ["slice", "async", "instant", "state", "log", "span", "internal", "server", "client",
              "producer", "consumer"]
TEXTS = {"trace", "metric", "subset", "method", "statistic", "labels", "function", "file", "phase", "status_text", "error"}
REQUEST_KIND = ["request", "transaction", "part"]
FIGURE = ["count", "failed", "sum", "min", "mean", "max", "deviation", "quantile", "rate", "last",
          "bucket"]
UNIT = ["count", "nanoseconds", "bytes", "cycles", "ratio"]
FRAME_KIND = ["unknown", "user", "kernel", "jit", "interpreter", "guest", "hypervisor", "marker"]
SOURCE = ["none", "capture", "symtab", "dwarf"]


class Message:
    """As much of Cap'n Proto as chunk.capnp needs."""

    def __init__(self, data):
        count = struct.unpack_from("<I", data)[0] + 1
        sizes = struct.unpack_from("<%dI" % count, data, 4)
        at = (4 + 4 * count + 7) // 8 * 8
        self.segments = []
        for size in sizes:
            self.segments.append(data[at:at + 8 * size])
            at += 8 * size
        assert at == len(data)

    def word(self, segment, index):
        return struct.unpack_from("<Q", self.segments[segment], 8 * index)[0]

    def follow(self, segment, index):
        """The pointer word and where the object begins, far pointers resolved."""
        pointer = self.word(segment, index)
        if pointer & 3 != 2:
            offset = (pointer & 0xffffffff) >> 2
            if offset >= 1 << 29:
                offset -= 1 << 30
            return pointer, segment, index + 1 + offset
        pad, target = (pointer & 0xffffffff) >> 3, pointer >> 32
        if not pointer & 4:
            return self.follow(target, pad)
        far = self.word(target, pad)
        return self.word(target, pad + 1), far >> 32, (far & 0xffffffff) >> 3

    def columns(self):
        """Rows and, by column id, (encoding, width, base, data)."""
        root, segment, at = self.follow(0, 0)
        rows = self.word(segment, at) & 0xffffffff
        pointer, segment, at = self.follow(segment, at + ((root >> 32) & 0xffff))
        assert pointer & 3 == 1 and (pointer >> 32) & 7 == 7  # a list of structs
        tag = self.word(segment, at)
        data_words, pointer_words = (tag >> 32) & 0xffff, tag >> 48
        out = {}
        for i in range((tag & 0xffffffff) >> 2):
            item = at + 1 + i * (data_words + pointer_words)
            head = self.word(segment, item)
            base = struct.unpack("<q", struct.pack("<Q", self.word(segment, item + 1)))[0]
            data = b""
            if self.word(segment, item + data_words):
                list_pointer, s, where = self.follow(segment, item + data_words)
                data = self.segments[s][8 * where:8 * where + (list_pointer >> 35)]
            out[head & 0xffff] = ((head >> 16) & 0xff, (head >> 24) & 0xff, base, data)
        return rows, out


def signed(value):
    value &= (1 << 64) - 1
    return value - (1 << 64) if value >> 63 else value


def integers(rows, column, fallback):
    if column is None:
        return [fallback] * rows
    encoding, width, base, data = column
    if encoding == 0:
        return [base] * rows
    planes = [sum(data[rows * p + i] << (8 * p) for p in range(width)) for i in range(rows)]
    if encoding == 1:
        return [signed(base + v) for v in planes]
    assert encoding == 2
    out, value = [], base
    for zigzag in planes:
        value = signed(value + ((zigzag >> 1) ^ -(zigzag & 1)))
        out.append(value)
    return out


def chunk_rows(db):
    return db.execute("SELECT id, capture, kind, ver, first_row, n, t0, t1, raw_len, sum, data "
                      "FROM chunk ORDER BY capture, kind, CASE WHEN kind < 16 THEN t0 ELSE "
                      "first_row END, id")


def unpack(row):
    raw = subprocess.run(["zstd", "-dc"], input=row[10], stdout=subprocess.PIPE, check=True).stdout
    assert len(raw) == row[8], "raw_len"
    rows, columns = Message(raw).columns()
    assert rows == row[5], "n"
    return rows, columns


def shown(table, values, text, long_text):
    """The cells of a row as the virtual tables show them."""
    out = []
    for name, value in zip(COLUMNS[table], values):
        if name in TEXTS or (table in NAMED and name == "name") or (
                table == "benchmark" and name == "unit"):
            out.append(text(value) if value else None)
        elif name == "args":
            out.append(long_text(value) if value else None)
        elif table in ("slice", "slice_level") and name == "kind":
            out.append(SLICE_KIND[value])
        elif table == "slice" and name == "flags":
            out += [value & 1, value]
        elif table == "slice_level" and name == "flags":
            out.append(value)
        elif name in ("time", "begin"):
            out.append(None if value == NO_TIME else value)
        elif name in ("cpu", "connect", "first_byte"):
            out.append(None if value == -1 else value)
        elif name in REALS or table in ("counter", "summary", "benchmark") and name == "value":
            out.append(struct.unpack("<d", struct.pack("<q", value))[0])
        elif table == "request" and name == "kind":
            out.append(REQUEST_KIND[value])
        elif name == "figure":
            out.append(FIGURE[value])
        elif name == "unit":
            out.append(UNIT[value])
        elif table == "frame" and name == "kind":
            out.append(FRAME_KIND[value])
        elif table == "frame" and name == "source":
            out.append(SOURCE[value])
        elif name == "flags":
            out += [value & 1, value >> 1 & 1]
        else:
            out.append(value)
    return out


def dump(db):
    strings, texts = {}, {}
    lines = {name: [] for name in KINDS.values()}
    for row in [r for r in chunk_rows(db) if r[2] in (16, 19)] + list(chunk_rows(db)):
        table, capture, first = KINDS[row[2]], row[1], row[4]
        rows, columns = unpack(row)
        if table in ("string", "text"):
            known = strings if table == "string" else texts
            if (capture, first) in known:
                continue
            begin, text = 0, columns[1][3]
            for i, end in enumerate(integers(rows, columns[0], 0)):
                known[capture, first + i] = text[begin:end].decode()
                lines[table].append([capture, first + i, text[begin:end].decode()])
                begin = end
            continue
        values = [integers(rows, columns.get(i),
                           FALLBACK_OF.get((table, name), FALLBACK.get(name, 0)))
                  for i, name in enumerate(COLUMNS[table])]
        for i, cells in enumerate(zip(*values)):
            ids = [capture] if row[2] < 16 else [capture, first + i]
            lines[table].append(ids + shown(table, cells, lambda s: strings[capture, s],
                                            lambda t: texts[capture, t]))
    for name in KINDS.values():
        for cells in lines[name]:
            print("|".join([name] + ["NULL" if c is None else str(c) for c in cells]))


def sums(db):
    uuid = db.execute("SELECT uuid FROM session").fetchone()[0]
    for row in chunk_rows(db):
        covered = uuid + struct.pack("<9q", *row[:9]) + row[10]
        answer = subprocess.run(["xxhsum", "-H3"], input=covered, stdout=subprocess.PIPE, check=True)
        good = bytes.fromhex(answer.stdout.decode().split()[-1])[::-1] == row[9]
        print("chunk", row[0], "good" if good else "bad")


if __name__ == "__main__":
    database = sqlite3.connect("file:%s?mode=ro" % sys.argv[-1], uri=True)
    assert database.execute("PRAGMA application_id").fetchone()[0] == 0x464c5752
    sums(database) if "--sums" in sys.argv else dump(database)
