#pragma once

#include "views/scene/diff_flame_view.h"
#include "views/scene/flame_picture.h"
#include "views/scene/legend_flow.h"
#include "views/scene/picture_heading.h"

#include <memory>
#include <string>

namespace flamewright {

// The flame graph of a difference as a document of its own: heading with both sides, graph, and a
// legend that says what colours, marks and widths mean.
struct DiffFlamePictureOptions {
    std::string title, subtitle;
    PictureSides sides;
    FlameLayout layout = FlameLayout::Icicle;
    DiffWidth by = DiffWidth::Larger;
    DiffColor color = DiffColor::Total;
    bool readable = false;
    Theme theme = Theme::Light;
    float width = 1600;
    float height = 0; // 0: as high as the graph, up to maxHeight
    float maxHeight = 8000;
    float scale = 1;
    bool annotated = true; // titles for SVG
    SourceLinks links;
    SearchResult search; // of the union
    ValueStyle style;
};
FlamePicture diffFlamePicture(const std::shared_ptr<const ProfileDiff> &diff,
                              const DiffFlamePictureOptions &options, const TextMetrics &metrics);

// What the picture means; windows show it, too.
LegendFlow diffFlameLegend(const DiffFlameView &view, Theme theme, const TextMetrics &metrics);

} // namespace flamewright
