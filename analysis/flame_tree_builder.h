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

// For each input, the tree's node by stack id; kNoNode: nothing of the stack is in the profile.
using NodesOfStacks = std::vector<std::vector<std::uint32_t>>;

// Merges stacks of one or several captures into one tree of functions: inline chains expanded (or,
// without `inlines`, counted as the function that holds the code), frames with equal function and
// module joined. `measure`, `unit` and `rowsRead` are the caller's to fill in. `nodes`: where each
// stack went, for those who ask.
Profile buildProfile(std::span<const ProfileInput> inputs, bool inlines = true,
                     NodesOfStacks *nodes = nullptr);

} // namespace flamewright
