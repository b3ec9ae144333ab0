#pragma once

#include "analysis/flame_tree.h"
#include "views/scene/display_list.h"
#include "views/scene/flame_options.h"
#include "views/scene/view_model.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace flamewright {

// One box on screen: a frame, or a run of neighbours of one row that are too narrow to draw one
// by one and share a box marked "(n merged)".
struct FlameBox {
    std::uint32_t node = kNoNode; // the first one
    std::uint32_t count = 1;
    RectF rect; // visible part, with the gap to the next box
    bool merged() const { return count > 1; }
};

// From values of the measure to pixels.
struct FlameScale {
    double origin = 0; // value at the left edge
    double perUnit = 1;
    double width = 0;
    double device = 1;

    static FlameScale of(const Viewport &viewport, std::int64_t total);
    double px(std::int64_t value) const { return (static_cast<double>(value) - origin) * perUnit; }
    double value(double px) const { return origin + px / perUnit; }
    double rounded(double px) const; // to a whole device pixel
};

// Where the frames of a tree are: in which row, from which value to which. Nodes are ordered by
// row (the tree's depth), within a row from left to right; `position` is the place in that order,
// node ids stay the tree's.
//
// Icicle and Flame order siblings by name, then module; the other layouts keep the tree's order.
// Trees along time (FlameTree::begin) have their own places, with gaps. Whatever the values say
// (negative ones, sums beyond the caller's), boxes stay inside their caller's and never overlap.
class FlameRows {
public:
    FlameRows() = default;
    FlameRows(const Profile &profile, FlameLayout layout);

    std::uint32_t size() const { return static_cast<std::uint32_t>(m_order.size()); }
    std::uint32_t count() const
    {
        return m_rows.empty() ? 0 : static_cast<std::uint32_t>(m_rows.size() - 1);
    }
    std::uint32_t nodeAt(std::uint32_t position) const { return m_order[position]; }
    std::uint32_t position(std::uint32_t node) const { return m_position[node]; }
    // Positions of a row: from first to one past second.
    std::pair<std::uint32_t, std::uint32_t> row(std::uint32_t row) const
    {
        return {m_rows[row], m_rows[row + 1]};
    }
    // By position, in the measure's unit from the root's left edge.
    std::int64_t begin(std::uint32_t position) const { return m_begin[position]; }
    std::int64_t end(std::uint32_t position) const { return m_end[position]; }

    // The boxes of one row from left to right. The cost follows the width in pixels, not the
    // number of nodes: narrow frames are stepped over by whole blocks and by binary search.
    void boxes(std::uint32_t row, const FlameScale &scale, std::vector<FlameBox> &out) const;

private:
    void orderAsInTree(const FlameTree &tree);
    void orderByName(const Profile &profile);
    void place(const FlameTree &tree);
    void sumUpBlocks();
    std::uint32_t beyond(std::uint32_t from, std::uint32_t to, double value) const;
    std::uint32_t beyondBlocks(std::uint32_t from, std::uint32_t to, const FlameScale &scale) const;

    std::vector<std::uint32_t> m_rows, m_order, m_position;
    std::vector<std::int64_t> m_begin, m_end;
    std::vector<std::uint32_t> m_caller;      // position of the caller, by position
    std::vector<std::uint32_t> m_childrenEnd; // one past the last position called from here
    // Of each kBlock positions: the widest frame, and the widest gap before one.
    struct Block {
        std::int64_t width = 0, gap = 0;
    };
    std::vector<Block> m_blocks;
};

} // namespace flamewright
