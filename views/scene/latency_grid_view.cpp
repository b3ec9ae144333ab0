#include "views/scene/latency_grid_view.h"

#include "capture/base/capture_text.h"
#include "views/scene/heat_map_view.h" // axisTime

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr float kLeft = 72, kRight = 20, kTop = 46, kBottom = 26;
constexpr float kReach = 8;           // pixels around a single request
constexpr double kLeastShownNs = 1e5; // by zooming

} // namespace

std::optional<LoadSpan> LatencyGridView::timeSpan() const
{
    return isEmpty() ? std::nullopt : std::optional(m_data.grid->whole);
}

double LatencyGridView::leastSpan(const Viewport &) const
{
    const auto span = timeSpan();
    if (!span)
        return 1;
    const auto whole = static_cast<double>(span->endNs) - static_cast<double>(span->beginNs);
    return std::min(kLeastShownNs / std::max(whole, 1.0), 1.0);
}

PlotFrame LatencyGridView::frame(const Viewport &viewport) const
{
    PlotFrame out;
    out.plot = {kLeft, kTop, std::max(std::floor(viewport.size.width - kRight) - kLeft, 0.0f),
                std::max(std::floor(viewport.size.height - kBottom) - kTop, 0.0f)};
    if (isEmpty())
        return out;
    const auto &grid = *m_data.grid;
    const auto begin = static_cast<double>(grid.whole.beginNs);
    const auto length = static_cast<double>(grid.whole.endNs) - begin;
    out.x = {.kind = AxisKind::SinceStart,
             .from = begin + viewport.begin * length,
             .to = begin + viewport.end * length};
    out.y = {.kind = AxisKind::Nanoseconds,
             .log = grid.log,
             .from = grid.edges.front(),
             .to = grid.edges.back(),
             .style = m_data.style};
    for (const auto &limit : m_data.limits) // and its label
        out.y.to = std::max(out.y.to, static_cast<double>(limit.limitNs) * 1.2);
    return out;
}

std::optional<LatencyGridView::Cell> LatencyGridView::cellAt(const PlotFrame &frame,
                                                             PointF at) const
{
    const auto &grid = *m_data.grid;
    const auto column = std::floor((frame.xAt(at.x) - static_cast<double>(grid.beginNs)) /
                                   static_cast<double>(grid.columnNs));
    if (!(column >= 0) || column >= static_cast<double>(grid.columns))
        return std::nullopt;
    const auto above = std::upper_bound(grid.edges.begin(), grid.edges.end(), frame.yAt(at.y));
    if (above == grid.edges.begin() || above == grid.edges.end())
        return std::nullopt;
    return Cell{static_cast<std::size_t>(column),
                static_cast<std::size_t>(above - grid.edges.begin() - 1)};
}

RectF LatencyGridView::rectOf(const PlotFrame &frame, Cell cell) const
{
    const auto &grid = *m_data.grid;
    const auto &plot = frame.plot;
    const auto left = std::clamp(frame.xOf(static_cast<double>(grid.columnBegin(cell.column))),
                                 plot.x, plot.right());
    const auto right = std::clamp(frame.xOf(static_cast<double>(grid.columnBegin(cell.column + 1))),
                                  plot.x, plot.right());
    const auto top = frame.yOf(grid.edges[cell.row + 1]), bottom = frame.yOf(grid.edges[cell.row]);
    return {left, top, right - left, bottom - top};
}

const LatencyGrid::Single *LatencyGridView::singleAt(const PlotFrame &frame, PointF at) const
{
    const LatencyGrid::Single *best = nullptr;
    auto distance = kReach;
    for (const auto &single : m_data.grid->singles) {
        const auto p =
            frame.at(static_cast<double>(single.beginNs), static_cast<double>(single.latencyNs));
        const auto y = std::clamp(p.y, frame.plot.y, frame.plot.bottom());
        const auto by = std::hypot(p.x - at.x, y - at.y);
        if (by < distance) {
            distance = by;
            best = &single;
        }
    }
    return best;
}

