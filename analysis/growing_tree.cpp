#include "analysis/growing_tree.h"

#include <algorithm>
#include <numeric>

namespace flamewright {
namespace {

// Orders siblings of equal weight, so that equal profiles make equal trees.
bool nameBefore(const FunctionInfo &a, const FunctionInfo &b)
{
    return a.name != b.name ? a.name < b.name : a.module < b.module;
}

} // namespace

std::uint32_t GrowingTree::child(std::uint32_t of, FunctionId callee, bool inlined)
{
    const auto fresh = static_cast<std::uint32_t>(m_parent.size());
    // Functions are fewer than 2^31: memory ends long before.
    const auto key = std::uint64_t{of} << 32 | std::uint64_t{callee.raw} << 1 | inlined;
    const auto id = m_index.findOrAddKey(bijectiveMix(key), fresh);
    if (id == fresh) {
        m_parent.push_back(of);
        m_function.push_back(callee);
        m_inlined.push_back(inlined);
        m_self.push_back(0);
        m_selfSamples.push_back(0);
    }
    return id;
}

void GrowingTree::addSelf(std::uint32_t node, std::int64_t value, std::int64_t samples)
{
    m_self[node] = saturatingAdd(m_self[node], value);
    m_selfSamples[node] = saturatingAdd(m_selfSamples[node], samples);
}

std::vector<std::uint32_t> GrowingTree::assemble(Profile &out) const
{
    const auto nodes = static_cast<std::uint32_t>(m_parent.size());
    auto total = m_self, samples = m_selfSamples;
    std::vector<std::uint8_t> used(nodes, 0);
    used[0] = 1;
    for (auto i = nodes; i-- > 1;) {
        const auto parent = m_parent[i];
        total[parent] = saturatingAdd(total[parent], total[i]);
        samples[parent] = saturatingAdd(samples[parent], samples[i]);
        // By the weights themselves: sums of negative and positive ones may be 0.
        if (m_self[i] != 0 || m_selfSamples[i] != 0)
            used[i] = 1;
        if (used[i])
            used[parent] = 1;
    }
    // Children of each node as one run of an array, then sorted.
    std::vector<std::uint32_t> first(std::size_t{nodes} + 1, 0), child(nodes);
    for (std::uint32_t i = 1; i < nodes; ++i)
        first[m_parent[i] + 1] += used[i];
    std::partial_sum(first.begin(), first.end(), first.begin());
    auto next = first;
    for (std::uint32_t i = 1; i < nodes; ++i) {
        if (used[i])
            child[next[m_parent[i]]++] = i;
    }
    for (std::uint32_t i = 0; i < nodes; ++i) {
        std::sort(child.begin() + first[i], child.begin() + first[i + 1],
                  [&](std::uint32_t a, std::uint32_t b) {
                      if (total[a] != total[b])
                          return total[a] > total[b];
                      if (m_function[a] != m_function[b])
                          return nameBefore(out.functions[m_function[a].raw],
                                            out.functions[m_function[b].raw]);
                      return m_inlined[a] < m_inlined[b];
                  });
    }

    std::vector<std::uint32_t> nodeOf(nodes, kNoNode);
    auto &tree = out.tree;
    tree = {};
    struct Open {
        std::uint32_t from, node, next;
    };
    std::vector<Open> path;
    const auto open = [&](std::uint32_t from, std::uint32_t parent) {
        const auto node = static_cast<std::uint32_t>(tree.size());
        nodeOf[from] = node;
        tree.function.push_back(m_function[from]);
        tree.parent.push_back(parent);
        tree.subtreeEnd.push_back(0);
        tree.depth.push_back(static_cast<std::uint32_t>(path.size()));
        tree.self.push_back(m_self[from]);
        tree.total.push_back(total[from]);
        tree.selfSamples.push_back(m_selfSamples[from]);
        tree.totalSamples.push_back(samples[from]);
        tree.inlined.push_back(m_inlined[from]);
        path.push_back({from, node, first[from]});
    };
    open(0, 0);
    while (!path.empty()) {
        auto &top = path.back();
        if (top.next < first[top.from + 1]) {
            const auto callee = child[top.next++];
            open(callee, top.node);
        } else {
            tree.subtreeEnd[top.node] = static_cast<std::uint32_t>(tree.size());
            path.pop_back();
        }
    }
    out.total = tree.total[0];
    out.samples = tree.totalSamples[0];
    return nodeOf;
}

std::vector<FunctionStat> functionTable(const Profile &profile)
{
    const auto &tree = profile.tree;
    std::vector<FunctionStat> stats(profile.functions.size());
    std::vector<std::uint8_t> occurs(stats.size(), 0);
    // Where the outermost occurrence on the current path ends, by function: what begins before
    // that is recursion, and already counted.
    std::vector<std::uint32_t> outermostEnd(stats.size(), 0);
    for (std::uint32_t node = 1; node < tree.size(); ++node) {
        const auto function = tree.function[node];
        auto &stat = stats[function.raw];
        occurs[function.raw] = 1;
        stat.function = function;
        stat.self = saturatingAdd(stat.self, tree.self[node]);
        stat.selfSamples = saturatingAdd(stat.selfSamples, tree.selfSamples[node]);
        if (node >= outermostEnd[function.raw]) {
            outermostEnd[function.raw] = tree.subtreeEnd[node];
            stat.total = saturatingAdd(stat.total, tree.total[node]);
            stat.totalSamples = saturatingAdd(stat.totalSamples, tree.totalSamples[node]);
        }
    }
    std::erase_if(stats, [&](const FunctionStat &s) { return !occurs[s.function.raw]; });
    std::sort(stats.begin(), stats.end(), [&](const FunctionStat &a, const FunctionStat &b) {
        if (a.self != b.self)
            return a.self > b.self;
        if (a.total != b.total)
            return a.total > b.total;
        return nameBefore(profile.functions[a.function.raw], profile.functions[b.function.raw]);
    });
    return stats;
}

} // namespace flamewright
