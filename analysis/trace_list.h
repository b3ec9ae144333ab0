#pragma once

#include "analysis/operations.h"
#include "analysis/span_forest.h"
#include "analysis/span_rows.h"

#include <cstdint>
#include <vector>

namespace flamewright {

// One trace, as a row of a list.
struct TraceSummary {
    std::uint32_t trace = 0; // index of SpanRows::traces
    std::uint32_t root = 0;  // row; what the trace is about (SpanForest::rootOf)
    std::int64_t begin = 0;  // ns on the capture's clock, of its first span
    std::int64_t length = 0; // ns, from there to the end of its last span, saturating
    std::uint32_t spans = 0, errors = 0, services = 0;
    bool isWhole = true; // false: spans name parents that are not there
};

// All traces that have spans, the longest first; of equal length the earlier one.
std::vector<TraceSummary> traceList(const SpanRows &rows, const SpanForest &forest);

} // namespace flamewright
