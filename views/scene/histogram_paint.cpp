// How a HistogramView looks.

#include "views/scene/histogram_view.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr float kLine = 1.5f;
constexpr double kFill = 0.75, kWeak = 0.25;
constexpr float kMarkRoom = 18; // between the title and the bars

} // namespace

void HistogramView::paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
                          DisplayList &out) const
{
    PlotCanvas canvas(theme, metrics, viewport.scale, out);
    if (isEmpty())
        return paintEmpty(viewport, canvas);
    const auto where = frames(viewport);
    if (!where.bars.hasRoom() || !where.cumulated.hasRoom()) {
        canvas.text({4, 4}, "Too small for the histogram", canvas.colors().text2,
                    viewport.size.width - 8);
        return;
    }
    const auto &all = *m_data.histogram;
    const auto &plot = where.bars.plot;
    std::vector<SeriesKey> keys;
    for (std::size_t s = 0; s < all.series.size(); ++s)
        keys.push_back(
            {nameOf(s) + " \u00b7 " + formatCount(static_cast<std::int64_t>(all.series[s].total)),
             colorOf(s, theme), all.series.size() == 1 ? SeriesMark::Box : SeriesMark::Line});
    canvas.legend(keys, {plot.x, 8}, plot.width);
    auto bars = where.bars;
    bars.y.title.clear(); // there are marks between it and the plot
    canvas.ground(plot);
    canvas.yAxis(bars);
    canvas.xAxis(bars, false);
    canvas.text({plot.x, plot.y - kMarkRoom - canvas.lineHeight(FontRole::Label)},
                where.bars.y.title, canvas.colors().text2, plot.width, FontRole::Label);
    canvas.axes(where.cumulated);
    paintBars(where.bars, canvas);
    paintCumulated(where.cumulated, canvas);
    paintMarks(where, canvas);
    if (all.failed > 0)
        canvas.text({plot.x, where.cumulated.plot.bottom() + 8 + canvas.lineHeight()},
                    all.failuresIncluded ? "Failures are included." : "Failures are not included.",
                    canvas.colors().text2, plot.width / 2);
    paintHover(viewport, where, canvas);
}

void HistogramView::paintBars(const PlotFrame &frame, PlotCanvas &canvas) const
{
    const auto &all = *m_data.histogram;
    const auto &plot = frame.plot;
    const auto edge = [&](std::size_t bin) {
        return std::clamp(canvas.snapped(frame.xOf(all.edges[bin])), plot.x, plot.right());
    };
    const auto top = [&](std::size_t s, std::size_t bin) {
        return std::clamp(canvas.snapped(frame.yOf(shareOf(s, bin))), plot.y, plot.bottom());
    };
    if (all.series.size() == 1) {
        const auto color = mixed(canvas.colors().surface1, colorOf(0, canvas.theme()), kFill);
        for (std::size_t bin = 0; bin < all.bins(); ++bin) {
            const auto left = edge(bin), right = edge(bin + 1);
            if (all.series[0].count[bin] == 0 || right <= left)
                continue;
            const auto gap = right - left >= 4 ? 1.0f : 0.0f;
            const auto y = std::min(top(0, bin), plot.bottom() - 1); // one request is seen, too
            canvas.list().fillRect({left, y, right - left - gap, plot.bottom() - y}, color);
        }
        return;
    }
    for (auto s = all.series.size(); s-- > 0;) {
        const bool weak = emphasis() && *emphasis() != s;
        const auto color =
            weak ? withAlpha(colorOf(s, canvas.theme()), kWeak) : colorOf(s, canvas.theme());
        // Of whole pixels, as sharp in every painter.
        const auto pen = std::max(canvas.snapped(kLine), 1.0f);
        auto last = plot.bottom() - pen;
        for (std::size_t bin = 0; bin <= all.bins(); ++bin) {
            const auto x = edge(bin);
            const auto y =
                std::min(bin < all.bins() ? top(s, bin) : plot.bottom(), plot.bottom() - pen);
            if (y != last)
                canvas.list().fillRect(
                    {canvas.snapped(x - pen / 2), std::min(y, last), pen, std::abs(y - last) + pen},
                    color);
            if (bin < all.bins() && all.series[s].count[bin] > 0 && edge(bin + 1) > x)
                canvas.list().fillRect({x, y, edge(bin + 1) - x, pen}, color);
            last = y;
        }
    }
}

