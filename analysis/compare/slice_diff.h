#pragma once

#include "analysis/compare/trace_diff.h"
#include "analysis/slice_stats.h"
#include "capture/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace flamewright {

// The slices of one side, which may be of several captures one after the other or beside each other.
struct SliceSide {
    SliceArea area;
    std::vector<std::uint32_t> track; // by slice of the area: index of `tracks`
    std::vector<std::string> tracks;
    double divisor = 1; // of the normalisation
};

struct SliceDiffOptions {
    VerdictRules rules{.alpha = 0.05, .noise = 0.05};
    unsigned rounds = 1000;
    std::uint64_t least = 10; // slices on each side to say anything
    std::size_t most = 1000;  // rows, those with most time of their own; what is beyond is noted
    bool shares = false;      // of the self time of each side, in place of the divisor
    // As ProfileDiffOptions::renames, over "name" or "name @track" of the base.
    std::vector<std::pair<std::string, std::string>> renames;
};

// Takes the sides: names of slices are made over. Intervals are from stretches of each recording's
// time, which say nothing of how one recording differs from the next. Errc::Usage: a rename is not a
// valid expression.
Result<TraceDiff> diffSlices(SliceSide base, SliceSide cand, const SliceDiffOptions &options);

// "worker-12" is "worker-#": numbers of threads and CPUs are others in each run.
std::string trackKey(std::string_view name);

} // namespace flamewright
