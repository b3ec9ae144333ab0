#include "views/scene/timeline_view.h"

#include "capture/base/capture_text.h"
#include "views/scene/heat_map_view.h" // axisTime

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr float kLeft = 72, kRight = 20, kBottom = 26;
constexpr float kHeader = 30;         // above each plot: its title and keys
constexpr float kLeastPlot = 36;      // of a panel, without its header
constexpr double kLongTail = 20;      // times the median: from there on logarithmic
constexpr double kLeastShownNs = 1e6; // by zooming

// Latency is what is looked at.
float weightOf(TimelineView::PanelKind kind)
{
    return kind == TimelineView::PanelKind::Latency ? 2.4f : 1.0f;
}

} // namespace

TimelineView::TimelineView(TimelineData data) : m_data(std::move(data))
{
    if (isEmpty())
        return;
    std::vector<std::int64_t> medians;
    for (const auto &series : m_data.timeline->series) {
        for (std::size_t p = 0; p < kTimelinePercentiles.size(); ++p) {
            if (isGrouped() && p != m_data.percentile)
                continue;
            for (const auto value : series.percentiles[p]) {
                if (value == TimelineSeries::kTooFew)
                    continue;
                const auto v = static_cast<double>(value);
                m_mostLatency = std::max(m_mostLatency, v);
                m_leastLatency = m_leastLatency == 0 ? v : std::min(m_leastLatency, v);
                if (p == 0 || isGrouped())
                    medians.push_back(value);
            }
        }
    }
    if (!medians.empty()) {
        const auto middle = medians.begin() + static_cast<std::ptrdiff_t>(medians.size() / 2);
        std::nth_element(medians.begin(), middle, medians.end());
        m_medianLatency = static_cast<double>(*middle);
    }
}

bool TimelineView::isEmpty() const
{
    return !m_data.timeline || m_data.timeline->bins() == 0;
}

std::string TimelineView::nameOf(std::size_t series) const
{
    const auto &all = *m_data.timeline;
    if (all.othersGroups > 0 && series + 1 == all.series.size())
        return "others (" + formatCount(static_cast<std::int64_t>(all.othersGroups)) + ")";
    const auto name = CaptureText(all.series[series].name).toDisplay();
    if (!name.empty())
        return name;
    return all.series[series].group ? "(no name)" : "all requests";
}

std::vector<std::string> TimelineView::groupNames() const
{
    std::vector<std::string> out;
    for (std::size_t s = 0; !isEmpty() && isGrouped() && s < m_data.timeline->series.size(); ++s)
        out.push_back(nameOf(s));
    return out;
}

Rgba TimelineView::colorOf(std::size_t series, Theme theme) const
{
    const auto &all = *m_data.timeline;
    const bool others = all.othersGroups > 0 && series + 1 == all.series.size();
    return lineColor(others ? kLineColors : series, theme);
}

std::optional<LoadSpan> TimelineView::timeSpan() const
{
    // An empty plot has a time axis, too, if only it knew of what.
    return isEmpty() ? std::nullopt : std::optional(m_data.timeline->whole);
}

double TimelineView::leastSpan(const Viewport &) const
{
    const auto span = timeSpan();
    if (!span)
        return 1;
    const auto whole = static_cast<double>(span->endNs) - static_cast<double>(span->beginNs);
    return std::min(kLeastShownNs / std::max(whole, 1.0), 1.0);
}

// A value of a bin: what its panel draws. Not finite: nothing to say.
double TimelineView::valueOf(PanelKind kind, std::size_t series, std::size_t bin) const
{
    const auto &all = *m_data.timeline;
    const auto &of = all.series[series];
    const auto seconds = all.coveredSeconds(bin);
    switch (kind) {
    case PanelKind::Latency: {
        const auto value = of.percentiles[m_data.percentile][bin];
        return value == TimelineSeries::kTooFew ? std::nan("") : static_cast<double>(value);
    }
    case PanelKind::Throughput: return of.count[bin] / seconds;
    case PanelKind::Errors: return of.failed[bin] / seconds;
    case PanelKind::Concurrency: return of.concurrency[bin];
    case PanelKind::Bytes:
        return (static_cast<double>(of.bytesIn[bin]) + static_cast<double>(of.bytesOut[bin])) /
               seconds;
    }
    return 0;
}

