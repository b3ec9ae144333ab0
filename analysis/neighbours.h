#pragma once

#include "analysis/flame_tree.h"

#include <cstdint>
#include <vector>

namespace flamewright {

// A caller or callee of a function, with what both share.
struct Neighbour {
    FunctionId function; // raw 0 as a caller: called by nobody, the bottom of the stack
    std::int64_t total = 0;
    std::int64_t samples = 0;
};

// Who calls a function and whom it calls, over all places of the tree, heaviest first.
struct Neighbours {
    std::vector<Neighbour> callers; // sum to the function's total
    std::vector<Neighbour> callees; // with its self value, at least its total
};

// Recursion is counted once, as in the function table: callers are those of the outermost
// occurrences, and a callee's share counts a stack once however often the call is nested. The
// function itself is not its own caller or callee. Linear in the tree.
Neighbours neighboursOf(const Profile &profile, FunctionId function);

} // namespace flamewright
