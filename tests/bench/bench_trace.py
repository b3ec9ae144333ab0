#!/usr/bin/env python3
"""What opening a trace in Chrome's JSON costs, against simdjson's plain parse of it in the same run.

    tests/bench/bench_trace.py [--bin build/release/bin] [--mb 115] [--runs 1] [--work DIR]

Makes the file once below DIR (default: build/bench) and prints, from one run: MB/s of CPU and of wall time,
peak memory of the largest process, the size of the session, the time to open it again. Build the target
bench_trace first. Not a test.
"""
import argparse
import os
import subprocess
import sys

from costs import measure, remove

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))


def line(what, megabytes, cost, base=None):
    share = "" if base is None else "  %5.2f x the plain parse" % (cost.cpu / max(base.cpu, 1e-9))
    print("  %-34s %6.2f s CPU %6.2f s wall %6.0f MB/s CPU %6.0f MB/s wall %6.0f MiB%s" %
          (what, cost.cpu, cost.wall, megabytes / max(cost.cpu, 1e-9), megabytes / max(cost.wall, 1e-9), cost.rss,
           share))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default=os.path.join(TOP, "build/release/bin"))
    parser.add_argument("--work", default=os.path.join(TOP, "build/bench"))
    parser.add_argument("--mb", type=int, default=115)
    parser.add_argument("--runs", type=int, default=1)
    args = parser.parse_args()
    os.makedirs(args.work, exist_ok=True)
    source = os.path.join(args.work, "trace-%d.json" % args.mb)
    if not os.path.exists(source):
        subprocess.run([sys.executable, os.path.join(HERE, "make_chrome_trace.py"), source, str(args.mb)], check=True)
    size = os.path.getsize(source)
    megabytes = size / 1e6
    print("%s, %.0f MB" % (os.path.basename(source), megabytes))
    line("cat >/dev/null", megabytes, measure(["cat", source], args.runs))
    bench = os.path.join(args.bin, "bench_trace")
    plain = measure([bench, "raw", source], args.runs)
    line("simdjson, every value visited", megabytes, plain)
    line("import without a session", megabytes, measure([bench, "import", source], args.runs), plain)
    tool = os.path.join(args.bin, "flamewright")
    session = os.path.join(args.work, "trace.fws")
    line("flamewright import", megabytes,
         measure([tool, "import", source, "-o", session], args.runs, lambda: remove(session)), plain)
    print("  session %.1f MB = %.1f %% of the input" %
          (os.path.getsize(session) / 1e6, 100 * os.path.getsize(session) / size))
    line("flamewright info on the session", megabytes, measure([tool, "info", session], args.runs))


main()
