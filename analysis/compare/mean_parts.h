#pragma once

#include "analysis/compare/load_diff.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace flamewright {

// Requests that are counted together, on one side.
struct MeanCount {
    std::uint64_t count = 0;
    double sum = 0; // of their latencies, ns
    double mean() const { return count == 0 ? 0 : sum / static_cast<double>(count); }
};
struct MeanPair {
    std::string endpoint;
    bool failures = false;
    MeanCount base, cand;
};

// Takes the change of the mean of all requests apart into what is because there is more of the slow
// and less of the quick (the mix), and what is because something takes another time: the product
// rule for finite steps, share * change of mean + change of share * mean, each at the middle of both
// sides. The parts add up to the change. What is on one side only has changed its share, not its
// time. Largest first; parts without requests are left out. A side without requests: nothing.
std::vector<MeanPart> meanParts(std::span<const MeanPair> pairs);

} // namespace flamewright
