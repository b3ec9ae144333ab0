#pragma once

#include "analysis/latency.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace flamewright {

// Requests that follow one another are alike (a burst, a pause for garbage), so that there are
// fewer independent ones than there are requests. A moving-block bootstrap (Kuensch 1989; circular:
// Politis and Romano 1992) draws stretches of time instead of requests: what happens together is
// drawn together.

inline constexpr unsigned kBlockResamples = 1000;
inline constexpr std::uint64_t kLeastBlocks = 20; // with requests in them
// Values are drawn from a histogram: each is within this share of one that was measured.
inline constexpr double kDrawnError = 1.0 / 2048;

// Percentiles of resampled requests.
struct BlockDraws {
    // A fiftieth of the time, but 1 to 10 s; longer in tests of more than 85 minutes, of which a
    // block is a 512th.
    std::int64_t blockNs = 0;
    std::uint64_t blocks = 0;                      // that the time is long
    std::vector<std::vector<std::int64_t>> values; // by percentile, one for each resample
};

// `begin` is sorted; requests without a time (below 0) are left out, latencies below 0 are 0.
// nullopt: fewer than kLeastBlocks blocks have requests. Deterministic. Linear in the requests;
// then a resample takes time by the number of blocks.
std::optional<BlockDraws> drawPercentiles(std::span<const std::int64_t> begin,
                                          std::span<const std::int64_t> latency,
                                          std::span<const unsigned> perMyriads,
                                          unsigned resamples = kBlockResamples);

// Between which 95 % of the drawn percentiles lie.
struct BlockIntervals {
    std::int64_t blockNs = 0;
    std::uint64_t blocks = 0;
    unsigned resamples = 0;
    // In the order of kPercentiles. nullopt as in LatencySummary: n is too small.
    std::array<std::optional<LatencyInterval>, kPercentiles.size()> intervals;
};
std::optional<BlockIntervals> blockIntervals(std::span<const std::int64_t> begin,
                                             std::span<const std::int64_t> latency,
                                             unsigned resamples = kBlockResamples);

// The values between which the middle 95 % of `values` lie; nullopt: there are none.
std::optional<LatencyInterval> middleOf(std::vector<std::int64_t> values);

} // namespace flamewright
