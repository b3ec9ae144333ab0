#!/usr/bin/env python3
"""Counts the frames that `perf script --no-inline` prints (standard input), for golden files.

One line for each (role, event, thread, module, address): how many samples have it as the sampled
place (role "self") or somewhere in their stack (role "any", once per appearance). Addresses are as
perf prints them: offsets in the file for programs, run-time addresses for kernel and compiled
code; "-" in recordings without call chains, where perf prints run-time addresses for all.
"""
import collections
import re
import sys

HEAD = re.compile(r"^\s*(.+?)\s+(-?\d+)\s+(?:\[-?\d+\]\s+)?\d+\.\d+:\s+\d+\s+(\S+):(?:\s+(.*))?$")
FRAME = re.compile(r"^\s*([0-9a-f]+) (.*) \((.*)\)\s*$")


def main():
    counts = collections.Counter()
    event = thread = None
    first = False
    for line in sys.stdin:
        if not line.strip():
            event = None
            continue
        frame = FRAME.match(line) if event and line[0].isspace() else None
        if frame:
            where = (event, thread, frame[3], frame[1])
            counts[("any",) + where] += 1
            if first:
                counts[("self",) + where] += 1
            first = False
            continue
        head = HEAD.match(line)
        if not head:
            sys.exit(f"not understood: {line!r}")
        thread, event, rest, first = head[2], head[3], head[4], True
        if rest:
            frame = FRAME.match(rest)
            for role in ("any", "self"):
                counts[(role, event, thread, frame[3], "-")] += 1
    for key, count in sorted(counts.items()):
        print(*key, count, sep="\t")


main()
