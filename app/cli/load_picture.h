#pragma once

#include "app/cli/picture.h"

#include <string>
#include <vector>

namespace flamewright {

// "percentiles", "over-time", ...: the views of a load test.
std::vector<std::string> loadPictureViews();

// "p99:300ms", or "300ms" for every request.
Result<LatencyLimit> latencyLimit(const std::string &text);

// A view of a load test as a document. Errc::Usage: the capture is not one.
Result<Picture> loadPicture(VerbRun &run, const OpenedCapture &opened, const Scope &scope,
                            const PictureRequest &request, const TextMetrics &metrics);

} // namespace flamewright
