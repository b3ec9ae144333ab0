#!/usr/bin/env python3
"""Compares two CPU profiles of 500,000 samples and says what it costs: bench_compare.py [--samples N]

Files are made once in build/bench and imported once; the comparison of the sessions is measured, best of
three, and `go tool pprof -top -diff_base` on the same files in the same run (reading them included, which
is why opening the files is measured, too). Build the target bench_compare first; what is missing is named.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = ROOT / "build/release/bin"
WORK = ROOT / "build/bench"


def peak(command):
    """CPU seconds, peak MB, output."""
    process = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    output = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command[0]} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--samples", type=int, default=500_000)
    samples = parser.parse_args().samples
    WORK.mkdir(parents=True, exist_ok=True)
    files, sessions = [], []
    for seed in (42, 43):
        file = WORK / f"compare-{samples}-{seed}.pb.gz"
        session = file.with_suffix(".fws")
        if not file.exists():
            subprocess.run([sys.executable, ROOT / "tests/bench/make_pprof.py", file, str(samples), str(seed)],
                           check=True)
        if not session.exists():
            subprocess.run([BIN / "flamewright", "import", file, "-o", session], check=True)
        files.append(file)
        sessions.append(session)
    for name, pair in (("two sessions", sessions), ("two files, import included", files)):
        runs = [peak([BIN / "bench_compare", *pair, "0"]) for _ in range(3)]
        cpu, mb, output = min(runs)
        print(f"bench_compare, {name}: {cpu:.2f} s CPU, {mb:.0f} MB; {output.splitlines()[-1]}")
    if shutil.which("go") is None:
        print("go is missing: no comparison with pprof")
        return
    pprof = subprocess.run(["go", "tool", "-n", "pprof"], stdout=subprocess.PIPE, check=True).stdout.decode().strip()
    runs = [peak([pprof, "-symbolize=none", "-top", "-nodecount=30", "-diff_base", *files]) for _ in range(3)]
    cpu, mb, _ = min(runs)
    print(f"go tool pprof -top -diff_base: {cpu:.2f} s CPU, {mb:.0f} MB")


if __name__ == "__main__":
    main()
