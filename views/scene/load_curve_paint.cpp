// How a LoadCurveView looks.

#include "views/scene/load_curve_view.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace flamewright {
namespace {

constexpr std::array<std::size_t, 3> kShown{0, 2, 3}; // p50, p95, p99 of kPercentiles
constexpr double kBandAlpha = 0.18;

std::string titleOf(LoadCurveView::PanelKind kind)
{
    switch (kind) {
    case LoadCurveView::PanelKind::Throughput: return "successful answers";
    case LoadCurveView::PanelKind::Latency: return "latency of successes";
    case LoadCurveView::PanelKind::Failures: return "failed, share of requests sent";
    }
    return {};
}

} // namespace

std::vector<SeriesKey> LoadCurveView::keysOf(PanelKind kind, const Palette &colors,
                                             Theme theme) const
{
    std::vector<SeriesKey> out;
    if (kind == PanelKind::Latency) {
        for (std::size_t i = 0; i < kShown.size(); ++i)
            out.push_back({std::string(kPercentiles[kShown[i]].name), lineColor(i, theme)});
    } else if (kind == PanelKind::Throughput) {
        out.push_back({"measured", lineColor(0, theme), SeriesMark::Dot});
        const auto &usl = m_data.capacity->usl;
        if (usl.fit) {
            auto label = std::string("Universal Scalability Law");
            const auto &law = usl.fit->law;
            const auto best = law.bestConcurrency();
            const auto most = law.mostThroughput();
            if (best && most)
                label +=
                    ": at most " + formatRate(*most) + " at " + formatNumber(*best) + " under way";
            out.push_back({std::move(label), lineColor(1, theme)});
            out.push_back({"95 %", withAlpha(lineColor(1, theme), 0.35), SeriesMark::Band});
        } else if (!usl.whyNot.empty()) {
            out.push_back({"no law: " + std::string(usl.whyNot), colors.text3, SeriesMark::Line});
        }
    }
    return out;
}

void LoadCurveView::paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
                          DisplayList &out) const
{
    PlotCanvas canvas(theme, metrics, viewport.scale, out);
    if (isEmpty())
        return paintEmpty(viewport, canvas);
    const auto all = panels(viewport);
    if (!all.back().frame.hasRoom()) {
        canvas.text({4, 4}, "Too small for latency against load", canvas.colors().text2,
                    viewport.size.width - 8);
        return;
    }
    for (const auto &panel : all) {
        const auto &plot = panel.frame.plot;
        const bool last = &panel == &all.back();
        canvas.ground(plot);
        canvas.yAxis(panel.frame);
        canvas.xAxis(panel.frame, last);
        auto title = titleOf(panel.kind);
        if (panel.kind == PanelKind::Latency && panel.frame.y.log)
            title += ", logarithmic";
        const auto y = panel.headerY + 10;
        canvas.header(title, keysOf(panel.kind, canvas.colors(), theme), plot, y);
        switch (panel.kind) {
        case PanelKind::Throughput: paintThroughput(panel.frame, canvas); break;
        case PanelKind::Latency: paintLatency(panel.frame, canvas); break;
        case PanelKind::Failures: paintFailures(panel.frame, canvas); break;
        }
    }
    const auto &plot = all.back().frame.plot;
    const auto levels = formatCount(static_cast<std::int64_t>(m_order.size())) +
                        " levels of load, from " + describe(m_data.capacity->levels.from);
    canvas.text({plot.x, plot.bottom() + 8 + canvas.lineHeight()}, levels, canvas.colors().text2,
                plot.width / 2);
    paintHover(viewport, all, canvas);
}

void LoadCurveView::paintThroughput(const PlotFrame &frame, PlotCanvas &canvas) const
{
    if (!m_law.empty()) {
        const auto color = lineColor(1, canvas.theme());
        canvas.band(frame, m_band, withAlpha(color, kBandAlpha));
        canvas.curve(frame, m_law, color, 2);
    }
    paintKnee(frame, m_data.capacity->throughputKnee, canvas);
    std::vector<PlotPoint> points;
    for (std::size_t i = 0; i < m_order.size(); ++i)
        points.push_back({level(i).concurrency, level(i).achievedPerSecond});
    const auto color = lineColor(0, canvas.theme());
    if (m_law.empty()) // the law is the line otherwise
        canvas.curve(frame, points, color, 1.5f);
    for (const auto &point : points)
        canvas.dot(frame.at(point.x, point.y), color);
}

