#!/usr/bin/env python3
"""What comparing two load tests costs, and what comes of it: time, CPU, peak memory.

    tests/bench/bench_compare_load.py [--bin build/release/bin] [--requests 5] [--work DIR]

Makes two JMeter files of so many million requests once below DIR (default: build/bench; the second is another
draw, with checkouts that take a tenth longer), imports them and compares the sessions with 1,000 rounds of the
bootstrap (build the targets flamewright and bench_compare first). Not a test.
"""
import argparse
import os
import subprocess
import sys

from costs import measure, remove

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
BYTES_A_REQUEST = 111.7  # of make_load.py


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default=os.path.join(TOP, "build/release/bin"))
    parser.add_argument("--work", default=os.path.join(TOP, "build/bench"))
    parser.add_argument("--requests", type=float, default=5, help="millions, of each side")
    parser.add_argument("--runs", type=int, default=1)
    args = parser.parse_args()
    os.makedirs(args.work, exist_ok=True)
    sessions = []
    for side, seed, slower in (("base", 7, 1), ("cand", 8, 1.1)):
        source = os.path.join(args.work, "compare-%s-%g.jtl" % (side, args.requests))
        if not os.path.exists(source):
            subprocess.run([sys.executable, os.path.join(HERE, "make_load.py"), "jtl", source,
                            str(args.requests * BYTES_A_REQUEST), str(seed), str(slower)], check=True)
        session = source[:-4] + ".fws"
        if not os.path.exists(session):
            cost = measure([os.path.join(args.bin, "flamewright"), "import", source, "-o", session], 1,
                           lambda: remove(session))
            print("import %s: %.2f s CPU, %.2f s wall, %.0f MiB" % (os.path.basename(source), cost.cpu, cost.wall, cost.rss))
        sessions.append(session)
    compare = [os.path.join(args.bin, "bench_compare")] + sessions
    cost = measure(compare + ["0"], args.runs)
    print("compare %g and %g million requests: %.2f s CPU, %.2f s wall, %.0f MiB" %
          (args.requests, args.requests, cost.cpu, cost.wall, cost.rss))
    sys.stdout.flush()
    subprocess.run(compare + ["24"], check=True)


main()
