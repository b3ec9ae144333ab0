#!/usr/bin/env python3
"""What two files of folded stacks spent in each function, the obvious way:
diff_folded.py BASE CAND -> lines of "name<TAB>base self<TAB>cand self<TAB>base total<TAB>cand total"."""
import collections
import sys

sums = collections.defaultdict(lambda: [0, 0, 0, 0])
for side, path in enumerate(sys.argv[1:3]):
    for line in open(path, encoding="utf-8"):
        stack, _, count = line.rstrip("\n").rpartition(" ")
        frames = stack.split(";")
        sums[frames[-1]][side] += int(count)
        for frame in set(frames):
            sums[frame][2 + side] += int(count)
for name in sorted(sums):
    print(name, *sums[name], sep="\t")
