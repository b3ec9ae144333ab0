#include "views/scene/histogram_view.h"

#include "capture/base/capture_text.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr float kLeft = 72, kRight = 20, kTop = 64, kBottom = 44;
constexpr float kBetween = 34;     // the title of the lower plot
constexpr float kBarsShare = 0.6f; // of the height

} // namespace

HistogramView::HistogramView(HistogramData data) : m_data(std::move(data))
{
    for (std::size_t s = 0; !isEmpty() && s < m_data.histogram->series.size(); ++s) {
        for (std::size_t bin = 0; bin < m_data.histogram->bins(); ++bin)
            m_mostShare = std::max(m_mostShare, shareOf(s, bin));
    }
}

double HistogramView::shareOf(std::size_t series, std::size_t bin) const
{
    const auto &of = m_data.histogram->series[series];
    return of.total == 0 ? 0 : static_cast<double>(of.count[bin]) / static_cast<double>(of.total);
}

std::string HistogramView::nameOf(std::size_t series) const
{
    const auto &all = *m_data.histogram;
    if (all.othersGroups > 0 && series + 1 == all.series.size())
        return "others (" + formatCount(static_cast<std::int64_t>(all.othersGroups)) + ")";
    const auto name = CaptureText(all.series[series].name).toDisplay();
    if (!name.empty() || all.series[series].group.value_or(0) != 0)
        return name.empty() ? "(no name)" : name;
    return all.failuresIncluded || all.failed == 0 ? "all requests" : "successful requests";
}

std::vector<std::string> HistogramView::groupNames() const
{
    std::vector<std::string> out;
    for (std::size_t s = 0; !isEmpty() && s < m_data.histogram->series.size(); ++s)
        out.push_back(nameOf(s));
    return out;
}

Rgba HistogramView::colorOf(std::size_t series, Theme theme) const
{
    const auto &all = *m_data.histogram;
    const bool others = all.othersGroups > 0 && series + 1 == all.series.size();
    return lineColor(others ? kLineColors : series, theme);
}

RectF HistogramView::plotArea(const Viewport &viewport) const
{
    return {kLeft, kTop, std::max(std::floor(viewport.size.width - kRight) - kLeft, 0.0f),
            std::max(std::floor(viewport.size.height - kBottom) - kTop, 0.0f)};
}

HistogramView::Frames HistogramView::frames(const Viewport &viewport) const
{
    Frames out;
    const auto area = plotArea(viewport);
    const auto room = std::max(area.height - kBetween, 0.0f);
    out.bars.plot = {area.x, area.y, area.width, std::floor(room * kBarsShare)};
    out.cumulated.plot = {area.x, out.bars.plot.bottom() + kBetween, area.width,
                          std::floor(room * (1 - kBarsShare))};
    if (isEmpty())
        return out;
    const auto &all = *m_data.histogram;
    auto to = all.edges.back();
    for (const auto &limit : m_data.limits)
        to = std::max(to, static_cast<double>(limit.limitNs) * 1.1);
    out.bars.x = {.kind = AxisKind::Nanoseconds,
                  .log = all.log,
                  .from = all.edges.front(),
                  .to = to,
                  .style = m_data.style};
    out.cumulated.x = out.bars.x;
    out.cumulated.x.title = all.log ? "latency, logarithmic" : "latency";
    out.bars.y = roundedAxis({.kind = AxisKind::Share}, 0, m_mostShare,
                             static_cast<double>(out.bars.plot.height),
                             static_cast<double>(yTickDistance(out.bars.plot.height)));
    out.bars.y.title = "share of requests in a bin";
    out.cumulated.y = {.kind = AxisKind::Share,
                       .title = "share of requests that took at most this"};
    return out;
}

std::optional<std::size_t> HistogramView::binAt(const PlotFrame &frame, float x) const
{
    const auto &edges = m_data.histogram->edges;
    const auto above = std::upper_bound(edges.begin(), edges.end(), frame.xAt(x));
    if (above == edges.begin() || above == edges.end())
        return std::nullopt;
    return static_cast<std::size_t>(above - edges.begin() - 1);
}

std::optional<PlotReadout> HistogramView::readout(const Viewport &viewport, PointF at) const
{
    if (isEmpty() || !plotArea(viewport).contains(at))
        return std::nullopt;
    const auto where = frames(viewport);
    const auto bin = binAt(where.bars, at.x);
    if (!bin || !where.bars.hasRoom())
        return std::nullopt;
    const auto &all = *m_data.histogram;
    const auto &axis = where.bars.x;
    PlotReadout out;
    const auto middle = (where.bars.xOf(all.edges[*bin]) + where.bars.xOf(all.edges[*bin + 1])) / 2;
    out.at = {middle, at.y};
    out.tip.title =
        axisValue(axis, all.edges[*bin]) + " to " + axisValue(axis, all.edges[*bin + 1]);
    out.tip.subtitle = "quicker: requests below " + axisValue(axis, all.edges[*bin]);
    for (std::size_t s = 0; s < all.series.size(); ++s) {
        const auto &series = all.series[s];
        out.tip.rows.push_back({.label = nameOf(s),
                                .value = formatCount(static_cast<std::int64_t>(series.count[*bin])),
                                .ofAll = formatShare(static_cast<double>(series.count[*bin]),
                                                     static_cast<double>(series.total))});
        out.tip.rows.push_back({.label = "  quicker",
                                .value = formatCount(static_cast<std::int64_t>(series.below(*bin))),
                                .ofAll = formatShare(static_cast<double>(series.below(*bin)),
                                                     static_cast<double>(series.total))});
    }
    return out;
}

std::optional<PointF> HistogramView::stepped(const Viewport &viewport, PointF from, int steps) const
{
    const auto where = frames(viewport);
    if (isEmpty() || !where.bars.hasRoom())
        return std::nullopt;
    const auto &edges = m_data.histogram->edges;
    const auto last = static_cast<std::int64_t>(m_data.histogram->bins()) - 1;
    const auto bin = static_cast<std::size_t>(
        std::clamp(static_cast<std::int64_t>(binAt(where.bars, from.x).value_or(0)) + steps,
                   std::int64_t{0}, last));
    return PointF{(where.bars.xOf(edges[bin]) + where.bars.xOf(edges[bin + 1])) / 2, from.y};
}

std::string HistogramView::summary() const
{
    if (isEmpty())
        return m_data.aggregatesOnly ? "Figures that a tool computed, no requests."
                                     : "No requests to show.";
    std::string out;
    for (std::size_t s = 0; s < m_data.histogram->series.size(); ++s) {
        const auto &series = m_data.histogram->series[s];
        out += nameOf(s) + ", " + formatCount(static_cast<std::int64_t>(series.total));
        if (series.marks[0])
            out += ", half of them within " + formatDuration(*series.marks[0], m_data.style.time);
        out += ". ";
    }
    return out;
}

} // namespace flamewright
