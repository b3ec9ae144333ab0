#pragma once

#include "analysis/operations.h"
#include "analysis/span_findings.h"
#include "analysis/span_forest.h"
#include "app/span_rows.h"

#include <optional>
#include <string>

namespace flamewright {

// The traces of a scope, put together: what verbs and views about them are made from.
struct TraceStudy {
    SessionSpans spans;
    SpanForest forest;
    OperationIndex index;
    SpanAttributes attributes; // if they were asked for

    const SpanRows &rows() const { return spans.rows; }
    SpanEvidence evidence() const { return {spans.rows, forest, index, attributes}; }
    // The text before it is shown or written.
    const std::string &traceName(std::uint32_t trace) const { return spans.rows.traces[trace]; }
};
enum class WithAttributes : bool { No, Yes };
// Whether services whose clocks disagree are moved to agree with those that call them.
enum class Clocks : bool { AsRecorded, Corrected };
Result<TraceStudy> traceStudy(SessionReader &reader, const Scope &scope, WithAttributes attributes,
                              JobContext &job, Clocks clocks = Clocks::AsRecorded);

// The operation that is at the root of traces and has this name: of several services the one with
// most time, or the one of `service`. Empty names: any. Errc::Usage: there is none.
Result<OperationKey> rootOperation(const TraceStudy &study, const std::string &name,
                                   const std::string &service);

// The trace whose id is, or alone begins with, `id`; an empty one: the one with the longest root.
// Errc::Usage: there is none, or several.
Result<std::uint32_t> traceOf(const TraceStudy &study, std::string id);

} // namespace flamewright
