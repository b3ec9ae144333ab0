#pragma once

#include "analysis/benchmark_report.h"
#include "analysis/compare/verdict.h"

#include <span>
#include <string>
#include <vector>

namespace flamewright {

// A benchmark and metric on both sides, in one unit.
struct BenchmarkChange {
    std::string name, metric, labels;
    BenchmarkUnit unit;
    Better better = Better::Lower;
    BenchmarkSummary base, cand;                // benchstat's medians and intervals
    std::vector<double> baseValues, candValues; // every run, in time order
    Change change;     // medians; p of the U test; interval of the ratio of medians
    double shift = 0;  // Hodges and Lehmann, in the unit
    double effect = 0; // Cliff's delta
};

struct BenchmarkMeanChange { // over the ratios of one metric
    std::string metric;
    BenchmarkUnit unit;
    double base = 0, cand = 0; // geometric means
    double ratio = 1;
    std::uint64_t benchmarks = 0;
};

struct BenchmarkDiff {
    std::vector<BenchmarkChange> benchmarks; // in the order of the base
    std::vector<BenchmarkMeanChange> means;
    std::vector<std::string> onlyBase, onlyCand;
    std::string method;
};

} // namespace flamewright
