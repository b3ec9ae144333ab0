#include "analysis/flame_tree_builder.h"
#include "capture/base/intern_table.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace flamewright {
namespace {

// Functions of all captures, joined by name and module.
class FunctionInterner {
public:
    FunctionInterner() { m_functions.emplace_back(); }

    FunctionId intern(const Dimensions &d, FrameId frame)
    {
        const auto name = d.function(frame), module = d.module(frame);
        const std::hash<std::string_view> hash;
        const auto fresh = static_cast<std::uint32_t>(m_functions.size());
        const auto id = m_index.findOrAdd(hashMix(hash(name), hash(module)), fresh, [&](auto i) {
            return m_functions[i].name == name && m_functions[i].module == module;
        });
        if (id == fresh) {
            m_functions.push_back({.name = std::string(name),
                                   .module = std::string(module),
                                   .kind = d.frames.kind[frame.raw],
                                   .unresolved = d.frames.source[frame.raw] == SymbolSource::None});
        }
        return FunctionId{id};
    }
    std::vector<FunctionInfo> take() { return std::move(m_functions); }

private:
    std::vector<FunctionInfo> m_functions;
    InternTable m_index;
};

// The growing tree: a trie keyed by (parent node, function, inlined).
struct Trie {
    std::vector<std::uint32_t> parent{0};
    std::vector<FunctionId> function{FunctionId{}};
    std::vector<std::uint8_t> inlined{0};
    std::vector<std::int64_t> self{0}, selfSamples{0};
    InternTable index;

    std::uint32_t child(std::uint32_t of, FunctionId callee, bool isInlined)
    {
        const auto fresh = static_cast<std::uint32_t>(parent.size());
        // Functions are fewer than 2^31: memory ends long before.
        const auto key = std::uint64_t{of} << 32 | std::uint64_t{callee.raw} << 1 | isInlined;
        const auto id = index.findOrAddKey(bijectiveMix(key), fresh);
        if (id == fresh) {
            parent.push_back(of);
            function.push_back(callee);
            inlined.push_back(isInlined);
            self.push_back(0);
            selfSamples.push_back(0);
        }
        return id;
    }
};

// Where most self time of a function was seen: its line in the table.
struct BestLine {
    std::int64_t value = -1;
    std::string_view file;
    std::uint32_t line = 0;
};

class Builder {
public:
    explicit Builder(bool inlines) : m_inlines(inlines) {}
    void add(const ProfileInput &input);
    Profile finish();

private:
    bool m_inlines;
    FunctionInterner m_functions;
    Trie m_trie;
    std::vector<BestLine> m_lines;
};

void Builder::add(const ProfileInput &input)
{
    const auto &d = *input.dimensions;
    const auto stacks = d.stacks.size();
    // Only stacks with weight at or below them become nodes. Callers have smaller ids.
    std::vector<std::uint8_t> used(stacks, 0);
    for (std::size_t i = stacks; i-- > 0;) {
        if (input.weights.samples[i] != 0 || input.weights.value[i] != 0)
            used[i] = 1;
        if (used[i] && i > 0)
            used[d.stacks.caller[i].raw] = 1;
    }
    std::vector<FunctionId> functionOf(d.frames.size());
    const auto function = [&](FrameId frame) {
        auto &id = functionOf[frame.raw];
        if (id.raw == 0)
            id = m_functions.intern(d, frame);
        return id;
    };
    std::vector<std::uint32_t> nodeOf(stacks, 0);
    std::vector<FrameId> chain;
    for (std::size_t i = 0; i < stacks; ++i) {
        if (!used[i])
            continue;
        auto node = i == 0 ? 0u : nodeOf[d.stacks.caller[i].raw];
        const auto leaf = d.stacks.frame[i];
        if (i > 0) {
            chain.clear();
            for (auto frame = leaf; frame.raw != 0; frame = d.frames.outer[frame.raw])
                chain.push_back(frame);
            if (chain.empty())
                chain.push_back(leaf); // the unknown frame
            if (!m_inlines)
                chain.erase(chain.begin(), chain.end() - 1);
            for (auto frame = chain.rbegin(); frame != chain.rend(); ++frame)
                node = m_trie.child(node, function(*frame),
                                    (d.frames.flags[frame->raw] & kFrameInlined) != 0);
        }
        nodeOf[i] = node;
        m_trie.self[node] = saturatingAdd(m_trie.self[node], input.weights.value[i]);
        m_trie.selfSamples[node] =
            saturatingAdd(m_trie.selfSamples[node], input.weights.samples[i]);
        if (i > 0 && d.frames.file[leaf.raw].raw != 0) {
            const auto id = m_trie.function[node].raw;
            if (m_lines.size() <= id)
                m_lines.resize(id + 1);
            const BestLine line{input.weights.value[i], d.file(leaf), d.frames.line[leaf.raw]};
            auto &best = m_lines[id];
            if (line.value > best.value || (line.value == best.value && line.line < best.line))
                best = line;
        }
    }
}

Profile Builder::finish()
{
    Profile out;
    out.functions = m_functions.take();
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        out.functions[i].file = std::string(m_lines[i].file);
        out.functions[i].line = m_lines[i].line;
    }

