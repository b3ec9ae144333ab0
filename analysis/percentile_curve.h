#pragma once

#include "analysis/latency.h"
#include "analysis/load_rows.h"
#include "analysis/tool_figures.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

// How long the quickest share of requests took, at most: exact, nearest rank.
struct PercentilePoint {
    double quantile = 0; // rank / n, or a little less: that of a percentile with a name
    std::int64_t value = 0;
    std::optional<LatencyInterval> interval; // 95 %, if requests are independent
};

// The distribution of some latencies from the quickest request to where there are too few to say
// anything: beyond `lastQuantile` the true percentile may be larger than everything measured.
struct PercentileCurve {
    std::string name;                    // as in the capture; empty: no group
    std::optional<std::uint32_t> group;  // index of LoadRows::groups
    std::uint64_t count = 0;             // requests of which the curve is
    std::uint64_t failed = 0;            // of the group, whether in the curve or not
    std::int64_t min = 0, max = 0;       // of `count`
    double lastQuantile = 0;             // of the last point
    std::vector<PercentilePoint> points; // quantiles and values ascend
    // p50 ... p99.99; nullopt where n is too small.
    std::array<std::optional<PercentilePoint>, kPercentiles.size()> marks;
};

// About so many points: more than there are pixels to a nine.
inline constexpr std::size_t kCurvePoints = 240;

// Linear in the latencies.
PercentileCurve percentileCurve(std::span<const std::int64_t> latencies,
                                std::size_t points = kCurvePoints);

struct PercentileCurves {
    std::vector<PercentileCurve> curves;
    std::uint64_t requests = 0, failed = 0;
    bool failuresIncluded = false;
    std::uint64_t othersGroups = 0; // in the last curve, which is that of several groups; 0: of one
};

// Which group is the first line of a plot.
enum class SeriesOrder : std::uint8_t {
    ByCount, // most requests first
    Given    // as they are numbered: captures, A before B
};

// A curve for each group of the rows, the smallest of them as one when there are more than `most`.
// Groups without a request that counts have none.
PercentileCurves percentileCurves(const LoadRows &rows, bool includeFailures, std::size_t most,
                                  SeriesOrder order = SeriesOrder::ByCount);

// Percentiles that a tool printed: no requests, no intervals, its own method. Never a part of a
// curve.
struct PrintedPercentiles {
    std::string capture, tool, endpoint, subset, method; // as in ToolLatency; may be empty
    std::vector<PercentilePoint> points;                 // quantiles ascend, below 1
};

// nullopt: the tool printed none of these.
std::optional<PrintedPercentiles>
printedPercentiles(const ToolLatency &figures, std::string_view capture, std::string_view tool);

} // namespace flamewright
