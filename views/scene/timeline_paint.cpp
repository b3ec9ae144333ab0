// How a TimelineView looks.

#include "capture/base/capture_text.h"
#include "views/scene/heat_map_view.h" // axisTime
#include "views/scene/timeline_view.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr float kLine = 1.5f, kStrongLine = 2;
constexpr double kAreaAlpha = 0.22, kWeak = 0.25;
constexpr std::size_t kStrong = 2; // p99: what is looked at first

std::string titleOf(TimelineView::PanelKind kind)
{
    using Kind = TimelineView::PanelKind;
    switch (kind) {
    case Kind::Latency: return "latency";
    case Kind::Throughput: return "requests sent";
    case Kind::Errors: return "failures";
    case Kind::Concurrency: return "requests under way";
    case Kind::Bytes: return "bytes received and sent";
    }
    return {};
}

// Those that no bin has enough requests for are one key without a line.
std::vector<SeriesKey> percentileKeys(const TimelineSeries &series, Theme theme)
{
    std::vector<SeriesKey> out;
    std::string missing;
    for (std::size_t p = 0; p < kTimelinePercentiles.size(); ++p) {
        const auto &values = series.percentiles[p];
        const auto name = std::string(kTimelinePercentiles[p].name);
        if (std::all_of(values.begin(), values.end(),
                        [](std::int64_t v) { return v == TimelineSeries::kTooFew; }))
            missing += (missing.empty() ? "" : ", ") + name;
        else
            out.push_back({name, lineColor(p, theme)});
    }
    if (!missing.empty())
        out.push_back(
            {missing + ": too few in a bin", palette(theme).otherLines, SeriesMark::Dashes});
    return out;
}

// Failures are reds and browns; the others grey.
Rgba errorColor(std::size_t index, bool others, const Palette &colors)
{
    if (others)
        return colors.otherLines;
    const Rgba by[] = {colors.error, colors.lines[1], colors.lines[3], colors.lines[4],
                       colors.lines[5]};
    return by[index % std::size(by)];
}

} // namespace

struct TimelineView::Paint {
    const Viewport &viewport;
    PlotCanvas &canvas;
    std::size_t first = 0, last = 0; // bins that are at least partly shown, half open

    float leftOf(const LoadTimeline &all, const PlotFrame &frame, std::size_t bin) const
    {
        return std::clamp(canvas.snapped(frame.xOf(static_cast<double>(all.binBegin(bin)))),
                          frame.plot.x, frame.plot.right());
    }
};

void TimelineView::paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
                         DisplayList &out) const
{
    PlotCanvas canvas(theme, metrics, viewport.scale, out);
    if (isEmpty())
        return paintEmpty(viewport, canvas);
    const auto all = panels(viewport);
    if (!all.front().frame.hasRoom()) {
        canvas.text({4, 4}, "Too small for a load test over time", canvas.colors().text2,
                    viewport.size.width - 8);
        return;
    }
    Paint paint{viewport, canvas};
    const auto &x = all.front().frame.x;
    const auto bins = m_data.timeline->bins();
    const auto binOf = [&](double ns) {
        const auto bin = (ns - static_cast<double>(m_data.timeline->beginNs)) /
                         static_cast<double>(m_data.timeline->binNs);
        return static_cast<std::size_t>(std::clamp(bin, 0.0, static_cast<double>(bins)));
    };
    paint.first = binOf(x.from);
    paint.last = std::min(binOf(x.to) + 1, bins);
    std::string leftOut;
    const auto wanted = kinds();
    for (auto i = all.size(); i < wanted.size(); ++i)
        leftOut += (leftOut.empty() ? "" : ", ") + titleOf(wanted[i]);
    for (const auto &panel : all) {
        const bool last = &panel == &all.back();
        paintPanel(panel, last, last ? leftOut : "", paint);
    }
    paintHover(all, paint);
}

