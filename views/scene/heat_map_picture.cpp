#include "views/scene/heat_map_picture.h"

#include "capture/base/capture_text.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr float kMargin = 16;
constexpr float kHeading = 56;
constexpr float kLeastWidth = 200, kLeastHeight = 160;

} // namespace

HeatMapPicture heatMapPicture(const HeatMapData &data, const HeatMapPictureOptions &options,
                              const TextMetrics &metrics)
{
    HeatMapPicture out;
    out.size = {std::ceil(std::max(options.width, kLeastWidth)),
                std::ceil(std::max(options.height, kLeastHeight))};
    const auto &colors = palette(options.theme);
    out.list.fillRect({0, 0, out.size.width, out.size.height}, colors.surface0);
    const auto heading = [&](std::string_view text, FontRole font, Rgba color, float y) {
        float width = 0;
        const auto shown = elided(CaptureText(text).toDisplay(), font, out.size.width - 2 * kMargin,
                                  metrics, &width);
        out.list.text({kMargin, y}, shown, color, font, width);
    };
    heading(options.title, FontRole::Title, colors.text1, 8);
    heading(options.subtitle, FontRole::Body, colors.text2, 28);

    HeatMapView view(data);
    view.setRanges(options.ranges);
    view.setAnnotated(options.annotated);
    DisplayList map;
    view.paint({.size = {out.size.width, out.size.height - kHeading - 8}, .scale = options.scale},
               options.theme, metrics, map);
    out.list.append(map, {0, kHeading});
    return out;
}

} // namespace flamewright