PlotAxis TimelineView::axisOf(PanelKind kind, const PlotFrame &frame) const
{
    PlotAxis axis{.style = m_data.style};
    double least = 0, most = 0;
    if (kind == PanelKind::Latency) {
        axis.kind = AxisKind::Nanoseconds;
        least = m_leastLatency;
        most = m_mostLatency;
        for (const auto &limit : m_data.limits)
            most = std::max(most, static_cast<double>(limit.limitNs) * 1.2);
        axis.log = m_data.scale == ScaleChoice::Logarithmic ||
                   (m_data.scale == ScaleChoice::Automatic && most > kLongTail * m_medianLatency);
    } else {
        axis.kind = kind == PanelKind::Concurrency ? AxisKind::Count
                    : kind == PanelKind::Bytes     ? AxisKind::ByteRate
                                                   : AxisKind::Rate;
        for (std::size_t bin = 0; bin < m_data.timeline->bins(); ++bin) {
            double sum = 0; // errors are stacked
            for (std::size_t s = 0; s < m_data.timeline->series.size(); ++s) {
                const auto value = valueOf(kind, s, bin);
                sum += value;
                if (kind != PanelKind::Errors)
                    most = std::max(most, value);
            }
            if (kind == PanelKind::Errors)
                most = std::max(most, sum);
        }
    }
    const auto distance = yTickDistance(frame.plot.height);
    return roundedAxis(axis, least, most, static_cast<double>(frame.plot.height),
                       static_cast<double>(distance));
}

std::vector<TimelineView::PanelKind> TimelineView::kinds() const
{
    const auto &all = *m_data.timeline;
    std::vector<PanelKind> out;
    out.reserve(5);
    out.push_back(PanelKind::Latency);
    out.push_back(PanelKind::Throughput);
    if (all.failed > 0)
        out.push_back(PanelKind::Errors);
    out.push_back(PanelKind::Concurrency);
    const bool bytes = std::any_of(all.series.begin(), all.series.end(), [](const auto &series) {
        const auto some = [](std::uint64_t n) { return n > 0; };
        return std::any_of(series.bytesIn.begin(), series.bytesIn.end(), some) ||
               std::any_of(series.bytesOut.begin(), series.bytesOut.end(), some);
    });
    if (bytes)
        out.push_back(PanelKind::Bytes);
    return out;
}

std::vector<TimelineView::Panel> TimelineView::panels(const Viewport &viewport) const
{
    if (isEmpty())
        return {};
    const auto &all = *m_data.timeline;
    auto kinds = this->kinds();
    const auto heightOf = [&](std::size_t count) {
        return (viewport.size.height - kBottom - static_cast<float>(count) * kHeader);
    };
    const auto weights = [&] {
        float sum = 0;
        for (const auto kind : kinds)
            sum += weightOf(kind);
        return sum;
    };
    while (kinds.size() > 1 && heightOf(kinds.size()) / weights() < kLeastPlot)
        kinds.pop_back();

    std::vector<Panel> out;
    const auto unit = std::max(heightOf(kinds.size()), 0.0f) / weights();
    const auto width = std::max(std::floor(viewport.size.width - kRight) - kLeft, 0.0f);
    float y = 0;
    const auto shown = [&](double share) {
        const auto begin = static_cast<double>(all.whole.beginNs);
        return begin + share * (static_cast<double>(all.whole.endNs) - begin);
    };
    for (const auto kind : kinds) {
        Panel panel{.kind = kind, .headerY = y};
        panel.frame.plot = {kLeft, y + kHeader, width, std::floor(unit * weightOf(kind))};
        panel.frame.x = {
            .kind = AxisKind::SinceStart, .from = shown(viewport.begin), .to = shown(viewport.end)};
        panel.frame.y = axisOf(kind, panel.frame);
        y = panel.frame.plot.bottom();
        out.push_back(std::move(panel));
    }
    return out;
}

RectF TimelineView::plotArea(const Viewport &viewport) const
{
    // Without the axes, which a frame does not need to know where it is.
    const auto width = std::max(std::floor(viewport.size.width - kRight) - kLeft, 0.0f);
    return {kLeft, kHeader, width, std::max(viewport.size.height - kBottom - kHeader, 0.0f)};
}

std::optional<std::size_t> TimelineView::binAt(double ns) const
{
    const auto &all = *m_data.timeline;
    const auto bin =
        std::floor((ns - static_cast<double>(all.beginNs)) / static_cast<double>(all.binNs));
    if (!(bin >= 0) || bin >= static_cast<double>(all.bins()))
        return std::nullopt;
    return static_cast<std::size_t>(bin);
}

