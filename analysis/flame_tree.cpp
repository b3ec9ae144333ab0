#include "analysis/flame_tree_builder.h"
#include "analysis/growing_tree.h"
#include "capture/base/intern_table.h"

#include <functional>
#include <string_view>

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
    NodesOfStacks takeNodes() { return std::move(m_nodeOfStack); }

private:
    bool m_inlines;
    FunctionInterner m_functions;
    GrowingTree m_trie;
    NodesOfStacks m_nodeOfStack;
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
    std::vector<std::uint32_t> nodeOf(stacks, kNoNode);
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
        m_trie.addSelf(node, input.weights.value[i], input.weights.samples[i]);
        if (i > 0 && d.frames.file[leaf.raw].raw != 0) {
            const auto id = m_trie.function(node).raw;
            if (m_lines.size() <= id)
                m_lines.resize(id + 1);
            const BestLine line{input.weights.value[i], d.file(leaf), d.frames.line[leaf.raw]};
            auto &best = m_lines[id];
            if (line.value > best.value || (line.value == best.value && line.line < best.line))
                best = line;
        }
    }
    m_nodeOfStack.push_back(std::move(nodeOf));
}

Profile Builder::finish()
{
    Profile out;
    out.functions = m_functions.take();
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        out.functions[i].file = std::string(m_lines[i].file);
        out.functions[i].line = m_lines[i].line;
    }

    const auto placed = m_trie.assemble(out);
    out.table = functionTable(out);
    for (auto &capture : m_nodeOfStack) {
        for (auto &node : capture)
            node = node == kNoNode ? kNoNode : placed[node];
    }
    return out;
}

} // namespace

Profile buildProfile(std::span<const ProfileInput> inputs, bool inlines, NodesOfStacks *nodes)
{
    Builder builder(inlines);
    for (const auto &input : inputs)
        builder.add(input);
    auto profile = builder.finish();
    if (nodes)
        *nodes = builder.takeNodes();
    return profile;
}

} // namespace flamewright
