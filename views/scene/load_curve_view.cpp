#include "views/scene/load_curve_view.h"

#include "capture/base/capture_text.h"
#include "views/scene/heat_map_view.h" // axisTime

#include <algorithm>
#include <array>
#include <cmath>

namespace flamewright {
namespace {

constexpr float kLeft = 72, kRight = 20, kBottom = 44, kHeader = 32;
constexpr double kLongTail = 20; // times the least median: from there on logarithmic
constexpr std::size_t kLawPoints = 160;
constexpr double kBeyond = 1.08; // what the axis shows beyond the highest level

constexpr std::array<std::size_t, 3> kShown{0, 2, 3}; // p50, p95, p99 of kPercentiles

float weightOf(LoadCurveView::PanelKind kind)
{
    return kind == LoadCurveView::PanelKind::Failures ? 0.6f : 1.4f;
}

std::string percent(double share)
{
    return formatShare(share, 1);
}

} // namespace

LoadCurveView::LoadCurveView(LoadCurveData data) : m_data(std::move(data))
{
    if (!m_data.capacity)
        return;
    const auto &levels = m_data.capacity->levels.levels;
    for (std::size_t i = 0; i < levels.size(); ++i) {
        if (std::isfinite(levels[i].concurrency) && levels[i].concurrency > 0)
            m_order.push_back(i);
    }
    std::stable_sort(m_order.begin(), m_order.end(), [&](std::size_t a, std::size_t b) {
        return levels[a].concurrency < levels[b].concurrency;
    });
    if (isEmpty())
        return;
    m_mostConcurrency = level(m_order.size() - 1).concurrency * kBeyond;
    const auto &fit = m_data.capacity->usl.fit;
    if (!fit)
        return;
    std::vector<double> at;
    for (std::size_t i = 0; i <= kLawPoints; ++i)
        at.push_back(m_mostConcurrency * static_cast<double>(i) / kLawPoints);
    const auto band = uslBand(*fit, at);
    for (std::size_t i = 0; i < at.size(); ++i) {
        m_law.push_back({at[i], fit->law.throughput(at[i])});
        if (i < band.size())
            m_band.push_back({at[i], band[i].low, band[i].high});
    }
}

RectF LoadCurveView::plotArea(const Viewport &viewport) const
{
    return {kLeft, kHeader, std::max(std::floor(viewport.size.width - kRight) - kLeft, 0.0f),
            std::max(std::floor(viewport.size.height - kBottom) - kHeader, 0.0f)};
}

PlotAxis LoadCurveView::axisOf(PanelKind kind, const RectF &plot) const
{
    PlotAxis axis{.style = m_data.style};
    double least = 0, most = 0;
    switch (kind) {
    case PanelKind::Throughput:
        axis.kind = AxisKind::Rate;
        for (std::size_t i = 0; i < m_order.size(); ++i)
            most = std::max(most, level(i).achievedPerSecond);
        for (const auto &point : m_law)
            most = std::max(most, point.y);
        break;
    case PanelKind::Latency: {
        axis.kind = AxisKind::Nanoseconds;
        for (std::size_t i = 0; i < m_order.size(); ++i) {
            for (const auto p : kShown) {
                const auto &percentile = level(i).latency.percentiles[p];
                if (!percentile.interval)
                    continue;
                const auto value = static_cast<double>(percentile.value);
                most = std::max(most, static_cast<double>(percentile.interval->high));
                least = least == 0 ? value : std::min(least, value);
            }
        }
        for (const auto &limit : m_data.limits)
            most = std::max(most, static_cast<double>(limit.limit.limitNs) * 1.2);
        axis.log = m_data.scale == ScaleChoice::Logarithmic ||
                   (m_data.scale == ScaleChoice::Automatic && most > kLongTail * least);
        break;
    }
    case PanelKind::Failures:
        axis.kind = AxisKind::Share;
        for (std::size_t i = 0; i < m_order.size(); ++i)
            most = std::max(most, level(i).errorShare());
        break;
    }
    const auto distance = yTickDistance(plot.height);
    return roundedAxis(axis, least, most, static_cast<double>(plot.height),
                       static_cast<double>(distance));
}

std::vector<LoadCurveView::Panel> LoadCurveView::panels(const Viewport &viewport) const
{
    if (isEmpty())
        return {};
    std::vector<PanelKind> kinds{PanelKind::Throughput, PanelKind::Latency};
    for (std::size_t i = 0; i < m_order.size(); ++i) {
        if (level(i).errors > 0) {
            kinds.push_back(PanelKind::Failures);
            break;
        }
    }
    const auto area = plotArea(viewport);
    float weights = 0;
    for (const auto kind : kinds)
        weights += weightOf(kind);
    const auto room = std::max(area.height - static_cast<float>(kinds.size() - 1) * kHeader, 0.0f);
    std::vector<Panel> out;
    auto y = area.y;
    for (const auto kind : kinds) {
        Panel panel{.kind = kind, .headerY = y - kHeader};
        panel.frame.plot = {area.x, y, area.width, std::floor(room * weightOf(kind) / weights)};
        panel.frame.x = {.kind = AxisKind::Count,
                         .from = 0,
                         .to = m_mostConcurrency,
                         .title = "requests under way at once (mean of each level)"};
        panel.frame.y = axisOf(kind, panel.frame.plot);
        y = panel.frame.plot.bottom() + kHeader;
        out.push_back(std::move(panel));
    }
    return out;
}

std::optional<std::size_t> LoadCurveView::nearest(const PlotFrame &frame, float x) const
{
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < m_order.size(); ++i) {
        if (!best || std::abs(frame.xOf(level(i).concurrency) - x) <
                         std::abs(frame.xOf(level(*best).concurrency) - x))
            best = i;
    }
    return best;
}

