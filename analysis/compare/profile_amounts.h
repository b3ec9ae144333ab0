#pragma once

#include "analysis/compare/profile_union.h"
#include "analysis/compare/rate_change.h"

#include <span>
#include <vector>

namespace flamewright {

// The figures of one side by function of the union, each with its variance: over blocks of time
// within each run, of sampling alone where that is more, and between runs.
struct SideAmounts {
    std::vector<SampledAmount> self, total;
    // variance / variance by sampling alone; 1 where there is nothing.
    std::vector<double> selfDispersion, totalDispersion;
    bool timed = false; // all runs have blocks
};

// `shares`: the figures are divided by the run's own total, so that what varies together with it
// does not count.
// The relative variance between runs is estimated for each function and drawn towards that of all
// functions of both sides, as if kPriorRuns more runs had shown it: few runs tell little by themselves.
inline constexpr double kPriorRuns = 4;
struct BothAmounts {
    SideAmounts base, cand;
};
BothAmounts sampledAmounts(std::span<const ProfileRun> base, std::span<const ProfileRun> cand,
                           const ProfileUnion &both, bool shares);

} // namespace flamewright
