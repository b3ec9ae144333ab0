#!/usr/bin/env python3
"""What the verb `latency` says of a JMeter CSV file, computed from its rows with nothing of ours.

check_load_study.py FILE APDEX_MS OBJECTIVE_MS INTERVAL_MS prints, one a line:
  good total                        requests within OBJECTIVE_MS without failure
  satisfied tolerating frustrated   Apdex
  concurrency                       mean number of requests in flight, from first begin to last end
  count mean p50 p90 p99 max        of the successes, with those that coordinated omission left out
                                    at INTERVAL_MS (ms)
"""
import csv
import math
import sys

path, apdex, objective, interval = sys.argv[1], *map(int, sys.argv[2:5])
rows = [(int(r["timeStamp"]), int(r["elapsed"]), r["success"] == "true")
        for r in csv.DictReader(open(path, newline="", encoding="utf-8"))]
print(sum(ok and t <= objective for _, t, ok in rows), len(rows))
satisfied = sum(ok and t <= apdex for _, t, ok in rows)
tolerating = sum(ok and apdex < t <= 4 * apdex for _, t, ok in rows)
print(satisfied, tolerating, len(rows) - satisfied - tolerating)

changes = sorted([(b, 1) for b, _, _ in rows] + [(b + t, -1) for b, t, _ in rows])
area = busy = 0
for (at, change), (following, _) in zip(changes, changes[1:]):
    busy += change
    area += busy * (following - at)
print(area / (changes[-1][0] - changes[0][0]))

values = []
for _, value, ok in rows:
    while ok and value >= 0:
        values.append(value)
        value -= interval
        if value < interval:
            break
values.sort()
rank = lambda q: values[max(math.ceil(q * len(values) / 100), 1) - 1]
print(len(values), sum(values) / len(values), rank(50), rank(90), rank(99), values[-1])
