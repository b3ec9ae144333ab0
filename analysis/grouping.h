#pragma once

#include "analysis/flame_tree.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

enum class GroupBy : std::uint8_t { Module, File };

// Functions that belong together, and what they cost as if they were one function.
struct FunctionGroup {
    std::string name; // path of the module or file, as captured; empty: not known
    std::int64_t self = 0, selfSamples = 0;
    // Of every stack in which one of the functions is, counted once however many are.
    std::int64_t total = 0, totalSamples = 0;
    std::vector<FunctionStat> functions; // rows of the function table, in its order
};

// The function table by module, or by the file where most self time of a function was seen.
// Largest self first, then total, then name.
std::vector<FunctionGroup> groupFunctions(const Profile &profile, GroupBy by);

} // namespace flamewright
