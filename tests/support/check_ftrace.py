#!/usr/bin/env python3
"""Counts what a text of ftrace says, the plain way, to compare an importer with.

    check_ftrace.py FILE

All lines at once, with regular expressions, sorted by time; one line per fact, fields separated by
tabs: slices, their total nanoseconds, moments, states, what CPUs ran, counters, arrows of wake-ups.
"""
import collections
import re
import sys
import zlib

EVENT = re.compile(
    r"^\s*(?P<comm>.*)-(?P<tid>\d+)\s*(?:\(\s*(?P<tgid>\d+|-+)\))?\s+\[(?P<cpu>\d+)\]\s+"
    r"(?P<flags>[A-Za-z.#0-9]{2,16}\s+)?(?P<sec>\d+)\.(?P<frac>\d+):\s+(?P<event>[\w.-]+):\s*(?P<args>.*?)\s*$")
SWITCH = re.compile(r"prev_comm=(.*) prev_pid=(\d+) prev_prio=-?\d+ prev_state=(\S+) (?:==> )?"
                    r"next_comm=(.*) next_pid=(\d+)")
OLD_SWITCH = re.compile(r"(?:task )?(.*):(\d+) \[\d+\] \(?(\S+?)\)? ==> (.*):(\d+) \[")
WAKE = re.compile(r"comm=(.*) pid=(\d+)")
OLD_WAKE = re.compile(r"(.*):(\d+) \[")
LETTERS = {"R": "Runnable", "W": "Runnable", "S": "Sleeping", "D": "Uninterruptible",
           "K": "Uninterruptible", "I": "Idle", "T": "Stopped", "t": "Traced", "P": "Parked",
           "X": "Exited", "x": "Exited", "Z": "Exited"}
BITS = {0: "Runnable", 1: "Sleeping", 2: "Uninterruptible", 4: "Stopped", 8: "Traced", 16: "Exited",
        32: "Exited", 64: "Exited", 128: "Uninterruptible", 1024: "Runnable", 2048: "Runnable",
        4096: "Runnable"}


def text_of(path):
    data = open(path, "rb").read()
    match = re.search(rb"(?:^|\n)TRACE:\n(?=x)", data[:4096])
    if match:
        data = zlib.decompressobj().decompress(data[match.end():])
    text = data.decode("utf-8", "surrogateescape")
    if re.match(r"\s*<(!DOCTYPE|html)", text):
        parts = re.findall(r'class="trace-data"[^>]*>\n(.*?)</script>', text, re.S)
        text = "\n".join(parts)
    return text


def state_of(text):
    if text.isdigit():
        bits = int(text)
        low = bits & -bits
        return BITS.get(low, "Unknown")
    return LETTERS.get(text[0], "Unknown")


def events_of(text):
    out = []
    for line in text.split("\n"):
        line = line.rstrip("\r")
        if line.endswith("\\n\\"):
            line = line[:-3]
        match = EVENT.match(line)
        if match:
            frac = match["frac"].ljust(9, "0")
            flags = (match["flags"] or "").strip()
            out.append((int(match["sec"]) * 10**9 + int(frac), len(out), int(match["cpu"]),
                        int(match["tid"]), len(flags) > 2 and flags[2] in "hsHzZ",
                        match["event"], match["args"]))
    return sorted(out)


class Stacks:
    def __init__(self):
        self.open = collections.defaultdict(list)
        self.closed = self.total = self.no_begin = 0

    def begin(self, key, time):
        self.open[key].append(time)

    def end(self, key, time):
        if not self.open[key]:
            self.no_begin += 1
            return
        self.closed += 1
        self.total += time - self.open[key].pop()

    def no_end(self):
        return sum(len(v) for v in self.open.values())


