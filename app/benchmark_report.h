#pragma once

#include "analysis/benchmark_report.h"
#include "analysis/compare/benchmark_runs.h"
#include "capture/base/job.h"
#include "capture/base/result.h"
#include "capture/session/session.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

// Every measured value of a capture, which is called `as`: sessions number theirs alike.
Result<> addBenchmarkRuns(SessionReader &reader, const CaptureInfo &capture, CaptureId as,
                          BenchmarkRunsBuilder &builder, JobContext &job);

// The labels of a group; empty where they are damaged.
std::map<std::string, std::string> benchmarkLabels(const BenchmarkGroup &group);
std::map<std::string, std::string> benchmarkLabels(const std::string &json);
// The other way: a JSON object in the order of the names; empty where there are none.
std::string labelsJson(const std::map<std::string, std::string> &labels);
// Labels that all groups have with the same value: said once instead of with each.
std::map<std::string, std::string> commonLabels(std::span<const BenchmarkGroup> groups);
// "size=100, kind=tree", as the capture writes them.
std::string labelText(const std::map<std::string, std::string> &labels,
                      std::string_view separator = ", ");
// The name with the labels that are not common: "CartBench.add [size=100]".
std::string benchmarkTitle(const BenchmarkGroup &group,
                           const std::map<std::string, std::string> &common);
// What the tool computed by one method: "mean 41.50 ns/op, stddev 1.2 ns/op"; buckets of histograms
// are counted.
std::string toolText(const BenchmarkGroup &group, std::string_view method);
// The methods of a group, in the order of the file.
std::vector<std::string> toolMethods(const BenchmarkGroup &group);

} // namespace flamewright
