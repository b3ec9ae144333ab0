// How a HeatMapView looks.

#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"
#include "views/scene/heat_map_view.h"
#include "views/scene/time_axis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace flamewright {
namespace {

constexpr int kShades = 72; // of amounts above zero; a CellGrid has room for 255
constexpr float kTick = 4;
constexpr float kLegendWidth = 144, kLegendHeight = 10; // at most
constexpr double kLegendShare = 0.2;                    // of the plot
constexpr float kBarHeight = 3, kBarGap = 3;            // of a range, above the plot
constexpr float kOutline = 2, kHalo = 4;
constexpr double kTickEvery = 88, kOffsetTickEvery = 36; // pixels, at least
constexpr double kHaloAlpha = 0.85;
constexpr double kVeilAlpha = 0.6; // over the part of the overview that the plot does not show

constexpr std::int64_t kSecond = 1'000'000'000;

// Edges of a polygon with horizontal and vertical sides, as rectangles of whole pixels: as sharp
// at its corners as along its sides, in every painter.
void strip(const std::vector<PointF> &polygon, float width, Rgba color, DisplayList &out)
{
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const auto a = polygon[i], b = polygon[(i + 1) % polygon.size()];
        const auto x = std::min(a.x, b.x), y = std::min(a.y, b.y);
        out.fillRect({x - width / 2, y - width / 2, std::abs(a.x - b.x) + width,
                      std::abs(a.y - b.y) + width},
                     color);
    }
}

std::vector<PointF> cornersOf(RectF r)
{
    return {{r.x, r.y}, {r.right(), r.y}, {r.right(), r.bottom()}, {r.x, r.bottom()}};
}

} // namespace

struct HeatMapView::Paint {
    const HeatMapLayout where;
    SizeF size;
    Theme theme;
    const Palette &colors;
    const TextMetrics &metrics;
    DisplayList &out;
    std::vector<float> rowEdges; // of the boxes of a column, from the bottom up
    std::vector<Rgba> shades;    // of amounts, from nothing to the largest

    // Elided to `maxWidth`; returns how wide it is.
    float text(PointF at, std::string_view text, Rgba color, float maxWidth,
               FontRole font = FontRole::Caption)
    {
        float width = 0;
        const auto shown = elided(text, font, maxWidth, metrics, &width);
        if (!shown.empty())
            out.text(at, shown, color, font, width);
        return width;
    }
    float width(std::string_view text) const { return metrics.width(text, FontRole::Caption); }
    float snapped(float v) const
    {
        return static_cast<float>(std::round(static_cast<double>(v) * where.device) / where.device);
    }
};

namespace {

// 0 is nothing, 1 to kShades amounts.
std::size_t shadeOf(std::int64_t value, std::int64_t most)
{
    if (value <= 0 || most <= 0)
        return 0;
    const auto share = std::min(static_cast<double>(value) / static_cast<double>(most), 1.0);
    return 1 + static_cast<std::size_t>(share * (kShades - 1) + 0.5);
}

Rgba shadeColor(std::size_t shade, const Palette &colors)
{
    if (shade == 0)
        return colors.surface1;
    const auto at = static_cast<double>(shade - 1) / (kShades - 1) *
                    static_cast<double>(colors.heat.size() - 1);
    const auto below = std::min(static_cast<std::size_t>(at), colors.heat.size() - 2);
    return mixed(colors.heat[below], colors.heat[below + 1], at - static_cast<double>(below));
}

} // namespace

Rgba heatColor(std::int64_t value, std::int64_t most, Theme theme)
{
    return shadeColor(shadeOf(value, most), palette(theme));
}

void HeatMapView::paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
                        DisplayList &out) const
{
    Paint paint{.where = layout(viewport),
                .size = viewport.size,
                .theme = theme,
                .colors = palette(theme),
                .metrics = metrics,
                .out = out};
    if (isEmpty())
        return paintEmpty(viewport, paint);
    if (!paint.where.hasRoom()) {
        paint.text({4, 4}, "Too small for the heat map", paint.colors.text2,
                   viewport.size.width - 8);
        return;
    }
    paintCells(paint);
    paintAxes(paint);
    paintLegend(paint);
    paintNotes(paint);
    paintOverview(paint);
    out.pushClip({paint.where.plot.x - kHalo, paint.where.plot.y - kHalo,
                  paint.where.plot.width + 2 * kHalo, paint.where.plot.height + 2 * kHalo});
    paintRanges(paint);
    const auto seen = [&](const std::optional<HeatBox> &box) { return box && box->rect.width > 0; };
    if (seen(m_hovered)) {
        strip(cornersOf(m_hovered->rect), kHalo, withAlpha(paint.colors.surface1, kHaloAlpha), out);
        strip(cornersOf(m_hovered->rect), kOutline, paint.colors.text1, out);
    }
    if (seen(m_cursor)) {
        strip(cornersOf(m_cursor->rect), kHalo, paint.colors.surface1, out);
        strip(cornersOf(m_cursor->rect), kOutline, paint.colors.accent, out);
    }
    out.popClip();
    auto all = m_ranges;
    if (m_pending)
        all.push_back(*m_pending);
    paintLengths(all, paint);
}

