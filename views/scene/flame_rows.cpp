#include "views/scene/flame_rows.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace flamewright {
namespace {

constexpr double kMinBox = 2; // narrower frames are merged with narrow neighbours
constexpr std::uint32_t kBlock = 64;
constexpr double kSurely = 0.999; // whatever the rounding of sums and of differences
constexpr double kMergeGap = 1;   // pixels between two narrow frames that are still neighbours

// The place of each function in the order of names, then modules.
std::vector<std::uint32_t> nameRanks(const std::vector<FunctionInfo> &functions)
{
    std::vector<std::uint32_t> byName(functions.size()), rank(functions.size());
    std::iota(byName.begin(), byName.end(), 0u);
    std::stable_sort(byName.begin(), byName.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::tie(functions[a].name, functions[a].module) <
               std::tie(functions[b].name, functions[b].module);
    });
    for (std::uint32_t i = 0; i < byName.size(); ++i)
        rank[byName[i]] = i;
    return rank;
}

} // namespace

FlameScale FlameScale::of(const Viewport &viewport, std::int64_t total)
{
    const auto whole = static_cast<double>(total);
    const auto width = static_cast<double>(viewport.size.width);
    const auto span = std::max(viewport.end - viewport.begin, 1e-15);
    return {viewport.begin * whole, width / (span * whole), width,
            static_cast<double>(viewport.scale)};
}

double FlameScale::rounded(double px) const
{
    return std::round(px * device) / device;
}

FlameRows::FlameRows(const Profile &profile, FlameLayout layout)
{
    const auto &tree = profile.tree;
    std::uint32_t deepest = 0;
    for (const auto depth : tree.depth)
        deepest = std::max(deepest, depth);
    m_rows.assign(std::size_t{deepest} + 2, 0);
    for (const auto depth : tree.depth)
        ++m_rows[depth + 1];
    for (std::size_t i = 1; i < m_rows.size(); ++i)
        m_rows[i] += m_rows[i - 1];
    m_order.resize(tree.size());
    m_position.resize(tree.size());
    const bool byName = layout == FlameLayout::Icicle || layout == FlameLayout::Flame;
    if (byName && tree.begin.empty() && tree.size() > 0)
        orderByName(profile);
    else
        orderAsInTree(tree);
    place(tree);
}

// A counting sort by depth keeps the preorder, which within a row is from left to right.
void FlameRows::orderAsInTree(const FlameTree &tree)
{
    auto next = m_rows;
    for (std::uint32_t node = 0; node < tree.size(); ++node) {
        m_position[node] = next[tree.depth[node]]++;
        m_order[m_position[node]] = node;
    }
}

// Row by row: the children of each frame of the row above, sorted.
void FlameRows::orderByName(const Profile &profile)
{
    const auto &tree = profile.tree;
    const auto rank = nameRanks(profile.functions);
    m_order[0] = 0;
    std::uint32_t placed = 1;
    for (std::uint32_t at = 0; at < placed; ++at) {
        const auto parent = m_order[at];
        m_position[parent] = at;
        const auto first = placed;
        for (auto child = parent + 1; child < tree.subtreeEnd[parent];
             child = tree.subtreeEnd[child])
            m_order[placed++] = child;
        if (placed - first > 1) {
            std::sort(m_order.begin() + first, m_order.begin() + placed,
                      [&](std::uint32_t a, std::uint32_t b) {
                          return std::pair(rank[tree.function[a].raw], a) <
                                 std::pair(rank[tree.function[b].raw], b);
                      });
        }
    }
}

void FlameRows::place(const FlameTree &tree)
{
    m_begin.assign(tree.size(), 0);
    m_end.assign(tree.size(), 0);
    m_caller.assign(tree.size(), 0);
    m_childrenEnd.assign(tree.size(), 0);
    if (tree.size() == 0)
        return;
    const bool alongTime = tree.begin.size() == tree.size();
    std::vector<std::int64_t> filled(tree.size(), 0); // end of the last child so far, by position
    m_end[0] = std::max<std::int64_t>(tree.total[0], 0);
    std::uint32_t row = 0;
    for (std::uint32_t at = 1; at < tree.size(); ++at) {
        if (at >= m_rows[row + 1])
            ++row;
        const auto node = m_order[at];
        const auto caller = m_position[tree.parent[node]];
        m_caller[at] = caller;
        m_childrenEnd[caller] = at + 1; // those of one caller are neighbours
        // The first child starts where its caller does, a sibling where the one before it ends.
        auto begin = filled[caller];
        if (alongTime)
            begin = std::clamp(tree.begin[node], m_begin[caller], m_end[caller]);
        if (at > m_rows[row]) // rows are walked by their edges: these never go back
            begin = std::max(begin, m_end[at - 1]);
        const auto width = std::max<std::int64_t>(tree.total[node], 0);
        m_begin[at] = begin;
        m_end[at] = std::max(begin, std::min(saturatingAdd(begin, width), m_end[caller]));
        filled[caller] = m_end[at];
        filled[at] = begin;
    }
    sumUpBlocks();
}

