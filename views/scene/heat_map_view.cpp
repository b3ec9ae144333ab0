#include "views/scene/heat_map_view.h"

#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

// Left: labels of the offsets. Top: legend, then the lengths of the ranges. Bottom: labels of the
// times, then notes.
constexpr float kLeft = 56, kTop = 46, kRight = 16, kBottom = 42;
constexpr float kOverviewTop = 24, kOverviewHeight = 10, kOverviewRoom = 18; // below the plot
constexpr double kWidestColumn = 120;                                        // pixels, by zooming
constexpr double kWhole = 1 - 1e-9;
constexpr float kLeastPlot = 24;
constexpr float kBeside = 16;        // pixels beside the plot, where nothing is seen
constexpr double kLeastGapPitch = 5; // pixels: narrower boxes have no room for a gap

constexpr std::int64_t kSecond = 1'000'000'000, kMinute = 60 * kSecond, kHour = 60 * kMinute,
                       kDay = 24 * kHour;

std::int64_t ns(Timestamp t)
{
    return t.time_since_epoch().count();
}

// How many cells make a box of at least a device pixel.
std::uint32_t joinedCells(double devicePitch)
{
    if (devicePitch >= 1)
        return 1;
    return static_cast<std::uint32_t>(std::ceil(1 / std::max(devicePitch, 1e-6)));
}

} // namespace

bool HeatMapLayout::hasRoom() const
{
    return columns > 0 && rows > 0 && plot.width >= kLeastPlot && plot.height >= kLeastPlot;
}

float HeatMapLayout::columnPlace(double column) const
{
    const auto share = (column / columns - begin) / std::max(end - begin, 1e-9);
    const auto x = static_cast<double>(plot.x) + share * static_cast<double>(plot.width);
    return static_cast<float>(std::round(x * device) / device);
}

float HeatMapLayout::columnEdge(double column) const
{
    return std::clamp(columnPlace(column), plot.x, plot.right());
}

std::uint32_t HeatMapLayout::firstShown() const
{
    const auto first = std::floor(begin * columns + 1e-6);
    return static_cast<std::uint32_t>(std::clamp(first, 0.0, columns - 1.0));
}

std::uint32_t HeatMapLayout::lastShown() const
{
    const auto last = std::ceil(end * columns - 1e-6) - 1;
    return static_cast<std::uint32_t>(std::clamp(last, 0.0, columns - 1.0));
}

double HeatMapLayout::shareAt(float x) const
{
    const auto inside =
        std::clamp(static_cast<double>(x - plot.x), 0.0, static_cast<double>(plot.width));
    return begin + inside / std::max(static_cast<double>(plot.width), 1.0) * (end - begin);
}

double HeatMapLayout::overviewShareAt(float x) const
{
    return std::clamp(static_cast<double>(x - overview.x) /
                          std::max(static_cast<double>(overview.width), 1.0),
                      0.0, 1.0);
}

float HeatMapLayout::rowEdge(double row) const
{
    const auto y =
        static_cast<double>(plot.bottom()) - row / rows * static_cast<double>(plot.height);
    return static_cast<float>(std::round(y * device) / device);
}

HeatBox HeatMapLayout::boxOf(std::uint32_t column, std::uint32_t row) const
{
    HeatBox out;
    out.column = column / joinColumns * joinColumns;
    out.row = row / joinRows * joinRows;
    out.columns = std::min(joinColumns, columns - out.column);
    out.rows = std::min(joinRows, rows - out.row);
    const auto left = columnEdge(out.column), right = columnEdge(out.column + out.columns);
    const auto bottom = rowEdge(out.row), top = rowEdge(out.row + out.rows);
    out.rect = {left, top, right - left, bottom - top};
    return out;
}

HeatMapView::HeatMapView(HeatMapData data) : m_data(std::move(data))
{
    const auto *map = m_data.map.get();
    if (!map)
        return;
    m_columnMost.assign(map->columns, 0);
    for (std::uint32_t c = 0; c < map->columns; ++c) {
        for (std::uint32_t r = 0; r < map->rows; ++r)
            m_columnMost[c] = std::max(m_columnMost[c], map->at(c, r));
    }
}

bool HeatMapView::isEmpty() const
{
    const auto *map = m_data.map.get();
    if (!map || map->columns == 0)
        return true;
    return std::all_of(map->samples.begin(), map->samples.end(), [](auto n) { return n == 0; });
}

