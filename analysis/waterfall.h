#pragma once

#include "analysis/span_forest.h"
#include "analysis/span_rows.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace flamewright {

struct TimePart {
    std::int64_t begin = 0, end = 0; // ns on the capture's clock; end > begin
    friend bool operator==(const TimePart &, const TimePart &) = default;
};

// One span of a trace as a bar.
struct WaterfallSpan {
    std::uint32_t row = 0; // of SpanRows
    std::uint32_t depth = 0;
    std::int64_t begin = 0, end = 0; // ns
    std::int64_t selfNs = 0;
    std::uint32_t service = 0, name = 0; // index of the waterfall's
    SliceKind kind = SliceKind::Span;
    bool failed = false;
    // Ranges of Waterfall::self and ::critical.
    std::uint32_t selfFirst = 0, selfEnd = 0, criticalFirst = 0, criticalEnd = 0;
};

// All of one trace, in the order of its tree: what a picture of it is made from. Holds no reference
// to the rows that it is made of.
struct Waterfall {
    std::string trace; // its id
    std::vector<WaterfallSpan> spans;
    std::vector<TimePart> self;      // when a span does not wait for a child, by span and begin
    std::vector<TimePart> critical;  // when the trace waits for a span, by span and begin
    std::int64_t begin = 0, end = 0; // of all spans
    std::int64_t rootNs = 0;         // length of the root; the critical parts add up to it
    std::uint64_t failed = 0;
    std::vector<std::string> services, names; // as in the capture

    std::span<const TimePart> selfOf(const WaterfallSpan &span) const
    {
        return std::span(self).subspan(span.selfFirst, span.selfEnd - span.selfFirst);
    }
    std::span<const TimePart> criticalOf(const WaterfallSpan &span) const
    {
        return std::span(critical).subspan(span.criticalFirst,
                                           span.criticalEnd - span.criticalFirst);
    }
};

// Empty where the trace has no spans.
Waterfall waterfall(const SpanRows &rows, const SpanForest &forest, std::uint32_t trace);

} // namespace flamewright
