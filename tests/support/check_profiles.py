#!/usr/bin/env python3
"""What the samples of a profile sum to, computed from the file with nothing of ours.

    check_profiles.py FILE

Prints, for every measure and every innermost function, tab-separated: measure, function, self, samples.
Formats: profiles of V8 (.cpuprofile, .heapprofile), speedscope, callgrind,
Firefox and samply.
"""
import collections
import gzip
import json
import re
import sys
from decimal import ROUND_HALF_UP, Decimal

sys.dont_write_bytecode = True  # beside the sources


class Sums(dict):
    def add(self, measure, function, value, samples=1):
        old = self.get((measure, function), (0, 0))
        self[measure, function] = (old[0] + value, old[1] + samples)


def whole(value):
    return int(Decimal(value).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def name_of(node):
    return node.get("callFrame", node).get("functionName") or "(anonymous)"


def tree_of(node):
    todo, out = [node], []
    while todo:
        out.append(todo.pop())
        todo += out[-1].get("children", [])
    return out


def v8_cpu(profile, sums):
    nodes = {}
    for node in profile["nodes"] if "nodes" in profile else tree_of(profile["head"]):
        if node["id"] not in nodes or nodes[node["id"]]["hitCount"] == 0:
            nodes[node["id"]] = node
    samples = profile.get("samples", [])
    times, end = [], None
    if "timeDeltas" in profile:
        now = profile["startTime"]
        for delta in profile["timeDeltas"]:
            now += delta
            times.append(now * 1000)
        end = profile["endTime"] * 1000
    elif "timestamps" in profile:
        times = [t * 1000 for t in profile["timestamps"]]
        end = times[len(samples)] if len(times) > len(samples) else None
    else:
        start, stop = (whole(Decimal(str(profile[k])) * 10**9) for k in ("startTime", "endTime"))
        times = [start + (stop - start) * i // len(samples) for i in range(len(samples))]
        end = stop
    order = sorted(range(len(samples)), key=lambda i: times[i])
    for at, i in enumerate(order):
        until = times[order[at + 1]] if at + 1 < len(order) else end
        value = max(until - times[i], 0) if until is not None else 0
        sums.add("time", name_of(nodes[samples[i]]), value)


def v8_heap(profile, sums):
    pieces = collections.Counter(s["nodeId"] for s in profile.get("samples", []))
    for node in tree_of(profile["head"]):
        if node["selfSize"]:
            sums.add("inuse_space", name_of(node), node["selfSize"],
                     max(pieces.get(node.get("id"), 0), 1))


SPEEDSCOPE_UNITS = {
    "none": ("weight", 1), "bytes": ("bytes", 1), "nanoseconds": ("time", 1),
    "microseconds": ("time", 10**3), "milliseconds": ("time", 10**6), "seconds": ("time", 10**9)}


def speedscope(file, sums):
    frames = [f.get("name") or "(anonymous)" for f in file["shared"]["frames"]]
    for profile in file["profiles"]:
        measure, scale = SPEEDSCOPE_UNITS[profile["unit"]]
        if profile["type"] == "sampled":
            for stack, weight in zip(profile["samples"], profile["weights"]):
                if stack:
                    while isinstance(stack[-1], list):  # some write a list in a list
                        stack = stack[-1]
                    sums.add(measure, frames[stack[-1]], whole(Decimal(weight) * scale))
            continue
        open_frames, before = [], None
        for event in profile["events"]:
            at = whole(Decimal(event["at"]) * scale)
            if open_frames and at > before:
                sums.add(measure, frames[open_frames[-1]], at - before)
            before = at
            if event["type"] == "O":
                open_frames.append(event["frame"])
            else:
                assert open_frames.pop() == event["frame"], "not balanced"


CALLGRIND_UNITS = {"10ns": 10, "bytes": 1, "ms": 10**6, "us": 10**3, "ns": 1, "B": 1, "MB": 1 << 20}


def callgrind(lines, sums):
    """Self costs by function; how many samples they become is no property of the file."""
    positions, events, names, function, now = ["line"], [], {}, None, []
    costs_of_call = jumped = False
    for line in lines:
        key, _, value = line.strip().partition("=")
        if line.startswith("positions:"):
            positions = line.split()[1:]
        elif line.startswith("events:"):
            columns = line.split()[1:]
            events = events or columns
        elif re.match(r"j?c?fn=", line):
            number = re.match(r"(\(\d+\)) ?(.*)", value)
            name = value
            if number:
                if number.group(2):
                    names[number.group(1)] = number.group(2)
                name = names[number.group(1)]
            if key == "fn":
                function = name
        elif line.startswith("calls="):
            costs_of_call = True
        elif line.startswith(("jump=", "jcnd=")):
            jumped = True
        elif line[:1] in "0123456789+-*" and line.strip():
            if not costs_of_call and not jumped:
                for column, cost in zip(columns, line.split()[len(positions):]):
                    if column in events:
                        unit = re.match(r"(.*?)_?\((\w+)\)$", column)
                        known = unit and unit.group(2) in CALLGRIND_UNITS
                        scale = CALLGRIND_UNITS[unit.group(2)] if known else 1
                        sums.add(unit.group(1) if known else column, function, int(cost) * scale, 0)
            costs_of_call = jumped = False
    for key in [k for k, (value, _) in sums.items() if value == 0]:
        del sums[key]


def firefox_columns(table):
    """Rows of either form as dictionaries."""
    if not table:
        return []
    if "schema" in table:
        places = table["schema"]
        return [{k: row[i] if i < len(row) else None for k, i in places.items()} for row in table["data"]]
    columns = {k: v for k, v in table.items() if isinstance(v, list)}
    length = max((len(v) for v in columns.values()), default=0)
    return [{k: v[i] if i < len(v) else None for k, v in columns.items()} for i in range(length)]


def firefox_names(thread, shared, libs):
    """The innermost function of every stack."""
    own = thread if "stackTable" in thread else shared
    strings = own.get("stringArray") or own.get("stringTable") or shared.get("stringArray", [])
    resources = firefox_columns(own.get("resourceTable"))
    functions, names = firefox_columns(own.get("funcTable")), []
    for frame in firefox_columns(own["frameTable"]):
        if "location" in frame:
            name, base, inside = strings[frame["location"]], 0, None
            if re.fullmatch("0x[0-9a-fA-F]+", name):
                address = int(name, 16)
                for lib in libs:
                    if lib["start"] <= address < lib["end"]:
                        inside, base = lib.get("path") or lib["name"], lib["start"]
                name = "%s+%d" % (inside or "", address - base)
            elif " (in " in name:
                name = name[:name.index(" (in ")]
            else:
                name = re.sub(r" \([^ ()]*:[^ ()]*\)$", "", name)
        else:
            function = functions[frame["func"]]
            name, resource = strings[function["name"]], function["resource"]
            if re.fullmatch("0x[0-9a-fA-F]+", name) and frame["address"] >= 0:
                lib = resources[resource]["lib"] if resource is not None and resource >= 0 else None
                lib = libs[lib] if lib is not None and lib >= 0 else {}
                name = "%s+%d" % (lib.get("path") or lib.get("name") or "", frame["address"])
        names.append(name or "(anonymous)")
    return [names[stack["frame"]] for stack in firefox_columns(own["stackTable"])]


def firefox(profile, sums):
    profile = profile.get("profile", profile)
    libs = profile.get("libs", [])
    units = profile["meta"].get("sampleUnits") or {}
    cpu_scale = {"ns": 1, "\u00b5s": 1000}.get(units.get("threadCPUDelta"), 0)
    for thread in profile["threads"]:
        if isinstance(thread, str):
            firefox(json.loads(thread, parse_float=Decimal), sums)
            continue
        own_libs = thread.get("libs") or libs
        if isinstance(own_libs, str):
            own_libs = json.loads(own_libs)
        names = firefox_names(thread, profile.get("shared", {}), own_libs)
        for key, measure in (("samples", "samples"), ("nativeAllocations", "native allocations"),
                             ("jsAllocations", "js allocations")):
            table = thread.get(key) or {}
            kind = table.get("weightType") or "samples"
            for row in firefox_columns(table):
                if row["stack"] is None:
                    continue
                name, weight = names[row["stack"]], row.get("weight")
                if key != "samples":
                    sums.add(measure, name, weight or 0)
                elif kind == "tracing-ms":
                    sums.add("time", name, whole(Decimal(1 if weight is None else weight) * 10**6))
                else:
                    value = 1 if weight is None else weight
                    sums.add(measure, name, value, max(value, 1))
                if key == "samples" and cpu_scale and (row.get("threadCPUDelta") or 0) > 0:
                    sums.add("cpu", name, whole(Decimal(row["threadCPUDelta"]) * cpu_scale))
    for process in profile.get("processes", []):
        firefox(process, sums)


def show(sums):
    for (measure, function), (value, samples) in sorted(sums.items()):
        print(measure, function, value, samples, sep="\t")


def main():
    data = open(sys.argv[1], "rb").read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    if not data.lstrip().startswith(b"{"):
        sums = Sums()
        callgrind(data.decode(errors="surrogateescape").splitlines(), sums)
        return show(sums)
    profile = json.loads(data, parse_float=Decimal)
    sums = Sums()
    if "profiles" in profile:
        speedscope(profile, sums)
    elif "nodes" in profile or "hitCount" in profile.get("head", ()):
        v8_cpu(profile, sums)
    elif "selfSize" in profile.get("head", ()):
        v8_heap(profile, sums)
    elif "meta" in profile or "profile" in profile:
        firefox(profile, sums)
    else:
        sys.exit("no profile that this knows")
    show(sums)


main()
