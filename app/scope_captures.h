#pragma once

#include "analysis/scope.h"
#include "capture/session/session.h"

#include <functional>
#include <vector>

namespace flamewright {

// The captures that a scope names (all, when it names none) and that `suits` takes, in the order of
// the session. A name that is not there is no error.
Result<std::vector<CaptureInfo>>
capturesOf(SessionReader &reader, const Scope &scope,
           const std::function<bool(const CaptureInfo &capture)> &suits);
// Those with such facts: &CaptureInfo::samples, ::slices, ::requests ...
Result<std::vector<CaptureInfo>> capturesOf(SessionReader &reader, const Scope &scope,
                                            std::uint64_t CaptureInfo::*facts);

} // namespace flamewright
