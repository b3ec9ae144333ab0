#include "analysis/latency_grid.h"

#include "analysis/latency_edges.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr std::int64_t kLatest = INT64_MAX / 2;
constexpr std::int64_t kSoon = 50;  // a first request this share of the time after 0 begins at 0
constexpr double kMostCells = 4000; // in a direction
constexpr std::int64_t kLeastLatency = 1;

std::int64_t roundStep(double least)
{
    std::int64_t unit = 1;
    while (static_cast<double>(unit) * 10 <= least && unit < 100'000'000'000'000'000)
        unit *= 10;
    for (const std::int64_t times : {1, 2, 5}) {
        if (static_cast<double>(unit * times) >= least)
            return unit * times;
    }
    return unit * 10;
}

} // namespace

LatencyGrid latencyGrid(const LoadRows &rows, const LatencyGridQuestion &question)
{
    LatencyGrid out;
    out.requests = rows.size();
    out.log = question.log;
    out.failuresIncluded = question.includeFailures;
    out.untimed = rows.firstTimed();
    for (const auto failed : rows.failed)
        out.failedInAll += failed;
    const auto first = rows.firstTimed();
    if (first == rows.size())
        return out;
    out.whole.beginNs = std::min(rows.begin[first], kLatest - 1);
    out.whole.endNs =
        std::clamp(saturatingAdd(rows.begin.back(), 1), out.whole.beginNs + 1, kLatest);
    if (out.whole.beginNs <= out.whole.endNs / kSoon)
        out.whole.beginNs = 0;
    auto shown = question.shown.value_or(out.whole);
    shown.beginNs = std::clamp(shown.beginNs, out.whole.beginNs, out.whole.endNs - 1);
    shown.endNs = std::clamp(shown.endNs, shown.beginNs + 1, out.whole.endNs);
    out.shown = shown;
    const auto span = static_cast<double>(shown.endNs) - static_cast<double>(shown.beginNs);
    const auto cell = std::max(question.cellPixels, 1.0);
    out.columnNs = roundStep(
        std::max({span / std::max(question.pixelsWide, 1.0) * cell, span / kMostCells, 1.0}));
    out.beginNs = shown.beginNs / out.columnNs * out.columnNs;
    out.columns = static_cast<std::size_t>((shown.endNs - 1 - out.beginNs) / out.columnNs) + 1;

    // The axis is that of the whole test, so that it stays while time is zoomed.
    LatencyClock clock;
    std::int64_t least = INT64_MAX, most = 0;
    for (auto i = first; i < rows.size(); ++i) {
        if (rows.failed[i] != 0 && !question.includeFailures)
            continue;
        clock.add(rows.latency[i]);
        least = std::min(least, rows.latency[i]);
        most = std::max(most, rows.latency[i]);
    }
    if (least > most) // failures alone
        least = most = kLeastLatency;
    // With quick answers of 0 ms the row of zeros is the lowest one.
    if (least <= 0)
        least = std::max(clock.tickNs() / 2, kLeastLatency);
    out.edges = latencyEdges(least, most, clock.tickNs(), question.log, question.pixelsHigh / cell);
    const auto height = out.rows();
    out.count.assign(out.columns * height, 0);
    out.failed.assign(out.columns, 0);

    const auto from = static_cast<std::size_t>(
        std::lower_bound(rows.begin.begin() + static_cast<std::ptrdiff_t>(first), rows.begin.end(),
                         shown.beginNs) -
        rows.begin.begin());
    const auto to = static_cast<std::size_t>(
        std::lower_bound(rows.begin.begin() + static_cast<std::ptrdiff_t>(from), rows.begin.end(),
                         shown.endNs) -
        rows.begin.begin());
    const bool single = to - from <= question.singles;
    for (auto i = from; i < to; ++i) {
        const auto column = static_cast<std::size_t>((rows.begin[i] - out.beginNs) / out.columnNs);
        ++out.inShown;
        out.failed[column] += rows.failed[i];
        out.failedInShown += rows.failed[i];
        if (single)
            out.singles.push_back({rows.begin[i], rows.latency[i], rows.failed[i] != 0,
                                   rows.groups[rows.group[i]], rows.statuses[rows.status[i]]});
        if (rows.failed[i] != 0 && !question.includeFailures)
            continue;
        const auto above = std::upper_bound(out.edges.begin(), out.edges.end(),
                                            static_cast<double>(rows.latency[i]));
        const auto row = std::clamp<std::ptrdiff_t>(above - out.edges.begin() - 1, 0,
                                                    static_cast<std::ptrdiff_t>(height) - 1);
        auto &count = out.count[column * height + static_cast<std::size_t>(row)];
        out.most = std::max(out.most, ++count);
    }
    return out;
}

} // namespace flamewright
