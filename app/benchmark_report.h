#pragma once

#include "analysis/benchmark_report.h"
#include "capture/base/job.h"
#include "capture/base/result.h"
#include "capture/session/session.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>

namespace flamewright {

// How many values of benchmarks a capture has.
struct BenchmarkTotals {
    std::uint64_t measured = 0, computed = 0; // by runs; by the tool
};
Result<BenchmarkTotals> benchmarkTotals(SessionReader &reader, const CaptureInfo &capture,
                                        JobContext &job);

// Reads the benchmarks of captures, each on its own.
Result<BenchmarkReport> benchmarkReport(SessionReader &reader,
                                        std::span<const CaptureInfo> captures, JobContext &job);

// The labels of a group; empty where they are damaged.
std::map<std::string, std::string> benchmarkLabels(const BenchmarkGroup &group);
// Labels that all groups have with the same value: said once instead of with each.
std::map<std::string, std::string> commonLabels(std::span<const BenchmarkGroup> groups);

} // namespace flamewright
