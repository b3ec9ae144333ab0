#!/usr/bin/env python3
"""Counts samples and the leaf symbols of `perf script` text, independently of the importer.

Prints "samples N" and then "count symbol" for every leaf symbol, by symbol. Knows only the
default layouts with stacks on lines of their own.
"""
import re
import sys

EVENT = re.compile(r"^\s*(\S.*?)?\s*(-?\d+)(/-?\d+)?\s+(\[\d+\]\s+)?(\d+\.\d+:)?\s*(\d+\s+)?(\S+):")
FRAME = re.compile(r"^\s*([0-9a-f]+)\s(.*?)\s*(\([^()]*\))?\s*$")

samples, leaves, leaf_wanted = 0, {}, False
for line in open(sys.argv[1], encoding="utf-8", errors="surrogateescape"):
    line = line.rstrip("\r\n")
    if line.startswith("#") or not line.strip():
        continue
    frame = FRAME.match(line)
    event = None if line.startswith("\t") else EVENT.match(line)
    if event and (event.group(5) or line.rstrip().endswith(":")):
        samples, leaf_wanted = samples + 1, True
    elif frame and leaf_wanted:
        name = re.sub(r"\+0x[0-9a-f]+$", "", frame.group(2))
        name = name or "[unknown]"
        leaves[name] = leaves.get(name, 0) + 1
        leaf_wanted = False
sys.stdout.reconfigure(errors="surrogateescape")
print("samples", samples)
for name in sorted(leaves):
    print(leaves[name], name)
