#pragma once

#include "analysis/latency.h"
#include "analysis/load_rows.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace flamewright {

// MSER-5 (White, Cobb, Spratt 2000): how many of the first values to drop, so that the mean of the
// rest has the least standard error; in fives, from means of five. nullopt: the best cut is not in
// the first half, so that there is no steady state, or there are less than ten values.
std::optional<std::size_t> mser5(std::span<const std::int64_t> values);

// The beginning of a test in which answers took another time than after it. An offer: nobody drops
// it but who reads it.
struct WarmUp {
    std::int64_t endNs = 0;      // on the axis of LoadRows: requests that begin before are in it
    std::uint64_t requests = 0;  // that begin before, failures too
    double share = 0;            // of all requests of the capture
    LatencySummary all, without; // of the successes: what dropping it changes
};

// Of one capture (index of rows.captures), over the latencies of its successes. nullopt: there are
// less than 100, MSER-5 drops nothing, what it drops is not plainly different (means less than a
// quarter, or less than four standard errors apart) or more than a quarter of all requests, or no
// percentile changes by 5 % for it. Meant for tests whose load stays the same: where it goes up in
// steps, the first step looks like a warm-up.
std::optional<WarmUp> warmUp(const LoadRows &rows, std::uint8_t capture);

} // namespace flamewright
