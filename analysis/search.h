#pragma once

#include "analysis/flame_tree.h"
#include "capture/base/result.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace flamewright {

// What a search found in a profile. Sums count a stack once, however often it matches.
struct SearchResult {
    std::vector<std::uint8_t> functions; // by FunctionId::raw: 1 = matches
    std::vector<std::uint8_t> nodes;     // by node: 1 = matches
    std::uint32_t nodeCount = 0;         // matching nodes
    std::uint32_t functionCount = 0;
    std::int64_t total = 0; // in stacks with a match
    std::int64_t samples = 0;
};

// Text is matched without regard to case, anywhere in function or module; "/re/" and "/re/i" are
// regular expressions (ECMAScript) over the function. Errc::Usage when the expression is invalid.
// `underNode` limits sums to one subtree: the zoomed view.
Result<SearchResult> searchProfile(const Profile &profile, std::string_view pattern,
                                   std::uint32_t underNode = 0);

} // namespace flamewright
