#pragma once

#include "analysis/compare/function_match.h"
#include "analysis/compare/profile_diff.h"

#include <cstdint>
#include <span>
#include <vector>

namespace flamewright {

// The trees of both sides put together, before anything is said of them.
struct ProfileUnion {
    // Sums over the runs of a side. `chance`: variance of the value by sampling alone, the sum of
    // value * value / samples of the nodes it is made of: samples may stand for unequal amounts.
    struct Sums {
        std::int64_t value = 0, samples = 0;
        double chance = 0;
    };
    struct Run {
        std::vector<std::uint32_t> functionOf; // of the run's functions: of the union's
        std::vector<Sums> self, total;         // by function of the union
    };

    std::vector<FunctionInfo> functions; // [0] is the root
    std::vector<std::uint8_t> sides;     // by function: kInBase, kInCand
    DiffTree tree;                       // without verdicts
    std::vector<double> baseSelfChance, baseTotalChance, candSelfChance, candTotalChance; // by node
    std::vector<Run> base, cand;
    std::vector<std::string> renamed; // "old -> new", what the rules did; the first of each

    static constexpr std::uint8_t kInBase = 1, kInCand = 2;
};

// `scale`: what values of the candidate are multiplied with to be as the baseline's, for the order
// of siblings.
ProfileUnion uniteProfiles(std::span<const ProfileRun> base, std::span<const ProfileRun> cand,
                           const RenameRules &renames, double scale);

} // namespace flamewright