std::optional<PlotReadout> LatencyGridView::readout(const Viewport &viewport, PointF at) const
{
    const auto where = frame(viewport);
    if (isEmpty() || !where.hasRoom() || !where.plot.contains(at))
        return std::nullopt;
    const auto &grid = *m_data.grid;
    const auto latency = [&](double ns) { return axisValue(where.y, ns); };
    PlotReadout out;
    if (showsSingles()) {
        const auto *single = singleAt(where, at);
        if (!single)
            return std::nullopt;
        out.at =
            where.at(static_cast<double>(single->beginNs), static_cast<double>(single->latencyNs));
        out.at.y = std::clamp(out.at.y, where.plot.y, where.plot.bottom());
        out.span = LoadSpan{single->beginNs, saturatingAdd(single->beginNs, 1)};
        out.tip.title =
            latency(static_cast<double>(single->latencyNs)) + (single->failed ? ", failed" : "");
        out.tip.subtitle = "sent at " + formatSeconds(single->beginNs, 3);
        if (!single->group.empty())
            out.tip.rows.push_back({.label = CaptureText(single->group).toDisplay(),
                                    .value = CaptureText(single->status).toDisplay()});
        else if (!single->status.empty())
            out.tip.rows.push_back(
                {.label = "status", .value = CaptureText(single->status).toDisplay()});
        return out;
    }
    const auto cell = cellAt(where, at);
    if (!cell)
        return std::nullopt;
    const auto begin = grid.columnBegin(cell->column);
    const auto rect = rectOf(where, *cell);
    out.at = {rect.x + rect.width / 2, rect.y + rect.height / 2};
    out.span = LoadSpan{begin, begin + grid.columnNs};
    out.tip.title = latency(grid.edges[cell->row]) + " to " + latency(grid.edges[cell->row + 1]);
    out.tip.subtitle = "sent from " + axisTime(begin, grid.columnNs) + " to " +
                       axisTime(begin + grid.columnNs, grid.columnNs);
    std::uint64_t inColumn = 0;
    for (std::size_t row = 0; row < grid.rows(); ++row)
        inColumn += grid.at(cell->column, row);
    const auto share = [&](std::uint64_t count) {
        return formatShare(static_cast<double>(count), static_cast<double>(grid.inShown));
    };
    const auto count = grid.at(cell->column, cell->row);
    out.tip.rows.push_back(
        {.label = "this cell", .value = formatCount(count), .ofView = share(count)});
    out.tip.rows.push_back({.label = "this time",
                            .value = formatCount(static_cast<std::int64_t>(inColumn)),
                            .ofView = share(inColumn)});
    if (const auto failed = grid.failed[cell->column]; failed > 0)
        out.tip.rows.push_back({.label = "failed at this time",
                                .value = formatCount(failed),
                                .ofView = share(failed)});
    return out;
}

std::optional<PointF> LatencyGridView::stepped(const Viewport &viewport, PointF from,
                                               int steps) const
{
    const auto where = frame(viewport);
    if (isEmpty() || !where.hasRoom())
        return std::nullopt;
    const auto cell = cellAt(where, from);
    const auto last = static_cast<std::int64_t>(m_data.grid->columns) - 1;
    const auto column = static_cast<std::size_t>(std::clamp(
        static_cast<std::int64_t>(cell ? cell->column : 0) + steps, std::int64_t{0}, last));
    const auto rect = rectOf(where, {column, 0});
    return PointF{rect.x + rect.width / 2, from.y};
}

std::string LatencyGridView::summary() const
{
    if (isEmpty())
        return m_data.aggregatesOnly ? "Figures that a tool computed, no requests."
                                     : "No requests with a time.";
    const auto &grid = *m_data.grid;
    return formatCount(static_cast<std::int64_t>(grid.inShown)) + " requests in columns of " +
           axisTime(grid.columnNs, grid.columnNs) + ", at most " + formatCount(grid.most) +
           " in a cell, " + formatCount(static_cast<std::int64_t>(grid.failedInShown)) + " failed.";
}

} // namespace flamewright
