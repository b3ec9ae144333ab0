#pragma once

#include "analysis/benchmark_report.h"
#include "analysis/compare/benchmark_runs.h"
#include "analysis/compare/verdict.h"

#include <span>
#include <string>
#include <string_view>
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
    std::string table; // BenchmarkRuns::table
};

struct BenchmarkMeanChange { // over the ratios of one metric
    std::string metric;
    BenchmarkUnit unit;
    double base = 0, cand = 0; // geometric means of all medians of a side; 0: cannot be said
    double ratio = 1;          // the geometric mean of the ratios of what both sides have
    std::uint64_t benchmarks = 0;
    std::string table;
    Better better = Better::Lower;
    bool ratioIsKnown = true; // no median of the base alone is 0
    bool setsDiffer =
        false;     // a benchmark of the base is not in the candidate: base and cand mislead
    Change change; // of the benchmarks that both have; nothing is tested here
};

struct BenchmarkDiff {
    std::vector<BenchmarkChange> benchmarks; // in the order of the base
    std::vector<BenchmarkMeanChange> means;
    std::vector<std::string> onlyBase, onlyCand;
    std::string method;
};

struct BenchmarkDiffOptions {
    // benchstat decides by p alone. A noise above 0 asks for more: that all of the interval lies
    // beyond it.
    VerdictRules rules{.alpha = 0.05, .noise = 0};
    unsigned rounds = 1000; // of the bootstrap of geometric means
};

// Benchmarks of one name, metric, unit and labels, which benchstat would put into one row. Verdicts are
// benchstat's: a change where p <= alpha, by the side on which the median lies. The adjusted p
// stands beside.
BenchmarkDiff diffBenchmarks(std::span<const BenchmarkRuns> base,
                             std::span<const BenchmarkRuns> cand,
                             const BenchmarkDiffOptions &options);

// Costs are better when they are low, what is done in a time when it is high; of other numbers
// nobody can say.
Better betterOf(std::string_view metric, const BenchmarkUnit &unit);

} // namespace flamewright
