#pragma once

#include "analysis/flame_tree.h"
#include "capture/session/dimensions.h"

#include <span>
#include <vector>

namespace flamewright {

// Sums of samples by stack: one entry per stack id, as long as the stack table.
struct StackWeights {
    std::vector<std::int64_t> value;
    std::vector<std::int64_t> samples;
};

// One capture's share of a profile.
struct ProfileInput {
    const Dimensions *dimensions = nullptr;
    StackWeights weights;
};

// Merges stacks of one or several captures into one tree of functions: inline chains expanded (or,
// without `inlines`, counted as the function that holds the code), frames with equal function and module joined. `measure`, `unit` and `rowsRead` are the caller's
// to fill in.
Profile buildProfile(std::span<const ProfileInput> inputs, bool inlines = true);

} // namespace flamewright
