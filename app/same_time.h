#pragma once

#include "capture/base/units.h"
#include "capture/session/session.h"

#include <span>
#include <vector>

namespace flamewright {

// A stretch of wall-clock time on the clock of another capture.
struct SameTime {
    CaptureId capture;
    TimeRange range; // on its clock, within its facts
};

// Where else the time `range` of `from` (on its clock) was recorded: every other capture whose facts
// touch it. Captures without a wall clock are left out; none when `from` has none. In the order of
// `captures`.
std::vector<SameTime> sameTimeIn(std::span<const CaptureInfo> captures, CaptureId from,
                                 TimeRange range);

} // namespace flamewright
