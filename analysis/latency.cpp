#include "analysis/latency.h"

#include "analysis/order_statistics.h"

#include <algorithm>

namespace flamewright {

LatencySummary summarizeLatencies(std::span<const std::int64_t> latencies)
{
    LatencySummary out;
    out.count = latencies.size();
    if (latencies.empty())
        return out;
    __extension__ using Wide = __int128;
    Wide sum = 0;
    out.min = out.max = latencies.front();
    for (const auto latency : latencies) {
        sum += latency;
        out.min = std::min(out.min, latency);
        out.max = std::max(out.max, latency);
    }
    out.mean = static_cast<double>(static_cast<long double>(sum) /
                                   static_cast<long double>(latencies.size()));

    // All ranks in one go: of the percentiles and of the ends of their intervals.
    std::vector<std::uint64_t> ranks;
    std::array<std::optional<RankInterval>, kPercentiles.size()> intervals;
    for (std::size_t i = 0; i < kPercentiles.size(); ++i) {
        ranks.push_back(nearestRank(kPercentiles[i].perMyriad, out.count));
        intervals[i] = quantileInterval(kPercentiles[i].perMyriad, out.count);
        if (intervals[i]) {
            ranks.push_back(intervals[i]->low);
            ranks.push_back(intervals[i]->high);
        }
    }
    std::sort(ranks.begin(), ranks.end());
    ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
    const auto values = valuesAtRanks(latencies, ranks);
    const auto at = [&](std::uint64_t rank) {
        const auto it = std::lower_bound(ranks.begin(), ranks.end(), rank);
        return values[static_cast<std::size_t>(it - ranks.begin())];
    };
    for (std::size_t i = 0; i < kPercentiles.size(); ++i) {
        auto &percentile = out.percentiles[i];
        percentile.value = at(nearestRank(kPercentiles[i].perMyriad, out.count));
        if (intervals[i])
            percentile.interval = LatencyInterval{at(intervals[i]->low), at(intervals[i]->high)};
    }
    return out;
}

LatencyTable latencyTable(std::span<const std::int64_t> latency,
                          std::span<const std::uint32_t> group,
                          std::span<const std::uint8_t> failed, std::size_t groups, bool together)
{
    LatencyTable out;
    out.all = summarizeLatencies(latency);
    out.groups.resize(groups);
    // Sorted by counting into one column, the failures of a group behind its successes.
    std::vector<std::size_t> ends(2 * groups + 1, 0);
    const auto bin = [&](std::size_t i) { return std::size_t{group[i]} * 2 + failed[i]; };
    for (std::size_t i = 0; i < latency.size(); ++i)
        ++ends[bin(i) + 1];
    for (std::size_t i = 1; i < ends.size(); ++i)
        ends[i] += ends[i - 1];
    const auto begins = ends;
    std::vector<std::int64_t> sorted(latency.size());
    for (std::size_t i = 0; i < latency.size(); ++i)
        sorted[ends[bin(i)]++] = latency[i];
    const auto part = [&](std::size_t first, std::size_t last) {
        return summarizeLatencies(
            std::span(sorted).subspan(begins[first], begins[last] - begins[first]));
    };
    for (std::size_t i = 0; i < groups; ++i) {
        out.groups[i].ok = part(2 * i, 2 * i + 1);
        out.groups[i].failed = part(2 * i + 1, 2 * i + 2);
        if (together)
            out.groups[i].all = part(2 * i, 2 * i + 2);
    }
    return out;
}

std::int64_t lengthOfUnion(std::vector<TimeRange> spans)
{
    std::sort(spans.begin(), spans.end(),
              [](const TimeRange &a, const TimeRange &b) { return a.begin < b.begin; });
    std::int64_t out = 0;
    auto reached = Timestamp{Duration::min()};
    for (const auto &span : spans) {
        const auto begin = std::max(span.begin, reached);
        if (span.end <= begin)
            continue;
        std::int64_t length = 0;
        if (__builtin_sub_overflow(span.end.time_since_epoch().count(),
                                   begin.time_since_epoch().count(), &length))
            return INT64_MAX;
        out = saturatingAdd(out, length);
        reached = span.end;
    }
    return out;
}

} // namespace flamewright
