#include "views/scene/over_time_diff_view.h"

#include "analysis/compare/change_text.h"
#include "capture/base/capture_text.h"
#include "views/scene/heat_map_view.h" // axisTime

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr float kLeft = 72, kRight = 20, kTop = 8, kBottom = 40;
constexpr float kHeader = 34;                     // above each plot: its title and keys
constexpr float kPhases = 18;                     // above the first: names of phases
constexpr float kLeastPlot = 36;                  // of a panel, without its header
constexpr double kLongTail = 20;                  // times the median: from there on logarithmic
constexpr std::size_t kMedian = 0, kMostTail = 2; // of kTimelinePercentiles: p99
constexpr double kWeak = 0.25;

float weightOf(OverTimeDiffView::PanelKind kind)
{
    return kind == OverTimeDiffView::PanelKind::Tail ? 1.6f : 1.0f;
}

bool isKnown(const AlignedSide &side, std::size_t percentile)
{
    const auto &values = side.percentiles[percentile];
    return std::any_of(values.begin(), values.end(),
                       [](std::int64_t value) { return value != AlignedSide::kTooFew; });
}

} // namespace

OverTimeDiffView::OverTimeDiffView(OverTimeDiffData data) : m_data(std::move(data))
{
    for (auto p = kMostTail; !isEmpty() && p > kMedian && m_tail == kMedian; --p) {
        if (isKnown(m_data.series->base, p) && isKnown(m_data.series->cand, p))
            m_tail = p;
    }
}

std::string OverTimeDiffView::titleOf(PanelKind kind) const
{
    switch (kind) {
    case PanelKind::Tail: {
        auto out = std::string(kTimelinePercentiles[m_tail].name) + " of latency";
        return m_tail < kMostTail ? out + " (bins have too few requests for more)" : out;
    }
    case PanelKind::Median: return "p50 of latency";
    case PanelKind::Throughput: return "requests a second";
    case PanelKind::Failures: return "share of failures";
    }
    return {};
}

std::int64_t OverTimeDiffView::binEnd(std::size_t bin) const
{
    const auto &begins = m_data.series->binBegin;
    return bin + 1 < begins.size() ? begins[bin + 1] : m_data.series->endNs;
}

std::size_t OverTimeDiffView::binAt(double ns) const
{
    const auto &begins = m_data.series->binBegin;
    const auto after = std::partition_point(begins.begin(), begins.end(), [&](std::int64_t begin) {
        return static_cast<double>(begin) <= ns;
    });
    return after == begins.begin() ? 0 : static_cast<std::size_t>(after - begins.begin()) - 1;
}

std::optional<LoadSpan> OverTimeDiffView::timeSpan() const
{
    return isEmpty() ? std::nullopt
                     : std::optional(LoadSpan{m_data.series->binBegin[0], m_data.series->endNs});
}

RectF OverTimeDiffView::plotArea(const Viewport &viewport) const
{
    const auto top = kTop + kHeader + kPhases;
    return {kLeft, top, std::max(std::floor(viewport.size.width - kRight) - kLeft, 0.0f),
            std::max(viewport.size.height - kBottom - top, 0.0f)};
}

bool OverTimeDiffView::failed() const
{
    const auto some = [](std::uint32_t n) { return n > 0; };
    return std::any_of(m_data.series->base.failed.begin(), m_data.series->base.failed.end(),
                       some) ||
           std::any_of(m_data.series->cand.failed.begin(), m_data.series->cand.failed.end(), some);
}

double OverTimeDiffView::valueOf(PanelKind kind, const AlignedSide &side, std::size_t bin) const
{
    const auto percentile = [&](std::size_t which) {
        const auto value = side.percentiles[which][bin];
        return value == AlignedSide::kTooFew ? std::nan("") : static_cast<double>(value);
    };
    const auto count = static_cast<double>(side.count[bin]);
    switch (kind) {
    case PanelKind::Tail: return percentile(m_tail);
    case PanelKind::Median: return percentile(kMedian);
    case PanelKind::Throughput:
        return side.seconds[bin] > 0 ? count / side.seconds[bin] : std::nan("");
    case PanelKind::Failures: return count > 0 ? side.failed[bin] / count : std::nan("");
    }
    return 0;
}

