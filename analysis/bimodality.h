#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace flamewright {

// Latencies that come from two kinds of answers: a cache that is hit or missed, a retry after a
// timeout. Then neither the mean nor the median is a time that anything takes.
struct Bimodality {
    std::int64_t lowModeNs = 0, valleyNs = 0, highModeNs = 0;
    double lowShare = 0, highShare = 0; // of the latencies, below and above the valley
};

// A hint, where the density of the logarithms of the latencies has a valley: to less than 60 % of
// the lower of the peaks beside it, by more than chance explains, with 5 % of the latencies at least
// on each side and a factor of 1.5 between the peaks. Of several valleys the one that is deepest
// against its lower peak. Latencies that are whole multiples of a unit (ms) are spread over it, so
// that 1 ms, 2 ms and 3 ms are not three peaks. Latencies below 1 ns are left out; less than 100:
// nullopt.
std::optional<Bimodality> bimodality(std::span<const std::int64_t> latencies);

} // namespace flamewright