void HistogramView::paintCumulated(const PlotFrame &frame, PlotCanvas &canvas) const
{
    const auto &all = *m_data.histogram;
    for (auto s = all.series.size(); s-- > 0;) {
        std::vector<PlotPoint> points;
        std::uint64_t below = 0;
        for (std::size_t bin = 0; bin <= all.bins(); ++bin) {
            points.push_back({all.edges[bin], static_cast<double>(below) /
                                                  static_cast<double>(all.series[s].total)});
            if (bin < all.bins())
                below += all.series[s].count[bin];
        }
        const bool weak = emphasis() && *emphasis() != s;
        const auto color = colorOf(s, canvas.theme());
        canvas.curve(frame, points, weak ? withAlpha(color, kWeak) : color, 2);
    }
}

// Percentiles of one group, and the limits: lines through both plots with a label above.
void HistogramView::paintMarks(const Frames &frames, PlotCanvas &canvas) const
{
    const auto &all = *m_data.histogram;
    const auto &plot = frames.bars.plot;
    struct Mark {
        double ns;
        std::string text;
        Rgba color;
        bool dashed;
    };
    std::vector<Mark> marks;
    for (std::size_t m = 0; all.series.size() == 1 && m < kHistogramMarks.size(); ++m) {
        if (const auto &value = all.series[0].marks[m])
            marks.push_back({static_cast<double>(*value),
                             quantileName(kHistogramMarks[m] / 10'000.0) + " " +
                                 formatDuration(*value, m_data.style.time),
                             canvas.colors().text1, false});
    }
    for (const auto &limit : m_data.limits)
        marks.push_back({static_cast<double>(limit.limitNs), limitText(limit, m_data.style),
                         canvas.colors().error, true});
    std::stable_sort(marks.begin(), marks.end(),
                     [](const Mark &a, const Mark &b) { return a.ns < b.ns; });
    for (const auto &mark : marks) {
        const auto x = canvas.snapped(frames.bars.xOf(mark.ns));
        for (const auto *frame : {&frames.bars, &frames.cumulated}) {
            const auto &area = frame->plot;
            if (mark.dashed)
                canvas.dashes({x, area.y}, {x, area.bottom()}, mark.color);
            else
                canvas.list().fillRect({x, area.y, 1, area.height}, mark.color);
        }
    }
    // Labels are pushed to the right of each other, then back from the border.
    constexpr float kGap = 10;
    std::vector<float> left, wide;
    for (const auto &mark : marks) {
        wide.push_back(canvas.width(mark.text));
        const auto home = frames.bars.xOf(mark.ns) - wide.back() / 2;
        const auto free = left.empty() ? plot.x : left.back() + wide[left.size() - 1] + kGap;
        left.push_back(std::max(home, free));
    }
    auto border = plot.right();
    for (auto i = marks.size(); i-- > 0;) {
        left[i] = std::min(left[i], border - wide[i]);
        border = left[i] - kGap;
        if (left[i] >= plot.x)
            canvas.text({left[i], plot.y - canvas.lineHeight() - 2}, marks[i].text, marks[i].color,
                        wide[i] + 1);
    }
}

void HistogramView::paintHover(const Viewport &viewport, const Frames &frames,
                               PlotCanvas &canvas) const
{
    if (!hover())
        return;
    const auto found = readout(viewport, *hover());
    const auto bin = found ? binAt(frames.bars, hover()->x) : std::nullopt;
    if (!bin)
        return;
    const auto &all = *m_data.histogram;
    const auto left = canvas.snapped(frames.bars.xOf(all.edges[*bin]));
    const auto right = canvas.snapped(frames.bars.xOf(all.edges[*bin + 1]));
    for (const auto *frame : {&frames.bars, &frames.cumulated})
        canvas.list().fillRect(
            {left, frame->plot.y, std::max(right - left, 1.0f), frame->plot.height},
            withAlpha(canvas.colors().text3, 0.25));
    for (std::size_t s = 0; s < all.series.size(); ++s) {
        const auto below = static_cast<double>(all.series[s].below(*bin)) /
                           static_cast<double>(all.series[s].total);
        canvas.dot({left, frames.cumulated.yOf(below)}, colorOf(s, canvas.theme()));
    }
}

void HistogramView::paintEmpty(const Viewport &viewport, PlotCanvas &canvas) const
{
    if (m_data.aggregatesOnly) {
        const std::string hints[] = {
            "This file holds figures that a tool computed, no requests.",
            "A histogram is drawn from raw results: JTL, k6 JSON, Gatling's log, vegeta, hey CSV."};
        return canvas.emptyState(viewport.size, "No requests for a histogram", hints);
    }
    if (m_data.histogram && m_data.histogram->failed > 0) {
        const std::string hints[] = {"Failures are kept apart: include them to see how long "
                                     "they took."};
        return canvas.emptyState(viewport.size, "Every request here failed", hints);
    }
    const std::string hints[] = {"Widen the scope: another time, endpoint or status."};
    canvas.emptyState(viewport.size, "No requests in this scope", hints);
}

} // namespace flamewright
