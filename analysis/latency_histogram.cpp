#include "analysis/latency_histogram.h"

#include "analysis/latency_edges.h"
#include "analysis/order_statistics.h"

#include <algorithm>
#include <numeric>

namespace flamewright {
namespace {

std::array<std::optional<std::int64_t>, kHistogramMarks.size()>
marksOf(const std::vector<std::int64_t> &latencies)
{
    std::array<std::optional<std::int64_t>, kHistogramMarks.size()> out;
    for (std::size_t m = 0; m < kHistogramMarks.size(); ++m) {
        if (!quantileInterval(kHistogramMarks[m], latencies.size()))
            continue;
        const std::uint64_t rank[] = {nearestRank(kHistogramMarks[m], latencies.size())};
        out[m] = valuesAtRanks(latencies, rank).front();
    }
    return out;
}

} // namespace

std::uint64_t LatencyHistogram::Series::below(std::size_t bin) const
{
    return std::accumulate(count.begin(),
                           count.begin() + static_cast<std::ptrdiff_t>(std::min(bin, count.size())),
                           std::uint64_t{0});
}

LatencyHistogram latencyHistogram(const LoadRows &rows, const HistogramQuestion &question)
{
    LatencyHistogram out;
    out.log = question.log;
    out.requests = rows.size();
    out.failuresIncluded = question.includeFailures;
    std::vector<std::uint64_t> counts(rows.groups.size(), 0);
    LatencyClock clock;
    std::int64_t least = INT64_MAX, most = INT64_MIN;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        out.failed += rows.failed[i];
        if (rows.failed[i] != 0 && !question.includeFailures)
            continue;
        ++counts[rows.group[i]];
        clock.add(rows.latency[i]);
        least = std::min(least, rows.latency[i]);
        most = std::max(most, rows.latency[i]);
    }
    if (least > most)
        return out;
    if (least <= 0)
        least = std::max<std::int64_t>(clock.tickNs() / 2, 1);
    out.edges = latencyEdges(least, most, clock.tickNs(), question.log, question.bins);

    std::vector<std::uint32_t> groups(counts.size());
    std::iota(groups.begin(), groups.end(), 0u);
    std::erase_if(groups, [&](std::uint32_t g) { return counts[g] == 0; });
    if (question.order == SeriesOrder::ByCount)
        std::stable_sort(groups.begin(), groups.end(),
                         [&](std::uint32_t a, std::uint32_t b) { return counts[a] > counts[b]; });
    const auto own = groups.size() > question.most
                         ? question.most - std::min<std::size_t>(question.most, 1)
                         : groups.size();
    out.othersGroups = groups.size() - own;
    out.series.resize(own + (out.othersGroups > 0 ? 1 : 0));
    std::vector<std::size_t> seriesOf(counts.size(), 0);
    for (std::size_t i = 0; i < groups.size(); ++i) {
        seriesOf[groups[i]] = std::min(i, own);
        if (i < own) {
            out.series[i].name = rows.groups[groups[i]];
            out.series[i].group = groups[i];
        }
    }
    std::vector<std::vector<std::int64_t>> latencies(out.series.size());
    for (auto &series : out.series)
        series.count.assign(out.bins(), 0);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows.failed[i] != 0 && !question.includeFailures)
            continue;
        const auto above = std::upper_bound(out.edges.begin(), out.edges.end(),
                                            static_cast<double>(rows.latency[i]));
        const auto bin = std::clamp<std::ptrdiff_t>(above - out.edges.begin() - 1, 0,
                                                    static_cast<std::ptrdiff_t>(out.bins()) - 1);
        const auto s = seriesOf[rows.group[i]];
        ++out.series[s].count[static_cast<std::size_t>(bin)];
        ++out.series[s].total;
        latencies[s].push_back(rows.latency[i]);
    }
    for (std::size_t s = 0; s < out.series.size(); ++s)
        out.series[s].marks = marksOf(latencies[s]);
    return out;
}

} // namespace flamewright