    const auto nodes = static_cast<std::uint32_t>(m_trie.parent.size());
    auto total = m_trie.self, samples = m_trie.selfSamples;
    for (auto i = nodes; i-- > 1;) {
        auto &above = total[m_trie.parent[i]];
        above = saturatingAdd(above, total[i]);
        samples[m_trie.parent[i]] = saturatingAdd(samples[m_trie.parent[i]], samples[i]);
    }
    // Children of each node as one run of an array, then sorted.
    std::vector<std::uint32_t> first(nodes + 1, 0), child(nodes);
    for (std::uint32_t i = 1; i < nodes; ++i)
        ++first[m_trie.parent[i] + 1];
    std::partial_sum(first.begin(), first.end(), first.begin());
    auto next = first;
    for (std::uint32_t i = 1; i < nodes; ++i)
        child[next[m_trie.parent[i]]++] = i;
    for (std::uint32_t i = 0; i < nodes; ++i) {
        std::sort(child.begin() + first[i], child.begin() + first[i + 1],
                  [&](std::uint32_t a, std::uint32_t b) {
                      if (total[a] != total[b])
                          return total[a] > total[b];
                      const auto &fa = out.functions[m_trie.function[a].raw];
                      const auto &fb = out.functions[m_trie.function[b].raw];
                      if (fa.name != fb.name)
                          return fa.name < fb.name;
                      if (fa.module != fb.module)
                          return fa.module < fb.module;
                      return m_trie.inlined[a] < m_trie.inlined[b];
                  });
    }

    auto &tree = out.tree;
    std::vector<FunctionStat> stats(out.functions.size());
    // How often a function is on the path to the current node: recursion counts once.
    std::vector<std::uint32_t> onPath(out.functions.size(), 0);
    struct Open {
        std::uint32_t trie, node, next;
    };
    std::vector<Open> path;
    const auto open = [&](std::uint32_t trie, std::uint32_t parent) {
        const auto node = static_cast<std::uint32_t>(tree.size());
        const auto function = m_trie.function[trie];
        tree.function.push_back(function);
        tree.parent.push_back(parent);
        tree.subtreeEnd.push_back(0);
        tree.depth.push_back(static_cast<std::uint32_t>(path.size()));
        tree.self.push_back(m_trie.self[trie]);
        tree.total.push_back(total[trie]);
        tree.selfSamples.push_back(m_trie.selfSamples[trie]);
        tree.totalSamples.push_back(samples[trie]);
        tree.inlined.push_back(m_trie.inlined[trie]);
        auto &stat = stats[function.raw];
        stat.function = function;
        stat.self = saturatingAdd(stat.self, m_trie.self[trie]);
        stat.selfSamples = saturatingAdd(stat.selfSamples, m_trie.selfSamples[trie]);
        if (onPath[function.raw]++ == 0) {
            stat.total = saturatingAdd(stat.total, total[trie]);
            stat.totalSamples = saturatingAdd(stat.totalSamples, samples[trie]);
        }
        path.push_back({trie, node, first[trie]});
    };
    open(0, 0);
    while (!path.empty()) {
        auto &top = path.back();
        if (top.next < first[top.trie + 1]) {
            const auto trie = child[top.next++];
            open(trie, top.node);
        } else {
            tree.subtreeEnd[top.node] = static_cast<std::uint32_t>(tree.size());
            --onPath[tree.function[top.node].raw];
            path.pop_back();
        }
    }
    out.total = tree.total[0];
    out.samples = tree.totalSamples[0];

    stats.erase(stats.begin()); // the root is not a function
    std::sort(stats.begin(), stats.end(), [&](const FunctionStat &a, const FunctionStat &b) {
        if (a.self != b.self)
            return a.self > b.self;
        if (a.total != b.total)
            return a.total > b.total;
        const auto &fa = out.functions[a.function.raw], &fb = out.functions[b.function.raw];
        return fa.name != fb.name ? fa.name < fb.name : fa.module < fb.module;
    });
    out.table = std::move(stats);
    return out;
}

} // namespace

Profile buildProfile(std::span<const ProfileInput> inputs, bool inlines)
{
    Builder builder(inlines);
    for (const auto &input : inputs)
        builder.add(input);
    return builder.finish();
}

} // namespace flamewright