PlotAxis OverTimeDiffView::axisOf(PanelKind kind, const PlotFrame &frame) const
{
    PlotAxis axis{.style = m_data.style};
    axis.kind = kind == PanelKind::Throughput ? AxisKind::Rate
                : kind == PanelKind::Failures ? AxisKind::Share
                                              : AxisKind::Nanoseconds;
    std::vector<double> values;
    for (const auto *side : {&m_data.series->base, &m_data.series->cand}) {
        for (std::size_t bin = 0; bin < m_data.series->binBegin.size(); ++bin) {
            const auto value = valueOf(kind, *side, bin);
            if (std::isfinite(value))
                values.push_back(value);
        }
    }
    double least = 0, most = 0;
    if (!values.empty()) {
        std::sort(values.begin(), values.end());
        least = values.front();
        most = values.back();
    }
    if (kind == PanelKind::Tail) {
        for (const auto &limit : m_data.limits)
            most = std::max(most, static_cast<double>(limit.limitNs) * 1.2);
    }
    if (axis.kind == AxisKind::Nanoseconds && !values.empty())
        axis.log = m_data.scale == ScaleChoice::Logarithmic ||
                   (m_data.scale == ScaleChoice::Automatic &&
                    most > kLongTail * std::max(values[values.size() / 2], 1.0));
    const auto distance = static_cast<double>(yTickDistance(frame.plot.height));
    return roundedAxis(axis, least, most, static_cast<double>(frame.plot.height), distance);
}

std::vector<OverTimeDiffView::Panel> OverTimeDiffView::panels(const Viewport &viewport) const
{
    if (isEmpty())
        return {};
    std::vector<PanelKind> kinds{PanelKind::Tail, PanelKind::Median, PanelKind::Throughput};
    if (m_tail == kMedian) // the same
        kinds.erase(kinds.begin() + 1);
    if (failed())
        kinds.push_back(PanelKind::Failures);
    const auto room = [&] {
        return viewport.size.height - kTop - kPhases - kBottom -
               kHeader * static_cast<float>(kinds.size());
    };
    const auto weights = [&] {
        float sum = 0;
        for (const auto kind : kinds)
            sum += weightOf(kind);
        return sum;
    };
    while (kinds.size() > 1 && room() / weights() < kLeastPlot)
        kinds.pop_back();
    const auto unit = std::max(room(), 0.0f) / weights();
    const auto span = *timeSpan();
    const auto begin = static_cast<double>(span.beginNs), end = static_cast<double>(span.endNs);
    std::vector<Panel> out;
    auto y = kTop;
    for (const auto kind : kinds) {
        Panel panel{.kind = kind, .frame = {}, .headerY = y};
        const auto top = y + kHeader + (out.empty() ? kPhases : 0);
        panel.frame.plot = {kLeft, top, plotArea(viewport).width,
                            std::floor(unit * weightOf(kind))};
        panel.frame.x = {.kind = AxisKind::SinceStart,
                         .from = begin + viewport.begin * (end - begin),
                         .to = begin + viewport.end * (end - begin)};
        panel.frame.y = axisOf(kind, panel.frame);
        y = panel.frame.plot.bottom();
        out.push_back(std::move(panel));
    }
    return out;
}