std::optional<PlotReadout> TimelineView::readout(const Viewport &viewport, PointF at) const
{
    const auto plot = plotArea(viewport);
    if (isEmpty() || !plot.contains(at))
        return std::nullopt;
    const auto bin = binAt(*timeAt(viewport, at.x));
    if (!bin)
        return std::nullopt;
    const auto &all = *m_data.timeline;
    const auto begin = all.binBegin(*bin), end = begin + all.binNs;
    PlotReadout out;
    out.span = LoadSpan{begin, end};
    out.at = {xOfTime(viewport, static_cast<double>(begin) + static_cast<double>(all.binNs) / 2),
              at.y};
    out.tip.title = axisTime(begin, all.binNs) + " to " + axisTime(end, all.binNs);
    out.tip.subtitle = "by the time at which requests were sent";
    auto &rows = out.tip.rows;
    const auto latency = [&](std::int64_t value) {
        return value == TimelineSeries::kTooFew ? std::string("too few")
                                                : formatDuration(value, m_data.style.time);
    };
    const auto rate = [&](std::uint32_t count) {
        return formatRate(count / all.coveredSeconds(*bin));
    };
    for (std::size_t s = 0; s < all.series.size(); ++s) {
        const auto &series = all.series[s];
        if (isGrouped()) {
            rows.push_back({.label = nameOf(s),
                            .value = std::string(kTimelinePercentiles[m_data.percentile].name) +
                                     " " + latency(series.percentiles[m_data.percentile][*bin]) +
                                     " \u00b7 " + rate(series.count[*bin])});
            continue;
        }
        for (std::size_t p = 0; p < kTimelinePercentiles.size(); ++p)
            rows.push_back({.label = std::string(kTimelinePercentiles[p].name),
                            .value = latency(series.percentiles[p][*bin])});
        rows.push_back({.label = "sent", .value = rate(series.count[*bin])});
        rows.push_back({.label = "under way", .value = formatNumber(series.concurrency[*bin])});
        if (series.bytesIn[*bin] + series.bytesOut[*bin] > 0)
            rows.push_back({.label = "bytes",
                            .value = axisValue({.kind = AxisKind::ByteRate, .style = m_data.style},
                                               valueOf(PanelKind::Bytes, s, *bin))});
    }
    std::uint64_t count = 0, failed = 0;
    for (const auto &series : all.series) {
        count += series.count[*bin];
        failed += series.failed[*bin];
    }
    for (const auto &kind : all.errors) {
        if (kind.count[*bin] > 0)
            rows.push_back({.label = kind.othersKinds > 0 ? "other failures"
                                                          : CaptureText(kind.name).toDisplay(),
                            .value = formatCount(kind.count[*bin]) + " failed"});
    }
    out.tip.footer =
        formatCount(static_cast<std::int64_t>(count)) + (count == 1 ? " request" : " requests");
    if (failed > 0)
        out.tip.footer += ", " + formatCount(static_cast<std::int64_t>(failed)) + " failed";
    return out;
}

std::optional<PointF> TimelineView::stepped(const Viewport &viewport, PointF from, int steps) const
{
    const auto at = timeAt(viewport, from.x); // none without room
    if (isEmpty() || !at)
        return std::nullopt;
    const auto &all = *m_data.timeline;
    const auto bin = binAt(*at).value_or(0);
    const auto last = static_cast<std::int64_t>(all.bins()) - 1;
    const auto to = std::clamp(static_cast<std::int64_t>(bin) + steps, std::int64_t{0}, last);
    const auto middle = static_cast<double>(all.binBegin(static_cast<std::size_t>(to))) +
                        static_cast<double>(all.binNs) / 2;
    return PointF{xOfTime(viewport, middle), from.y};
}

std::string TimelineView::summary() const
{
    if (isEmpty())
        return m_data.aggregatesOnly ? "Figures that a tool computed, no requests."
                                     : "No requests with a time.";
    const auto &all = *m_data.timeline;
    const auto length = all.whole.endNs - all.whole.beginNs;
    return formatCount(static_cast<std::int64_t>(all.requests)) + " requests, " +
           formatCount(static_cast<std::int64_t>(all.failed)) + " failed, over " +
           formatDuration(length) + " in bins of " + axisTime(all.binNs, all.binNs) + ".";
}

} // namespace flamewright
