#pragma once

#include "analysis/load_rows.h"

#include <cstdint>
#include <optional>

namespace flamewright {

// Little's law, N = X (R + Z): users at work are throughput times the time that each round takes.
struct LittleCheck {
    double users = 0;      // N that the workers say: the mean number of them that are there
    double throughput = 0; // X, requests per second
    double latencyNs = 0;  // R, mean
    double thinkNs = 0;    // Z
    double expected() const { return throughput * (latencyNs + thinkNs) / 1e9; }
    // The share of the users' time that is not accounted for; negative: more at work than there are.
    double residual() const { return users > 0 ? 1 - expected() / users : 0; }
};

// From here on something is wrong: think time, a generator that queues, or units.
inline constexpr double kLittleTolerance = 0.1;

// Of one capture (index of rows.captures), all requests, failures too. A worker is there from its
// first request to the end of its last. `thinkNs` as it is known (LoadModelReport::gaps). nullopt:
// workers are not told apart, or there is no time between the first request and the end.
std::optional<LittleCheck> littleCheck(const LoadRows &rows, std::uint8_t capture,
                                       std::int64_t thinkNs);

} // namespace flamewright
