#!/usr/bin/env python3
"""Compares `flamewright functions` with `perf report` on one perf.data file.

    check_perf_report.py FLAMEWRIGHT PERF_DATA [--symbols DIR] [--top 20] [--event NAME]

Self: samples per (symbol, module) against `perf report --no-children`; total: shares against
`perf report --children`, which prints two decimals. Addresses without a name are put together per
module on both sides, since each program writes them its own way. Prints every difference and what
the top rows are; exits with 1 when a top row differs in self samples.
"""
import argparse
import collections
import json
import os
import re
import subprocess
import sys

UNNAMED = re.compile(r"^(0x[0-9a-f]+|\[unknown\].*|.*\+0x[0-9a-f]+)$")


def base(module):
    name = os.path.basename(module) or module
    if name.startswith("[kernel"):
        return "[kernel]"
    return name


def perf_jit(module):
    match = re.match(r"\[JIT\] tid (\d+)$", module)
    return "perf-%s.map" % match.group(1) if match else module


def key(name, module):
    module = base(perf_jit(module))
    if module in ("[unknown]", "//anon", "anon", ""):
        module = "[unknown]"
    return ("[unnamed]" if UNNAMED.match(name) else name, module)


def perf_report(path, children, event):
    fields = "overhead_children,sample,dso,sym" if children else "sample,dso,sym"
    argv = ["perf", "report", "--stdio", "-g", "none", "-i", path, "-F", fields, "-t", "\t", "--percent-limit", "0",
            "--children" if children else "--no-children"]
    text = subprocess.run(argv, capture_output=True, text=True, errors="replace").stdout
    out, current = collections.Counter(), None
    for line in text.splitlines():
        match = re.match(r"# Samples: .* of event '(.*)'", line)
        if match:
            current = match.group(1)
        if line.startswith("#") or not line.strip() or (event and current != event):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        symbol = re.sub(r"^\[[.kgGH]\] ?", "", cells[-1])
        if cells[0] == "N/A":  # no call chains: nothing to compare
            return None
        value = float(cells[0].rstrip("%")) if children else int(cells[0])
        out[key(symbol, cells[-2])] += value
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("file")
    parser.add_argument("--symbols", action="append", default=[])
    parser.add_argument("--top", type=int, default=20)
    parser.add_argument("--event")
    args = parser.parse_args()
    argv = [args.tool, "functions", args.file, "--json", "--no-inlines"]  # perf counts so
    for directory in args.symbols:
        argv += ["--symbols", directory]
    if args.event:
        argv += ["--measure", args.event]
    report = json.loads(subprocess.run(argv, capture_output=True, text=True, check=True).stdout)
    ours, totals = collections.Counter(), collections.Counter()
    for f in report["functions"]:
        k = key(f["name"], f["module"])
        ours[k] += f["self_samples"]
        totals[k] += 100 * f["total"] / report["total"] if report["total"] else 0
    ours = +ours
    theirs = perf_report(args.file, False, args.event)
    print("samples: flamewright %d, perf report %d" % (sum(ours.values()), sum(theirs.values())))
    differ = [k for k in set(ours) | set(theirs) if ours[k] != theirs[k]]
    top = [k for k, _ in theirs.most_common() if k[0] != "[unnamed]"][:args.top]
    for k in sorted(differ, key=lambda k: -abs(ours[k] - theirs[k]))[:40]:
        print("  differs%s: %s (%s): flamewright %d, perf %d" % (" IN TOP" if k in top else "", k[0], k[1], ours[k], theirs[k]))
    shares = perf_report(args.file, True, args.event)
    wrong = [k for k in top if shares is not None and abs(totals[k] - shares[k]) > 0.0151]
    for k in wrong:
        print("  total differs: %s (%s): flamewright %.3f %%, perf %.2f %%" % (k[0], k[1], totals[k], shares[k]))
    bad = [k for k in top if k in differ]
    print("%d symbols, %d differ in self, %d of the top %d; %d of those differ in total" %
          (len(set(ours) | set(theirs)), len(differ), len(bad), len(top), len(wrong)))
    sys.exit(1 if bad else 0)


main()
