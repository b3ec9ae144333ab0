#pragma once

#include "analysis/trace_tracks.h"
#include "capture/base/format_value.h"
#include "views/scene/flame_tooltip.h"
#include "views/scene/time_window.h"
#include "views/scene/track_rows.h"
#include "views/scene/view_model.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

// Where the parts of the timeline are.
struct TracksLayout {
    RectF corner;   // left of the ruler and the overview
    RectF overview; // all of the time
    RectF ruler;
    RectF pinned;                   // tracks that stand on top; all of the width
    RectF tracks;                   // the others; all of the width
    float names = 0;                // width of the column of names
    float plotX = 0, plotWidth = 0; // of times
};

// What is drawn at a place of a track.
struct TracksBox {
    std::uint32_t node = 0;
    std::uint32_t depth = 0;
    std::int64_t begin = 0, end = 0; // on the axis
    std::uint64_t count = 0;
    StringId name;
    SliceKind kind = SliceKind::Slice;
    std::uint8_t flags = 0;
    std::int64_t longest = 0; // length of the one that gives it its name
    bool exact() const { return count == 1; }
    friend bool operator==(const TracksBox &, const TracksBox &) = default;
};

// Samples that were taken at a place of a track.
struct TracksSamples {
    std::uint32_t node = 0;
    std::int64_t begin = 0, end = 0; // on the axis
    std::uint64_t count = 0;         // about, where not all are held
    bool exact = true;
};

struct TracksHit {
    enum class Part : std::uint8_t { Nothing, Overview, Ruler, Note, Name, Caret, Track };
    Part part = Part::Nothing;
    std::optional<std::uint32_t> node;    // Name, Caret, Track
    std::optional<TracksBox> box;         // Track
    std::optional<TracksSamples> samples; // Track, where there is no box
    std::size_t note = 0;                 // Note
};

// A note of somebody, at a time or over a range of it.
struct TrackNote {
    std::int64_t begin = 0, end = 0; // on the axis
    std::string text;
};

// Captures along time: tracks as a tree, slices by depth, counters, flows. A frame costs lanes times
// pixels, whatever the number of slices. Viewport::begin and end are not used: what is shown is a
// TimeWindow.
class TracksView final : public ViewModel {
public:
    explicit TracksView(std::shared_ptr<const TraceSet> set = {});

    const TraceSet &set() const { return *m_set; }
    const std::shared_ptr<const TraceSet> &shared() const { return m_set; }
    bool isEmpty() const { return m_set->empty(); }

    // State.
    void setWindow(const TimeWindow &window) { m_window = clamped(window); }
    const TimeWindow &window() const { return m_window; }
    TimeWindow whole() const;
    TimeWindow clamped(TimeWindow window) const;
    TimeWindow around(std::int64_t begin, std::int64_t end, double margin) const;
    void setDetail(std::uint32_t capture, std::shared_ptr<const DetailRows> rows);
    const std::shared_ptr<const DetailRows> &detail(std::uint32_t capture) const
    {
        return m_detail[capture];
    }
    void setChoices(TrackChoices choices);
    const TrackChoices &choices() const { return m_choices; }
    const TrackRows &rows() const { return m_rows; }
    void setHovered(std::optional<TracksBox> box) { m_hovered = std::move(box); }
    void setSelected(std::optional<TracksBox> box) { m_selected = std::move(box); }
    const std::optional<TracksBox> &selected() const { return m_selected; }
    // A capture elsewhere on the axis, as a look at what moving its clock would give; 0: where it
    // is. One capture at a time.
    void setShift(std::uint32_t capture, std::int64_t by);
    // Whether clocks can be moved against each other: by the lines of their captures.
    bool hasClocks() const { return m_set->axis == TraceSet::Axis::Wall; }
    // What is chosen, or being chosen; tracks: by node, empty: all.
    struct Area {
        std::int64_t begin = 0, end = 0;
        std::vector<std::uint32_t> nodes;
        friend bool operator==(const Area &, const Area &) = default;
    };
    void setArea(std::optional<Area> area) { m_area = std::move(area); }
    const std::optional<Area> &area() const { return m_area; }
    void setMatches(std::shared_ptr<const SliceMatches> matches) { m_matches = std::move(matches); }
    const std::shared_ptr<const SliceMatches> &matches() const { return m_matches; }
    void setNotes(std::vector<TrackNote> notes) { m_notes = std::move(notes); }
    const std::vector<TrackNote> &notes() const { return m_notes; }
    void setFocusedTrack(std::optional<std::uint32_t> node) { m_focused = node; }
    void setStyle(ValueStyle style) { m_style = style; }
    // Titles for SVG. Off: the list is for a screen.
    void setAnnotated(bool on) { m_annotated = on; }
    // Without overview, for documents.
    void setBare(bool on) { m_bare = on; }