void LoadCurveView::paintLatency(const PlotFrame &frame, PlotCanvas &canvas) const
{
    paintKnee(frame, m_data.capacity->latencyKnee, canvas);
    for (auto s = kShown.size(); s-- > 0;) {
        const auto color = lineColor(s, canvas.theme());
        std::vector<PlotPoint> points;
        for (std::size_t i = 0; i < m_order.size(); ++i) {
            const auto &percentile = level(i).latency.percentiles[kShown[s]];
            if (!percentile.interval)
                continue;
            points.push_back({level(i).concurrency, static_cast<double>(percentile.value)});
            // The 95 % interval.
            const auto x = frame.xOf(level(i).concurrency);
            const auto top =
                std::max(frame.yOf(static_cast<double>(percentile.interval->high)), frame.plot.y);
            const auto bottom = std::min(frame.yOf(static_cast<double>(percentile.interval->low)),
                                         frame.plot.bottom());
            canvas.list().fillRect(canvas.snapped(RectF{x - 1, top, 2, bottom - top}),
                                   withAlpha(color, 0.5));
        }
        canvas.curve(frame, points, color, 1.5f);
        for (const auto &point : points)
            canvas.dot(frame.at(point.x, point.y), color);
    }
    for (const auto &limit : m_data.limits) {
        const auto crossed =
            limit.headroom && limit.headroom->headroom.kind == Headroom::Kind::Crosses;
        const auto missed =
            limit.headroom && limit.headroom->headroom.kind == Headroom::Kind::Always;
        const auto held = limit.headroom && limit.headroom->headroom.kind == Headroom::Kind::Never;
        const auto color = missed    ? canvas.colors().error
                           : crossed ? canvas.colors().warn
                           : held    ? canvas.colors().ok
                                     : canvas.colors().text2;
        canvas.limit(frame, static_cast<double>(limit.limit.limitNs), limitLabel(limit), color);
    }
    for (const auto &limit : m_data.limits) {
        if (limit.headroom && limit.headroom->headroom.kind == Headroom::Kind::Crosses)
            canvas.cross(frame.at(limit.headroom->headroom.concurrency,
                                  static_cast<double>(limit.limit.limitNs)),
                         canvas.colors().error);
    }
}

void LoadCurveView::paintFailures(const PlotFrame &frame, PlotCanvas &canvas) const
{
    std::vector<PlotPoint> points;
    for (std::size_t i = 0; i < m_order.size(); ++i)
        points.push_back({level(i).concurrency, level(i).errorShare()});
    canvas.curve(frame, points, canvas.colors().error, 1.5f);
    for (const auto &point : points)
        canvas.dot(frame.at(point.x, point.y), canvas.colors().error);
}

// A suggestion: it depends on the range that was measured.
void LoadCurveView::paintKnee(const PlotFrame &frame, const std::optional<Knee> &knee,
                              PlotCanvas &canvas) const
{
    if (!knee)
        return;
    const auto &plot = frame.plot;
    const auto x = frame.xOf(knee->x);
    canvas.dashes({x, plot.y}, {x, plot.bottom()}, canvas.colors().text3);
    const auto label = "knee at " + formatNumber(knee->x) + " under way";
    const auto wide = canvas.width(label);
    const auto left = x + 6 + wide <= plot.right() ? x + 6 : x - 6 - wide;
    canvas.text({left, plot.bottom() - canvas.lineHeight() - 4}, label, canvas.colors().text2,
                wide + 1);
}

void LoadCurveView::paintHover(const Viewport &viewport, const std::vector<Panel> &panels,
                               PlotCanvas &canvas) const
{
    if (!hover())
        return;
    const auto found = readout(viewport, *hover());
    if (!found)
        return;
    for (const auto &panel : panels)
        canvas.crosshair(panel.frame.plot, found->at.x);
}

void LoadCurveView::paintEmpty(const Viewport &viewport, PlotCanvas &canvas) const
{
    if (m_data.aggregatesOnly) {
        const std::string hints[] = {
            "This file holds figures that a tool computed, no requests.",
            "Levels of load are found in raw results: JTL, k6 JSON, Gatling's log, vegeta."};
        return canvas.emptyState(viewport.size, "No requests to compare levels of load", hints);
    }
    const auto *title = "There is no level of load in this scope";
    if (!m_order.empty())
        title = "There is one level of load only";
    if (m_data.capacity && m_data.capacity->levels.from == LevelsFrom::Nothing)
        title = "These requests have no times, so that their load is not known";
    const std::string hints[] = {
        "Latency against load needs two levels at least, better six or more:",
        "a test whose users or rate go up in steps (stages of k6, Ultimate Thread Group of "
        "JMeter),",
        "or one capture of each level in the same session."};
    canvas.emptyState(viewport.size, title, hints);
}

} // namespace flamewright
