// How a PercentileView looks.

#include "capture/base/capture_text.h"
#include "views/scene/percentile_view.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace flamewright {
namespace {

constexpr double kBandAlpha = 0.16, kWeak = 0.3;
constexpr float kLine = 2, kApart = 5;
constexpr std::size_t kMostCounted = 4;   // lines with their number of requests in the legend
constexpr std::size_t kLabelledMarks = 5; // p50, p90, p95, p99, p99.9

} // namespace

void PercentileView::paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
                           DisplayList &out) const
{
    PlotCanvas canvas(theme, metrics, viewport.scale, out);
    if (isEmpty())
        return paintEmpty(viewport, canvas);
    const auto where = frame(viewport);
    if (!where.hasRoom()) {
        canvas.text({4, 4}, "Too small for the percentiles", canvas.colors().text2,
                    viewport.size.width - 8);
        return;
    }
    canvas.axes(where);
    std::vector<SeriesKey> keys;
    bool bands = false;
    for (std::size_t c = 0; c < curves(); ++c) {
        auto label = nameOf(c);
        if (lines() <= kMostCounted)
            label +=
                " \u00b7 " + formatCount(static_cast<std::int64_t>(m_data.curves->curves[c].count));
        keys.push_back({std::move(label), colorOf(c, theme)});
        bands = bands || hasBand(c);
    }
    for (auto line = curves(); line < lines(); ++line)
        keys.push_back({nameOf(line) + ", as printed", colorOf(line, theme), SeriesMark::Dot});
    if (bands)
        keys.push_back({"95 % interval", withAlpha(canvas.colors().text3, 0.35), SeriesMark::Band});
    canvas.legend(keys, {where.plot.x, 8}, viewport.size.width - where.plot.x - 8);
    paintCurves(where, canvas);
    for (const auto &limit : m_data.limits) {
        const auto label = limitLabel(limit, canvas.colors());
        canvas.limit(where, static_cast<double>(limit.limitNs), label.label, label.color);
    }
    paintPrinted(where, canvas);
    paintMarks(where, canvas);
    paintNotes(where, canvas);
    paintHover(viewport, where, canvas);
}

void PercentileView::paintCurves(const PlotFrame &frame, PlotCanvas &canvas) const
{
    // The most important one is drawn last, on top.
    for (auto c = curves(); c-- > 0;) {
        const auto &curve = m_data.curves->curves[c];
        const bool weak = emphasis() && *emphasis() != c;
        const auto color = colorOf(c, canvas.theme());
        if (isAnnotated()) {
            std::string title = nameOf(c);
            for (std::size_t m = 0; m < kPercentiles.size(); ++m) {
                if (curve.marks[m])
                    title += "\n" + std::string(kPercentiles[m].name) + " " +
                             formatDuration(curve.marks[m]->value, m_data.style.time);
            }
            canvas.list().beginItem(ItemRole::Part, title);
        }
        std::vector<PlotBand> band;
        std::vector<PlotPoint> line;
        const auto none = std::numeric_limits<double>::quiet_NaN();
        for (const auto &point : curve.points) {
            band.push_back({point.quantile,
                            point.interval ? static_cast<double>(point.interval->low) : none,
                            point.interval ? static_cast<double>(point.interval->high) : none});
            line.push_back({point.quantile, static_cast<double>(point.value)});
        }
        if (hasBand(c))
            canvas.band(frame, band, withAlpha(color, kBandAlpha));
        canvas.curve(frame, line, weak ? withAlpha(color, kWeak) : color, kLine);
        if (isAnnotated())
            canvas.list().endItem();
    }
}

