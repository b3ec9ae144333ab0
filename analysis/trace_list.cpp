#include "analysis/trace_list.h"

#include <algorithm>

namespace flamewright {

std::vector<TraceSummary> traceList(const SpanRows &rows, const SpanForest &forest)
{
    std::vector<TraceSummary> out;
    out.reserve(forest.traces());
    // By service: the last trace that it was seen in.
    std::vector<std::uint32_t> seenIn(rows.services.size(), kNoRow);
    for (std::uint32_t trace = 0; trace < forest.traces(); ++trace) {
        const auto spans = forest.rowsOf(trace);
        if (spans.empty())
            continue;
        TraceSummary summary{.trace = trace, .root = forest.rootOf(trace), .begin = INT64_MAX};
        std::int64_t end = INT64_MIN;
        for (const auto row : spans) {
            summary.begin = std::min(summary.begin, rows.begin[row]);
            end = std::max(end, rows.endOf(row));
            summary.errors += rows.failed(row) ? 1 : 0;
            if (seenIn[rows.service[row]] != trace) {
                seenIn[rows.service[row]] = trace;
                ++summary.services;
            }
            if (forest.parent[row] == kNoRow && rows.parent[row] != 0)
                summary.isWhole = false;
        }
        summary.spans = static_cast<std::uint32_t>(spans.size());
        if (__builtin_sub_overflow(end, summary.begin, &summary.length))
            summary.length = INT64_MAX;
        out.push_back(summary);
    }
    std::sort(out.begin(), out.end(), [](const TraceSummary &a, const TraceSummary &b) {
        if (a.length != b.length)
            return a.length > b.length;
        return a.begin != b.begin ? a.begin < b.begin : a.trace < b.trace;
    });
    return out;
}

} // namespace flamewright
