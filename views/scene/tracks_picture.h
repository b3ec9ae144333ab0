#pragma once

#include "views/scene/tracks_view.h"

#include <optional>
#include <string>
#include <utility>

namespace flamewright {

// A timeline as a document of its own. What `render --view timeline` writes.
struct TracksPictureOptions {
    std::string title, subtitle;
    Theme theme = Theme::Light;
    float width = 1600;
    float height = 0; // 0: as high as the tracks need, within reason
    float scale = 1;
    bool annotated = true;                                      // titles for SVG
    std::optional<std::pair<std::int64_t, std::int64_t>> range; // on the axis; none: all
    std::string filter;                                         // of tracks
};

struct TracksPicture {
    DisplayList list;
    SizeF size;
};
// `view`: what was set up in it stays (choices, notes, area, search).
TracksPicture tracksPicture(TracksView view, const TracksPictureOptions &options,
                            const TextMetrics &metrics);

} // namespace flamewright
