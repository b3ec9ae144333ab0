"""What commands cost, for the benchmarks of this folder."""
import os
import statistics
import subprocess
import sys
import time


class Cost:
    """CPU seconds (user and system), wall seconds and peak memory of one command with its children."""

    def __init__(self, cpu, wall, rss):
        self.cpu, self.wall, self.rss = cpu, wall, rss


def measure(argv, runs, before=None):
    costs = []
    for _ in range(runs):
        if before:
            before()
        start = time.monotonic()
        with open(os.devnull, "wb") as null:
            child = subprocess.Popen(argv, stdout=null, stderr=subprocess.DEVNULL)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = status
        if status != 0:
            sys.exit("failed with status %d: %s" % (status, " ".join(argv)))
        costs.append(Cost(usage.ru_utime + usage.ru_stime, time.monotonic() - start, usage.ru_maxrss / 1024))
    return Cost(*(statistics.median(getattr(c, field) for c in costs) for field in ("cpu", "wall", "rss")))


def row(what, cost, base=None):
    ratio = "" if base is None else "  %6.2f x its CPU" % (base.cpu / max(cost.cpu, 1e-9))
    print("  %-46s %7.2f s CPU %7.2f s wall %7.0f MiB%s" % (what, cost.cpu, cost.wall, cost.rss, ratio))


def remove(path):
    for name in (path, path + "-wal", path + "-shm", path + ".lock", path + ".reserve"):
        if os.path.exists(name):
            os.remove(name)
