#pragma once

#include "analysis/load_rows.h"
#include "analysis/percentile_curve.h" // SeriesOrder

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

// Percentiles that a histogram marks, in ten-thousandths.
inline constexpr std::array<unsigned, 3> kHistogramMarks{5000, 9500, 9900};

// How latencies are distributed: counts in bins that all groups have in common.
struct LatencyHistogram {
    std::vector<double> edges; // ns, ascending; one more than bins. A bin holds its lower edge.
    bool log = true;
    struct Series {
        std::string name;                   // as in the capture
        std::optional<std::uint32_t> group; // index of LoadRows::groups; nullopt: several
        std::vector<std::uint64_t> count;   // by bin
        std::uint64_t total = 0;
        // Exact; nullopt where n is too small.
        std::array<std::optional<std::int64_t>, kHistogramMarks.size()> marks;
        // How many are below the lower edge of a bin.
        std::uint64_t below(std::size_t bin) const;
    };
    std::vector<Series> series;
    std::uint64_t requests = 0, failed = 0; // of the rows
    std::uint64_t othersGroups = 0;         // in the last series
    bool failuresIncluded = false;

    std::size_t bins() const { return edges.empty() ? 0 : edges.size() - 1; }
};

struct HistogramQuestion {
    double bins = 80; // about
    bool log = true;
    bool includeFailures = false;
    std::size_t most = 4; // series
    SeriesOrder order = SeriesOrder::ByCount;
};

// Linear in the rows.
LatencyHistogram latencyHistogram(const LoadRows &rows, const HistogramQuestion &question = {});

} // namespace flamewright
