#pragma once

#include "analysis/flame_tree.h"
#include "capture/base/result.h"

#include <cstdint>
#include <span>
#include <string>
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

// Which functions a pattern means, by FunctionId::raw. Text is matched without regard to case,
// anywhere in function or module; "/re/" and "/re/i" are regular expressions (ECMAScript) over the
// function; "=name" is exactly that function, "=name @module" that of this module only. The root
// matches nothing, and nothing matches an empty pattern. Errc::Usage: the expression is invalid.
Result<std::vector<std::uint8_t>> matchFunctions(const Profile &profile, std::string_view pattern);
// The same over the path of the module alone; "=path" is exactly that one.
Result<std::vector<std::uint8_t>> matchModules(const Profile &profile, std::string_view pattern);
// The same over a list of names: endpoints and other groups of a load test.
Result<std::vector<std::uint8_t>> matchNames(std::span<const std::string> names,
                                             std::string_view pattern);
// The pattern that means this function and no other.
std::string exactPattern(const FunctionInfo &function);

// `underNode` limits sums to one subtree: the zoomed view.
Result<SearchResult> searchProfile(const Profile &profile, std::string_view pattern,
                                   std::uint32_t underNode = 0);

} // namespace flamewright
