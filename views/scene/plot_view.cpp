#include "views/scene/plot_view.h"

#include "views/scene/plot_frame.h"

#include <algorithm>

namespace flamewright {
namespace {

constexpr double kRangeTint = 0.12, kPendingTint = 0.2;
constexpr double kLeastShown = 1e-9; // of the time

} // namespace

std::optional<double> PlotView::timeAt(const Viewport &viewport, float x) const
{
    const auto span = timeSpan();
    const auto plot = plotArea(viewport);
    if (!span || !(plot.width > 0))
        return std::nullopt;
    const auto inside =
        std::clamp(static_cast<double>(x - plot.x), 0.0, static_cast<double>(plot.width)) /
        static_cast<double>(plot.width);
    const auto share = viewport.begin + inside * (viewport.end - viewport.begin);
    const auto begin = static_cast<double>(span->beginNs), end = static_cast<double>(span->endNs);
    return begin + share * (end - begin);
}

float PlotView::xOfTime(const Viewport &viewport, double ns) const
{
    const auto span = timeSpan();
    const auto plot = plotArea(viewport);
    if (!span || span->endNs <= span->beginNs)
        return plot.x;
    const auto begin = static_cast<double>(span->beginNs), end = static_cast<double>(span->endNs);
    const auto share = (ns - begin) / (end - begin);
    const auto shown = std::max(viewport.end - viewport.begin, kLeastShown);
    // Far beyond the plot a float would be of no use.
    const auto place = std::clamp((share - viewport.begin) / shown, -2.0, 3.0);
    return static_cast<float>(static_cast<double>(plot.x) +
                              place * static_cast<double>(plot.width));
}

std::optional<PointF> PlotView::stepped(const Viewport &, PointF, int) const
{
    return std::nullopt;
}

std::optional<Hit> PlotView::hitTest(const Viewport &viewport, PointF at) const
{
    const auto found = readout(viewport, at);
    if (!found)
        return std::nullopt;
    return Hit{found->group.value_or(0), found->tip.title, plainText(found->tip)};
}

void PlotView::paintRanges(const Viewport &viewport, const RectF &plot, PlotCanvas &canvas) const
{
    const auto &accent = canvas.colors().accent;
    const auto paint = [&](const LoadSpan &range, double tint) {
        const auto from = xOfTime(viewport, static_cast<double>(range.beginNs));
        const auto to = xOfTime(viewport, static_cast<double>(range.endNs));
        const auto left = canvas.snapped(std::clamp(from, plot.x, plot.right()));
        const auto right = canvas.snapped(std::clamp(to, plot.x, plot.right()));
        if (to < plot.x || from > plot.right())
            return;
        // A range of less than a pixel is seen, too.
        canvas.list().fillRect({left, plot.y, std::max(right - left, 1.0f), plot.height},
                               withAlpha(accent, tint));
        if (from >= plot.x)
            canvas.list().fillRect({left, plot.y, 1, plot.height}, accent);
        if (to <= plot.right())
            canvas.list().fillRect({right - 1, plot.y, 1, plot.height}, accent);
    };
    for (const auto &range : m_ranges)
        paint(range, kRangeTint);
    if (m_pending)
        paint(*m_pending, kPendingTint);
}

} // namespace flamewright
