#include "analysis/slow_traces.h"

#include "analysis/critical_path.h"

#include <algorithm>

namespace flamewright {

SlowTraces slowTraces(const SpanRows &rows, const SpanForest &forest, const OperationIndex &index,
                      OperationKey root)
{
    SlowTraces out;
    out.root = root;
    std::vector<std::uint32_t> traces;
    std::vector<std::int64_t> lengths;
    for (std::uint32_t trace = 0; trace < forest.traces(); ++trace) {
        const auto row = forest.rootOf(trace);
        if (row == kNoRow || index.keys[index.of[row]] != root)
            continue;
        traces.push_back(trace);
        lengths.push_back(rows.length[row]);
    }
    out.thresholdNs = percentileOf(lengths, 9'500);
    out.slow = static_cast<std::uint64_t>(
        std::count_if(lengths.begin(), lengths.end(),
                      [&](std::int64_t length) { return length >= out.thresholdNs; }));
    out.rest = traces.size() - out.slow;
    if (out.slow < kLeastSlowTraces || out.rest < kLeastOtherTraces) {
        out.reason = "not enough traces: " + std::to_string(out.slow) + " slow and " +
                     std::to_string(out.rest) + " others, at least " +
                     std::to_string(kLeastSlowTraces) + " and " +
                     std::to_string(kLeastOtherTraces) + " are needed";
        return out;
    }
    struct Sums {
        struct {
            std::int64_t self = 0, path = 0;
            std::uint64_t calls = 0;
        } of[2]; // slow, rest
    };
    std::vector<Sums> sums(index.size());
    std::int64_t slowNs = 0, restNs = 0;
    CriticalPaths paths(rows, forest);
    std::vector<CriticalSegment> segments;
    const auto slowCount = static_cast<double>(out.slow), restCount = static_cast<double>(out.rest);
    for (const auto trace : traces) {
        const auto row = forest.rootOf(trace);
        const bool slow = rows.length[row] >= out.thresholdNs;
        // Added up as whole numbers, divided at the end: what is the same stays the same.
        auto &mean = slow ? slowNs : restNs;
        mean = saturatingAdd(mean, rows.endOf(row) - rows.begin[row]);
        for (const auto span : forest.rowsOf(trace)) {
            auto &sum = sums[index.of[span]].of[slow ? 0 : 1];
            sum.self = saturatingAdd(sum.self, forest.self[span]);
            ++sum.calls;
        }
        segments.clear();
        paths.add(row, segments);
        for (const auto &segment : segments) {
            auto &sum = sums[index.of[segment.row]].of[slow ? 0 : 1];
            sum.path = saturatingAdd(sum.path, segment.length());
        }
    }
    out.slowMeanNs = static_cast<double>(slowNs) / slowCount;
    out.restMeanNs = static_cast<double>(restNs) / restCount;
    const auto difference = out.slowMeanNs - out.restMeanNs;
    for (std::size_t i = 0; i < sums.size(); ++i) {
        const auto &[slow, rest] = sums[i].of;
        if (slow.calls + rest.calls == 0)
            continue;
        SlowShare share{.key = index.keys[i],
                        .slowSelfNs = static_cast<double>(slow.self) / slowCount,
                        .restSelfNs = static_cast<double>(rest.self) / restCount,
                        .slowPathNs = static_cast<double>(slow.path) / slowCount,
                        .restPathNs = static_cast<double>(rest.path) / restCount,
                        .slowCalls = static_cast<double>(slow.calls) / slowCount,
                        .restCalls = static_cast<double>(rest.calls) / restCount};
        if (difference > 0)
            share.share = (share.slowPathNs - share.restPathNs) / difference;
        out.operations.push_back(share);
    }
    std::stable_sort(out.operations.begin(), out.operations.end(),
                     [](const SlowShare &a, const SlowShare &b) {
                         return a.slowPathNs - a.restPathNs > b.slowPathNs - b.restPathNs;
                     });
    return out;
}

} // namespace flamewright
