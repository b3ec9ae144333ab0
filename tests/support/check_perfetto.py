#!/usr/bin/env python3
"""Counts what a Perfetto trace says, the plain way, to compare an importer with.

    check_perfetto.py FILE

A small walker of protobuf and nothing else: all packets at once, events sorted by time, one line per
fact, fields separated by tabs. Field numbers: protos/perfetto/trace/*.proto of google/perfetto.
"""
import collections
import struct
import sys
import zlib

sys.path.insert(0, __file__.rsplit("/", 1)[0])
from check_ftrace import BITS, Facts  # noqa: E402

SINCE_414 = {**BITS, 64: "Parked", 128: "Idle", 256: "Runnable"}


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value & (2**64 - 1), at


def fields(data):
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 2:
            size, at = varint(data, at)
            value = data[at:at + size]
            at += size
        else:
            size = 8 if kind == 1 else 4
            value = int.from_bytes(data[at:at + size], "little")
            at += size
        yield key >> 3, value


def one(data):
    return dict(fields(data))


def many(data, number):
    return [value for tag, value in fields(data) if tag == number]


def numbers(values, fixed=False):
    out = []
    for value in values:
        if isinstance(value, int):
            out.append(value)
        elif fixed:
            out += [number for (number,) in struct.iter_unpack("<Q", value)]
        else:
            at = 0
            while at < len(value):
                number, at = varint(value, at)
                out.append(number)
    return out


def signed(number):
    return number - 2**64 if number >= 2**63 else number


def packets_of(data):
    for tag, value in fields(data):
        if tag != 1:
            continue
        inside = many(value, 50)
        if inside:
            for packed in inside:
                yield from packets_of(zlib.decompress(packed))
        else:
            yield value