class Facts:
    def __init__(self):
        self.slices, self.asyncs = Stacks(), Stacks()
        self.instants = self.flows = self.flow_total = 0
        self.states = collections.defaultdict(lambda: [0, 0])
        self.cpus = collections.defaultdict(lambda: [0, 0])
        self.counters = collections.defaultdict(lambda: [0, 0])
        self.thread = {}    # tid: (state, since)
        self.running = {}   # cpu: (tid, since)
        self.woken = {}     # tid: time

    def mark(self, time, tid, args):
        args = re.sub(r"^(?:0x)?[0-9a-f]{4,}s?: +", "", args)
        if args.startswith("tracing_mark_write: "):
            args = args[len("tracing_mark_write: "):]
        if args.startswith("trace_event_clock_sync: "):
            return
        fields = args.split("|")
        kind = fields[0]
        if kind == "B" and len(fields) > 2:
            self.slices.begin(tid, time)
        elif kind == "E":
            self.slices.end(tid, time)
        elif kind in "SF" and len(fields) > 3:
            key = (fields[1], "|".join(fields[2:-1]), fields[-1])
            (self.asyncs.begin if kind == "S" else self.asyncs.end)(key, time)
        elif kind == "G" and len(fields) > 4:
            self.asyncs.begin((fields[1], fields[2], fields[-1]), time)
        elif kind == "H" and len(fields) > 3:
            self.asyncs.end((fields[1], fields[2], fields[-1]), time)
        elif kind == "C" and len(fields) > 3:
            entry = self.counters["|".join(fields[2:-1])]
            entry[0] += 1
            entry[1] += int(fields[-1])
        else:
            self.instants += 1

    def change(self, tid, state, time):
        if tid in self.thread:
            old, since = self.thread[tid]
            if old != "Exited":
                self.states[old][0] += 1
                self.states[old][1] += time - since
        self.thread[tid] = (state, time)

    def off_cpu(self, cpu, time):
        tid, since = self.running.get(cpu, (0, 0))
        if tid > 0:
            self.cpus[cpu][0] += 1
            self.cpus[cpu][1] += time - since

    def switch(self, time, cpu, args):
        match = SWITCH.match(args) or OLD_SWITCH.match(args)
        if not match:
            return
        prev, state, following = int(match[2]), match[3], int(match[5])
        ran = self.running.get(cpu, (None, 0))[0]
        self.off_cpu(cpu, time)
        if ran not in (None, prev) and self.thread.get(ran, ("", 0))[0] == "Running":
            self.change(ran, "Unknown", time)
        if prev > 0:
            self.change(prev, state_of(state), time)
        self.running[cpu] = (following, time)
        if following > 0:
            self.change(following, "Running", time)
            if following in self.woken:
                self.flows += 1
                self.flow_total += time - self.woken.pop(following)

    def wake(self, time, args):
        match = WAKE.match(args) or OLD_WAKE.match(args)
        tid = int(match[2])
        if tid > 0 and self.thread.get(tid, ("", 0))[0] not in ("Running", "Runnable"):
            self.change(tid, "Runnable", time)
            self.woken[tid] = time

    def take(self, event):
        time, _, cpu, tid, _, name, args = event
        if name == "sched_switch":
            self.switch(time, cpu, args)
        elif name in ("sched_waking", "sched_wakeup", "sched_wakeup_new"):
            self.wake(time, args)
        elif name in ("tracing_mark_write", "print", "bprint", "bputs"):
            self.mark(time, tid, args)
        elif name in ("irq_handler_entry", "softirq_entry"):
            self.slices.begin(("cpu", cpu), time)
        elif name in ("irq_handler_exit", "softirq_exit"):
            self.slices.end(("cpu", cpu), time)
        elif name == "funcgraph_entry":
            leaf = re.search(r"([\d.]+) us +\|.*;", args)
            self.slices.begin(tid, time)
            if leaf:
                self.slices.end(tid, time + round(float(leaf[1]) * 1000))
        elif name == "funcgraph_exit":
            self.slices.end(tid, time)
        elif name in ("cpu_frequency", "cpu_idle", "clock_set_rate"):
            value = int(re.search(r"state=(\d+)", args)[1])
            key = {"cpu_frequency": "frequency [kHz]", "cpu_idle": "idle state"}.get(
                name, args.split(" ")[0] + " [Hz]")
            entry = self.counters[key]
            entry[0] += 1
            entry[1] += -1 if name == "cpu_idle" and value == 2**32 - 1 else value

    def finish(self, last):
        for tid in list(self.thread):
            self.change(tid, "gone", last)
        for cpu in list(self.running):
            self.off_cpu(cpu, last)

    def show(self):
        rows = []
        for name, stacks in (("slices", self.slices), ("async", self.asyncs)):
            rows.append((name, stacks.closed, stacks.total))
            rows.append((name + " without begin", stacks.no_begin, 0))
            rows.append((name + " without end", stacks.no_end(), 0))
        rows.append(("instants", self.instants, 0))
        rows += [("state " + name, *value) for name, value in self.states.items()]
        rows += [("CPU %d" % cpu, *value) for cpu, value in self.cpus.items()]
        rows += [("counter " + name, *value) for name, value in self.counters.items()]
        rows.append(("flows", self.flows, self.flow_total))
        for row in sorted(rows):
            if row[1]:
                print("\t".join(str(field) for field in row))


def main(path):
    events = events_of(text_of(path))
    facts = Facts()
    for event in events:
        facts.take(event)
    if events:
        facts.finish(events[-1][0])
    facts.show()


if __name__ == "__main__":
    main(sys.argv[1])
