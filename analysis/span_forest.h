#pragma once

#include "analysis/span_rows.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace flamewright {

inline constexpr std::uint32_t kNoRow = 0xffff'ffff;

// Which span is whose child, for all traces of SpanRows: trees, whatever the ids say.
//
// Parents are looked for within the trace. Where several spans have the id, the first one (by
// begin) that encloses the child is taken, one of the child's own service before others: children
// of Zipkin's shared spans belong to the half of the server. The half of the server itself is a
// child of the client's half with the same id. A parent that is not there makes a root; parents
// that go in circles are cut at the earliest span, which becomes a root.
struct SpanForest {
    std::vector<std::uint32_t> parent; // row; kNoRow: a root
    std::vector<std::uint32_t> depth;  // 0: a root
    // Length minus the union of the children's times as far as they lie within it.
    std::vector<std::int64_t> self;

    std::uint64_t missingParents = 0; // spans whose parent is not there
    std::uint64_t circles = 0;        // cut
    std::uint64_t duplicateIds = 0;   // spans that are not the first of their id, shared halves not

    std::size_t size() const { return parent.size(); }
    std::size_t traces() const { return traceBegin.empty() ? 0 : traceBegin.size() - 1; }
    // By begin.
    std::span<const std::uint32_t> childrenOf(std::uint32_t row) const
    {
        return std::span(children).subspan(childBegin[row], childBegin[row + 1] - childBegin[row]);
    }
    // All spans of a trace, parents before their children and children by begin.
    std::span<const std::uint32_t> rowsOf(std::uint32_t trace) const
    {
        return std::span(order).subspan(traceBegin[trace],
                                        traceBegin[trace + 1] - traceBegin[trace]);
    }
    // What the trace is about: the longest of its spans that have no parent; if all should have
    // one, the longest of those whose parent is not there. kNoRow: a trace without spans.
    std::uint32_t rootOf(std::uint32_t trace) const { return traceRoot[trace]; }

    // Lists of rows, one after the other; list i is [begin[i], begin[i + 1]).
    std::vector<std::uint32_t> children, childBegin;
    std::vector<std::uint32_t> order, traceBegin;
    std::vector<std::uint32_t> traceRoot;
};

// n log n in spans; no recursion. At most kNoRow - 1 spans.
SpanForest spanForest(const SpanRows &rows);

} // namespace flamewright
