#pragma once

#include "analysis/scope.h"
#include "app/cli/verb.h"
#include "app/load_rows.h"
#include "app/opened_capture.h"
#include "views/scene/display_list.h"
#include "views/scene/flame_options.h"
#include "views/scene/percentile_view.h"
#include "views/scene/source_links.h"
#include "views/scene/theme.h"

#include <string>
#include <vector>

namespace flamewright {

// What the views of a load test are asked for besides.
struct LoadPictureOptions {
    LoadQuestion question;
    bool grouped = false; // by `question`; otherwise by capture where there are several
    bool includeFailures = false;
    ScaleChoice scale = ScaleChoice::Automatic; // of latency
    std::vector<LatencyLimit> limits;
};

// What `render` draws: a view of one capture as a document.
struct PictureRequest {
    std::string view = "icicle"; // one of pictureViews()
    ColorScheme scheme = ColorScheme::Name;
    bool readable = false;
    std::string function; // sandwich: whose; a pattern, empty: the most interesting one
    Theme theme = Theme::Light;
    SizeF size{1600, 0}; // height 0: as high as the picture needs
    float scale = 1;
    bool annotated = false; // titles, for SVG
    SourceLinks links;      // of frames to their source, for SVG and PDF
    LoadPictureOptions load;
    std::string subtitle;     // what was chosen of the capture, said after measure and total
    std::string time, tracks; // of a timeline: "1s..2s", part of a track's name
    std::string trace;        // waterfall: the id, or how it begins; empty: the slowest
};

struct Picture {
    DisplayList list;
    SizeF size;
};

// "flame", "icicle", ..., "heatmap", and those of load tests.
std::vector<std::string> pictureViews();

// Errc::Usage: the view cannot be drawn of this capture, or no function matches.
Result<Picture> picture(VerbRun &run, const OpenedCapture &opened, const Scope &scope,
                        const PictureRequest &request, const TextMetrics &metrics);

} // namespace flamewright
