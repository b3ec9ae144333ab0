#pragma once

#include "analysis/compare/trace_diff.h"
#include "app/compare/compare.h"

#include <string>
#include <vector>

namespace flamewright {

// The spans of captures that are parts of one recording, whatever sessions they are in: what has one
// trace id is one trace, times are on the clock of the first one where wall clocks are known.
struct ReadTraces {
    TraceSide side;
    std::vector<std::string> notes;
};
Result<ReadTraces> readTraces(const std::vector<ComparedCapture> &captures, JobContext &job);

} // namespace flamewright
