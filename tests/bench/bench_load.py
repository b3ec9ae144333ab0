#!/usr/bin/env python3
"""What opening a load test costs, against the plain parser underneath and against reading the file.

    tests/bench/bench_load.py [--bin build/release/bin] [--mb 1000] [--runs 1] [--work DIR]

Makes a JMeter CSV and a k6 JSON-lines file once below DIR (default: build/bench) and prints, from one
run: MB/s of CPU and of wall time, peak memory of the largest process, the size of the session, and
the same for `wc -l`, `zstd -d` and `bench_load` (build that target first). Not a test.
"""
import argparse
import os
import shutil
import subprocess
import sys

from costs import measure, remove

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))


def line(what, megabytes, cost, base=None):
    share = "" if base is None else "  %5.1f %% of the plain parser's speed" % (100 * base.cpu / max(cost.cpu, 1e-9))
    print("  %-34s %7.0f MB/s CPU %7.0f MB/s wall %6.0f MiB%s" %
          (what, megabytes / max(cost.cpu, 1e-9), megabytes / max(cost.wall, 1e-9), cost.rss, share))


def part(args, kind, raw, suffix):
    source = os.path.join(args.work, "load-%d.%s" % (args.mb, suffix))
    if not os.path.exists(source):
        subprocess.run([sys.executable, os.path.join(HERE, "make_load.py"), kind, source, str(args.mb)], check=True)
    size = os.path.getsize(source)
    megabytes = size / 1e6
    print("%s, %.0f MB" % (os.path.basename(source), megabytes))
    line("wc -l", megabytes, measure(["wc", "-l", source], args.runs))
    zstd = shutil.which("zstd")
    if zstd:
        packed = source + ".zst"
        if not os.path.exists(packed):
            subprocess.run([zstd, "-q", "-3", source, "-o", packed], check=True)
        line("zstd -d", megabytes, measure([zstd, "-q", "-d", "-c", packed], args.runs))
    else:
        print("  zstd: left out, it is not installed")
    plain = measure([os.path.join(args.bin, "bench_load"), raw, source], args.runs)
    line("plain parser (%s)" % raw, megabytes, plain)
    tool = os.path.join(args.bin, "flamewright")
    session = os.path.join(args.work, kind + ".fws")
    ours = measure([tool, "import", source, "-o", session], args.runs, lambda: remove(session))
    line("flamewright import", megabytes, ours, plain)
    print("  session %.1f MB = %.1f %% of the input" % (os.path.getsize(session) / 1e6, 100 * os.path.getsize(session) / size))
    report = measure([tool, "latency", session, "--json"], args.runs)
    print("  flamewright latency on the session: %.2f s CPU, %.2f s wall, %.0f MiB" %
          (report.cpu, report.wall, report.rss))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default=os.path.join(TOP, "build/release/bin"))
    parser.add_argument("--work", default=os.path.join(TOP, "build/bench"))
    parser.add_argument("--mb", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=1)
    args = parser.parse_args()
    os.makedirs(args.work, exist_ok=True)
    part(args, "jtl", "csv", "jtl")
    part(args, "k6", "json", "ndjson")
    sys.stdout.flush()
    subprocess.run([os.path.join(args.bin, "bench_load"), "percentiles", "10"], check=True)


main()
