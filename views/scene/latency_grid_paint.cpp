// How a LatencyGridView looks.

#include "views/scene/heat_map_view.h" // heatColor, axisTime
#include "views/scene/latency_grid_view.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace flamewright {
namespace {

constexpr int kShades = 64;
constexpr float kStripHeight = 7, kStripGap = 3; // of failures, above the plot
constexpr float kDot = 3; // a square: small round ones differ between painters
constexpr float kLegendWidth = 128;

// Amounts over several powers of ten are told apart by their logarithm. 0 is nothing.
int shadeOf(std::uint32_t count, std::uint32_t most)
{
    if (count == 0)
        return 0;
    const auto share =
        most > 1 ? std::log(static_cast<double>(count)) / std::log(static_cast<double>(most)) : 1.0;
    return 1 + static_cast<int>(share * (kShades - 1) + 0.5);
}

} // namespace

void LatencyGridView::paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
                            DisplayList &out) const
{
    PlotCanvas canvas(theme, metrics, viewport.scale, out);
    if (isEmpty())
        return paintEmpty(viewport, canvas);
    const auto where = frame(viewport);
    if (!where.hasRoom()) {
        canvas.text({4, 4}, "Too small for the heat map", canvas.colors().text2,
                    viewport.size.width - 8);
        return;
    }
    canvas.axes(where);
    if (showsSingles())
        paintSingles(where, canvas);
    else
        paintCells(where, canvas);
    paintFailures(where, canvas);
    for (const auto &limit : m_data.limits)
        canvas.limit(where, static_cast<double>(limit.limitNs), limitText(limit, m_data.style),
                     canvas.colors().text1);
    paintRanges(viewport, where.plot, canvas);
    paintLegend(where, canvas);
    paintHover(viewport, where, canvas);
}

void LatencyGridView::paintCells(const PlotFrame &frame, PlotCanvas &canvas) const
{
    const auto &grid = *m_data.grid;
    const auto &plot = frame.plot;
    CellGrid cells;
    for (int shade = 0; shade <= kShades; ++shade)
        cells.colors.push_back(shade == 0 ? canvas.colors().surface1
                                          : heatColor(shade, kShades, canvas.theme()));
    // Only the columns that are seen.
    const auto column = [&](double ns) {
        const auto at =
            (ns - static_cast<double>(grid.beginNs)) / static_cast<double>(grid.columnNs);
        return std::clamp(at, 0.0, static_cast<double>(grid.columns));
    };
    const auto first = static_cast<std::size_t>(std::floor(column(frame.x.from)));
    const auto last = static_cast<std::size_t>(std::ceil(column(frame.x.to)));
    if (first >= last)
        return;
    for (auto c = first; c <= last; ++c)
        cells.x.push_back(
            std::clamp(canvas.snapped(frame.xOf(static_cast<double>(grid.columnBegin(c)))), plot.x,
                       plot.right()));
    for (auto r = grid.edges.size(); r-- > 0;)
        cells.y.push_back(
            std::clamp(canvas.snapped(frame.yOf(grid.edges[r])), plot.y, plot.bottom()));
    const auto columns = cells.columns();
    cells.cells.resize(columns * grid.rows());
    for (std::size_t row = 0; row < grid.rows(); ++row) {
        auto *const line = cells.cells.data() + (grid.rows() - 1 - row) * columns;
        for (std::size_t c = 0; c < columns; ++c)
            line[c] = static_cast<std::uint8_t>(shadeOf(grid.at(first + c, row), grid.most));
    }
    canvas.list().cells(std::move(cells));
    // Gridlines are hidden by the ground of the cells; the frame is not.
    canvas.list().fillRect({plot.x, plot.bottom() - 1, plot.width, 1}, canvas.colors().border);
}

void LatencyGridView::paintSingles(const PlotFrame &frame, PlotCanvas &canvas) const
{
    const auto &plot = frame.plot;
    const auto color = lineColor(0, canvas.theme());
    canvas.list().pushClip(plot);
    for (const auto &single : m_data.grid->singles) {
        const auto p =
            frame.at(static_cast<double>(single.beginNs), static_cast<double>(single.latencyNs));
        if (p.x < plot.x - 4 || p.x > plot.right() + 4)
            continue;
        // Failures may be quicker or slower than the axis, which is that of successes.
        const auto y = std::clamp(p.y, plot.y + 3, plot.bottom() - 3);
        if (single.failed) {
            canvas.cross({p.x, y}, canvas.colors().error);
        } else {
            canvas.list().fillRect(
                {canvas.snapped(p.x - kDot / 2), canvas.snapped(y - kDot / 2), kDot, kDot}, color);
        }
    }
    canvas.list().popClip();
}

