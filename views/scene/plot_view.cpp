#include "views/scene/plot_view.h"

#include <algorithm>

namespace flamewright {
namespace {

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

} // namespace flamewright