void HeatMapView::paintCells(Paint &paint) const
{
    const auto &where = paint.where;
    // Cells are many: what all columns share is worked out once.
    for (std::uint32_t row = 0; row < where.rows; row += where.joinRows)
        paint.rowEdges.push_back(where.rowEdge(row));
    paint.rowEdges.push_back(where.rowEdge(where.rows));
    for (std::size_t shade = 0; shade <= kShades; ++shade)
        paint.shades.push_back(shadeColor(shade, paint.colors));
    // Without gaps they may be more than there is time for rectangles; documents need them, since
    // a column is an item with a title there.
    if (where.gap == 0 && !m_annotated)
        return paintGrid(paint);
    paint.out.fillRect(where.plot, paint.colors.surface1);
    for (auto c = where.firstBox(); c <= where.lastShown(); c += where.joinColumns) {
        if (m_annotated) {
            HeatBox whole{.column = c,
                          .row = 0,
                          .columns = std::min(where.joinColumns, where.columns - c),
                          .rows = where.rows};
            auto tip = tooltip(whole);
            if (where.joinColumns == 1) { // one stretch of time, not many cells
                tip.subtitle = "after the first sample";
                tip.rows.back().label = "this column";
            }
            paint.out.beginItem(ItemRole::Part, plainText(tip));
        }
        paintColumn(c, paint);
        if (m_annotated)
            paint.out.endItem();
    }
}

void HeatMapView::paintGrid(Paint &paint) const
{
    const auto &where = paint.where;
    CellGrid grid;
    grid.colors = paint.shades;
    grid.y.assign(paint.rowEdges.rbegin(), paint.rowEdges.rend());
    for (auto c = where.firstBox(); c <= where.lastShown(); c += where.joinColumns)
        grid.x.push_back(where.columnEdge(c));
    const auto columns = grid.x.size();
    const auto last = where.firstBox() + static_cast<std::uint32_t>(columns) * where.joinColumns;
    grid.x.push_back(where.columnEdge(std::min(last, where.columns)));
    grid.cells.resize(columns * grid.rows());
    std::size_t column = 0;
    for (auto c = where.firstBox(); c <= where.lastShown(); c += where.joinColumns, ++column) {
        auto cell = grid.cells.size() + column; // below the lowest row
        for (std::uint32_t row = 0; row < where.rows; row += where.joinRows) {
            const auto value = highest({.column = c,
                                        .row = row,
                                        .columns = std::min(where.joinColumns, where.columns - c),
                                        .rows = std::min(where.joinRows, where.rows - row)});
            cell -= columns;
            grid.cells[cell] = static_cast<std::uint8_t>(shadeOf(value, m_data.map->most));
        }
    }
    paint.out.cells(std::move(grid));
}

// Neighbours of one colour are one rectangle where there is no gap between them.
void HeatMapView::paintColumn(std::uint32_t column, Paint &paint) const
{
    const auto &where = paint.where;
    const auto last = std::min(column + where.joinColumns, where.columns);
    const auto left = where.columnEdge(column), right = where.columnEdge(last);
    const auto width = right - left - where.gap;
    if (width <= 0)
        return;
    RectF run;
    Rgba runColor = paint.colors.surface1;
    const auto flush = [&] {
        if (runColor != paint.colors.surface1 && run.height > 0)
            paint.out.fillRect(run, runColor);
    };
    std::size_t edge = 0;
    for (std::uint32_t row = 0; row < where.rows; row += where.joinRows, ++edge) {
        const auto value = highest({.column = column,
                                    .row = row,
                                    .columns = last - column,
                                    .rows = std::min(where.joinRows, where.rows - row)});
        const auto color = paint.shades[shadeOf(value, m_data.map->most)];
        const auto bottom = paint.rowEdges[edge], top = paint.rowEdges[edge + 1];
        if (color == runColor && where.gap == 0 && row > 0) {
            run = {run.x, top, run.width, run.bottom() - top};
            continue;
        }
        flush();
        run = {left, top + where.gap, width, bottom - top - where.gap};
        runColor = color;
    }
    flush();
}