// One line above the plot: when requests failed, and how many.
void LatencyGridView::paintFailures(const PlotFrame &frame, PlotCanvas &canvas) const
{
    const auto &grid = *m_data.grid;
    if (grid.failedInShown == 0 || showsSingles())
        return;
    const auto &plot = frame.plot;
    const auto most = *std::max_element(grid.failed.begin(), grid.failed.end());
    const auto y = plot.y - kStripHeight - kStripGap;
    canvas.list().fillRect({plot.x, y, plot.width, kStripHeight}, canvas.colors().surface1);
    for (std::size_t c = 0; c < grid.columns; ++c) {
        if (grid.failed[c] == 0)
            continue;
        const auto edge = [&](std::size_t column) {
            return std::clamp(
                canvas.snapped(frame.xOf(static_cast<double>(grid.columnBegin(column)))), plot.x,
                plot.right());
        };
        const auto left = edge(c), right = edge(c + 1);
        const auto share = 0.3 + 0.7 * grid.failed[c] / most;
        if (right > left)
            canvas.list().fillRect({left, y, right - left, kStripHeight},
                                   mixed(canvas.colors().surface1, canvas.colors().error, share));
    }
    canvas.textRight({plot.x - 8, y + kStripHeight / 2 - canvas.lineHeight() / 2}, "failed",
                     canvas.colors().error, plot.x - 10);
}

void LatencyGridView::paintLegend(const PlotFrame &frame, PlotCanvas &canvas) const
{
    const auto &grid = *m_data.grid;
    const auto &plot = frame.plot;
    constexpr float kY = 8;
    auto title = std::string("latency") + (grid.log ? ", logarithmic" : "");
    if (grid.failedInAll > 0 && !showsSingles())
        title += grid.failuresIncluded ? " \u00b7 failures included" : " \u00b7 successes";
    const auto wide =
        canvas.text({plot.x, kY}, title, canvas.colors().text2, plot.width / 2, FontRole::Label);
    const auto room = plot.width - wide - 24;
    if (showsSingles()) {
        std::vector<SeriesKey> keys{{"a success", lineColor(0, canvas.theme()), SeriesMark::Dot}};
        if (grid.failedInShown > 0)
            keys.push_back({"a failure", canvas.colors().error, SeriesMark::Cross});
        canvas.legendRight(keys, {plot.right(), kY}, room);
        return;
    }
    const auto most = formatCount(grid.most);
    const auto end = canvas.width(most, FontRole::Label);
    auto x = plot.right() - end;
    if (end + kLegendWidth + 160 > room)
        return;
    canvas.text({x, kY}, most, canvas.colors().text1, end + 1, FontRole::Label);
    x = canvas.snapped(x - 8 - kLegendWidth);
    const auto step = kLegendWidth / kShades;
    for (int i = 0; i < kShades; ++i) {
        const auto from = canvas.snapped(x + static_cast<float>(i) * step);
        const auto to = canvas.snapped(x + static_cast<float>(i + 1) * step);
        canvas.list().fillRect({from, kY + 3, to - from, 10},
                               heatColor(i + 1, kShades, canvas.theme()));
    }
    canvas.textRight({x - 8, kY}, "requests in a cell, logarithmic: 1", canvas.colors().text2,
                     room - kLegendWidth - end - 16, FontRole::Label);
}

void LatencyGridView::paintHover(const Viewport &viewport, const PlotFrame &frame,
                                 PlotCanvas &canvas) const
{
    if (!hover())
        return;
    const auto found = readout(viewport, *hover());
    if (!found)
        return;
    canvas.crosshair(frame.plot, found->at.x, found->at.y);
    if (showsSingles())
        return canvas.dot(found->at, canvas.colors().accent);
    if (const auto cell = cellAt(frame, *hover())) {
        const auto rect = canvas.snapped(rectOf(frame, *cell));
        canvas.list().strokeRect({rect.x - 2, rect.y - 2, rect.width + 4, rect.height + 4},
                                 canvas.colors().text1, 2, 2);
    }
}

void LatencyGridView::paintEmpty(const Viewport &viewport, PlotCanvas &canvas) const
{
    if (m_data.aggregatesOnly) {
        const std::string hints[] = {
            "This file holds figures that a tool computed, no requests.",
            "A heat map is drawn from raw results: JTL, k6 JSON, Gatling's log, vegeta, hey CSV."};
        return canvas.emptyState(viewport.size, "No requests for a heat map", hints);
    }
    if (m_data.grid && m_data.grid->untimed > 0) {
        const std::string hints[] = {"The tool did not write when requests were sent.",
                                     "Percentiles and the histogram need no times."};
        return canvas.emptyState(viewport.size, "These requests have no times", hints);
    }
    const std::string hints[] = {"Widen the scope: another time, endpoint or status."};
    canvas.emptyState(viewport.size, "No requests in this scope", hints);
}

} // namespace flamewright
