#!/usr/bin/env python3
"""What opening distributed traces costs, against simdjson's own parse of the same file.

    tests/bench/bench_spans.py [--bin build/release/bin] [--mb 500] [--runs 1] [--work DIR]

Makes JSON lines of OTLP once below DIR (default: build/bench) and prints, from one run: MB/s of CPU and of
wall time, peak memory of the largest process, the size of the session, and the same for `wc -l` and
for `bench_spans` (build that target first), which parses each line and makes nothing of it. Not a test.
"""
import argparse
import json
import os
import subprocess
import sys

from costs import measure, remove

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))


def line(what, megabytes, cost, base=None):
    share = "" if base is None else "  %5.1f %% of simdjson's parse" % (100 * base.cpu / max(cost.cpu, 1e-9))
    print("  %-34s %7.0f MB/s CPU %7.0f MB/s wall %6.0f MiB%s" %
          (what, megabytes / max(cost.cpu, 1e-9), megabytes / max(cost.wall, 1e-9), cost.rss, share))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default=os.path.join(TOP, "build/release/bin"))
    parser.add_argument("--work", default=os.path.join(TOP, "build/bench"))
    parser.add_argument("--mb", type=int, default=500)
    parser.add_argument("--runs", type=int, default=1)
    args = parser.parse_args()
    os.makedirs(args.work, exist_ok=True)
    source = os.path.join(args.work, "spans-%d.jsonl" % args.mb)
    if not os.path.exists(source):
        subprocess.run([sys.executable, os.path.join(HERE, "make_spans.py"), source, str(args.mb)], check=True)
    size = os.path.getsize(source)
    megabytes = size / 1e6
    print("%s, %.0f MB" % (os.path.basename(source), megabytes))
    line("wc -l", megabytes, measure(["wc", "-l", source], args.runs))
    plain = measure([os.path.join(args.bin, "bench_spans"), "parse", source], args.runs)
    line("simdjson, each line parsed", megabytes, plain)
    walked = measure([os.path.join(args.bin, "bench_spans"), "walk", source], args.runs)
    line("simdjson, every value visited", megabytes, walked, plain)
    tool = os.path.join(args.bin, "flamewright")
    session = os.path.join(args.work, "spans.fws")
    ours = measure([tool, "import", source, "-o", session], args.runs, lambda: remove(session))
    line("flamewright import", megabytes, ours, plain)
    print("  session %.1f MB = %.1f %% of the input" % (os.path.getsize(session) / 1e6,
                                                        100 * os.path.getsize(session) / size))
    info = subprocess.run([tool, "info", session, "--json"], capture_output=True, check=True, text=True)
    rows = json.loads(info.stdout)["captures"][0]["rows"]
    print("  %d spans and events" % rows.get("slices", 0))
    reopened = measure([tool, "info", session, "--json"], args.runs)
    print("  flamewright info on the session: %.2f s CPU, %.2f s wall, %.0f MiB" %
          (reopened.cpu, reopened.wall, reopened.rss))


main()
