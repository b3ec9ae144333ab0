#pragma once

#include "analysis/load_rows.h"
#include "analysis/percentile_curve.h" // SeriesOrder

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

// What is drawn over time. In ten-thousandths.
struct TimelinePercentile {
    unsigned perMyriad;
    std::string_view name;
};
inline constexpr std::array<TimelinePercentile, 4> kTimelinePercentiles{
    {{5000, "p50"}, {9500, "p95"}, {9900, "p99"}, {9990, "p99.9"}}};

// One group, or all, in bins of time: columns of one length. A request counts where it began.
struct TimelineSeries {
    static constexpr std::int64_t kTooFew = -1; // in a percentile

    std::string name;                   // as in the capture
    std::optional<std::uint32_t> group; // index of LoadRows::groups; nullopt: several
    std::vector<std::uint32_t> count, failed;
    // Exact, nearest rank, of the requests of the bin. Too few where no request is slower: it would
    // be the maximum under another name.
    std::array<std::vector<std::int64_t>, kTimelinePercentiles.size()> percentiles;
    std::vector<double> concurrency; // mean number under way: exact, by their overlap
    std::vector<std::uint64_t> bytesIn, bytesOut;
};

struct LoadTimeline {
    LoadSpan whole;           // of all requests that have a time
    std::int64_t beginNs = 0; // of the first bin
    std::int64_t binNs = 0;   // 0: no request has a time
    std::vector<TimelineSeries> series;
    // Failures of all series by their kind, the most frequent first; the last one may be others.
    struct Errors {
        std::string name; // as in the capture
        std::vector<std::uint32_t> count;
        std::uint64_t total = 0;
        std::uint64_t othersKinds = 0; // 0: of one kind
    };
    std::vector<Errors> errors;
    std::uint64_t requests = 0, failed = 0, untimed = 0; // all of the rows
    std::uint64_t othersGroups = 0;                      // in the last series
    bool failuresIncluded = false;                       // in the percentiles

    std::size_t bins() const { return series.empty() ? 0 : series.front().count.size(); }
    std::int64_t binBegin(std::size_t bin) const
    {
        return beginNs + static_cast<std::int64_t>(bin) * binNs;
    }
    // The part of a bin in which the test ran: what a rate is over.
    double coveredSeconds(std::size_t bin) const;
};

struct TimelineQuestion {
    std::optional<LoadSpan> shown; // the part of the time to be counted; nullopt: all
    double pixels = 1000;          // that it is drawn on
    bool includeFailures = false;
    bool grouped = false; // a series for each group; otherwise one of all
    std::size_t most = 8; // series
    SeriesOrder order = SeriesOrder::ByCount;
};

// Bins of a round length, of a few pixels at least, wider where there are few requests: with fewer
// than a hundred in a bin there is no p99. Linear in the rows.
LoadTimeline loadTimeline(const LoadRows &rows, const TimelineQuestion &question = {});

} // namespace flamewright
