#pragma once

#include "analysis/omission_correction.h"
#include "capture/session/records.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace flamewright {

// One figure of a tool, its names read.
struct ToolFigure {
    std::string endpoint, subset, method;
    std::optional<std::int64_t> beginNs; // on the capture's clock
    std::int64_t lengthNs = 0;           // 0: not said
    SummaryFigure figure = SummaryFigure::Count;
    double position = 0, value = 0; // as in Summary
};

// The latencies of one endpoint as a tool summed them up, and nothing that it did not say. Times
// in nanoseconds.
struct ToolLatency {
    std::string endpoint; // empty: of all
    std::string subset;   // "ok", "failed", or as the tool calls it; empty: of all
    std::string method;   // of the percentiles: "Locust, rounded to two digits"
    std::optional<double> count, failed, min, mean, max, ratePerSecond;
    std::map<double, double> quantiles; // as printed, or of the added up histograms
    // Of a histogram: the highest value of each bucket to how many there are, added up as they are.
    std::map<double, double> buckets;
    // Of how many parts of the time it was put together: counts and histograms add up without a
    // loss. 0: the tool did it.
    std::size_t intervals = 0;
    // There are percentiles of parts only, which cannot be put together.
    bool partsOnly = false;
};

// One for each endpoint and subset, most requests first, all endpoints together before. Figures of
// all of the time where the tool has them; otherwise what can be added up of the parts: counts,
// extremes, histograms. Percentiles are never made of percentiles.
std::vector<ToolLatency> toolLatencies(std::span<const ToolFigure> figures);

// What HdrHistogram's correction of coordinated omission makes of its histogram, whose buckets are
// narrow enough to stand for their values. nullopt: it is no histogram of HdrHistogram.
std::optional<CorrectedLatency> correctOmission(const ToolLatency &latency,
                                                std::int64_t intervalNs);

} // namespace flamewright
