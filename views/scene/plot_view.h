#pragma once

#include "analysis/load_rows.h"
#include "views/scene/flame_tooltip.h"
#include "views/scene/view_model.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace flamewright {

class PlotCanvas;

// What is at a point of a plot.
struct PlotReadout {
    FlameTooltip tip;                   // for a card beside the pointer, and for screen readers
    PointF at;                          // where the crosshair snaps to
    std::optional<std::uint32_t> group; // index of the plot's groups: a line, or its legend
    std::optional<LoadSpan> span;       // what a click on it would choose: a bin, a cell
};

// What one widget needs to host any plot of a load test: PercentileView, TimelineView,
// LatencyGridView, HistogramView, LoadCurveView.
//
// Time is in nanoseconds on the common axis of LoadRows::begin. For a plot along time
// (`timeSpan()` has a value) Viewport::begin and end are shares of that span, which a widget zooms
// and pans, not below `leastSpan()`; its data were counted for some part of the time and so many
// pixels, and a widget asks for new ones (in a job) when what it shows is another part: until they
// are there the old ones are drawn where they belong. Other plots take no notice of begin and end.
//
// State is set by the widget, `paint()` draws it: the crosshair at `hover`, the ranges that are
// chosen and the one that is being drawn.
class PlotView : public ViewModel {
public:
    // Nothing to draw: paint() says so in words, and what would help.
    virtual bool isEmpty() const = 0;
    // Where values are drawn; of several stacked plots the hull. Outside of it is nothing to brush.
    virtual RectF plotArea(const Viewport &viewport) const = 0;

    // All of the time. nullopt: not a plot along time, which is neither brushed nor zoomed.
    virtual std::optional<LoadSpan> timeSpan() const { return std::nullopt; }
    // The time under x, which may be outside: that of the border then.
    std::optional<double> timeAt(const Viewport &viewport, float x) const;
    // Where a time is; outside of the plot where it is not shown.
    float xOfTime(const Viewport &viewport, double ns) const;
    // The least part of the time that is of use to be shown, as Viewport::end - begin.
    virtual double leastSpan(const Viewport &) const { return 1e-6; }

    // nullopt where there is nothing to say.
    virtual std::optional<PlotReadout> readout(const Viewport &viewport, PointF at) const = 0;
    // For arrow keys: the point `steps` values right (or left) of a point, on the same line.
    virtual std::optional<PointF> stepped(const Viewport &viewport, PointF from, int steps) const;
    // The groups that have a line of their own, in the order of PlotReadout::group.
    virtual std::vector<std::string> groupNames() const { return {}; }
    // One or two sentences for screen readers.
    virtual std::string summary() const = 0;

    std::optional<Hit> hitTest(const Viewport &viewport, PointF at) const override;

    // Where the pointer is; the crosshair is drawn there.
    void setHover(std::optional<PointF> at) { m_hover = at; }
    const std::optional<PointF> &hover() const { return m_hover; }
    // The chosen times, tinted; only plots along time show them.
    void setRanges(std::vector<LoadSpan> ranges) { m_ranges = std::move(ranges); }
    const std::vector<LoadSpan> &ranges() const { return m_ranges; }
    // What a drag would choose.
    void setPending(std::optional<LoadSpan> range) { m_pending = range; }
    const std::optional<LoadSpan> &pending() const { return m_pending; }
    // A group whose line is drawn strong and the others weak.
    void setEmphasis(std::optional<std::uint32_t> group) { m_emphasis = group; }
    const std::optional<std::uint32_t> &emphasis() const { return m_emphasis; }
    // Items with titles in the list, for SVG. Off: the list is for a screen.
    void setAnnotated(bool on) { m_annotated = on; }
    bool isAnnotated() const { return m_annotated; }

protected:
    // The ranges and the pending one in one plot, as a tint with edges.
    void paintRanges(const Viewport &viewport, const RectF &plot, PlotCanvas &canvas) const;

private:
    std::optional<PointF> m_hover;
    std::vector<LoadSpan> m_ranges;
    std::optional<LoadSpan> m_pending;
    std::optional<std::uint32_t> m_emphasis;
    bool m_annotated = false;
};

} // namespace flamewright