void HeatMapView::paintAxes(Paint &paint) const
{
    const auto &plot = paint.where.plot;
    const auto pixel = 1.0f;
    paint.out.strokeRect(
        {plot.x - pixel, plot.y - pixel, plot.width + 2 * pixel, plot.height + 2 * pixel},
        paint.colors.border, pixel);
    paintTimeTicks(paint);
    paintOffsetTicks(paint);
}

void HeatMapView::paintTimeTicks(Paint &paint) const
{
    const auto &where = paint.where;
    const auto &plot = where.plot;
    const auto span = static_cast<double>(m_data.map->columnNs) * where.columns;
    const auto shown = std::max(where.end - where.begin, 1e-9) * span;
    const auto step = std::max(roundTimeStep(shown / static_cast<double>(plot.width) * kTickEvery),
                               m_data.map->columnNs < kSecond ? 1 : m_data.map->columnNs);
    const auto first =
        static_cast<std::int64_t>(std::ceil(where.begin * span / static_cast<double>(step)));
    auto free = plot.x - 40; // a label begins right of here
    for (auto i = first; static_cast<double>(i * step) <= where.end * span; ++i) {
        const auto column =
            static_cast<double>(i * step) / static_cast<double>(m_data.map->columnNs);
        const auto x = where.columnEdge(column);
        paint.out.fillRect({x, plot.bottom() + 1, 1, kTick}, paint.colors.text3);
        const auto label = axisTime(i * step, step);
        const auto width = paint.width(label);
        const auto left = std::min(x - width / 2, paint.size.width - width - 2);
        if (left < free)
            continue;
        paint.out.text({paint.snapped(left), plot.bottom() + kTick + 2}, label, paint.colors.text2,
                       FontRole::Caption, width);
        free = left + width + 12;
    }
}

void HeatMapView::paintOffsetTicks(Paint &paint) const
{
    const auto &where = paint.where;
    const auto column = m_data.map->columnNs;
    const auto step = roundTimeStep(static_cast<double>(column) /
                                    static_cast<double>(where.plot.height) * kOffsetTickEvery);
    const auto half = paint.metrics.lineHeight(FontRole::Caption) / 2;
    for (std::int64_t at = 0; at <= column; at += step) {
        const auto y =
            where.rowEdge(static_cast<double>(at) / static_cast<double>(column) * where.rows);
        paint.out.fillRect({where.plot.x - 1 - kTick, y - (at == 0 ? 0.0f : 1.0f), kTick, 1},
                           paint.colors.text3);
        const auto label = axisTime(at, step);
        const auto width = paint.width(label);
        paint.out.text({paint.snapped(where.plot.x - kTick - 5 - width), paint.snapped(y - half)},
                       label, paint.colors.text2, FontRole::Caption, width);
    }
}

// From right to left: largest amount, scale, zero, what it is.
void HeatMapView::paintLegend(Paint &paint) const
{
    const auto &plot = paint.where.plot;
    const auto &map = *m_data.map;
    constexpr float kY = 4;
    const auto most = valueText(map.most), zero = formatValue(0, m_data.unit, m_data.style);
    const auto left = plot.x - 40;
    auto x = plot.right() - paint.width(most);
    paint.text({paint.snapped(x), kY}, most, paint.colors.text2, plot.width);
    const auto scale = std::min(kLegendWidth, plot.width * static_cast<float>(kLegendShare));
    x = paint.snapped(x - 8 - scale);
    const auto bar = kY + 2;
    const auto step = scale / kShades;
    for (int i = 0; i < kShades; ++i) {
        const auto from = paint.snapped(x + static_cast<float>(i) * step);
        const auto to = paint.snapped(x + static_cast<float>(i + 1) * step);
        paint.out.fillRect({from, bar, to - from, kLegendHeight},
                           heatColor(i + 1, kShades, paint.theme));
    }
    // Nothing is no shade of the scale but the surface.
    constexpr float kZero = 10;
    x -= kZero + 3;
    paint.out.fillRect({x, bar, kZero, kLegendHeight}, paint.colors.surface1);
    paint.out.strokeRect({x, bar, kZero, kLegendHeight}, paint.colors.border);
    x -= 6 + paint.width(zero);
    paint.text({paint.snapped(x), kY}, zero, paint.colors.text2, plot.width);

    const auto cell = axisTime(map.rowNs(), map.rowNs());
    auto caption =
        m_data.measure.empty() ? std::string("samples") : CaptureText(m_data.measure).toDisplay();
    caption += " in " + cell;
    const auto axis = "\u2191 within " + axisTime(map.columnNs, map.columnNs);
    const auto used = paint.text({left, kY}, axis, paint.colors.text2, x - 16 - left);
    const auto room = x - 16 - (left + used + 16);
    const auto width = std::min(paint.width(caption), room);
    if (room > 40)
        paint.text({paint.snapped(x - 12 - width), kY}, caption, paint.colors.text2, width + 1);
}