void OverTimeDiffView::paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
                             DisplayList &out) const
{
    PlotCanvas canvas(theme, metrics, viewport.scale, out);
    if (isEmpty()) {
        const std::string hints[] = {"Both sides need requests with the time they were sent at."};
        return canvas.emptyState(viewport.size, "Nothing to compare over time", hints);
    }
    const auto all = panels(viewport);
    if (!all.front().frame.hasRoom()) {
        canvas.text({4, 4}, "Too small for load tests over time", canvas.colors().text2,
                    viewport.size.width - 8);
        return;
    }
    for (std::size_t i = 0; i < all.size(); ++i)
        paintPanel(all[i], i == 0, i + 1 == all.size(), viewport, canvas);
    // How the two were laid beside each other, below the axis.
    canvas.text({kLeft, all.back().frame.plot.bottom() + 8 + canvas.lineHeight()},
                std::string("A and B matched by ") + describe(m_data.by) + " \u00b7 bins of " +
                    axisTime(m_data.series->binNs, m_data.series->binNs),
                canvas.colors().text2, all.back().frame.plot.width);
    if (!hover())
        return;
    const auto found = readout(viewport, *hover());
    if (!found)
        return;
    const auto bin = binAt(*timeAt(viewport, found->at.x));
    for (const auto &panel : all) {
        canvas.crosshair(panel.frame.plot, found->at.x);
        const auto dot = [&](const AlignedSide &side, Rgba color) {
            const auto value = valueOf(panel.kind, side, bin);
            if (std::isfinite(value))
                canvas.dot({found->at.x, panel.frame.yOf(value)}, color);
        };
        dot(m_data.series->base, canvas.colors().sideA);
        dot(m_data.series->cand, canvas.colors().sideB);
    }
}

void OverTimeDiffView::paintPanel(const Panel &panel, bool first, bool last,
                                  const Viewport &viewport, PlotCanvas &canvas) const
{
    const auto &plot = panel.frame.plot;
    const auto &colors = canvas.colors();
    canvas.ground(plot);
    canvas.yAxis(panel.frame);
    canvas.xAxis(panel.frame, last);
    auto title = titleOf(panel.kind);
    if (panel.frame.y.log)
        title += ", logarithmic";
    std::vector<SeriesKey> keys;
    if (first)
        keys = {{"A", colors.sideA}, {"B", colors.sideB}};
    canvas.header(title, keys, plot, panel.headerY + 12);
    paintPhases(panel, first, canvas);
    if (isAnnotated())
        canvas.list().beginItem(ItemRole::Part, title);
    // A is wide and below B, so that both are seen where they are the same.
    const auto line = [&](const AlignedSide &side, Rgba color, std::uint32_t group, float width) {
        std::vector<PlotPoint> points;
        for (std::size_t bin = 0; bin < m_data.series->binBegin.size(); ++bin) {
            const auto from = static_cast<double>(m_data.series->binBegin[bin]);
            const auto to = static_cast<double>(binEnd(bin));
            points.push_back({(from + to) / 2, valueOf(panel.kind, side, bin)});
        }
        const bool weak = emphasis() && *emphasis() != group;
        canvas.curve(panel.frame, points, weak ? withAlpha(color, kWeak) : color, width);
    };
    line(m_data.series->base, colors.sideA, 0, 3);
    line(m_data.series->cand, colors.sideB, 1, 1.75f);
    if (panel.kind == PanelKind::Tail) {
        for (const auto &limit : m_data.limits)
            canvas.limit(panel.frame, static_cast<double>(limit.limitNs),
                         limitText(limit, m_data.style), colors.text2);
    }
    if (isAnnotated())
        canvas.list().endItem();
    paintRanges(viewport, plot, canvas);
}

// Borders of phases in every panel, names above the first.
void OverTimeDiffView::paintPhases(const Panel &panel, bool named, PlotCanvas &canvas) const
{
    const auto &frame = panel.frame;
    const auto &stretches = m_data.series->stretches;
    for (std::size_t i = 0; i < stretches.size(); ++i) {
        const auto left = std::clamp(frame.xOf(static_cast<double>(stretches[i].beginNs)),
                                     frame.plot.x, frame.plot.right());
        const auto right = std::clamp(frame.xOf(static_cast<double>(stretches[i].endNs)),
                                      frame.plot.x, frame.plot.right());
        if (right <= left)
            continue;
        if (i > 0 && left > frame.plot.x)
            canvas.dashes({left, frame.plot.y}, {left, frame.plot.bottom()}, canvas.colors().text3);
        if (named && !stretches[i].phase.empty() && stretches.size() > 1)
            canvas.text({left + 4, frame.plot.y - canvas.lineHeight() - 3},
                        CaptureText(stretches[i].phase).toDisplay(), canvas.colors().text2,
                        right - left - 8);
    }
}

