#pragma once

#include "views/scene/display_list.h"
#include "views/scene/picture_heading.h"
#include "views/scene/plot_view.h"
#include "views/scene/theme.h"

#include <optional>
#include <string>

namespace flamewright {

// A plot as a document of its own: heading and plot. What `render` writes.
struct PlotPictureOptions {
    std::string title;                 // what is shown, and of what
    std::string subtitle;              // how many requests, errors, rate and scope
    std::optional<PictureSides> sides; // of a comparison
    Theme theme = Theme::Light;
    float width = 1200;
    float height = 600;
    float scale = 1;
    double begin = 0, end = 1; // shown part of the time
};

struct PlotPicture {
    DisplayList list;
    SizeF size;
};
PlotPicture plotPicture(const PlotView &view, const PlotPictureOptions &options,
                        const TextMetrics &metrics);

} // namespace flamewright