void FlameRows::sumUpBlocks()
{
    m_blocks.assign((m_begin.size() + kBlock - 1) / kBlock, {});
    std::size_t row = 0;
    for (std::uint32_t at = 0; at < m_begin.size(); ++at) {
        auto &block = m_blocks[at / kBlock];
        block.width = std::max(block.width, m_end[at] - m_begin[at]);
        if (at >= m_rows[row + 1])
            ++row;
        if (at > m_rows[row])
            block.gap = std::max(block.gap, m_begin[at] - m_end[at - 1]);
    }
}

// First position in [from, to) that ends beyond `value`. It is mostly near: steps that double stay
// in the cache where halving the row would not.
std::uint32_t FlameRows::beyond(std::uint32_t from, std::uint32_t to, double value) const
{
    const auto before = [&](std::int64_t e) { return static_cast<double>(e) <= value; };
    std::uint32_t step = 1;
    while (step < to - from && before(m_end[from + step - 1])) {
        from += step;
        step *= 2;
    }
    const auto it = std::partition_point(m_end.begin() + from,
                                         m_end.begin() + std::min(to, from + step), before);
    return static_cast<std::uint32_t>(it - m_end.begin());
}

// `from`, or the end of the blocks after it that are full of narrow neighbours, begin inside of the
// picture and end before `to`. Their frames lie in memory far apart, their sums one after the other.
std::uint32_t FlameRows::beyondBlocks(std::uint32_t from, std::uint32_t to,
                                      const FlameScale &scale) const
{
    auto at = from;
    if (at % kBlock != 0)
        return from;
    for (; at + kBlock <= to; at += kBlock) {
        const auto &block = m_blocks[at / kBlock];
        if (!(static_cast<double>(block.width) * scale.perUnit < kMinBox * kSurely) ||
            !(static_cast<double>(block.gap) * scale.perUnit < kMergeGap * kSurely) ||
            !(scale.px(m_begin[at + kBlock - 1]) < scale.width))
            break;
    }
    return at;
}

void FlameRows::boxes(std::uint32_t row, const FlameScale &scale, std::vector<FlameBox> &out) const
{
    const auto begin = [&](std::uint32_t i) { return scale.px(m_begin[i]); };
    const auto end = [&](std::uint32_t i) { return scale.px(m_end[i]); };
    const auto snapped = [&](double px) {
        return static_cast<float>(scale.rounded(std::clamp(px, 0.0, scale.width)));
    };
    const auto rowEnd = m_rows[row + 1];
    const auto least = static_cast<float>(1 / scale.device);
    float filled = 0; // up to here
    for (auto i = beyond(m_rows[row], rowEnd, scale.origin);
         i < rowEnd && begin(i) < scale.width;) {
        auto last = i + 1; // one past
        auto right = end(i);
        if (right - begin(i) < kMinBox) {
            // Children of one wide frame are not merged with those of the next.
            auto stop = rowEnd;
            const auto parent = m_caller[i];
            if (row > 0 && end(parent) - begin(parent) >= kMinBox)
                stop = m_childrenEnd[parent];
            while (last < stop && begin(last) < scale.width && end(last) - begin(last) < kMinBox &&
                   begin(last) - right < kMergeGap) {
                auto next = beyondBlocks(last, stop, scale);
                if (next == last) {
                    const auto block = (last / kBlock + 1) * kBlock;
                    next = std::max(last + 1, beyond(last, std::min(stop, block),
                                                     scale.value(right + kMinBox)));
                }
                last = next;
                right = end(last - 1);
            }
        }
        // A box is at least one device pixel wide; the next one gives way, so that neither is
        // painted over.
        FlameBox box{.node = m_order[i], .count = last - i};
        box.rect.x = std::max(snapped(begin(i)), filled);
        box.rect.width = std::max(snapped(right) - box.rect.x, least);
        filled = box.rect.right();
        out.push_back(box);
        i = last;
    }
}

} // namespace flamewright
