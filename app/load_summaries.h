#pragma once

#include "analysis/scope.h"
#include "analysis/tool_figures.h"
#include "capture/base/job.h"
#include "capture/base/result.h"
#include "capture/session/session.h"

#include <string>
#include <vector>

namespace flamewright {

// What tools say of the latencies of one capture that holds no requests of its own.
struct CaptureFigures {
    CaptureId id;
    std::string name, tool; // "wrk"; empty: not said
    std::vector<ToolLatency> latencies;
};

// Of the captures of a scope that have figures and no requests. Endpoints and times of the scope
// do not matter: a summary cannot be cut.
Result<std::vector<CaptureFigures>> loadFigures(SessionReader &reader, const Scope &scope,
                                                JobContext &job);

} // namespace flamewright