void PercentileView::paintMarks(const PlotFrame &frame, PlotCanvas &canvas) const
{
    if (!hasDirectLabels())
        return;
    std::vector<PlotLabel> labels;
    const auto markOf = [&](std::size_t line, std::size_t m) -> std::optional<PercentilePoint> {
        if (line < curves())
            return m_data.curves->curves[line].marks[m];
        for (const auto &point : pointsOf(line)) { // a tool prints these, or it does not
            if (std::abs(point.quantile * 10'000 - kPercentiles[m].perMyriad) < 1e-3)
                return point;
        }
        return std::nullopt;
    };
    for (std::size_t m = kLabelledMarks; m-- > 0;) { // the tail first: it is what is looked for
        for (std::size_t c = 0; c < lines(); ++c) {
            const auto mark = markOf(c, m);
            if (!mark)
                continue;
            const auto color = colorOf(c, canvas.theme());
            const auto at = frame.at(mark->quantile, static_cast<double>(mark->value));
            canvas.dot(at, color);
            // Of two lines the lower one has its values below.
            const auto other = lines() == 2 ? markOf(1 - c, m) : std::nullopt;
            labels.push_back({at, formatDuration(mark->value, m_data.style.time),
                              lines() == 1 ? canvas.colors().text1 : color,
                              other && other->value > mark->value ? LabelSide::BelowRight
                                                                  : LabelSide::AboveLeft});
        }
    }
    canvas.labels(std::move(labels),
                  {frame.plot.x, frame.plot.y, frame.plot.width + 68, frame.plot.height});
}

// Whether it was met, where that can be told: of one line, and with certainty.
SeriesKey PercentileView::limitLabel(const LatencyLimit &limit, const Palette &colors) const
{
    const auto text = limitText(limit, m_data.style);
    if (curves() != 1 || lines() != 1 || !limit.perMyriad)
        return {text, colors.text2};
    for (std::size_t m = 0; m < kPercentiles.size(); ++m) {
        if (kPercentiles[m].perMyriad != *limit.perMyriad)
            continue;
        const auto &mark = m_data.curves->curves[0].marks[m];
        if (!mark || !mark->interval)
            return {text + ": n too small to say", colors.text2};
        const auto value = formatDuration(mark->value, m_data.style.time);
        if (mark->interval->high <= limit.limitNs)
            return {text + ": met, " + value, colors.ok};
        if (mark->interval->low > limit.limitNs)
            return {text + ": missed, " + value, colors.error};
        return {text + ": " + value + ", too close to say", colors.warn};
    }
    return {text, colors.text2};
}

void PercentileView::paintPrinted(const PlotFrame &frame, PlotCanvas &canvas) const
{
    for (auto line = curves(); line < lines(); ++line) {
        const bool weak = emphasis() && *emphasis() != line;
        const auto color = colorOf(line, canvas.theme());
        auto last = -kApart;
        for (const auto &point : pointsOf(line)) {
            const auto at = frame.at(point.quantile, static_cast<double>(point.value));
            // Histograms are printed with hundreds of them: as many as there is room for.
            if (at.x - last < kApart)
                continue;
            canvas.dot(at, weak ? withAlpha(color, kWeak) : color);
            last = at.x;
        }
    }
}

void PercentileView::paintNotes(const PlotFrame &frame, PlotCanvas &canvas) const
{
    // What must be known first, where there is no room for all of it.
    std::string note;
    if (curves() > 0 && m_data.curves->failed > 0)
        note = m_data.curves->failuresIncluded ? "Failures are in the percentiles. "
                                               : "Failures are not in the percentiles. ";
    if (curves() == 1 && !pointsOf(0).empty()) {
        const auto &curve = m_data.curves->curves[0];
        note += "Beyond " + quantileName(curve.lastQuantile) +
                " there are too few requests to say; the slowest took " +
                formatDuration(curve.max, m_data.style.time) + ". ";
    } else if (curves() > 1) {
        note += "A line ends where there are too few requests to say more. ";
    }
    if (!m_data.printed.empty()) {
        // The method, where it is one.
        auto method = CaptureText(m_data.printed.front().method).toDisplay();
        for (const auto &printed : m_data.printed) {
            if (printed.method != m_data.printed.front().method)
                method = "each by its own method";
        }
        note += std::string("Dots are figures that a tool computed") +
                (method.empty() ? "." : ": " + method + ".");
    }
    const auto title = canvas.width("percentile");
    canvas.text({frame.plot.x, frame.plot.bottom() + 8 + canvas.lineHeight()}, note,
                canvas.colors().text2, frame.plot.width - title - 24);
}

void PercentileView::paintHover(const Viewport &viewport, const PlotFrame &frame,
                                PlotCanvas &canvas) const
{
    if (!hover())
        return;
    const auto found = readout(viewport, *hover());
    if (!found)
        return;
    canvas.crosshair(frame.plot, found->at.x);
    const auto quantile = frame.xAt(found->at.x);
    for (std::size_t c = 0; c < curves(); ++c) {
        const auto &points = pointsOf(c);
        const auto at =
            std::lower_bound(points.begin(), points.end(), quantile - 1e-12,
                             [](const PercentilePoint &p, double q) { return p.quantile < q; });
        if (at != points.end())
            canvas.dot({found->at.x, frame.yOf(static_cast<double>(at->value))},
                       colorOf(c, canvas.theme()));
    }
}

void PercentileView::paintEmpty(const Viewport &viewport, PlotCanvas &canvas) const
{
    if (m_data.aggregatesOnly) {
        const std::string hints[] = {"This file holds figures that a tool computed, no requests.",
                                     "Percentiles are drawn from raw results: JTL, k6 JSON, "
                                     "Gatling's log, vegeta, hey CSV."};
        return canvas.emptyState(viewport.size, "No requests to show percentiles of", hints);
    }
    if (m_data.curves && m_data.curves->failed > 0) {
        const std::string hints[] = {"Failures are kept apart: include them to see how long "
                                     "they took."};
        return canvas.emptyState(viewport.size, "Every request here failed", hints);
    }
    const std::string hints[] = {"Widen the scope: another time, endpoint or status."};
    canvas.emptyState(viewport.size, "No requests in this scope", hints);
}

} // namespace flamewright