HeatMapLayout HeatMapView::layout(const Viewport &viewport) const
{
    HeatMapLayout out;
    out.device = static_cast<double>(viewport.scale);
    out.begin = viewport.begin;
    out.end = viewport.end;
    if (const auto *map = m_data.map.get()) {
        out.columns = map->columns;
        out.rows = map->rows;
    }
    const auto snapped = [&](float v) {
        return static_cast<float>(std::round(static_cast<double>(v) * out.device) / out.device);
    };
    out.plot = {snapped(kLeft), snapped(kTop), 0, 0};
    out.plot.width = std::max(snapped(viewport.size.width - kRight) - out.plot.x, 0.0f);
    const bool zoomed = out.end - out.begin < kWhole;
    const auto below = zoomed ? kBottom + kOverviewRoom : kBottom;
    out.plot.height = std::max(snapped(viewport.size.height - below) - out.plot.y, 0.0f);
    if (!out.hasRoom())
        return out;
    if (zoomed)
        out.overview = {out.plot.x, snapped(out.plot.bottom() + kOverviewTop), out.plot.width,
                        snapped(kOverviewHeight)};
    const auto shown = std::max(out.end - out.begin, 1e-9) * out.columns;
    const auto pitchX = static_cast<double>(out.plot.width) / shown;
    const auto pitchY = static_cast<double>(out.plot.height) / out.rows;
    out.joinColumns = joinedCells(pitchX * out.device);
    out.joinRows = joinedCells(pitchY * out.device);
    if (std::min(pitchX, pitchY) >= kLeastGapPitch)
        out.gap = 1;
    return out;
}

std::optional<HeatBox> HeatMapView::boxAt(const Viewport &viewport, PointF at) const
{
    const auto where = layout(viewport);
    if (!where.plot.contains(at))
        return std::nullopt;
    return nearestBox(viewport, at);
}

std::optional<HeatBox> HeatMapView::nearestBox(const Viewport &viewport, PointF at) const
{
    const auto where = layout(viewport);
    if (isEmpty() || !where.hasRoom())
        return std::nullopt;
    const auto x = std::clamp(at.x, where.plot.x, where.plot.right());
    const auto y = std::clamp(at.y, where.plot.y, where.plot.bottom());
    const auto column =
        std::clamp(std::floor(where.shareAt(x) * where.columns),
                   static_cast<double>(where.firstShown()), static_cast<double>(where.lastShown()));
    const auto row =
        static_cast<double>((where.plot.bottom() - y) / where.plot.height) * where.rows;
    const auto index = [](double value, std::uint32_t count) {
        return static_cast<std::uint32_t>(std::clamp(std::floor(value), 0.0, count - 1.0));
    };
    auto box = where.boxOf(static_cast<std::uint32_t>(column), index(row, where.rows));
    // Edges are on whole pixels: a point beside one may belong to the neighbour, if that is seen.
    if (x < box.rect.x && box.column > where.firstShown())
        box = where.boxOf(box.column - 1, box.row);
    else if (x >= box.rect.right() && box.column + box.columns <= where.lastShown())
        box = where.boxOf(box.column + box.columns, box.row);
    if (box.rect.width <= 0 && box.column > where.firstShown()) // less than a pixel of it is seen
        box = where.boxOf(box.column - 1, box.row);
    if (y < box.rect.y && box.row + box.rows < where.rows)
        box = where.boxOf(box.column, box.row + box.rows);
    else if (y >= box.rect.bottom() && box.row > 0)
        box = where.boxOf(box.column, box.row - 1);
    return box;
}

std::optional<Hit> HeatMapView::hitTest(const Viewport &viewport, PointF at) const
{
    const auto box = boxAt(viewport, at);
    if (!box)
        return std::nullopt;
    const auto tip = tooltip(*box);
    return Hit{std::uint64_t{box->column} * m_data.map->rows + box->row, tip.title, plainText(tip)};
}

double HeatMapView::leastSpan(const Viewport &viewport) const
{
    const auto where = layout(viewport);
    if (isEmpty() || where.columns == 0)
        return 1;
    const auto columns = std::max(static_cast<double>(where.plot.width) / kWidestColumn, 4.0);
    return std::min(columns / where.columns, 1.0);
}

