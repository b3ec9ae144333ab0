#!/usr/bin/env python3
"""Kills imports at random moments and checks that the session keeps everything it had.

    kill_imports.py FLAMEWRIGHT INPUT KILLS [SEED]

Every round appends INPUT to one session and kills the importing process, its worker, or both
(SIGKILL) at a random moment of the import. Afterwards the session must open, and every capture that
an import had acknowledged (exit code 0) must be there with the same totals. Prints one line of
counts; exits with 1 at the first loss.
"""
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TOOL, SOURCE, KILLS = sys.argv[1], sys.argv[2], int(sys.argv[3])
RNG = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 1)


def children_of(pid):
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open("/proc/%s/stat" % entry) as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
            if int(fields[1]) == pid:
                found.append(int(entry))
        except OSError:
            pass
    return found


def kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
        return True
    except ProcessLookupError:
        return False


def captures(session):
    """What `info` says of the complete captures, by id, without what may differ between imports."""
    done = subprocess.run([TOOL, "info", session, "--json"], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        sys.exit("the session does not open: %s" % done.stderr.strip())
    return {c["id"]: (c["name"], c["rows"], c["measures"]) for c in json.loads(done.stdout)["captures"]
            if c["state"] == "complete"}


def sample_sums(session):
    sql = "select capture, count(*), sum(value) from sample group by capture"
    done = subprocess.run([TOOL, "query", session, sql], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        sys.exit("the session cannot be read: %s" % done.stderr.strip())
    return {int(line.split()[0]): line for line in done.stdout.splitlines()[1:]}


def main():
    work = tempfile.mkdtemp(prefix="flamewright-kill-")
    session = os.path.join(work, "s0.fws")
    subprocess.run([TOOL, "import", SOURCE, "-o", session], check=True, stderr=subprocess.DEVNULL)
    start = time.monotonic()  # of the second import, which finds its symbols in the cache as all others do
    subprocess.run([TOOL, "import", SOURCE, "-o", session, "--append"], check=True, stderr=subprocess.DEVNULL)
    length = time.monotonic() - start
    known, sums = captures(session), sample_sums(session)
    killed = {"parent": 0, "worker": 0, "both": 0}
    finished = generation = 0
    while sum(killed.values()) < KILLS:
        child = subprocess.Popen([TOOL, "import", SOURCE, "-o", session, "--append"],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(RNG.random() * length)
        what = RNG.choice(sorted(killed))
        hit = False
        if what in ("worker", "both"):
            hit = any([kill(pid) for pid in children_of(child.pid)])
        if what in ("parent", "both") and child.poll() is None:
            hit = kill(child.pid) or hit
        if hit:
            killed[what] += 1
        acknowledged = child.wait(timeout=300) == 0  # far beyond what a busy machine needs
        now, now_sums = captures(session), sample_sums(session)
        for capture, facts in known.items():
            if now.get(capture) != facts or now_sums.get(capture) != sums[capture]:
                sys.exit("capture %d was lost or changed after killing the %s" % (capture, what))
        fresh = len(now) - len(known)
        if fresh < (1 if acknowledged else 0) or fresh > 1:
            sys.exit("%d new captures after an import that %s" % (fresh, "ended" if acknowledged else "was killed"))
        finished += acknowledged
        known, sums = now, now_sums
        if len(known) > 12 and sum(killed.values()) < KILLS:  # keep the session small: start again with a fresh one
            generation += 1
            session = os.path.join(work, "s%d.fws" % generation)
            subprocess.run([TOOL, "import", SOURCE, "-o", session], check=True, stderr=subprocess.DEVNULL)
            known, sums = captures(session), sample_sums(session)
    shutil.rmtree(work)
    print("%d kills (%s), %d imports ended all the same, 0 sessions failed to open, 0 captures lost" %
          (sum(killed.values()), ", ".join("%s %d" % item for item in sorted(killed.items())), finished))


main()