    std::string_view kind() const override { return "timeline"; }
    void paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
               DisplayList &out) const override;
    std::optional<Hit> hitTest(const Viewport &viewport, PointF at) const override;

    TracksLayout layout(const Viewport &viewport) const;
    // Of all tracks that scroll; what can be scrolled to.
    double contentHeight() const { return m_rows.height(); }
    double mostScroll(const Viewport &viewport) const;
    TracksHit hit(const Viewport &viewport, PointF at) const;
    std::int64_t timeAt(const Viewport &viewport, float x) const;
    double xOf(const Viewport &viewport, std::int64_t time) const;
    std::int64_t overviewTime(const Viewport &viewport, float x) const;
    // The edge of a slice at most `pixels` beside a point, in its lane; otherwise the time there.
    std::int64_t snapped(const Viewport &viewport, PointF at, float pixels) const;
    // Tracks with something in them between two heights of the widget.
    std::vector<std::uint32_t> nodesBetween(const Viewport &viewport, float y0, float y1) const;
    // Slices of the lane beside one that is selected, and one lane up or down.
    std::optional<TracksBox> neighbour(const TracksBox &box, int step) const;
    std::optional<TracksBox> vertical(const TracksBox &box, int step) const;
    // The other end of a flow that begins (1) or ends (-1) in a box.
    std::optional<TracksBox> flowEnd(const TracksBox &box, int direction) const;
    // What is drawn of a known slice.
    std::optional<TracksBox> boxOf(const SlicePlace &place) const;
    SlicePlace placeOf(const TracksBox &box) const;

    FlameTooltip tooltip(const TracksBox &box) const;
    FlameTooltip tooltip(const TracksSamples &samples) const;
    FlameTooltip clockTip(std::uint32_t node) const;                     // of a capture's line
    FlameTooltip shiftTip(std::uint32_t capture, std::int64_t by) const; // while it is moved
    std::string nameOf(const TracksBox &box) const;                      // to be shown
    std::string timeText(std::int64_t axis, std::int64_t step) const;    // since the beginning
    std::string durationText(std::int64_t ns) const { return formatDuration(ns, m_style.time); }
    std::string summary() const; // for screen readers

private:
    struct Paint;
    const SliceLanes *slicesOf(std::uint32_t capture, double nsPerPixel) const;
    const CounterLanes *countersOf(std::uint32_t capture, double nsPerPixel) const;
    // One column for each pixel of the picture.
    TickColumns tickColumns(const TraceCapture &capture, double width) const;
    LaneWindow laneWindow(const TraceCapture &capture, double width) const;
    double nsPerPixel(double width) const { return m_window.length / std::max(width, 1.0); }
    const Lane *laneOf(const SliceLanes &lanes, TrackId track, std::uint32_t depth) const;
    TracksBox boxFrom(std::uint32_t node, const SliceLanes &lanes, std::uint32_t depth,
                      const LaneBox &box) const;
    std::optional<TracksBox> rowBox(std::uint32_t node, const SliceLanes &lanes, const Lane &lane,
                                    std::uint32_t row) const;
    // The deepest slice of a track at a time.
    std::optional<TracksBox> innermost(std::uint32_t node, std::int64_t axis) const;
    std::uint32_t summaryNode(const TrackPlace &place) const;
    struct At {
        const TrackPlace *place = nullptr;
        double y = 0; // within the track
        std::size_t index = 0;
    };
    At placeAt(const Viewport &viewport, float y) const;
    std::optional<TracksBox> boxAt(const Viewport &viewport, const At &at, float x) const;
    std::optional<TracksSamples> samplesAt(const Viewport &viewport, const At &at, float x) const;

    std::shared_ptr<const TraceSet> m_set;
    std::shared_ptr<const TraceSet> m_unshifted; // while one is shifted
    TimeWindow m_window;
    std::vector<std::shared_ptr<const DetailRows>> m_detail; // by capture
    TrackChoices m_choices;
    TrackRows m_rows;
    std::optional<TracksBox> m_hovered, m_selected;
    std::optional<Area> m_area;
    std::shared_ptr<const SliceMatches> m_matches;
    std::vector<TrackNote> m_notes;
    std::optional<std::uint32_t> m_focused;
    ValueStyle m_style;
    bool m_annotated = false, m_bare = false;
    // Hash of each name + 1, by capture and StringId; 0: not asked yet. A cache, nothing more.
    mutable std::vector<std::vector<std::uint16_t>> m_hashes;
};

// What a kind of slice is called: "span (server)", "state".
std::string_view sliceKindText(SliceKind kind);

} // namespace flamewright
