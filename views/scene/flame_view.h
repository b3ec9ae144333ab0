#pragma once

#include "analysis/flame_tree.h"
#include "analysis/search.h"
#include "views/scene/flame_tooltip.h"
#include "views/scene/view_model.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace flamewright {

enum class FlameLayout : std::uint8_t {
    Icicle, // root on top
    Flame   // root at the bottom
};

// One box on screen: a frame, or a run of neighbours of one row that are too narrow to draw one
// by one and share a box marked "(n merged)".
struct FlameBox {
    std::uint32_t node = kNoNode; // the first one
    std::uint32_t count = 1;
    RectF rect; // visible part, with the gap to the next box
    bool merged() const { return count > 1; }
};

// A flame graph of one profile. Viewport::begin and end are shares of the root, scrollY counts
// from the root's row. Cost per frame: rows shown x boxes that fit in a row x log(nodes), however
// many nodes there are or how deep they nest.
class FlameView final : public ViewModel {
public:
    explicit FlameView(std::shared_ptr<const Profile> profile = nullptr);

    const Profile *profile() const { return m_profile.get(); }
    bool isEmpty() const; // nothing to draw: no profile, or nothing in its scope
    // Rows from root to deepest frame, in pixels.
    float contentHeight() const;

    FlameLayout layout() const { return m_layout; }
    void setLayout(FlameLayout layout) { m_layout = layout; }
    // The frame zoomed to: its callers are dimmed, "of view" is a share of it. 0: the root.
    std::uint32_t focus() const { return m_focus; }
    void setFocus(std::uint32_t node);
    std::uint32_t selected() const { return m_selected; }
    void setSelected(std::uint32_t node) { m_selected = node; }
    void setHovered(std::optional<FlameBox> box) { m_hovered = box; }
    void setSearch(const SearchResult &result); // of this profile; empty: none
    void highlight(FunctionId function);        // marks every frame of it; raw 0: none
    // Items with titles in the list, for SVG. Off: the list is for a screen.
    void setAnnotated(bool on) { m_annotated = on; }

    std::string_view kind() const override { return "flame"; }
    void paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
               DisplayList &out) const override;
    std::optional<Hit> hitTest(const Viewport &viewport, PointF at) const override;

    std::optional<FlameBox> boxAt(const Viewport &viewport, PointF at) const;
    // Every box of the viewport, row by row, as paint() draws them.
    std::vector<FlameBox> boxes(const Viewport &viewport) const;
    // Where a frame is; wider than the viewport when zoomed in.
    RectF rectOf(std::uint32_t node, const Viewport &viewport) const;
    // The part of the domain that a frame, or a merged box, takes.
    std::pair<double, double> rangeOf(const FlameBox &box) const;
    FlameTooltip tooltip(const FlameBox &box) const;

    // Walking with the arrow keys; kNoNode where there is none.
    std::uint32_t parentOf(std::uint32_t node) const;
    std::uint32_t childOf(std::uint32_t node) const; // the largest
    std::uint32_t siblingOf(std::uint32_t node, int step) const;

private:
    struct Scale; // domain to pixels
    struct Paint; // what one paint() call needs

    void buildRows();
    void countMarks(std::vector<std::uint32_t> &prefix,
                    const std::vector<std::uint8_t> &nodes) const;
    std::uint32_t marks(const std::vector<std::uint32_t> &prefix, const FlameBox &box) const;
    float rowTop(std::uint32_t depth, const Viewport &viewport) const;
    std::pair<std::uint32_t, std::uint32_t> rowsIn(const Viewport &viewport) const;
    template <class F>
    void eachBox(std::uint32_t row, const Scale &scale, F visit) const;
    void paintBox(const FlameBox &box, Paint &paint) const;
    void paintLabel(const FlameBox &box, Rgba color, Paint &paint) const;
    void paintEmpty(const Viewport &viewport, Paint &paint) const;
    std::string labelOf(const FlameBox &box) const;

    std::shared_ptr<const Profile> m_profile;
    FlameLayout m_layout = FlameLayout::Icicle;
    std::uint32_t m_focus = 0, m_selected = kNoNode;
    std::optional<FlameBox> m_hovered;
    FunctionId m_highlighted;
    bool m_searching = false, m_annotated = false;

    // Nodes ordered by row (depth), within a row from left to right: m_order[m_rows[depth]] to
    // m_order[m_rows[depth + 1]]. Edges in the measure's unit, by position in m_order.
    std::vector<std::uint32_t> m_rows, m_order, m_position;
    std::vector<std::int64_t> m_begin, m_end;
    std::vector<std::uint32_t> m_caller; // position of the caller, by position
    std::vector<std::uint8_t> m_hash;    // by function: which colour of its kind
    // Matches among the first i nodes of m_order: whether a merged box holds one costs nothing.
    std::vector<std::uint32_t> m_matches, m_highlights;
};

// The colour of a frame, and that of the text on it.
struct FrameLook {
    FrameKind kind = FrameKind::User;
    bool unresolved = false, inlined = false, merged = false;
    bool dimmed = false;   // a caller of the frame zoomed to
    bool match = false;    // found by the search
    bool mismatch = false; // not found by the search
    std::uint8_t hash = 0;
};
struct FrameColors {
    Rgba fill, text;
};
FrameColors frameColors(const FrameLook &look, Theme theme);

// Stable between views, runs and versions: digits do not count, so that "worker-1" and "worker-2"
// look alike.
std::uint8_t nameHash(std::string_view name);

} // namespace flamewright