void HeatMapView::paintNotes(Paint &paint) const
{
    const auto &plot = paint.where.plot;
    const auto &map = *m_data.map;
    const auto &overview = paint.where.overview;
    const auto y = overview.height > 0 ? overview.bottom() + 8 : plot.bottom() + 24;
    std::string note;
    if (map.untimed > 0)
        note = formatCount(map.untimed) + (map.untimed == 1 ? " sample has" : " samples have") +
               " no time and " + (map.untimed == 1 ? "is" : "are") + " not shown";
    const auto joined = paint.where.joinColumns * paint.where.joinRows;
    if (joined > 1) {
        note += note.empty() ? "" : " \u00b7 ";
        note += formatCount(joined) + " cells share a pixel: the highest is shown";
    }
    // What is hidden matters more than what the axis is.
    const auto noteWidth = note.empty() ? 0 : paint.width(note) + 16;
    std::string axis = "time since the first sample \u2192";
    if (paint.width(axis) + noteWidth > plot.width)
        axis = "time \u2192";
    auto axisWidth = paint.width(axis);
    if (axisWidth + noteWidth > plot.width)
        axisWidth = 0;
    else
        paint.out.text({paint.snapped(plot.right() - axisWidth), y}, axis, paint.colors.text2,
                       FontRole::Caption, axisWidth);
    if (!note.empty())
        paint.text({plot.x, y}, note, map.untimed > 0 ? paint.colors.warn : paint.colors.text2,
                   plot.width - axisWidth);
}

// All of the time as one row, each pixel as its highest cell, and what the plot shows of it.
void HeatMapView::paintOverview(Paint &paint) const
{
    const auto &all = paint.where.overview;
    if (all.height <= 0)
        return;
    const auto &map = *m_data.map;
    paint.out.fillRect(all, paint.colors.surface1);
    const auto edge = [&](double share) {
        return paint.snapped(all.x + static_cast<float>(share) * all.width);
    };
    const auto join =
        std::max(map.columns / std::max(static_cast<std::uint32_t>(all.width), 1u), 1u);
    for (std::uint32_t c = 0; c < map.columns; c += join) {
        const auto last = std::min(c + join, map.columns);
        const auto most = *std::max_element(m_columnMost.begin() + c, m_columnMost.begin() + last);
        const auto left = edge(static_cast<double>(c) / map.columns);
        const auto right = edge(static_cast<double>(last) / map.columns);
        if (most > 0)
            paint.out.fillRect({left, all.y, right - left, all.height},
                               heatColor(most, map.most, paint.theme));
    }
    for (const auto &range : m_ranges) {
        if (const auto cells = cellsOf(range)) {
            const auto whole = static_cast<double>(map.columns) * map.rows;
            const auto left = edge(static_cast<double>(cells->first) / whole);
            const auto right = edge(static_cast<double>(cells->second + 1) / whole);
            paint.out.fillRect({left, all.bottom() + 1, std::max(right - left, 2.0f), 2},
                               paint.colors.accent);
        }
    }
    const auto left = edge(paint.where.begin);
    const auto right = std::max(edge(paint.where.end), left + kHalo);
    const auto veil = withAlpha(paint.colors.surface0, kVeilAlpha);
    paint.out.fillRect({all.x, all.y, left - all.x, all.height}, veil);
    paint.out.fillRect({right, all.y, std::max(all.right() - right, 0.0f), all.height}, veil);
    strip(cornersOf({left, all.y, right - left, all.height}), kOutline, paint.colors.text1,
          paint.out);
}

