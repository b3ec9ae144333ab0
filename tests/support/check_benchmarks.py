#!/usr/bin/env python3
"""Values of a file of a benchmark tool, read with nothing of ours.

Prints for each benchmark, metric and statistic (empty: measured) one line, sorted, of tab-separated
fields: name metric statistic count sum min max median. The sum is in the order of the file.
"""
import csv
import json
import math
import re
import sys

GOOGLE = {"name", "run_name", "run_type", "repetitions", "family_index", "per_family_instance_index",
          "threads", "repetition_index", "iterations", "time_unit", "aggregate_name",
          "aggregate_unit", "label", "big_o", "rms", "cpu_coefficient", "real_coefficient"}
PYTEST = {"min": "min", "max": "max", "mean": "mean", "stddev": "stddev", "median": "median",
          "iqr": "iqr", "q1": "q1", "q3": "q3", "ld15iqr": "ld15iqr", "hd15iqr": "hd15iqr",
          "total": "total", "iqr_outliers": "iqr outliers", "stddev_outliers": "stddev outliers"}
HYPERFINE = {"mean": "time", "stddev": "time", "median": "time", "min": "time", "max": "time"}


def google(document):
    plain = {b["name"] for b in document["benchmarks"]}
    for b in document["benchmarks"]:
        name, statistic = b.get("run_name", b["name"]), b.get("aggregate_name", "")
        ending = re.fullmatch(r"(.*)_(mean|median|stddev|cv)", name)
        if "run_type" not in b and ending and ending.group(1) in plain:
            name, statistic = ending.groups()
        if statistic == "BigO":
            yield name, "real_time", "coefficient of " + b["big_o"], b["real_coefficient"]
            yield name, "cpu_time", "coefficient of " + b["big_o"], b["cpu_coefficient"]
            continue
        if statistic == "RMS":
            yield name, "time", "relative RMS of the fit", b["rms"]
            continue
        for key, value in b.items():
            if key not in GOOGLE and isinstance(value, (int, float)) and not isinstance(value, bool):
                yield name, key, statistic, value


def hyperfine(document):
    for r in document["results"]:
        for value in r.get("times", []):
            yield r["command"], "time", "", value
        for key in HYPERFINE:
            if r.get(key) is not None:
                yield r["command"], "time", key, r[key]
        for key in ("user", "system"):
            if r.get(key) is not None:
                yield r["command"], key, "mean", r[key]


def jmh_metric(name, metric, m):
    values = [v for fork in m.get("rawData", []) for v in fork]
    statistics = [("mean", m["score"]), ("error", m["scoreError"])]
    statistics += list(zip(("low", "high"), m["scoreConfidence"]))
    statistics += [("p" + key, value) for key, value in m["scorePercentiles"].items()]
    for statistic, value in [("", v) for v in values] + statistics:
        if not isinstance(value, str):
            yield name, metric, statistic, value


def jmh(document):
    for b in document:
        yield from jmh_metric(b["benchmark"], b["mode"], b["primaryMetric"])
        for key, metric in b.get("secondaryMetrics", {}).items():
            yield from jmh_metric(b["benchmark"], key, metric)


def pytest(document):
    for b in document["benchmarks"]:
        stats = b["stats"]
        for value in stats.get("data") or []:
            if isinstance(value, str):  # "..." of samples that were shortened by hand
                continue
            yield b["fullname"], "time", "", value
        for key, statistic in PYTEST.items():
            if key in stats:
                yield b["fullname"], "time", statistic, stats[key]
        if "ops" in stats:
            yield b["fullname"], "operations", "mean", stats["ops"]


def go(text):
    for line in text.splitlines():
        fields = line.split()
        if re.match(r"Benchmark\S*\s+\d+\s+[-+.\deE]+\s+\S", line):
            for value, unit in zip(fields[2::2], fields[3::2]):
                yield fields[0][len("Benchmark"):], unit, "", float(value)


def cargo(text):
    name = before = ""
    for line in text.splitlines():
        test = re.match(r"test (.+) \.\.\. bench: +([\d,.]+) (\S+) \(\+/- ([\d,.]+)\)", line)
        time = re.match(r"(.*?) *\b(time|thrpt|change): +\[(.*)\]", line)
        if test:
            yield test[1], "time", "estimate", float(test[2].replace(",", ""))
            yield test[1], "time", "+/-", float(test[4].replace(",", ""))
        elif time:
            change = "%" in time[3]
            name = time[1].strip() or (name if change else before)
            numbers = [float(x) for x in re.findall(r"[-+]?[\d.]+", time[3])]
            for statistic, value in zip(("typical low", "typical", "typical high"), numbers):
                yield (name, "change of the time" if change else "time", statistic,
                       value / 100 if change else value)
        before = line.strip() or before


def hyperfine_csv(text):
    for row in csv.DictReader(text.splitlines()):
        for key in list(HYPERFINE) + ["user", "system"]:
            if row.get(key):
                yield (row["command"], HYPERFINE.get(key, key), "mean" if key not in HYPERFINE else key,
                       float(row[key]))


def values(text):
    if text.lstrip()[:1] not in ("{", "["):
        if text.startswith("command,"):
            return hyperfine_csv(text)
        return go(text) if re.search(r"(?m)^Benchmark\S*\s+\d", text) else cargo(text)
    document = json.loads(text)
    if isinstance(document, list):
        return jmh(document)
    if "results" in document:
        return hyperfine(document)
    return pytest(document) if "machine_info" in document else google(document)


groups = {}
for *key, value in values(open(sys.argv[1], encoding="utf-8").read()):
    if math.isfinite(value):
        groups.setdefault(tuple(key), []).append(float(value))
for key, group in sorted(groups.items()):
    total = 0.0
    for value in group:
        total += value
    ordered = sorted(group)
    half = len(ordered) // 2
    median = ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
    print("\t".join([*key, str(len(group))] + [repr(x) for x in
                                              (total, ordered[0], ordered[-1], median)]))
