#pragma once

#include "analysis/scope.h"
#include "analysis/span_attributes.h"
#include "analysis/span_findings.h"
#include "analysis/span_rows.h"
#include "capture/base/job.h"
#include "capture/base/result.h"
#include "capture/session/session.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace flamewright {

// The spans that a scope lets through, of all its captures. What has the same trace id in several
// captures is one trace; times are on the clock of the first capture, where the wall clocks of the
// others are known. With time ranges: the whole traces that begin in one of them; with
// tracks: the spans of these services.
struct SessionSpans {
    SpanRows rows;                      // tracks and texts are those of the row's capture
    std::vector<std::uint16_t> capture; // by row: index of `captures`
    std::vector<CaptureId> captures;
};
// Errc::Corrupt as scan(); an empty answer where the captures hold no spans.
Result<SessionSpans> spanRows(SessionReader &reader, const Scope &scope, JobContext &job);

// What the attributes of these spans say: values of the top level, numbers and truths as text, what
// is nested as JSON. Beyond limits counted in leftOut.
struct AttributeLimits {
    std::size_t keys = 256;
    std::size_t valuesOfKey = 1u << 16;
    std::size_t bytes = 64u << 20; // of all values
};
Result<SpanAttributes> spanAttributes(SessionReader &reader, const SessionSpans &spans,
                                      JobContext &job, const AttributeLimits &limits = {});

// The JSON object of each span's attributes; empty where there is none. For few spans: one text
// after the other is kept.
Result<std::vector<std::string>> spanTexts(SessionReader &reader, const SessionSpans &spans,
                                           std::span<const std::uint32_t> of, JobContext &job);

// The states of threads that a scope lets through. Threads of several processes are told apart.
Result<ThreadStates> threadStates(SessionReader &reader, const Scope &scope, JobContext &job);

} // namespace flamewright