class Walker:
    def __init__(self):
        self.events = []     # (time, order, what, arguments)
        self.snapshots = []  # of {clock: ns}
        self.units = {}
        self.counting = {}   # (sequence, clock): ns so far
        self.default_clock = {}
        self.default_track = {}
        self.extra = {}
        self.valid = set()
        self.names = {}      # sequence: {number: name}
        self.tracks = {}     # uuid: what
        self.base = {}       # of counters that count from the value before
        self.bytes_of = {}

    def to_boot(self, sequence, clock, time):
        scoped = (sequence, clock) if 64 <= clock < 128 else (0, clock)
        ns = time * self.units.get(scoped, 1)
        if scoped in self.counting:
            ns = self.counting[scoped] = self.counting[scoped] + ns
        if clock == 6:
            return ns
        best = None
        for snapshot in self.snapshots:
            if scoped in snapshot and (best is None or snapshot[scoped] <= ns):
                best = snapshot
        if best is None:
            return ns
        if (0, 6) in best:
            return ns + best[(0, 6)] - best[scoped]
        # by way of another clock
        other = next(key for key in best if key != scoped)
        return self.to_boot(0, other[1], ns + best[other] - best[scoped])

    def snapshot(self, sequence, message):
        readings = {}
        for clock in many(message, 1):
            parts = one(clock)
            number = parts.get(1, 0)
            key = (sequence, number) if 64 <= number < 128 else (0, number)
            self.units[key] = parts.get(4, 1) or 1
            readings[key] = parts.get(2, 0) * self.units[key]
            if parts.get(3):
                self.counting[key] = readings[key]
        self.snapshots.append(readings)

    def add(self, time, what, *arguments):
        self.events.append((time, len(self.events), what, arguments))

    def track(self, message):
        parts = one(message)
        uuid = parts.get(1, 0)
        if 4 in parts:
            thread = one(parts[4])
            self.tracks[uuid] = ("thread", (thread.get(1), thread.get(2)))
        elif 8 in parts:
            counter = one(parts[8])
            unit = {1: " [ns]", 3: " [bytes]"}.get(counter.get(3, 0), "")
            if counter.get(1) == 1:
                unit = " [ns]"
            name = parts.get(2, parts.get(10, b"thread time")).decode("utf-8", "replace")
            if 6 in counter:
                unit = " [%s]" % counter[6].decode()
            self.tracks[uuid] = ("counter", name + unit, counter.get(4, 1) or 1, counter.get(5, 0))
        elif uuid not in self.tracks:
            self.tracks[uuid] = ("lanes", uuid)

    def counter(self, sequence, uuid, time, value):
        what = self.tracks[uuid]
        if what[3]:
            value = self.base[(sequence, uuid)] = self.base.get((sequence, uuid), 0) + value
        self.add(time, "counter", what[1], value * what[2])

    def track_event(self, sequence, time, message):
        parts = one(message)
        self.add(time, "other")  # the trace lasts until the last of all
        uuid = parts.get(11, self.default_track.get(sequence, 0))
        what = self.tracks.get(uuid, ("lanes", uuid))
        own, doubles = numbers(many(message, 31)), numbers(many(message, 45))
        extra, extra_doubles = self.extra.get(sequence, ([], []))
        for counter, value in zip(own or extra, numbers(many(message, 12))):
            self.counter(sequence, counter, time, signed(value))
        for counter, value in zip(doubles or extra_doubles, numbers(many(message, 46), True)):
            self.counter(sequence, counter, time, struct.unpack("<d", struct.pack("<Q", value))[0])
        kind = parts.get(9, 0)
        if kind == 4:
            value = signed(parts[30]) if 30 in parts else struct.unpack(
                "<d", struct.pack("<Q", parts[44]))[0]
            self.counter(sequence, uuid, time, value)
        elif kind in (1, 2, 3):
            self.add(time, ("", "begin", "end", "instant")[kind],
                     what[0] == "thread", what[:2])
        if 6 in parts:
            self.legacy(time, one(parts[6]), what)
        for flow in numbers(many(message, 47), True) + numbers(many(message, 36)):
            self.add(time, "flow", flow, False)
        for flow in numbers(many(message, 48), True) + numbers(many(message, 42)):
            self.add(time, "flow", flow, True)

    def legacy(self, time, parts, track):
        letter = chr(parts.get(2, 0))
        key = next(((n, parts[n]) for n in (6, 10, 11) if n in parts), None)
        if letter in "BEX":
            self.add(time, "end" if letter == "E" else "begin", track[0] == "thread", track[:2])
            if letter == "X":
                self.add(time + parts.get(3, 0) * 1000, "end", track[0] == "thread", track[:2])
        elif letter in "bSeF":
            self.add(time, "begin" if letter in "bS" else "end", False, key)
        elif letter in "iIRnTp":
            self.add(time, "instant")
        elif letter in "stf":
            self.add(time, "flow", ("legacy", key), letter == "f")

    def ftrace(self, message):
        cpu = one(message).get(1, 0)
        for event in many(message, 2):
            parts = one(event)
            time, tid = parts.get(1, 0), parts.get(2, 0)
            if 3 in parts:
                self.add(time, "mark", tid, one(parts[3])[2].decode("utf-8", "replace").rstrip())
            elif 4 in parts:
                inside = one(parts[4])
                self.add(time, "switch", cpu, inside.get(2, 0), inside.get(4, 0), inside.get(6, 0))
            elif any(number in parts for number in (17, 20, 114)):
                inside = one(parts.get(17, parts.get(20, parts.get(114))))
                self.add(time, "wake", inside.get(2, 0))
            elif 11 in parts or 13 in parts:
                value = one(parts.get(11, parts.get(13))).get(1, 0)
                if 13 in parts and value == 2**32 - 1:
                    value = -1
                self.add(time, "counter", "frequency [kHz]" if 11 in parts else "idle state", value)
            elif 24 in parts or 36 in parts:
                self.add(time, "begin", True, ("cpu", cpu))
            elif 25 in parts or 37 in parts:
                self.add(time, "end", True, ("cpu", cpu))
        for compact in many(message, 4):
            columns = {number: numbers(many(compact, number)) for number in (1, 2, 3, 7, 8)}
            time = 0
            for delta, state, tid in zip(columns[1], columns[2], columns[3]):
                time += delta
                self.add(time, "switch", cpu, None, state, tid)
            time = 0
            for delta, tid in zip(columns[7], columns[8]):
                time += delta
                self.add(time, "wake", tid)

    def packet(self, packet):
        parts = one(packet)
        sequence = parts.get(10, 0)
        if parts.get(13, 0) & 1 or parts.get(41):
            self.valid.add(sequence)
            self.default_clock.pop(sequence, None)
            self.default_track.pop(sequence, None)
            self.base = {key: v for key, v in self.base.items() if key[0] != sequence}
        elif parts.get(42):
            self.valid.discard(sequence)
        if 59 in parts:
            defaults = one(parts[59])
            if 58 in defaults:
                self.default_clock[sequence] = defaults[58]
            if 11 in defaults:
                event = defaults[11]
                if 11 in one(event):
                    self.default_track[sequence] = one(event)[11]
                self.extra[sequence] = (numbers(many(event, 31)), numbers(many(event, 45)))
        if parts.get(13, 0) & 2 and sequence not in self.valid:
            return
        if 6 in parts:
            self.snapshot(sequence, parts[6])
        elif 60 in parts:
            self.track(parts[60])
        elif 1 in parts:
            self.ftrace(parts[1])
        elif 11 in parts or 9 in parts or 76 in parts:
            clock = parts.get(58, self.default_clock.get(sequence, 6))
            time = self.to_boot(sequence, clock, parts.get(8, 0))
            if 11 in parts:
                self.track_event(sequence, time, parts[11])
            elif 76 in parts:
                for tag, frame in fields(parts[76]):
                    self.add(time, "end" if tag == 5 else "begin", False, ("frame", one(frame)[1]))
            else:
                for process in many(parts[9], 1):
                    for number, name in ((2, "virtual memory [bytes]"),
                                         (3, "resident memory [bytes]"),
                                         (7, "swapped memory [bytes]"), (10, "OOM score")):
                        for value in many(process, number):
                            self.add(time, "counter", name,
                                     value * 1024 if number < 10 else signed(value))


