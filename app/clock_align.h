#pragma once

#include "analysis/clock_alignment.h"
#include "capture/base/job.h"
#include "capture/base/result.h"
#include "capture/session/session.h"

#include <cstdint>
#include <string_view>

namespace flamewright {

// What must be added to the times of `other` (on its own clock) to be on the clock of `reference`.

// From calls between the two that both have spans of. Errc::NotFound where there is none.
Result<ClockOffset> offsetByCalls(SessionReader &reader, CaptureId reference, CaptureId other,
                                  JobContext &job);

// From something that happened in both: the first slice, span, instant or log of this name.
// Errc::NotFound where one of them has none.
Result<ClockOffset> offsetByEvent(SessionReader &reader, CaptureId reference, CaptureId other,
                                  std::string_view name, JobContext &job);

// Puts `other` beside `reference`. A reference without a wall clock is given its own as one.
Result<> alignClocks(Session &session, const CaptureInfo &reference, CaptureId other,
                     std::int64_t offsetNs);

// Moves one capture on the wall clock by this much.
Result<> shiftClock(Session &session, const CaptureInfo &capture, std::int64_t byNs);

} // namespace flamewright
