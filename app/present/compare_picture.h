#pragma once

#include "app/compare/compare.h"
#include "views/scene/diff_options.h"
#include "views/scene/display_list.h"
#include "views/scene/flame_options.h"
#include "views/scene/latency_limit.h"
#include "views/scene/picture_heading.h"
#include "views/scene/plot_axis.h"
#include "views/scene/source_links.h"
#include "views/scene/theme.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Pictures of comparisons as documents: what `render` writes and reports show.
namespace flamewright {

struct ComparePictureRequest {
    std::string view; // one of comparePictureViews()
    Theme theme = Theme::Light;
    SizeF size{1280, 0}; // height 0: as high as the picture needs
    float scale = 1;
    bool annotated = false; // titles, for SVG
    std::string section;    // part of its title; empty: the one that tells most
    std::size_t pick = 0;   // of several explanations, or operations at the root of traces
    // Of the flame graph.
    FlameLayout layout = FlameLayout::Icicle;
    DiffWidth width = DiffWidth::Larger;
    DiffColor color = DiffColor::Total;
    bool readable = false;
    std::string search;
    SourceLinks links;
    // Of load tests.
    std::string endpoint; // exact name; empty: all requests
    bool relative = false;
    ScaleChoice latency = ScaleChoice::Automatic;
    std::vector<LatencyLimit> limits;
};

struct ComparePicture {
    std::string title; // as in the picture
    DisplayList list;
    SizeF size;
};

// "diff", "diff-percentiles", "diff-over-time", "changes", "explanation", ...
std::vector<std::string> comparePictureViews();
bool isComparePicture(std::string_view view);

// Where captures are read from again: over time needs their requests.
struct CompareSources {
    const CompareSide &base, &cand;
    JobContext &job;
};

// Of the first section that has what the view shows. Errc::Usage: none has, or there is no such
// endpoint.
Result<ComparePicture> comparePicture(const Comparison &comparison, const CompareSources &sources,
                                      const ComparePictureRequest &request,
                                      const TextMetrics &metrics);

// How both sides are named in pictures.
PictureSides pictureSides(const Comparison &comparison);

} // namespace flamewright
