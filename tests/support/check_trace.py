#!/usr/bin/env python3
"""What a trace in Chrome's JSON holds, counted from its events with nothing of ours.

    check_trace.py FILE

Prints a line for each kind of row: its name, how many there are and the sum of their lengths (or
values) in nanoseconds: slices, async, instants, counters (and their series), flows, samples, and the
tracks of processes, threads and asynchronous slices. FILE may be compressed, and its list of events
may have no end.

Begins and ends are matched like this: in the order of the file or, where a track's times go back, in
order of time; an end closes the innermost open slice of its name or, when nothing open has the name,
the innermost. Without a begin, a slice begins with the first time of its track; without an end, it
lasts until a slice around it ends by name, or until the last time of the track.
"""
import gzip
import io
import json
import sys
import zipfile
from decimal import ROUND_HALF_UP, Decimal

NANOSECONDS = Decimal(1000)


def read(path):
    data = open(path, "rb").read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    if data[:2] == b"PK":
        archive = zipfile.ZipFile(io.BytesIO(data))
        data = archive.read(archive.namelist()[0])
    text = data.decode("utf-8", "replace").lstrip("\ufeff")
    decoder = dict(parse_float=Decimal, parse_int=Decimal)
    try:
        return json.loads(text, **decoder)
    except json.JSONDecodeError:
        end = len(text)
        while True:  # up to the last object that is whole
            end = text.rindex("}", 0, end)
            try:
                return json.loads(text[:end + 1] + "]", **decoder)
            except json.JSONDecodeError:
                continue


def ns(value):
    return int((Decimal(value) * NANOSECONDS).to_integral_value(ROUND_HALF_UP))


def member(event, key):
    value = event.get(key)
    return "" if value is None else str(value)


class Track:
    def __init__(self):
        self.times = []
        self.complete = []  # lengths
        self.events = {}    # by key: (time, is begin, name)

    def seen(self, *times):
        self.times += times

    def event(self, key, time, begin, name):
        self.seen(time)
        self.events.setdefault(key, []).append((time, begin, name))

    def matched(self):
        """Lengths of the slices that were begun or ended."""
        first, last = min(self.times, default=0), max(self.times, default=0)
        for events in self.events.values():
            if any(b[0] < a[0] for a, b in zip(events, events[1:])):
                events = sorted(events, key=lambda event: event[0])
            still = []  # [begin, name, until]
            for time, begin, name in events:
                if begin:
                    still.append([time, name, None])
                    continue
                if not still:
                    yield time - first
                    continue
                place = len(still) - 1
                while name and place >= 0 and still[place][1] != name:
                    place -= 1
                place = len(still) - 1 if place < 0 else place
                for inner in still[place + 1:]:
                    inner[2] = time if inner[2] is None else inner[2]
                yield time - still.pop(place)[0]
            for begin, _, until in still:
                yield (last if until is None else until) - begin


def flows_of(points):
    """How many arrows there are: from each point of a flow to the next."""
    count = 0
    for key in sorted(points):
        order = sorted(points[key])
        if [phase for _, phase, _ in order] == [2, 0]:  # other clocks: back in time
            count += 1
            continue
        going = False
        for _, phase, _ in order:
            if phase == 0:
                going = True
            elif going:
                count += 1
                going = phase != 2 or key[0] == "bind"  # of those, one may end in several places
    return count


def identity(event, *more):
    id2 = event.get("id2") or {}
    local = member(id2, "local")
    ident = local or member(id2, "global") or member(event, "id")
    return (member(event, "cat"), member(event, "scope"), ident, member(event, "pid") if local else "") + more


def main(path):
    root = read(path)
    events = root["traceEvents"] if isinstance(root, dict) else root
    threads, processes, owners = {}, set(), {}
    asynchronous = {}
    instants = counters = samples = 0
    total = Decimal(0)
    series = set()
    flows = {}
    profiles = {}

    def thread(event, wide=False):
        pid, tid = member(event, "pid"), "" if wide else member(event, "tid")
        processes.add(pid)
        return threads.setdefault((pid, tid), Track())

    def async_track(event, key):
        pid = member(event, "pid")
        processes.add(pid)
        owner = owners.setdefault(key, (pid, member(event, "cat"))) if key else (pid, member(event, "cat"))
        asynchronous.setdefault((pid, member(event, "cat")), Track())
        return asynchronous[owner]

    for number, event in enumerate(events):
        if not isinstance(event, dict):
            continue
        phase, name = event.get("ph"), member(event, "name")
        if phase == "M":
            if name == "process_name" and member(event.get("args", {}), "name"):
                processes.add(member(event, "pid"))
            elif name == "thread_name" and member(event.get("args", {}), "name"):
                thread(event)
            elif name in ("process_labels", "process_sort_index", "thread_sort_index"):
                thread(event)
            continue
        if "ts" not in event:
            continue
        time = ns(event["ts"])
        if phase == "P" or name == "CpuProfile":
            track = thread(event)
            if name not in ("Profile", "ProfileChunk", "CpuProfile"):
                samples += 1
                continue
            data = event.get("args", {}).get("data", {})
            profile = data.get("cpuProfile", {})
            taken = len(profile.get("samples", []))
            samples += taken
            profiles.setdefault((member(event, "pid"), member(event, "id")), []).extend(
                int(delta) for delta in data.get("timeDeltas", profile.get("timeDeltas", []))[:taken])
        elif phase == "X":
            track = thread(event)
            length = ns(event.get("dur", event.get("tdur", 0)))
            track.complete.append(max(length, 0))
            track.seen(time, time + max(length, 0))
            if event.get("flow_in") or event.get("flow_out"):
                kind = 0 if not event.get("flow_in") else 1 if event.get("flow_out") else 2
                flows.setdefault(("bind", member(event, "bind_id")), []).append((time, kind, number))
        elif phase in "BE":
            thread(event).event("", time, phase == "B", name)
        elif phase in "iIRcNODvV":
            thread(event, event.get("s") in ("p", "g")).seen(time)
            instants += 1
        elif phase in "SF":
            key = ("old",) + identity(event, name)
            async_track(event, key).event(key, time, phase == "S", name)
        elif phase in "be":
            key = identity(event)
            async_track(event, key).event(key, time, phase == "b", name)
        elif phase in "Tpn":
            async_track(event, None).seen(time)
            instants += 1
        elif phase in "stf":
            thread(event)
            flows.setdefault(("flow",) + identity(event, name), []).append((time, "stf".index(phase), number))
        elif phase == "C":
            processes.add(member(event, "pid"))
            for key, value in event.get("args", {}).items():
                counters += 1
                total += Decimal(value)
                series.add((member(event, "pid"), name, member(event, "id"), key))

    if isinstance(root, dict):
        for sample in root.get("samples", []):
            thread(sample)
            samples += 1
    lengths = [length for track in threads.values() for length in track.complete + list(track.matched())]
    overlapping = [length for track in asynchronous.values() for length in track.matched()]
    print("slices", len(lengths), sum(lengths))
    print("async", len(overlapping), sum(overlapping))
    print("instants", instants, 0)
    print("counters", counters, "%.6g" % total)
    print("series", len(series), 0)
    print("flows", flows_of(flows), 0)
    print("samples", samples, 1000 * sum(max(d, 0) for deltas in profiles.values() for d in deltas[1:]))
    print("processes", len(processes), 0)
    print("threads", len([tid for _, tid in threads if tid]), 0)
    print("async-tracks", len(asynchronous), 0)


main(sys.argv[1])
