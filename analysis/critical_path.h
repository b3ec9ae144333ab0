#pragma once

#include "analysis/operations.h"
#include "analysis/span_forest.h"
#include "analysis/span_rows.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace flamewright {

// A part of a trace's time and the span that it had to wait for.
struct CriticalSegment {
    std::uint32_t row = 0;
    std::int64_t begin = 0, end = 0; // ns on the capture's clock; end > begin
    std::int64_t length() const { return end - begin; }
    friend bool operator==(const CriticalSegment &, const CriticalSegment &) = default;
};

// The critical paths of traces: going back from a span's end, the child that ended last before is
// what it waited for, and so on within that child; what no child accounts for is the span's own.
// Children count only within their parent's time; one that goes on beyond the end is taken to end
// there. Segments are disjoint and leave no gap: they add up to the root's length exactly.
class CriticalPaths {
public:
    CriticalPaths(const SpanRows &rows, const SpanForest &forest);
    // Of the tree below `root`, in order of time. Appended to `out`.
    void add(std::uint32_t root, std::vector<CriticalSegment> &out);

private:
    struct Frame {
        std::uint32_t row = 0;
        std::uint32_t next = 0; // of m_byEnd: the child to look at
        std::int64_t begin = 0; // of the window that counts
        std::int64_t at = 0;    // accounted for from here on
    };
    const SpanRows &m_rows;
    const SpanForest &m_forest;
    std::vector<std::uint32_t> m_byEnd; // as forest.children, of each the one that ends last first
    std::vector<Frame> m_stack;
};

// Where the time of one operation's traces goes.
struct CriticalShare {
    OperationKey key;
    std::int64_t ns = 0;      // on the critical paths, saturating
    std::uint64_t traces = 0; // whose critical path it is on
    double share = 0;         // of CriticalSummary::totalNs
};
struct CriticalSummary {
    OperationKey root;
    std::uint64_t traces = 0;
    std::int64_t totalNs = 0;          // of all roots; shares[].ns add up to it
    std::vector<CriticalShare> shares; // most first
};
// Over all traces whose root is `root`.
CriticalSummary criticalSummary(const SpanRows &rows, const SpanForest &forest,
                                const OperationIndex &index, OperationKey root);

// Of the operations that traces have at their root the one in which most time is spent. None: there
// is no trace.
std::optional<OperationKey> mainOperation(const SpanRows &rows, const SpanForest &forest,
                                          const OperationIndex &index);

} // namespace flamewright
