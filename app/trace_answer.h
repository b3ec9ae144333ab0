#pragma once

#include "analysis/critical_path.h"
#include "analysis/operations.h"
#include "analysis/scope.h"
#include "analysis/service_map.h"
#include "analysis/span_findings.h"
#include "analysis/trace_list.h"
#include "app/trace_study.h"
#include "capture/base/job.h"
#include "capture/base/result.h"
#include "capture/session/session.h"

#include <string>
#include <vector>

namespace flamewright {

// The distributed traces of a scope with everything that is said about all of them: what the views of
// a window show.
struct TraceAnswer : TraceStudy {
    OperationTable table;
    std::vector<TraceSummary> traces; // the longest first
    ServiceMap map;
    std::vector<SpanFinding> findings;
};

// Of all captures of the scope together: several files may hold parts of the same traces. Empty where
// there are no spans.
Result<TraceAnswer> traceAnswer(SessionReader &reader, const Scope &scope, JobContext &job);

// The arguments of a slice: canonical JSON, empty for TextId{}.
Result<std::string> argumentsOf(SessionReader &reader, CaptureId capture, TextId args,
                                JobContext &job);

} // namespace flamewright
