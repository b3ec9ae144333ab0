#include "views/scene/plot_picture.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr float kLeastWidth = 200, kLeastHeight = 160;

} // namespace

PlotPicture plotPicture(const PlotView &view, const PlotPictureOptions &options,
                        const TextMetrics &metrics)
{
    PlotPicture out;
    out.size = {std::ceil(std::max(options.width, kLeastWidth)),
                std::ceil(std::max(options.height, kLeastHeight))};
    const auto heading = paintPictureHeading(options.title, options.subtitle, options.sides,
                                             out.size, options.theme, metrics, out.list);
    DisplayList plot;
    view.paint({.size = {out.size.width, out.size.height - heading},
                .begin = options.begin,
                .end = options.end,
                .scale = options.scale},
               options.theme, metrics, plot);
    out.list.append(plot, {0, heading});
    return out;
}

} // namespace flamewright
