#pragma once

#include "analysis/flame_tree.h"
#include "capture/base/intern_table.h"

#include <cstdint>
#include <vector>

namespace flamewright {

// A call tree while it is made: nodes keyed by (caller, function, inlined), callers before
// callees, in the order in which they were first seen. Node 0 is the root.
class GrowingTree {
public:
    // The node of a callee of `of`, made when it is not there yet.
    std::uint32_t child(std::uint32_t of, FunctionId callee, bool inlined);
    void addSelf(std::uint32_t node, std::int64_t value, std::int64_t samples);

    std::size_t size() const { return m_parent.size(); }
    FunctionId function(std::uint32_t node) const { return m_function[node]; }

    // Fills in tree, total and samples of `out`, whose functions are already there. Nodes without
    // a sample at or below them are left out. Siblings: largest total first, then by name.
    // Returns, for each node of this tree, its node in `out`; kNoNode: left out.
    std::vector<std::uint32_t> assemble(Profile &out) const;

private:
    std::vector<std::uint32_t> m_parent{0};
    std::vector<FunctionId> m_function{FunctionId{}};
    std::vector<std::uint8_t> m_inlined{0};
    std::vector<std::int64_t> m_self{0}, m_selfSamples{0};
    InternTable m_index;
};

// The function table of a finished tree: recursion counted once, by self, largest first.
std::vector<FunctionStat> functionTable(const Profile &profile);

} // namespace flamewright
