#pragma once

#include "capture/base/job.h"
#include "capture/base/result.h"
#include "capture/session/session.h"

#include <cstdint>
#include <vector>

namespace flamewright {

// How many samples or requests each track of a capture has, for the process and thread picker: [id - 1]. A
// process has the sum of its threads and its own.
Result<std::vector<std::int64_t>> countSamplesByTrack(const Session &session,
                                                      const CaptureInfo &capture, JobContext &job);

} // namespace flamewright