TimeRange HeatMapView::rangeOf(const HeatBox &from, const HeatBox &to) const
{
    const auto &map = *m_data.map;
    const auto of = [&](const HeatBox &box) {
        return map.rangeOf(box.column, box.row, box.column + box.columns - 1,
                           box.row + box.rows - 1);
    };
    const auto a = of(from), b = of(to);
    return {std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

std::optional<std::pair<std::uint64_t, std::uint64_t>>
HeatMapView::cellsOf(const TimeRange &range) const
{
    const auto &map = *m_data.map;
    const auto first = map.beginNs, last = map.beginNs + map.columnNs * map.columns;
    const auto begin = std::clamp(ns(range.begin), first, last) - first;
    const auto end = std::clamp(ns(range.end), first, last) - first;
    if (begin >= end)
        return std::nullopt;
    const auto row = map.rowNs();
    return std::pair(static_cast<std::uint64_t>(begin / row),
                     static_cast<std::uint64_t>((end - 1) / row));
}

std::vector<std::vector<PointF>> HeatMapView::outlineOf(const TimeRange &range,
                                                        const HeatMapLayout &layout) const
{
    const auto cells = isEmpty() || !layout.hasRoom() ? std::nullopt : cellsOf(range);
    if (!cells)
        return {};
    const std::uint64_t rows = layout.rows;
    // What goes on beside the plot has no side there: the painter cuts it off.
    const auto left0 = layout.plot.x - kBeside, right0 = layout.plot.right() + kBeside;
    const auto column = [&](std::uint64_t c) {
        return std::clamp(layout.columnPlace(static_cast<double>(c)), left0, right0);
    };
    if (column(cells->second / layout.rows + 1) <= layout.plot.x ||
        column(cells->first / layout.rows) >= layout.plot.right())
        return {};
    const auto row = [&](std::uint64_t r) { return layout.rowEdge(static_cast<double>(r)); };
    const auto firstColumn = cells->first / rows, lastColumn = cells->second / rows;
    const auto left = column(firstColumn), right = column(lastColumn + 1);
    const auto bottom = row(cells->first % rows), top = row(cells->second % rows + 1);
    const auto ceiling = row(rows), floor = row(0);
    const auto box = [](float x0, float y0, float x1, float y1) {
        return std::vector<PointF>{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}};
    };
    if (firstColumn == lastColumn)
        return {box(left, top, right, bottom)};
    const auto second = column(firstColumn + 1), lastLeft = column(lastColumn);
    if (firstColumn + 1 == lastColumn && cells->first % rows > cells->second % rows)
        return {box(left, ceiling, second, bottom), box(lastLeft, top, right, floor)};
    return {{{left, ceiling},
             {lastLeft, ceiling},
             {lastLeft, top},
             {right, top},
             {right, floor},
             {second, floor},
             {second, bottom},
             {left, bottom}}};
}

std::int64_t HeatMapView::highest(const HeatBox &box) const
{
    const auto &map = *m_data.map;
    std::int64_t out = 0;
    for (auto c = box.column; c < box.column + box.columns; ++c) {
        for (auto r = box.row; r < box.row + box.rows; ++r)
            out = std::max(out, map.at(c, r));
    }
    return out;
}

std::string HeatMapView::valueText(std::int64_t value) const
{
    switch (m_data.unit) {
    case Unit::Nanoseconds:
    case Unit::Bytes: return formatValue(value, m_data.unit, m_data.style);
    case Unit::Cycles: return formatCount(value) + " cycles";
    case Unit::Count:
    case Unit::Ratio: break;
    }
    return formatCount(value) + " " +
           (m_data.measure.empty() ? std::string("samples")
                                   : CaptureText(m_data.measure).toDisplay());
}

FlameTooltip HeatMapView::tooltip(const HeatBox &box) const
{
    const auto *map = m_data.map.get();
    if (!map || box.column + box.columns > map->columns || box.row + box.rows > map->rows)
        return {};
    const auto range = rangeOf(box, box);
    const auto at = [&](Timestamp t) { return axisTime(ns(t) - map->beginNs, map->rowNs()); };
    FlameTooltip out;
    out.title = at(range.begin) + " to " + at(range.end);
    out.subtitle = "after the first sample";
    std::int64_t value = 0, samples = 0;
    for (auto c = box.column; c < box.column + box.columns; ++c) {
        for (auto r = box.row; r < box.row + box.rows; ++r) {
            const auto cell = std::size_t{c} * map->rows + r;
            value = saturatingAdd(value, map->value[cell]);
            samples = saturatingAdd(samples, map->samples[cell]);
        }
    }
    if (box.joined()) {
        // Cells of one row of several columns are not one stretch of time: say what is drawn.
        out.subtitle += " \u00b7 " + formatCount(std::int64_t{box.columns} * box.rows) +
                        " cells less than a pixel each, joined";
        out.rows.push_back({.label = "highest cell", .value = valueText(highest(box))});
    }
    out.rows.push_back(
        {.label = box.joined() ? "these cells" : "this cell",
         .value = valueText(value),
         .ofAll = formatShare(static_cast<double>(value), static_cast<double>(map->total))});
    if (m_data.unit != Unit::Count || value != samples)
        out.footer = formatCount(samples) + (samples == 1 ? " sample" : " samples");
    return out;
}

std::string HeatMapView::lengthText(const TimeRange &range) const
{
    const auto &map = *m_data.map;
    // Open ends are those of the map.
    const auto begin = range.begin == TimeRange{}.begin ? map.beginNs : ns(range.begin);
    const auto end =
        range.end == TimeRange{}.end ? map.beginNs + map.columnNs * map.columns : ns(range.end);
    std::int64_t length = 0;
    if (__builtin_sub_overflow(end, begin, &length))
        length = INT64_MAX;
    return formatDuration(length, m_data.style.time);
}

std::string HeatMapView::summary() const
{
    const auto *map = m_data.map.get();
    if (isEmpty())
        return map && map->untimed > 0 ? "This capture has no times." : "Nothing to show.";
    auto out = valueText(map->total) + " in " + formatCount(map->columns) + " columns of " +
               axisTime(map->columnNs, map->columnNs) + ", at most " + valueText(map->most) +
               " in " + axisTime(map->rowNs(), map->rowNs()) + ".";
    for (const auto &range : m_ranges) {
        if (const auto cells = cellsOf(range)) {
            const auto begin = static_cast<std::int64_t>(cells->first) * map->rowNs();
            out +=
                " Selected: " + lengthText(range) + " from " + axisTime(begin, map->rowNs()) + ".";
        }
    }
    return out;
}

std::string HeatMapView::shownText(const Viewport &viewport) const
{
    const auto *map = m_data.map.get();
    if (!map || map->columns == 0)
        return {};
    const auto whole = map->columnNs * map->columns;
    const auto at = [&](double share) {
        const auto row = static_cast<double>(map->rowNs());
        const auto ns = std::round(share * static_cast<double>(whole) / row) * row;
        return axisTime(static_cast<std::int64_t>(ns), map->rowNs());
    };
    return at(viewport.begin) + " to " + at(viewport.end) + " of " + axisTime(whole, map->rowNs());
}

std::string axisTime(std::int64_t nanoseconds, std::int64_t step)
{
    const auto seconds = [&](std::int64_t value) {
        int decimals = 0;
        for (auto unit = kSecond; unit > 1 && value % unit != 0; unit /= 10)
            ++decimals;
        return formatSeconds(value, decimals);
    };
    if (step < kSecond && nanoseconds < kSecond && nanoseconds > -kSecond)
        return formatDuration(nanoseconds);
    if (nanoseconds == 0)
        return "0 s";
    // Up to ten minutes people read seconds best.
    if (step % kMinute != 0 && nanoseconds < 10 * kMinute)
        return seconds(nanoseconds);
    std::string out;
    const auto part = [&](std::int64_t unit, const char *name) {
        if (const auto whole = nanoseconds / unit; whole > 0)
            out += (out.empty() ? "" : " ") + std::to_string(whole) + name;
        nanoseconds %= unit;
    };
    part(kDay, " d");
    part(kHour, " h");
    part(kMinute, " min");
    if (nanoseconds > 0)
        out += " " + seconds(nanoseconds);
    return out;
}

std::vector<TimeRange> withoutOverlaps(std::vector<TimeRange> ranges)
{
    std::erase_if(ranges, [](const TimeRange &r) { return r.begin >= r.end; });
    std::sort(ranges.begin(), ranges.end(),
              [](const TimeRange &a, const TimeRange &b) { return a.begin < b.begin; });
    std::vector<TimeRange> out;
    for (const auto &range : ranges) {
        if (!out.empty() && range.begin <= out.back().end)
            out.back().end = std::max(out.back().end, range.end);
        else
            out.push_back(range);
    }
    return out;
}

} // namespace flamewright
