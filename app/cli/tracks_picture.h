#pragma once

#include "app/cli/picture.h"

namespace flamewright {

inline constexpr char kTimelineView[] = "timeline";

// Traces along time as a document. Errc::Usage: the captures have no slices and no counters.
Result<Picture> timelinePicture(VerbRun &run, const OpenedCapture &opened, const Scope &scope,
                                const PictureRequest &request, const TextMetrics &metrics);

} // namespace flamewright
