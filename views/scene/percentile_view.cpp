#include "views/scene/percentile_view.h"

#include "capture/base/capture_text.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr float kLeft = 72, kRight = 20, kTop = 50, kBottom = 44;
constexpr float kRightLabelled = 72; // room for the value of the last mark
constexpr float kReach = 24;         // pixels from a line at which it is meant
constexpr double kLongTail = 20;     // times the median: from there on logarithmic
constexpr double kLeastAxisEnd = 0.99;
constexpr std::size_t kMostBands = 3;

std::string valueWithInterval(const PercentilePoint &point, ValueStyle style)
{
    auto out = formatDuration(point.value, style.time);
    if (point.interval)
        out += " (" + formatDuration(point.interval->low, style.time) + " to " +
               formatDuration(point.interval->high, style.time) + ")";
    return out;
}

} // namespace

std::string limitText(const LatencyLimit &limit, ValueStyle style)
{
    const auto which = limit.perMyriad
                           ? quantileName(static_cast<double>(*limit.perMyriad) / 10'000) + " "
                           : std::string();
    return "SLO " + which + "\u2264 " + formatDuration(limit.limitNs, style.time);
}

PercentileView::PercentileView(PercentileData data) : m_data(std::move(data)) {}

bool PercentileView::isEmpty() const
{
    return lines() == 0;
}

const std::vector<PercentilePoint> &PercentileView::pointsOf(std::size_t line) const
{
    return line < curves() ? m_data.curves->curves[line].points
                           : m_data.printed[line - curves()].points;
}

bool PercentileView::hasDirectLabels() const
{
    return !isEmpty() && lines() <= 2;
}

bool PercentileView::hasBand(std::size_t curve) const
{
    return emphasis() ? *emphasis() == curve : lines() <= kMostBands;
}

Rgba PercentileView::colorOf(std::size_t curve, Theme theme) const
{
    const bool others = m_data.curves && m_data.curves->othersGroups > 0 && curve + 1 == curves();
    return lineColor(others ? kLineColors : curve, theme);
}

std::string PercentileView::nameOf(std::size_t curve) const
{
    if (curve >= curves()) {
        const auto &printed = m_data.printed[curve - curves()];
        std::string out;
        for (const auto &part : {printed.tool, printed.endpoint, printed.subset}) {
            if (!part.empty())
                out += (out.empty() ? "" : " \u00b7 ") + CaptureText(part).toDisplay();
        }
        return out.empty() ? CaptureText(printed.capture).toDisplay() : out;
    }
    const auto &all = *m_data.curves;
    if (all.othersGroups > 0 && curve + 1 == all.curves.size())
        return "others (" + formatCount(static_cast<std::int64_t>(all.othersGroups)) + ")";
    const auto name = CaptureText(all.curves[curve].name).toDisplay();
    if (!name.empty() || all.curves[curve].group.value_or(0) != 0)
        return name.empty() ? "(no name)" : name;
    return all.failuresIncluded || all.failed == 0 ? "all requests" : "successful requests";
}

std::vector<std::string> PercentileView::groupNames() const
{
    std::vector<std::string> out;
    for (std::size_t i = 0; i < lines(); ++i)
        out.push_back(nameOf(i));
    return out;
}

PlotFrame PercentileView::frame(const Viewport &viewport) const
{
    PlotFrame out;
    const auto right = hasDirectLabels() ? kRightLabelled : kRight;
    out.plot = {kLeft, kTop, std::max(std::floor(viewport.size.width - right) - kLeft, 0.0f),
                std::max(std::floor(viewport.size.height - kBottom) - kTop, 0.0f)};
    out.x = {.kind = AxisKind::Nines, .from = 0, .to = kLeastAxisEnd, .title = "percentile"};
    out.y = {.kind = AxisKind::Nanoseconds, .title = "latency", .style = m_data.style};
    if (isEmpty())
        return out;
    std::int64_t least = INT64_MAX, most = 0, median = 0;
    for (std::size_t line = 0; line < lines(); ++line) {
        const auto &points = pointsOf(line);
        if (points.empty())
            continue;
        out.x.to = std::max(out.x.to, points.back().quantile);
        least = std::min(least, std::max<std::int64_t>(points.front().value, 1));
        most = std::max(most, points.back().value);
        const auto &interval = points.back().interval;
        if (interval && lines() <= kMostBands)
            most = std::max(most, interval->high);
        const auto half = std::lower_bound(
            points.begin(), points.end(), 0.5,
            [](const PercentilePoint &p, double quantile) { return p.quantile < quantile; });
        if (half != points.end())
            median = std::max(median, half->value);
    }
    for (const auto &limit : m_data.limits)
        most = std::max(most, saturatingAdd(limit.limitNs, limit.limitNs / 10)); // and its label
    // A little further, so that the last mark is not at the border.
    out.x.to = 1 - (1 - out.x.to) * 0.9;
    out.y.log = m_data.scale == ScaleChoice::Logarithmic ||
                (m_data.scale == ScaleChoice::Automatic && median > 0 &&
                 static_cast<double>(most) > kLongTail * static_cast<double>(median));
    out.y = roundedAxis(out.y, static_cast<double>(least), static_cast<double>(most),
                        static_cast<double>(out.plot.height),
                        static_cast<double>(yTickDistance(out.plot.height)));
    if (out.y.log)
        out.y.title = "latency, logarithmic";
    return out;
}

std::optional<PercentileView::Near> PercentileView::nearest(const PlotFrame &frame, PointF at) const
{
    std::optional<Near> best;
    auto distance = static_cast<double>(INFINITY);
    for (std::size_t c = 0; c < lines(); ++c) {
        const auto &points = pointsOf(c);
        if (points.empty())
            continue;
        auto after = std::lower_bound(
            points.begin(), points.end(), frame.xAt(at.x),
            [](const PercentilePoint &p, double quantile) { return p.quantile < quantile; });
        if (after == points.end())
            --after;
        if (after != points.begin()) {
            const auto before = std::prev(after);
            if (std::abs(frame.xOf(before->quantile) - at.x) <
                std::abs(frame.xOf(after->quantile) - at.x))
                after = before;
        }
        const auto p = frame.at(after->quantile, static_cast<double>(after->value));
        // Beside the end of a line that is shorter than the others it counts how far beside.
        const auto by =
            std::hypot(static_cast<double>(p.x - at.x), static_cast<double>(p.y - at.y));
        if (by < distance) {
            distance = by;
            best = Near{c, static_cast<std::size_t>(after - points.begin())};
        }
    }
    return best;
}

std::optional<PlotReadout> PercentileView::readout(const Viewport &viewport, PointF at) const
{
    const auto where = frame(viewport);
    if (isEmpty() || !where.hasRoom() || !where.plot.contains(at))
        return std::nullopt;
    const auto near = nearest(where, at);
    if (!near)
        return std::nullopt;
    const auto &point = pointsOf(near->curve)[near->point];
    PlotReadout out;
    out.at = where.at(point.quantile, static_cast<double>(point.value));
    if (std::abs(out.at.y - at.y) <= kReach)
        out.group = static_cast<std::uint32_t>(near->curve);
    const auto name = quantileName(point.quantile);
    out.tip.title = name;
    out.tip.subtitle = "latency of the quickest " + name.substr(1) + " % at most";
    if (near->curve < curves())
        out.tip.subtitle += ", 95 % interval";
    for (std::size_t c = 0; c < lines(); ++c) {
        const auto &points = pointsOf(c);
        auto value = std::string(c < curves() ? "n too small" : "not printed");
        if (c == near->curve) {
            value = valueWithInterval(point, m_data.style);
        } else if (const auto found = std::lower_bound(
                       points.begin(), points.end(), point.quantile,
                       [](const PercentilePoint &p, double q) { return p.quantile < q; });
                   found != points.end()) {
            value = valueWithInterval(*found, m_data.style);
            // Lines have points at ranks of their own.
            if (const auto own = quantileName(found->quantile); own != name)
                value += " at " + own;
        }
        out.tip.rows.push_back({.label = nameOf(c), .value = value});
    }
    if (near->curve >= curves()) {
        const auto &method = m_data.printed[near->curve - curves()].method;
        out.tip.footer = "as the tool printed it" +
                         (method.empty() ? "" : ": " + CaptureText(method).toDisplay());
    } else if (!point.interval)
        out.tip.footer = "too few requests for an interval";
    return out;
}

std::optional<PointF> PercentileView::stepped(const Viewport &viewport, PointF from,
                                              int steps) const
{
    const auto where = frame(viewport);
    const auto near = isEmpty() || !where.hasRoom() ? std::nullopt : nearest(where, from);
    if (!near)
        return std::nullopt;
    const auto &points = pointsOf(near->curve);
    const auto last = static_cast<std::ptrdiff_t>(points.size()) - 1;
    const auto at =
        std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(near->point) + steps, 0, last);
    const auto &point = points[static_cast<std::size_t>(at)];
    return where.at(point.quantile, static_cast<double>(point.value));
}

std::string PercentileView::summary() const
{
    if (isEmpty())
        return m_data.aggregatesOnly ? "Figures that a tool computed, no requests."
                                     : "No requests to show percentiles of.";
    std::string out;
    for (std::size_t line = curves(); line < lines(); ++line)
        out += nameOf(line) + ": as the tool printed it. ";
    for (std::size_t c = 0; c < curves(); ++c) {
        const auto &curve = m_data.curves->curves[c];
        out += nameOf(c) + ", " + formatCount(static_cast<std::int64_t>(curve.count)) + ":";
        for (std::size_t m = 0; m < kPercentiles.size(); ++m) {
            if (curve.marks[m])
                out += " " + std::string(kPercentiles[m].name) + " " +
                       formatDuration(curve.marks[m]->value, m_data.style.time);
        }
        out += ". ";
    }
    return out;
}

} // namespace flamewright
