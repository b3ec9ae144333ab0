#pragma once

#include "capture/session/session.h"
#include "importers/symbols/symbolizer.h"

namespace flamewright {

// Writes what applySymbols() made: frames anew, new strings appended, symbol notes replaced.
Result<> writeFrames(Session &session, const CaptureInfo &capture, const Dimensions &dimensions,
                     const FrameUpdate &update);

// Copies a capture into another session, chunk by checked chunk: how a stranger's session becomes
// one's own. On error or cancel the target is as it was.
Result<CaptureId> copyCapture(SessionReader &from, const CaptureInfo &capture, Session &to,
                              JobContext &job);

} // namespace flamewright