void TimelineView::paintPanel(const Panel &panel, bool last, const std::string &leftOut,
                              Paint &paint) const
{
    auto &canvas = paint.canvas;
    const auto &plot = panel.frame.plot;
    const auto &all = *m_data.timeline;
    const auto titleY = panel.headerY + 10;
    canvas.ground(plot);
    canvas.yAxis(panel.frame);
    canvas.xAxis(panel.frame, last);
    auto title = titleOf(panel.kind);
    if (panel.kind == PanelKind::Latency) {
        if (isGrouped())
            title = std::string(kTimelinePercentiles[m_data.percentile].name) + " of " + title;
        title += panel.frame.y.log ? ", logarithmic" : "";
        title += " \u00b7 bins of " + axisTime(all.binNs, all.binNs);
        if (all.failed > 0)
            title += all.failuresIncluded ? " \u00b7 failures included"
                                          : " \u00b7 failures are not in the percentiles";
    }
    if (!leftOut.empty())
        title += " \u00b7 no room for " + leftOut;
    std::vector<SeriesKey> legend;
    switch (panel.kind) {
    case PanelKind::Latency:
        if (!isGrouped())
            legend = percentileKeys(all.series[0], canvas.theme());
        for (std::size_t s = 0; isGrouped() && s < all.series.size(); ++s)
            legend.push_back({nameOf(s), colorOf(s, canvas.theme())});
        break;
    case PanelKind::Errors:
        for (std::size_t e = 0; e < all.errors.size(); ++e) {
            const auto &kind = all.errors[e];
            const auto name =
                kind.othersKinds > 0
                    ? formatCount(static_cast<std::int64_t>(kind.othersKinds)) + " other kinds"
                    : CaptureText(kind.name).toDisplay();
            legend.push_back({(name.empty() ? "no reason given" : name) + " \u00b7 " +
                                  formatCount(static_cast<std::int64_t>(kind.total)),
                              errorColor(e, kind.othersKinds > 0, canvas.colors()),
                              SeriesMark::Box});
        }
        break;
    case PanelKind::Throughput:
    case PanelKind::Concurrency:
    case PanelKind::Bytes: break;
    }
    canvas.header(title, legend, plot, titleY);
    if (isAnnotated())
        canvas.list().beginItem(ItemRole::Part, title);
    switch (panel.kind) {
    case PanelKind::Latency: paintLatency(panel, paint); break;
    case PanelKind::Errors: paintErrors(panel, paint); break;
    case PanelKind::Throughput:
    case PanelKind::Concurrency:
    case PanelKind::Bytes: paintSteps(panel, paint); break;
    }
    if (isAnnotated())
        canvas.list().endItem();
    paintRanges(paint.viewport, plot, canvas);
}

void TimelineView::paintLatency(const Panel &panel, Paint &paint) const
{
    const auto &all = *m_data.timeline;
    const auto line = [&](const std::vector<std::int64_t> &values, Rgba color, float width) {
        std::vector<PlotPoint> points;
        // One bin further on both sides, so that lines go on to the border.
        const auto from = paint.first > 0 ? paint.first - 1 : 0;
        const auto to = std::min(paint.last + 1, all.bins());
        for (auto bin = from; bin < to; ++bin) {
            const auto middle =
                static_cast<double>(all.binBegin(bin)) + static_cast<double>(all.binNs) / 2;
            points.push_back({middle, values[bin] == TimelineSeries::kTooFew
                                          ? std::nan("")
                                          : static_cast<double>(values[bin])});
        }
        paint.canvas.curve(panel.frame, points, color, width);
    };
    if (isGrouped()) {
        for (auto s = all.series.size(); s-- > 0;) {
            const bool weak = emphasis() && *emphasis() != s;
            const auto color = colorOf(s, paint.canvas.theme());
            line(all.series[s].percentiles[m_data.percentile],
                 weak ? withAlpha(color, kWeak) : color, kLine);
        }
    } else {
        for (auto p = kTimelinePercentiles.size(); p-- > 0;)
            line(all.series[0].percentiles[p], lineColor(p, paint.canvas.theme()),
                 p == kStrong ? kStrongLine : kLine);
    }
    for (const auto &limit : m_data.limits)
        paint.canvas.limit(panel.frame, static_cast<double>(limit.limitNs),
                           limitText(limit, m_data.style), paint.canvas.colors().text2);
}

