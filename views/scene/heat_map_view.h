#pragma once

#include "analysis/heat_map.h"
#include "views/scene/flame_tooltip.h"
#include "views/scene/view_model.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace flamewright {

// A heat map and what its numbers are.
struct HeatMapData {
    std::shared_ptr<const HeatMap> map;
    Unit unit = Unit::Count;
    std::string measure;
    ValueStyle style; // how they are written
};

// One box on screen: a cell, or neighbours that are joined since each is less than a pixel.
struct HeatBox {
    std::uint32_t column = 0, row = 0; // the first one
    std::uint32_t columns = 1, rows = 1;
    RectF rect; // with the gap to the next box
    bool joined() const { return columns > 1 || rows > 1; }
};

// Where the parts of a heat map are, on whole device pixels.
struct HeatMapLayout {
    RectF plot;
    RectF overview; // all of the time, below the plot; no height where the plot shows it all
    double begin = 0, end = 1; // shown part of the columns
    double device = 1;         // device pixels per pixel
    std::uint32_t columns = 0, rows = 0;
    std::uint32_t joinColumns = 1, joinRows = 1; // cells to a box
    float gap = 0;                               // between boxes

    bool hasRoom() const;
    float columnEdge(double column) const;  // left edge; of one that is not shown, that of the plot
    float columnPlace(double column) const; // the same, outside of the plot where it is not shown
    // First and last column that are at least partly shown.
    std::uint32_t firstShown() const;
    std::uint32_t lastShown() const;
    // First column of the first box that is at least partly shown.
    std::uint32_t firstBox() const { return firstShown() / joinColumns * joinColumns; }
    // Where in all of the time a point of the plot, or of the overview, is: 0 to 1.
    double shareAt(float x) const;
    double overviewShareAt(float x) const;
    float rowEdge(double row) const; // lower edge: row 0 is at the bottom
    // The box a cell is in.
    HeatBox boxOf(std::uint32_t column, std::uint32_t row) const;
};

// Samples by time as a subsecond-offset heat map: columns from left to right, within a column time
// runs from the bottom up, colour is the amount. Viewport::begin and end are shares of the columns;
// a viewport of less than all has an overview of all below the plot.
// Cost per frame: the cells shown. On a screen they are one command where there are no gaps, else
// and in documents a rectangle for neighbours of one colour.
class HeatMapView final : public ViewModel {
public:
    explicit HeatMapView(HeatMapData data = {});

    const HeatMap *map() const { return m_data.map.get(); }
    bool isEmpty() const; // nothing to draw: no map, no times or no samples

    // Brushes, drawn as outlines. Any times; what is outside of the map is not seen.
    void setRanges(std::vector<TimeRange> ranges) { m_ranges = std::move(ranges); }
    const std::vector<TimeRange> &ranges() const { return m_ranges; }
    // A range that is being drawn and not chosen yet.
    void setPending(std::optional<TimeRange> range) { m_pending = range; }
    const std::optional<TimeRange> &pending() const { return m_pending; }
    void setHovered(std::optional<HeatBox> box) { m_hovered = box; }
    void setCursor(std::optional<HeatBox> box) { m_cursor = box; } // of the keyboard
    // Items with titles in the list, for SVG. Off: the list is for a screen.
    void setAnnotated(bool on) { m_annotated = on; }

    std::string_view kind() const override { return "heatmap"; }
    void paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
               DisplayList &out) const override;
    std::optional<Hit> hitTest(const Viewport &viewport, PointF at) const override;

    HeatMapLayout layout(const Viewport &viewport) const;
    std::optional<HeatBox> boxAt(const Viewport &viewport, PointF at) const;
    // The one at or next to a point that may be outside: for a drag that leaves the plot.
    std::optional<HeatBox> nearestBox(const Viewport &viewport, PointF at) const;
    // Shown at least: a column is not made wider than kWidestColumn pixels by zooming.
    double leastSpan(const Viewport &viewport) const;
    // From the beginning of the earlier box to the end of the later one.
    TimeRange rangeOf(const HeatBox &from, const HeatBox &to) const;
    // The cells of a time range as polygons, in order of time: whole columns between the first
    // and the last. Two where they do not touch, none when it is outside of the map.
    std::vector<std::vector<PointF>> outlineOf(const TimeRange &range,
                                               const HeatMapLayout &layout) const;

    FlameTooltip tooltip(const HeatBox &box) const;
    std::string lengthText(const TimeRange &range) const; // "2.4 s"
    std::string summary() const;                          // for screen readers
    // "2 s to 4 s of 10 s": what a viewport shows of the time.
    std::string shownText(const Viewport &viewport) const;
    std::string valueText(std::int64_t value) const;

private:
    struct Paint;
    // First and last cell of a range, counted in order of time.
    std::optional<std::pair<std::uint64_t, std::uint64_t>> cellsOf(const TimeRange &range) const;
    std::int64_t highest(const HeatBox &box) const;
    void paintCells(Paint &paint) const;
    void paintGrid(Paint &paint) const;
    void paintColumn(std::uint32_t column, Paint &paint) const;
    void paintAxes(Paint &paint) const;
    void paintTimeTicks(Paint &paint) const;
    void paintOffsetTicks(Paint &paint) const;
    void paintLegend(Paint &paint) const;
    void paintNotes(Paint &paint) const;
    void paintOverview(Paint &paint) const;
    void paintRanges(Paint &paint) const;
    void paintLengths(const std::vector<TimeRange> &ranges, Paint &paint) const;
    void paintEmpty(const Viewport &viewport, Paint &paint) const;

    HeatMapData m_data;
    std::vector<std::int64_t> m_columnMost; // highest cell, by column
    std::vector<TimeRange> m_ranges;
    std::optional<TimeRange> m_pending;
    std::optional<HeatBox> m_hovered, m_cursor;
    bool m_annotated = false;
};

// The colour of an amount where `most` is the largest; the surface for nothing.
Rgba heatColor(std::int64_t value, std::int64_t most, Theme theme);

// A time on an axis with steps of `step`, short and exact: "40 s", "5 min", "1 h 30 min 2.5 s".
std::string axisTime(std::int64_t nanoseconds, std::int64_t step);

// Sorted, and joined where they overlap or touch: no sample is in two of them.
std::vector<TimeRange> withoutOverlaps(std::vector<TimeRange> ranges);

} // namespace flamewright
