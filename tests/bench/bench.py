#!/usr/bin/env python3
"""Compares imports with other tools on the same files in one run, in ratios.

    tests/bench/bench.py [--bin build/release/bin] [--runs 3] [--work DIR]

Makes its inputs once below DIR (default: build/bench). Needs perf for the perf.data part and go for
the pprof part; a missing tool is named and its rows are left out. Nothing here is a test: times
depend on the machine, the ratios much less.
"""
import argparse
import os
import shutil
import subprocess
import sys

from costs import measure, remove, row

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))


def sessions(args, name, source, extra=()):
    """Imports `source` and re-opens the session; returns the cost of the import."""
    tool = os.path.join(args.bin, "flamewright")
    session = os.path.join(args.work, name + ".fws")
    cost = measure([tool, "import", source, "-o", session, *extra], args.runs, lambda: remove(session))
    row("flamewright import", cost)
    row("re-open to top functions", measure([tool, "functions", session, "--limit", "30"], args.runs))
    picture = os.path.join(args.work, name + ".svg")
    row("re-open to a flame graph (SVG)",
        measure([tool, "render", session, "--view", "flame", "-o", picture], args.runs))
    size, input_size = os.path.getsize(session), os.path.getsize(source)
    print("  session %.1f MB = %.1f %% of the %.1f MB input" % (size / 1e6, 100 * size / input_size, input_size / 1e6))
    return cost


def perf_part(args):
    perf = shutil.which("perf")
    if not perf:
        return print("perf.data: left out, perf is not installed (Debian: linux-perf)")
    source = args.perf_data or os.path.join(args.work, "large.perf.data")
    if not os.path.exists(source):
        subprocess.run([os.path.join(HERE, "make_perf_data.sh"), source], check=True)
    print("perf.data, %.1f MB" % (os.path.getsize(source) / 1e6))
    ours = sessions(args, "perf", source)
    for what, argv in (("perf script", [perf, "script", "-i", source]),
                       ("perf report --stdio", [perf, "report", "--stdio", "-i", source]),
                       ("perf report --stdio -g none", [perf, "report", "--stdio", "-g", "none", "-i", source])):
        theirs = measure(argv, args.runs)
        row(what, theirs)
        print("    flamewright import uses 1/%.2f of that CPU" % (theirs.cpu / ours.cpu))


def pprof_part(args):
    go = shutil.which("go")
    if not go:
        return print("pprof: left out, go is not installed (Debian: golang-go)")
    source = os.path.join(args.work, "large.pb.gz")
    if not os.path.exists(source):
        subprocess.run([sys.executable, os.path.join(HERE, "make_pprof.py"), source], check=True)
    print("pprof, %.1f MB" % (os.path.getsize(source) / 1e6))
    ours = sessions(args, "pprof", source)
    theirs = measure([go, "tool", "pprof", "-top", "-nodecount=0", source], args.runs)
    row("go tool pprof -top -nodecount=0", theirs)
    print("    flamewright import uses 1/%.2f of that CPU" % (theirs.cpu / ours.cpu))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default=os.path.join(TOP, "build/release/bin"))
    parser.add_argument("--work", default=os.path.join(TOP, "build/bench"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--perf-data", help="use this file instead of making one")
    args = parser.parse_args()
    os.makedirs(args.work, exist_ok=True)
    perf_part(args)
    pprof_part(args)


main()