std::optional<PlotReadout> LoadCurveView::readout(const Viewport &viewport, PointF at) const
{
    if (isEmpty() || !plotArea(viewport).contains(at))
        return std::nullopt;
    const auto frame = panels(viewport).front().frame;
    const auto i = *nearest(frame, at.x);
    const auto &of = level(i);
    PlotReadout out;
    out.at = {frame.xOf(of.concurrency), at.y};
    out.span = LoadSpan{of.beginNs, of.endNs};
    out.tip.title = formatNumber(of.concurrency) + " requests under way";
    const auto step = std::max<std::int64_t>((of.endNs - of.beginNs) / 100, 1'000'000);
    out.tip.subtitle = of.name.empty() ? axisTime(of.beginNs / step * step, step) + " to " +
                                             axisTime(of.endNs / step * step, step)
                                       : CaptureText(of.name).toDisplay();
    out.tip.rows.push_back({.label = "answered", .value = formatRate(of.achievedPerSecond)});
    out.tip.rows.push_back({.label = "sent", .value = formatRate(of.offeredPerSecond)});
    if (const auto &fit = m_data.capacity->usl.fit)
        out.tip.rows.push_back(
            {.label = "law", .value = formatRate(fit->law.throughput(of.concurrency))});
    for (const auto p : kShown) {
        const auto &percentile = of.latency.percentiles[p];
        auto value = std::string("n too small");
        if (percentile.interval)
            value = formatDuration(percentile.value, m_data.style.time) + " (" +
                    formatDuration(percentile.interval->low, m_data.style.time) + " to " +
                    formatDuration(percentile.interval->high, m_data.style.time) + ")";
        out.tip.rows.push_back({.label = std::string(kPercentiles[p].name), .value = value});
    }
    out.tip.footer = formatCount(static_cast<std::int64_t>(of.requests)) + " requests, " +
                     formatCount(static_cast<std::int64_t>(of.errors)) + " failed (" +
                     percent(of.errorShare()) + ")";
    return out;
}

std::optional<PointF> LoadCurveView::stepped(const Viewport &viewport, PointF from, int steps) const
{
    if (isEmpty())
        return std::nullopt;
    const auto frame = panels(viewport).front().frame;
    const auto last = static_cast<std::int64_t>(m_order.size()) - 1;
    const auto to = std::clamp(static_cast<std::int64_t>(*nearest(frame, from.x)) + steps,
                               std::int64_t{0}, last);
    return PointF{frame.xOf(level(static_cast<std::size_t>(to)).concurrency), from.y};
}

std::string LoadCurveView::limitLabel(const LoadCurveData::Limit &limit) const
{
    const auto text = limitText(limit.limit, m_data.style);
    if (!limit.headroom)
        return text;
    const auto &headroom = limit.headroom->headroom;
    switch (headroom.kind) {
    case Headroom::Kind::Never:
        return text + ": held up to " + formatRate(headroom.throughput) +
               ", the most that was measured";
    case Headroom::Kind::Always: return text + ": missed at the lowest load already";
    case Headroom::Kind::Crosses: break;
    }
    auto out = text + ": crossed at " + formatRate(headroom.throughput);
    if (headroom.hasInterval && headroom.low && headroom.high)
        out += " (95 % interval " + formatRate(*headroom.low) + " to " +
               formatRate(*headroom.high) + ")";
    return out;
}

std::string LoadCurveView::summary() const
{
    if (isEmpty())
        return m_data.aggregatesOnly ? "Figures that a tool computed, no requests."
                                     : "Less than two levels of load.";
    auto out = formatCount(static_cast<std::int64_t>(m_order.size())) + " levels of load, " +
               formatNumber(level(0).concurrency) + " to " +
               formatNumber(level(m_order.size() - 1).concurrency) + " requests under way.";
    for (const auto &limit : m_data.limits)
        out += " " + limitLabel(limit) + ".";
    return out;
}

} // namespace flamewright