class PerfettoFacts(Facts):
    def __init__(self):
        super().__init__()
        self.chains = {}

    def kernel_switch(self, time, cpu, prev, state, following):
        ran = self.running.get(cpu, (None, 0))[0]
        if prev is None:
            prev = ran or 0
        self.off_cpu(cpu, time)
        if ran not in (None, prev) and self.thread.get(ran, ("", 0))[0] == "Running":
            self.change(ran, "Unknown", time)
        if prev > 0:
            self.change(prev, SINCE_414.get(state & -state, "Unknown"), time)
        self.running[cpu] = (following, time)
        if following > 0:
            self.change(following, "Running", time)
            if following in self.woken:
                self.flows += 1
                self.flow_total += time - self.woken.pop(following)

    def take(self, event):
        time, _, what, arguments = event
        if what == "counter":
            entry = self.counters[arguments[0]]
            entry[0] += 1
            entry[1] += int(arguments[1])
        elif what in ("begin", "end"):
            stacks = self.slices if arguments[0] else self.asyncs
            getattr(stacks, what)(arguments[1], time)
        elif what == "instant":
            self.instants += 1
        elif what == "mark":
            self.mark(time, *arguments)
        elif what == "switch":
            self.kernel_switch(time, *arguments)
        elif what == "wake":
            self.wake(time, "comm=x pid=%d" % arguments[0])
        elif what == "flow":
            before = self.chains.get(arguments[0])
            if before is not None:
                self.flows += 1
                self.flow_total += time - before
            self.chains[arguments[0]] = None if arguments[1] else time


def main(path):
    walker = Walker()
    data = open(path, "rb").read()
    packets = list(packets_of(data))
    # Tracks may be described after their events.
    for packet in packets:
        if 60 in one(packet):
            walker.track(one(packet)[60])
    for packet in packets:
        walker.packet(packet)
    events = sorted(walker.events, key=lambda event: event[:2])
    facts = PerfettoFacts()
    for event in events:
        facts.take(event)
    if events:
        facts.finish(events[-1][0])
    facts.show()


if __name__ == "__main__":
    main(sys.argv[1])
