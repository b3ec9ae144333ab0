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
    std::vector<SlowShare> shares(index.size());
    CriticalPaths paths(rows, forest);
    std::vector<CriticalSegment> segments;
    const auto slowCount = static_cast<double>(out.slow), restCount = static_cast<double>(out.rest);
    for (const auto trace : traces) {
        const auto row = forest.rootOf(trace);
        const bool slow = rows.length[row] >= out.thresholdNs;
        const auto weight = 1 / (slow ? slowCount : restCount);
        (slow ? out.slowMeanNs : out.restMeanNs) += static_cast<double>(rows.length[row]) * weight;
        for (const auto span : forest.rowsOf(trace)) {
            auto &share = shares[index.of[span]];
            (slow ? share.slowSelfNs : share.restSelfNs) +=
                static_cast<double>(forest.self[span]) * weight;
            (slow ? share.slowCalls : share.restCalls) += weight;
        }
        segments.clear();
        paths.add(row, segments);
        for (const auto &segment : segments) {
            auto &share = shares[index.of[segment.row]];
            (slow ? share.slowPathNs : share.restPathNs) +=
                static_cast<double>(segment.length()) * weight;
        }
    }
    const auto difference = out.slowMeanNs - out.restMeanNs;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        auto &share = shares[i];
        if (share.slowCalls + share.restCalls == 0)
            continue;
        share.key = index.keys[i];
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
