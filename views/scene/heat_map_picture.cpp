#include "views/scene/heat_map_picture.h"

#include "views/scene/picture_heading.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr float kTop = kPictureHeading + 4;
constexpr float kLeastWidth = 200, kLeastHeight = 160;

} // namespace

HeatMapPicture heatMapPicture(const HeatMapData &data, const HeatMapPictureOptions &options,
                              const TextMetrics &metrics)
{
    HeatMapPicture out;
    out.size = {std::ceil(std::max(options.width, kLeastWidth)),
                std::ceil(std::max(options.height, kLeastHeight))};
    paintPictureHeading(options.title, options.subtitle, out.size, options.theme, metrics,
                        out.list);

    HeatMapView view(data);
    view.setRanges(options.ranges);
    view.setAnnotated(options.annotated);
    DisplayList map;
    view.paint({.size = {out.size.width, out.size.height - kTop - 8},
                .begin = options.begin,
                .end = options.end,
                .scale = options.scale},
               options.theme, metrics, map);
    out.list.append(map, {0, kTop});
    return out;
}

} // namespace flamewright
