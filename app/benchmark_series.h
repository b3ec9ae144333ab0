#pragma once

#include "analysis/compare/benchmark_diff.h"
#include "analysis/compare/change_points.h"
#include "analysis/compare/comparison.h"
#include "capture/base/job.h"
#include "capture/base/result.h"
#include "capture/session/session.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace flamewright {

// One capture of a series: what was measured of one state of a program.
struct SeriesCapture {
    const Session *session = nullptr;
    CaptureInfo info;
};

struct SeriesRun {
    std::string name;
    std::optional<std::int64_t> startedAtNs; // epoch
};

// A change point with its run: `item` is what tables and programs show.
struct SeriesChange {
    std::size_t run = 0; // index of BenchmarkHistory::runs: the first with other values
    ChangePoint point;   // its index is of the values that are there
    ComparedItem item;   // means before and after, the interval of the ratio, p, verdict
};

// One benchmark and metric over the runs.
struct BenchmarkSeries {
    std::string name, metric, labels;
    BenchmarkUnit unit;
    Better better = Better::Lower;
    std::vector<std::optional<double>> medians; // by run
    std::vector<SeriesChange> changes;          // in the order of time
};

struct BenchmarkHistory {
    std::vector<SeriesRun> runs; // in the order of time; as given where a time is not known
    bool ordered = false;        // by time
    std::vector<BenchmarkSeries> series;
    std::string method;
};

// The medians of each benchmark in each capture, and where they changed. Errc::Usage: fewer than
// two captures, or no benchmark in them.
Result<BenchmarkHistory> benchmarkHistory(std::vector<SeriesCapture> captures,
                                          const ChangePointOptions &options, JobContext &job);

} // namespace flamewright
