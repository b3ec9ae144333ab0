#pragma once

#include "views/scene/display_list.h"
#include "views/scene/heat_map_view.h"
#include "views/scene/theme.h"

#include <string>
#include <vector>

namespace flamewright {

// A heat map as a document of its own: heading, heat map, legend. What `render` writes.
struct HeatMapPictureOptions {
    std::string title;    // the capture
    std::string subtitle; // measure and scope
    Theme theme = Theme::Light;
    float width = 1600;
    float height = 480;
    float scale = 1;
    double begin = 0, end = 1;     // shown part of the columns
    bool annotated = true;         // titles for SVG
    std::vector<TimeRange> ranges; // outlined
};

struct HeatMapPicture {
    DisplayList list;
    SizeF size;
};
HeatMapPicture heatMapPicture(const HeatMapData &data, const HeatMapPictureOptions &options,
                              const TextMetrics &metrics);

} // namespace flamewright
