#pragma once

#include "analysis/compare/profile_union.h"
#include "analysis/compare/rate_change.h"

#include <span>
#include <vector>

namespace flamewright {

// What is divided by, as far as it matters for how much a figure varies.
enum class DividedBy : std::uint8_t {
    Fixed, // nothing, or the time: whatever the run had in one stretch of time more than in another
           // may be chance
    Work,  // how busy the run was is known from the work; what functions have of it is not
    Itself // the run's own total: what varies together with it does not count
};

// The figures of one side by function of the union, each with its variance. Of one run: over its
// blocks of time, or of sampling alone where that is more. Of several: between them, or of sampling
// alone; each function's relative variance is drawn towards that of all functions of both sides, as
// if kPriorRuns more runs had shown it: few runs tell little by themselves.
inline constexpr double kPriorRuns = 4;
struct SideAmounts {
    std::vector<SampledAmount> self, total;
    // variance / variance by sampling alone; 1 where there is nothing.
    std::vector<double> selfDispersion, totalDispersion;
    bool timed = false; // all runs have blocks
};

struct BothAmounts {
    SideAmounts base, cand;
};
BothAmounts sampledAmounts(std::span<const ProfileRun> base, std::span<const ProfileRun> cand,
                           const ProfileUnion &both, DividedBy by);

} // namespace flamewright
