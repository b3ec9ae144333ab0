#pragma once

#include "app/cli/picture.h"

#include <string>
#include <vector>

namespace flamewright {

// "waterfall", "service-map".
std::vector<std::string> tracePictureViews();
bool isTracePicture(const std::string &view);

// Errc::Usage: the capture has no spans, or not the trace that is asked for.
Result<Picture> tracePicture(VerbRun &run, const OpenedCapture &opened, const Scope &scope,
                             const PictureRequest &request, const TextMetrics &metrics);

} // namespace flamewright
