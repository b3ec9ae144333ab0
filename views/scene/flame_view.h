#pragma once

#include "analysis/flame_tree.h"
#include "analysis/search.h"
#include "views/scene/flame_coloring.h"
#include "views/scene/flame_options.h"
#include "views/scene/flame_rows.h"
#include "views/scene/flame_scene.h"
#include "views/scene/frame_look.h"
#include "views/scene/source_links.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace flamewright {

// A profile with the places of its frames: the part of a flame graph that costs time to make, once
// per profile and layout. Never changes, so that a job may make it.
struct FlameData {
    FlameData(std::shared_ptr<const Profile> of, FlameLayout as);

    std::shared_ptr<const Profile> profile;
    FlameLayout layout;
    FlameRows rows;
    // Function of the node at each position of the rows: whoever asks for all of them, as a search
    // does, would read the tree in an order that no cache follows.
    std::vector<std::uint32_t> functions;
};

// A flame graph of one profile. Viewport::begin and end are shares of the root, scrollY counts
// from the root's row. Cost per frame: rows shown x boxes that fit in a row x log(nodes), however
// many nodes there are or how deep they nest.
//
// A profile along time (FlameTree::begin) has a time axis in place of the root's row, which stays
// on top, and a header in place of each lane's frame.
class FlameView : public FlameScene {
public:
    explicit FlameView(std::shared_ptr<const Profile> profile = nullptr,
                       FlameLayout layout = FlameLayout::Icicle);
    explicit FlameView(std::shared_ptr<const FlameData> data);

    const Profile *profile() const { return m_profile; }
    FlameLayout layout() const { return m_layout; }
    // Keeps focus, selection, search.
    virtual void setLayout(FlameLayout layout);
    // Rows upwards whatever the layout: callers in a sandwich.
    void setGrowsUp(bool on) { m_up = on; }
    // `like`: groups have the colours that they have there.
    void setColorScheme(ColorScheme scheme, const FlameColoring *like = nullptr);
    // Labels for people: see readableName(). Tooltips have the whole name.
    void setReadable(bool on) { m_readable = on; }
    bool readable() const { return m_readable; }
    const FlameColoring &coloring() const { return m_coloring; }
    // What the left edge of a profile along time is, in nanoseconds of the capture.
    void setTimeOrigin(std::int64_t beginNs) { m_timeOriginNs = beginNs; }
    // Items with titles in the list, for SVG. Off: the list is for a screen.
    void setAnnotated(bool on) { m_annotated = on; }
    // Frames lead to their source, in documents.
    void setLinks(SourceLinks links) { m_links = std::move(links); }

    std::string_view kind() const override { return "flame"; }
    void paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
               DisplayList &out) const override;
    // One frame elsewhere than in its row, as wide as `rect`, with more text after its name.
    void paintAs(std::uint32_t node, RectF rect, std::string_view after, Theme theme,
                 const TextMetrics &metrics, DisplayList &out) const;
    std::optional<Hit> hitTest(const Viewport &viewport, PointF at) const override;

    bool isEmpty() const override;
    float contentHeight() const override;
    bool growsUp() const override;
    float offsetOf(std::uint32_t node) const override;
    const Profile *profileOf(std::uint32_t) const override { return m_profile; }
    std::uint32_t indexOf(std::uint32_t node) const override { return node; }
    std::uint32_t focus() const override { return m_focus; }
    void setFocus(std::uint32_t node) override;
    std::uint32_t selected() const override { return m_selected; }
    void setSelected(std::uint32_t node) override { m_selected = node; }
    void setHovered(std::optional<FlameBox> box) override { m_hovered = box; }
    void setSearch(const SearchResult &result) override;
    void setValueStyle(ValueStyle style) override { m_style = style; }
    ValueStyle valueStyle() const { return m_style; }
    void highlight(FunctionId function) override;

    std::optional<FlameBox> boxAt(const Viewport &viewport, PointF at) const override;
    // Every box of the viewport, row by row, as paint() draws them.
    std::vector<FlameBox> boxes(const Viewport &viewport) const;
    RectF rectOf(std::uint32_t node, const Viewport &viewport) const override;
    std::pair<double, double> rangeOf(const FlameBox &box) const override;
    FlameTooltip tooltip(const FlameBox &box) const override;
    std::string summary() const override;

    std::uint32_t parentOf(std::uint32_t node) const override;
    std::uint32_t childOf(std::uint32_t node) const; // the largest; along time the first
    std::uint32_t siblingOf(std::uint32_t node, int step) const;
    std::uint32_t neighbourOf(std::uint32_t node, Step step) const override;

protected:
    // What a picture of something else than one profile says otherwise. `look` knows about search,
    // zoom and what the frame is.
    virtual FrameColors colorsOf(const FlameBox &box, FrameLook look, Theme theme) const;
    // Marks on a box that is filled, below its label.
    virtual void paintMarks(const FlameBox &, RectF, FrameColors, Theme, DisplayList &) const {}
    virtual std::string labelOf(const FlameBox &box) const;
    virtual std::string_view emptyText() const { return "No samples in this scope"; }
    const FlameRows &rows() const { return m_data->rows; }
    // Keeps zoom, selection and search where the nodes are the same.
    void setData(std::shared_ptr<const FlameData> data);

private:
    struct Paint; // what one paint() call needs

    bool alongTime() const { return m_profile && !m_profile->tree.begin.empty(); }
    bool isLane(std::uint32_t node) const;
    void countMarks(std::vector<std::uint32_t> &prefix,
                    const std::vector<std::uint8_t> &functions) const;
    std::uint32_t marks(const std::vector<std::uint32_t> &prefix, const FlameBox &box) const;
    float rowTop(std::uint32_t depth, const Viewport &viewport) const;
    std::pair<std::uint32_t, std::uint32_t> rowsIn(const Viewport &viewport) const;
    void rowBoxes(std::uint32_t row, const Viewport &viewport, std::vector<FlameBox> &out) const;

    const std::string &shownName(std::uint32_t node) const;
    void paintBox(const FlameBox &box, Paint &paint, std::string_view after = {}) const;
    void paintLabel(const FlameBox &box, Rgba color, Paint &paint, std::string_view after) const;
    void paintEdges(RectF box, Rgba color, Paint &paint) const;
    void paintLane(const FlameBox &box, Paint &paint) const;
    void paintGrid(const Viewport &viewport, Paint &paint) const;
    void paintAxis(const Viewport &viewport, Paint &paint) const;
    void paintOutlines(const Viewport &viewport, Paint &paint) const;
    void paintEmpty(const Viewport &viewport, Paint &paint) const;

    std::shared_ptr<const FlameData> m_data;
    const Profile *m_profile = nullptr; // of m_data
    FlameLayout m_layout = FlameLayout::Icicle;
    FlameColoring m_coloring;
    ValueStyle m_style;
    std::int64_t m_timeOriginNs = 0;
    std::uint32_t m_focus = 0, m_selected = kNoNode;
    std::optional<FlameBox> m_hovered;
    std::vector<std::uint8_t> m_found; // by function: the search
    FunctionId m_highlighted;
    SourceLinks m_links;
    bool m_annotated = false, m_readable = false, m_up = false;
    // Marks among the first i positions: whether a merged box holds one costs nothing.
    std::vector<std::uint32_t> m_matches, m_highlights;
    // Readable names that were shown, by function: a name may be long, and is seen again and again.
    mutable std::unordered_map<std::uint32_t, std::string> m_names;
};

} // namespace flamewright
