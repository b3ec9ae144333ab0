#pragma once

#include "analysis/compare/benchmark_diff.h"

#include <memory>
#include <string>
#include <vector>

namespace flamewright {

inline BenchmarkRuns drawnRuns(const std::string &name, const std::string &unit, double centre,
                               double step, int count = 8)
{
    BenchmarkRuns out{.name = name, .metric = unit};
    const auto known = benchmarkUnit(unit);
    out.unit = {known.base, 1, known.binary};
    for (int i = 0; i < count; ++i)
        out.values.push_back((centre + step * (i * 5 % count)) * known.factor);
    out.processes = 1;
    return out;
}

// Faster, slower, the same, too few runs, and allocations of which there are none any more.
inline std::shared_ptr<const BenchmarkDiff> drawnBenchmarks(double factor = 0.8)
{
    const std::vector<BenchmarkRuns> base{
        drawnRuns("Add", "ns/op", 100, 1), drawnRuns("Find <b>\x1b[31m", "ns/op", 2000, 10),
        drawnRuns("Same", "ns/op", 50, 0.5), drawnRuns("Once", "ns/op", 70, 1, 1),
        drawnRuns("Add", "allocs/op", 3, 0)};
    const std::vector<BenchmarkRuns> cand{
        drawnRuns("Add", "ns/op", 100 * factor, 1),
        drawnRuns("Find <b>\x1b[31m", "ns/op", 2200, 10), drawnRuns("Same", "ns/op", 50.2, 0.5),
        drawnRuns("Once", "ns/op", 71, 1, 1), drawnRuns("Add", "allocs/op", 0, 0)};
    return std::make_shared<BenchmarkDiff>(diffBenchmarks(base, cand, {.rounds = 200}));
}

} // namespace flamewright
