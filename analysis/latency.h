#pragma once

#include "capture/base/units.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace flamewright {

// The percentiles that are reported. In ten-thousandths.
struct PercentileName {
    unsigned perMyriad;
    std::string_view name; // "p99.9"
    std::string_view key;  // "p999": of JSON
};
inline constexpr std::array<PercentileName, 6> kPercentiles{{{5000, "p50", "p50"},
                                                             {9000, "p90", "p90"},
                                                             {9500, "p95", "p95"},
                                                             {9900, "p99", "p99"},
                                                             {9990, "p99.9", "p999"},
                                                             {9999, "p99.99", "p9999"}}};

// Values between which the true percentile lies with 95 % probability, if requests are
// independent of each other. Requests of a load test seldom are (they queue behind one another), so
// that the truth is rather wider.
struct LatencyInterval {
    std::int64_t low = 0, high = 0;
};

// The distribution of some latencies, exact. Nanoseconds.
struct LatencySummary {
    std::uint64_t count = 0;
    std::int64_t min = 0, max = 0;
    double mean = 0;
    struct Percentile {
        std::int64_t value = 0; // nearest rank
        // nullopt: there are too few values to say anything about the true percentile; `value` is
        // near the largest one that happened to be measured.
        std::optional<LatencyInterval> interval;
    };
    std::array<Percentile, kPercentiles.size()> percentiles{};
};

LatencySummary summarizeLatencies(std::span<const std::int64_t> latencies);

struct LatencyGroup {
    LatencySummary ok, failed;
    std::optional<LatencySummary> all; // when asked for
    std::uint64_t count() const { return ok.count + failed.count; }
};

struct LatencyTable {
    LatencySummary all;               // every request, failures included
    std::vector<LatencyGroup> groups; // by index
};

// Failures are kept apart from successes: a refused connection takes no time, a timeout takes all
// of it, and either would say nothing of how long an answer takes. `together` asks for both in one
// distribution besides. Linear in the rows.
// The columns are of one length; `group` is below `groups`, `failed` is 0 or 1.
LatencyTable latencyTable(std::span<const std::int64_t> latency,
                          std::span<const std::uint32_t> group,
                          std::span<const std::uint8_t> failed, std::size_t groups, bool together);

// How long the union of some spans of time is, in nanoseconds, saturating. Runs that lie days apart
// are not one long run.
std::int64_t lengthOfUnion(std::vector<TimeRange> spans);

} // namespace flamewright