void HeatMapView::paintRanges(Paint &paint) const
{
    const auto halo = withAlpha(paint.colors.surface1, kHaloAlpha);
    for (const auto &range : m_ranges) {
        for (const auto &polygon : outlineOf(range, paint.where)) {
            strip(polygon, kHalo, halo, paint.out);
            strip(polygon, kOutline, paint.colors.accent, paint.out);
        }
    }
    if (!m_pending)
        return;
    for (const auto &polygon : outlineOf(*m_pending, paint.where)) {
        strip(polygon, kHalo, halo, paint.out);
        strip(polygon, kOutline, paint.colors.text1, paint.out);
    }
}

// A bar above the columns of each range, and its length. Labels that would meet move to the right;
// those for which there is no room are counted.
void HeatMapView::paintLengths(const std::vector<TimeRange> &ranges, Paint &paint) const
{
    const auto &plot = paint.where.plot;
    const auto labelY =
        plot.y - kBarHeight - kBarGap - paint.metrics.lineHeight(FontRole::Caption) - 1;
    auto sorted = ranges;
    std::sort(sorted.begin(), sorted.end(),
              [](const TimeRange &a, const TimeRange &b) { return a.begin < b.begin; });
    const auto outside = std::erase_if(sorted, [&](const TimeRange &r) { return !cellsOf(r); });
    auto end = plot.right();
    if (outside > 0) {
        const auto text = formatCount(static_cast<std::int64_t>(outside)) + " outside";
        end -= paint.width(text);
        paint.text({paint.snapped(end), paint.snapped(labelY)}, text, paint.colors.text2,
                   plot.width);
        end -= 8;
    }
    auto free = plot.x;
    std::int64_t noRoom = 0;
    const auto rows = std::uint64_t{m_data.map->rows};
    for (const auto &range : sorted) {
        const auto cells = *cellsOf(range);
        const auto x0 = paint.where.columnEdge(static_cast<double>(cells.first / rows));
        const auto x1 = paint.where.columnEdge(static_cast<double>(cells.second / rows + 1));
        if (x1 <= plot.x || x0 >= plot.right()) // beside what is shown: it is in the overview
            continue;
        const bool drawn = m_pending && range == *m_pending;
        paint.out.fillRect({x0, plot.y - kBarHeight - kBarGap, std::max(x1 - x0, 2.0f), kBarHeight},
                           drawn ? paint.colors.text1 : paint.colors.accent);
        const auto label = lengthText(range);
        const auto width = paint.width(label);
        const auto x = std::max(std::min(x0, end - width), free);
        if (x + width > end + 1) {
            ++noRoom;
            continue;
        }
        paint.out.text({paint.snapped(x), paint.snapped(labelY)}, label, paint.colors.text1,
                       FontRole::Caption, width);
        free = x + width + 8;
    }
    if (noRoom > 0)
        paint.text({2, paint.snapped(labelY)}, "+" + formatCount(noRoom), paint.colors.text2,
                   plot.x - 4);
}

void HeatMapView::paintEmpty(const Viewport &viewport, Paint &paint) const
{
    const auto *map = m_data.map.get();
    if (!map)
        return; // not there yet: whoever waits says so
    const bool untimed = map->untimed > 0 || map->columns == 0;
    const std::string title = untimed ? "This capture has no times" : "No samples in this scope";
    const std::vector<std::string> hints =
        untimed ? std::vector<std::string>{"It is an aggregate, such as a pprof profile without "
                                           "timestamps.",
                                           "The flame graph shows all of it; record with perf to "
                                           "see when samples were taken."}
                : std::vector<std::string>{"Choose more threads or another measure, or remove a "
                                           "transform."};
    const auto room = viewport.size.width - 2 * 16;
    const auto line = paint.metrics.lineHeight(FontRole::Body) + 4;
    const auto height = line * static_cast<float>(hints.size() + 1);
    auto y = paint.snapped(std::max((viewport.size.height - height) / 2, 4.0f));
    const auto centred = [&](std::string_view text, FontRole font, Rgba color) {
        const auto width = std::min(paint.metrics.width(text, font), room);
        paint.text({paint.snapped((viewport.size.width - width) / 2), y}, text, color, width + 1,
                   font);
        y += line;
    };
    centred(title, FontRole::Strong, paint.colors.text1);
    for (const auto &hint : hints)
        centred(hint, FontRole::Body, paint.colors.text2);
}

} // namespace flamewright
