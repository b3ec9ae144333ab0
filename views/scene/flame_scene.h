#pragma once

#include "analysis/search.h"
#include "views/scene/flame_rows.h"
#include "views/scene/flame_tooltip.h"
#include "views/scene/view_model.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace flamewright {

// A picture made of rows of frames, as a widget drives it: what is under the pointer, where a
// frame is, which one is next to it. Viewport::begin and end are shares of the whole, scrollY is
// how far the content is moved.
class FlameScene : public ViewModel {
public:
    // Where a frame's neighbour is looked for, as seen on screen.
    enum class Step : std::uint8_t { Up, Down, Left, Right };

    virtual bool isEmpty() const = 0; // nothing to draw: no profile, or nothing in its scope
    // All rows, in pixels.
    virtual float contentHeight() const = 0;
    // The first row is at the bottom and scrollY moves the content down.
    virtual bool growsUp() const = 0;
    // scrollY of the whole picture in a window of this height.
    virtual float restingScroll(float) const { return 0; }
    // Which scrollY puts the row of a frame first.
    virtual float offsetOf(std::uint32_t node) const = 0;

    // The profile that a node belongs to; its index there.
    virtual const Profile *profileOf(std::uint32_t node) const = 0;
    virtual std::uint32_t indexOf(std::uint32_t node) const = 0;

    // The frame zoomed to: its callers are dimmed, "of view" is a share of it. 0: everything.
    virtual std::uint32_t focus() const = 0;
    virtual void setFocus(std::uint32_t node) = 0;
    virtual std::uint32_t selected() const = 0;
    virtual void setSelected(std::uint32_t node) = 0; // kNoNode: none
    virtual void setHovered(std::optional<FlameBox> box) = 0;
    virtual void setSearch(const SearchResult &result) = 0; // its functions; empty: none
    // How values are written in labels and tooltips.
    virtual void setValueStyle(ValueStyle style) = 0;
    virtual void highlight(FunctionId function) = 0; // marks every frame of it; raw 0: none

    virtual std::optional<FlameBox> boxAt(const Viewport &viewport, PointF at) const = 0;
    // Where a frame is; wider than the viewport when zoomed in.
    virtual RectF rectOf(std::uint32_t node, const Viewport &viewport) const = 0;
    // The part of the domain that a frame, or a merged box, takes.
    virtual std::pair<double, double> rangeOf(const FlameBox &box) const = 0;
    virtual FlameTooltip tooltip(const FlameBox &box) const = 0;
    // What all of it is, in a line: for screen readers.
    virtual std::string summary() const = 0;
    // kNoNode where there is none.
    virtual std::uint32_t parentOf(std::uint32_t node) const = 0;
    virtual std::uint32_t neighbourOf(std::uint32_t node, Step step) const = 0;
};

} // namespace flamewright
