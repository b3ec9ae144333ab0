#pragma once

#include "analysis/span_rows.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace flamewright {

// By how much the clock of a capture must be moved to agree with a reference.
struct ClockOffset {
    std::int64_t ns = 0;            // to add to its times
    std::int64_t uncertaintyNs = 0; // the truth lies this far to either side at most, if calls nest
    std::size_t agreeing = 0;       // calls that nest with this offset
    std::size_t calls = 0;          // across both captures
};

// From calls that one capture saw begin and the other saw served: a span of one whose parent, of the
// same trace, is in the other. A call is served between its begin and its end, so each gives a
// range of offsets; the answer is the middle of the range that most of them share. Nothing where
// no call crosses, or where none can nest. Only calls that somebody waits for: not those between
// producers and consumers. Ids of spans that are there twice are left out.
std::optional<ClockOffset> offsetByTraceContext(const SpanRows &reference, const SpanRows &other);

} // namespace flamewright