std::optional<PlotReadout> OverTimeDiffView::readout(const Viewport &viewport, PointF at) const
{
    if (isEmpty() || !plotArea(viewport).contains(at))
        return std::nullopt;
    const auto bin = binAt(*timeAt(viewport, at.x));
    const auto &series = *m_data.series;
    const auto begin = series.binBegin[bin], end = binEnd(bin);
    PlotReadout out;
    out.span = LoadSpan{begin, end};
    out.at = {xOfTime(viewport, (static_cast<double>(begin) + static_cast<double>(end)) / 2), at.y};
    out.tip.title = axisTime(begin, series.binNs) + " to " + axisTime(end, series.binNs);
    out.tip.subtitle = "on the common time of both";
    for (const auto &stretch : series.stretches) {
        if (begin >= stretch.beginNs && begin < stretch.endNs && !stretch.phase.empty())
            out.tip.subtitle = CaptureText(stretch.phase).toDisplay() + ", " + out.tip.subtitle;
    }
    const auto side = [&](const char *name, const AlignedSide &of) {
        const auto time = [&](std::size_t which) {
            const auto value = of.percentiles[which][bin];
            return value == AlignedSide::kTooFew ? std::string("too few")
                                                 : formatDuration(value, m_data.style.time);
        };
        auto text = "p50 " + time(kMedian) + " \u00b7 " +
                    std::string(kTimelinePercentiles[m_tail].name) + " " + time(m_tail);
        if (of.seconds[bin] > 0)
            text += " \u00b7 " + formatRate(of.count[bin] / of.seconds[bin]);
        out.tip.rows.push_back({.label = name, .value = std::move(text)});
        out.tip.footer += (out.tip.footer.empty() ? "" : "\n") + std::string(name) + ": " +
                          formatCount(of.count[bin]) + " requests, " + formatCount(of.failed[bin]) +
                          " failed";
    };
    side("A", series.base);
    side("B", series.cand);
    return out;
}

std::optional<PointF> OverTimeDiffView::stepped(const Viewport &viewport, PointF from,
                                                int steps) const
{
    const auto at = timeAt(viewport, from.x); // none without room
    if (isEmpty() || !at)
        return std::nullopt;
    const auto last = static_cast<std::int64_t>(m_data.series->binBegin.size()) - 1;
    const auto now = static_cast<std::int64_t>(binAt(*at));
    const auto to = static_cast<std::size_t>(std::clamp(now + steps, std::int64_t{0}, last));
    const auto middle =
        (static_cast<double>(m_data.series->binBegin[to]) + static_cast<double>(binEnd(to))) / 2;
    return PointF{xOfTime(viewport, middle), from.y};
}

std::vector<std::string> OverTimeDiffView::groupNames() const
{
    return isEmpty() ? std::vector<std::string>() : std::vector<std::string>{"A", "B"};
}

std::string OverTimeDiffView::summary() const
{
    if (isEmpty())
        return "No requests with a time on both sides.";
    const auto total = [](const std::vector<std::uint32_t> &counts) {
        std::int64_t sum = 0;
        for (const auto count : counts)
            sum += count;
        return formatCount(sum);
    };
    const auto &series = *m_data.series;
    return "A " + total(series.base.count) + " requests, " + total(series.base.failed) +
           " failed; B " + total(series.cand.count) + " requests, " + total(series.cand.failed) +
           " failed; over " + formatDuration(series.endNs - series.binBegin[0]) + ", matched by " +
           describe(m_data.by) + ".";
}

} // namespace flamewright
