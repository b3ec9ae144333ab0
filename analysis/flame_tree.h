#pragma once

#include "capture/base/units.h"
#include "capture/session/records.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

// A function across captures: frames with equal name and module are the same function.
using FunctionId = Id<struct FunctionTag>;

inline constexpr std::uint32_t kNoNode = UINT32_MAX;

struct FunctionInfo {
    std::string name;   // raw 0: "" (the root)
    std::string module; // as captured, usually a path
    std::string file;   // of the line where most self time was seen
    std::uint32_t line = 0;
    FrameKind kind = FrameKind::Unknown;
    bool unresolved = false; // the name is "module+0x1234"
};

// A merged call tree in preorder: children follow their parent, and the subtree of node n is the
// index range [n, subtreeEnd[n]). Node 0 is the root and stands for everything in the scope.
// Siblings are ordered by total, largest first, then by name.
//
//   main 7                node      0     1      2     3     4
//     parse 5             function  -     main   parse read  write
//       read 3            subtree.. 5     5      4     4     5
//     write 2             self      0     0      2     3     2
struct FlameTree {
    std::vector<FunctionId> function;
    std::vector<std::uint32_t> parent;
    std::vector<std::uint32_t> subtreeEnd;
    std::vector<std::uint32_t> depth;
    std::vector<std::int64_t> self;         // in the measure's unit
    std::vector<std::int64_t> total;        // self and everything below
    std::vector<std::int64_t> selfSamples;  // number of samples behind `self`
    std::vector<std::int64_t> totalSamples; // number of samples behind `total`
    std::vector<std::uint8_t> inlined;      // 1: the function was inlined into its parent here
    // Where a node begins, in the measure's unit from the root's beginning. Empty: children follow
    // one another from where their parent begins. Only trees along time have it.
    std::vector<std::int64_t> begin;
    std::size_t size() const { return function.size(); }
};

// One row of the function table. Recursion is counted once in total.
struct FunctionStat {
    FunctionId function;
    std::int64_t self = 0, total = 0;
    std::int64_t selfSamples = 0, totalSamples = 0;
};

// The answer to "where did it go" for one scope: what flame graph, function table and inspector
// show. Immutable once built.
struct Profile {
    // Sums of a profile that others are a part of.
    struct Whole {
        std::int64_t total = 0, samples = 0;
    };

    std::string measure;
    Unit unit = Unit::Count;
    std::vector<FunctionInfo> functions; // by FunctionId::raw; [0] is the root
    FlameTree tree;
    std::vector<FunctionStat> table; // by self, largest first, then total, then name
    std::int64_t total = 0;
    std::int64_t samples = 0;
    std::uint64_t rowsRead = 0; // facts looked at
    // Of a sandwich's halves, which are about one function: what that function is a share of.
    std::optional<Whole> whole;

    const FunctionInfo &at(std::uint32_t node) const { return functions[tree.function[node].raw]; }
};

} // namespace flamewright
