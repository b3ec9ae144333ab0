#pragma once

#include "analysis/flame_tree.h"
#include "analysis/search.h"
#include "views/scene/display_list.h"
#include "views/scene/flame_view.h"
#include "views/scene/source_links.h"
#include "views/scene/theme.h"

#include <memory>
#include <string>

namespace flamewright {

// A flame graph as a document of its own: heading, graph, legend. What `render` writes.
struct FlamePictureOptions {
    std::string title;    // the capture
    std::string subtitle; // measure and scope
    FlameLayout layout = FlameLayout::Icicle;
    ColorScheme scheme = ColorScheme::Name;
    bool readable = false;                  // labels without what readableName() leaves out
    std::shared_ptr<const Profile> callers; // Sandwich: of callersProfile()
    std::int64_t timeOriginNs = 0;          // Chart: what its left edge is
    Theme theme = Theme::Light;
    float width = 1600;
    float height = 0; // 0: as high as the graph, up to maxHeight
    float maxHeight = 8000;
    float scale = 1;
    bool annotated = true; // titles for SVG
    SourceLinks links;     // of frames, for SVG and PDF
    SearchResult search;   // empty: none
    ValueStyle style;      // how values are written
};

struct FlamePicture {
    DisplayList list;
    SizeF size;
};
// `profile` is the one that the layout needs (for Sandwich that of the callees). Rows that do not
// fit are said in the picture.
FlamePicture flamePicture(const std::shared_ptr<const Profile> &profile,
                          const FlamePictureOptions &options, const TextMetrics &metrics);

} // namespace flamewright