// A value holds for all of its bin. One series is a filled area, several are lines.
void TimelineView::paintSteps(const Panel &panel, Paint &paint) const
{
    const auto &all = *m_data.timeline;
    const auto &plot = panel.frame.plot;
    auto &canvas = paint.canvas;
    if (isGrouped()) {
        for (auto s = all.series.size(); s-- > 0;) {
            std::vector<PlotPoint> points;
            for (auto bin = paint.first; bin < paint.last; ++bin)
                points.push_back(
                    {static_cast<double>(all.binBegin(bin)) + static_cast<double>(all.binNs) / 2,
                     valueOf(panel.kind, s, bin)});
            const bool weak = emphasis() && *emphasis() != s;
            const auto color = colorOf(s, canvas.theme());
            canvas.curve(panel.frame, points, weak ? withAlpha(color, kWeak) : color, kLine);
        }
        return;
    }
    const auto color = lineColor(0, canvas.theme());
    for (auto bin = paint.first; bin < paint.last; ++bin) {
        const auto value = valueOf(panel.kind, 0, bin);
        const auto left = paint.leftOf(all, panel.frame, bin);
        const auto right = paint.leftOf(all, panel.frame, bin + 1);
        if (!(value > 0) || right <= left)
            continue;
        const auto top =
            std::clamp(canvas.snapped(panel.frame.yOf(value)), plot.y, plot.bottom() - 1);
        canvas.list().fillRect({left, top, right - left, plot.bottom() - top},
                               withAlpha(color, kAreaAlpha));
        canvas.list().fillRect({left, top, right - left, 1}, color);
    }
}

void TimelineView::paintErrors(const Panel &panel, Paint &paint) const
{
    const auto &all = *m_data.timeline;
    const auto &plot = panel.frame.plot;
    auto &canvas = paint.canvas;
    for (auto bin = paint.first; bin < paint.last; ++bin) {
        const auto left = paint.leftOf(all, panel.frame, bin);
        const auto right = paint.leftOf(all, panel.frame, bin + 1);
        const auto gap = right - left >= 4 ? 1.0f : 0.0f;
        if (right <= left)
            continue;
        double sum = 0;
        auto bottom = plot.bottom();
        for (std::size_t e = 0; e < all.errors.size(); ++e) {
            const auto &kind = all.errors[e];
            if (kind.count[bin] == 0)
                continue;
            sum += kind.count[bin];
            // A single failure is seen, however many there are elsewhere.
            const auto top =
                std::clamp(canvas.snapped(panel.frame.yOf(sum / all.coveredSeconds(bin))), plot.y,
                           std::max(bottom - 1, plot.y));
            canvas.list().fillRect({left, top, right - left - gap, bottom - top},
                                   errorColor(e, kind.othersKinds > 0, canvas.colors()));
            bottom = top;
        }
    }
}

void TimelineView::paintHover(const std::vector<Panel> &panels, Paint &paint) const
{
    if (!hover())
        return;
    const auto found = readout(paint.viewport, *hover());
    if (!found)
        return;
    const auto &all = *m_data.timeline;
    const auto bin = static_cast<std::size_t>((found->span->beginNs - all.beginNs) / all.binNs);
    for (const auto &panel : panels) {
        paint.canvas.crosshair(panel.frame.plot, found->at.x);
        if (panel.kind == PanelKind::Errors || found->at.x < panel.frame.plot.x ||
            found->at.x > panel.frame.plot.right())
            continue;
        const auto dot = [&](double value, Rgba color) {
            if (std::isfinite(value))
                paint.canvas.dot({found->at.x, panel.frame.yOf(value)}, color);
        };
        if (panel.kind == PanelKind::Latency && !isGrouped()) {
            for (std::size_t p = 0; p < kTimelinePercentiles.size(); ++p) {
                const auto value = all.series[0].percentiles[p][bin];
                if (value != TimelineSeries::kTooFew)
                    dot(static_cast<double>(value), lineColor(p, paint.canvas.theme()));
            }
            continue;
        }
        for (std::size_t s = 0; s < all.series.size(); ++s)
            dot(valueOf(panel.kind, s, bin), colorOf(s, paint.canvas.theme()));
    }
}

void TimelineView::paintEmpty(const Viewport &viewport, PlotCanvas &canvas) const
{
    if (m_data.aggregatesOnly) {
        const std::string hints[] = {
            "This file holds figures that a tool computed, no requests.",
            "Time is drawn from raw results: JTL, k6 JSON, Gatling's log, vegeta, hey CSV."};
        return canvas.emptyState(viewport.size, "No requests to show over time", hints);
    }
    if (m_data.timeline && m_data.timeline->untimed > 0) {
        const std::string hints[] = {"The tool did not write when requests were sent.",
                                     "Percentiles and the histogram need no times."};
        return canvas.emptyState(viewport.size, "These requests have no times", hints);
    }
    const std::string hints[] = {"Widen the scope: another time, endpoint or status."};
    canvas.emptyState(viewport.size, "No requests in this scope", hints);
}

} // namespace flamewright
