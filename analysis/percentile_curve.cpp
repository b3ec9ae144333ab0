#include "analysis/percentile_curve.h"

#include "analysis/order_statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace flamewright {
namespace {

constexpr double kTail = 0.025;
constexpr std::size_t kRanksAtOnce = 250; // of valuesAtRanks()

// Of the largest quantile with an interval: n values are all below the true one with 2.5 %.
double lastQuantileOf(std::uint64_t n)
{
    return std::pow(kTail, 1 / static_cast<double>(n));
}

std::vector<std::int64_t> valuesOf(std::span<const std::int64_t> latencies,
                                   std::span<const std::uint64_t> ranks)
{
    std::vector<std::int64_t> out;
    for (std::size_t at = 0; at < ranks.size(); at += kRanksAtOnce) {
        const auto part =
            valuesAtRanks(latencies, ranks.subspan(at, std::min(kRanksAtOnce, ranks.size() - at)));
        out.insert(out.end(), part.begin(), part.end());
    }
    return out;
}

// A rank's value is that of every quantile above the rank before it up to rank / n: of a named one,
// where there is one.
double quantileOf(std::uint64_t rank, std::uint64_t n)
{
    for (const auto &name : kPercentiles) {
        if (nearestRank(name.perMyriad, n) == rank)
            return name.perMyriad / 10'000.0;
    }
    return static_cast<double>(rank) / static_cast<double>(n);
}

// Ranks that are evenly spread over the nines, and those of the percentiles that have a name.
std::vector<std::uint64_t> ranksOf(std::uint64_t n, std::size_t points)
{
    const auto last = lastQuantileOf(n);
    const auto nines = -std::log10(1 - last);
    const auto most = std::max<std::uint64_t>(
        static_cast<std::uint64_t>(std::floor(last * static_cast<double>(n) + 1e-9)), 1);
    std::vector<std::uint64_t> out;
    for (std::size_t i = 0; i <= points; ++i) {
        const auto q = 1 - std::pow(10, -nines * static_cast<double>(i) /
                                            static_cast<double>(std::max<std::size_t>(points, 1)));
        const auto rank = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(n)));
        out.push_back(std::clamp<std::uint64_t>(rank, 1, most));
    }
    for (const auto &name : kPercentiles) {
        if (quantileInterval(name.perMyriad, n))
            out.push_back(nearestRank(name.perMyriad, n));
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

void addIntervals(std::span<const std::int64_t> latencies, std::span<const std::uint64_t> ranks,
                  PercentileCurve &curve)
{
    std::vector<std::optional<RankInterval>> intervals;
    std::vector<std::uint64_t> low, high;
    for (std::size_t i = 0; i < ranks.size(); ++i) {
        intervals.push_back(quantileIntervalAt(curve.points[i].quantile, curve.count));
        if (intervals.back()) {
            low.push_back(intervals.back()->low);
            high.push_back(intervals.back()->high);
        }
    }
    const auto lows = valuesOf(latencies, low), highs = valuesOf(latencies, high);
    std::size_t at = 0;
    for (std::size_t i = 0; i < ranks.size(); ++i) {
        if (intervals[i]) {
            curve.points[i].interval = LatencyInterval{lows[at], highs[at]};
            ++at;
        }
    }
}

} // namespace

PercentileCurve percentileCurve(std::span<const std::int64_t> latencies, std::size_t points)
{
    PercentileCurve out;
    out.count = latencies.size();
    if (latencies.empty())
        return out;
    const auto [min, max] = std::minmax_element(latencies.begin(), latencies.end());
    out.min = *min;
    out.max = *max;
    const auto ranks = ranksOf(out.count, points);
    const auto values = valuesOf(latencies, ranks);
    for (std::size_t i = 0; i < ranks.size(); ++i)
        out.points.push_back({quantileOf(ranks[i], out.count), values[i], {}});
    addIntervals(latencies, ranks, out);
    for (std::size_t m = 0; m < kPercentiles.size(); ++m) {
        const auto q = kPercentiles[m].perMyriad;
        if (!quantileInterval(q, out.count))
            continue;
        const auto at = std::lower_bound(ranks.begin(), ranks.end(), nearestRank(q, out.count));
        out.marks[m] = out.points[static_cast<std::size_t>(at - ranks.begin())];
    }
    out.lastQuantile = out.points.back().quantile;
    return out;
}

PercentileCurves percentileCurves(const LoadRows &rows, bool includeFailures, std::size_t most,
                                  SeriesOrder order)
{
    PercentileCurves out;
    out.failuresIncluded = includeFailures;
    out.requests = rows.size();
    struct Counts {
        std::uint64_t shown = 0, failed = 0;
    };
    std::vector<Counts> counts(rows.groups.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto &count = counts[rows.group[i]];
        count.failed += rows.failed[i];
        count.shown += includeFailures || rows.failed[i] == 0 ? 1 : 0;
        out.failed += rows.failed[i];
    }
    std::vector<std::uint32_t> groups(counts.size());
    std::iota(groups.begin(), groups.end(), 0u);
    std::erase_if(groups, [&](std::uint32_t g) { return counts[g].shown == 0; });
    if (order == SeriesOrder::ByCount)
        std::stable_sort(groups.begin(), groups.end(), [&](std::uint32_t a, std::uint32_t b) {
            return counts[a].shown > counts[b].shown;
        });
    const auto own = groups.size() > most ? most - std::min<std::size_t>(most, 1) : groups.size();
    out.othersGroups = groups.size() - own;

    // Which curve a group's latencies go to.
    std::vector<std::size_t> curveOf(counts.size(), 0);
    std::vector<std::vector<std::int64_t>> latencies(own + (out.othersGroups > 0 ? 1 : 0));
    for (std::size_t i = 0; i < groups.size(); ++i)
        curveOf[groups[i]] = std::min(i, own);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (includeFailures || rows.failed[i] == 0)
            latencies[curveOf[rows.group[i]]].push_back(rows.latency[i]);
    }
    for (std::size_t i = 0; i < latencies.size(); ++i) {
        auto curve = percentileCurve(latencies[i]);
        if (i < own) {
            curve.group = groups[i];
            curve.name = rows.groups[groups[i]];
            curve.failed = counts[groups[i]].failed;
        } else {
            for (auto other = own; other < groups.size(); ++other)
                curve.failed += counts[groups[other]].failed;
        }
        out.curves.push_back(std::move(curve));
        latencies[i] = {};
    }
    return out;
}

std::optional<PrintedPercentiles>
printedPercentiles(const ToolLatency &figures, std::string_view capture, std::string_view tool)
{
    constexpr double kHeld = 9e18; // what an int64 holds
    PrintedPercentiles out{.capture = std::string(capture),
                           .tool = std::string(tool),
                           .endpoint = figures.endpoint,
                           .subset = figures.subset,
                           .method = figures.method};
    for (const auto &[quantile, value] : figures.quantiles) {
        if (quantile >= 0 && quantile < 1 && std::abs(value) < kHeld)
            out.points.push_back({quantile, std::llround(value), {}});
    }
    return out.points.empty() ? std::nullopt : std::optional(std::move(out));
}

} // namespace flamewright
