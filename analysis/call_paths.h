#pragma once

#include "analysis/flame_tree.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace flamewright {

// The nodes from the outermost call to `node`, without the root.
std::vector<std::uint32_t> pathTo(const FlameTree &tree, std::uint32_t node);

// The node that a row of the bottom-up tree stands for: `callers` is a function, its caller, the
// caller's caller ...; the answer is the last of them, above the heaviest place (by self) with
// these callers. kNoNode: there is none.
std::uint32_t nodeOfCallers(const Profile &profile, std::span<const FunctionId> callers);

} // namespace flamewright
