#include "analysis/capacity.h"

#include "analysis/order_statistics.h"
#include "analysis/percentile_intervals.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace flamewright {
namespace {

constexpr std::size_t kP95 = 2; // of kPercentiles
constexpr std::uint64_t kSeed = 0x736c6f;

struct Successes {
    std::vector<std::int64_t> begin, latency;
};

Successes successesOf(const LoadRows &rows, const LoadLevel &level)
{
    Successes out;
    const auto first = std::lower_bound(rows.begin.begin(), rows.begin.end(), level.beginNs);
    const auto last = std::lower_bound(first, rows.begin.end(), level.endNs);
    for (auto i = static_cast<std::size_t>(first - rows.begin.begin());
         i < static_cast<std::size_t>(last - rows.begin.begin()); ++i) {
        if (rows.capture[i] != level.capture || rows.failed[i] != 0)
            continue;
        out.begin.push_back(rows.begin[i]);
        out.latency.push_back(rows.latency[i]);
    }
    return out;
}

// Percentiles of resampled requests, taken for independent: the rank among n draws of the value
// with share q below it is nearly normal.
std::vector<std::int64_t> independentDraws(std::vector<std::int64_t> latencies, unsigned perMyriad)
{
    std::sort(latencies.begin(), latencies.end());
    const auto n = static_cast<double>(latencies.size());
    const auto q = perMyriad / 10'000.0;
    std::mt19937_64 random(kSeed);
    std::normal_distribution<double> rank(n * q, std::sqrt(n * q * (1 - q)));
    std::vector<std::int64_t> out;
    for (unsigned round = 0; round < kBlockResamples; ++round) {
        const auto at = std::clamp(std::ceil(rank(random)), 1.0, n);
        out.push_back(latencies[static_cast<std::size_t>(at) - 1]);
    }
    return out;
}

} // namespace

Capacity capacity(const LoadRows &rows, LevelsBy by)
{
    Capacity out;
    out.levels = loadLevels(rows, by);
    std::vector<UslPoint> points;
    std::vector<double> concurrency, throughput, latency;
    for (const auto &level : out.levels.levels) {
        points.push_back({level.concurrency, level.achievedPerSecond});
        concurrency.push_back(level.concurrency);
        throughput.push_back(level.achievedPerSecond);
        const auto &p95 = level.latency.percentiles[kP95];
        latency.push_back(p95.interval ? static_cast<double>(p95.value) : NAN);
    }
    out.usl = fitUsl(points);
    out.throughputKnee = strongestKnee(concurrency, throughput, KneeShape::Flattens);
    out.latencyKnee = strongestKnee(concurrency, latency, KneeShape::Steepens);
    return out;
}

std::optional<ObjectiveHeadroom> headroomOf(const LoadRows &rows, const LoadLevels &levels,
                                            const Objective &objective)
{
    std::vector<SloPoint> points;
    ObjectiveHeadroom out;
    for (const auto &level : levels.levels) {
        auto [begin, latency] = successesOf(rows, level);
        if (!quantileInterval(objective.perMyriad, latency.size()))
            continue;
        SloPoint point{level.concurrency, level.achievedPerSecond, 0, {}};
        const std::uint64_t rank[] = {nearestRank(objective.perMyriad, latency.size())};
        point.latency = static_cast<double>(valuesAtRanks(latency, rank).front());
        const unsigned asked[] = {objective.perMyriad};
        if (auto draws = drawPercentiles(begin, latency, asked)) {
            point.draws = std::move(draws->values.front());
        } else {
            point.draws = independentDraws(std::move(latency), objective.perMyriad);
            ++out.independent;
        }
        points.push_back(std::move(point));
    }
    const auto found = headroom(points, objective.thresholdNs);
    if (!found)
        return std::nullopt;
    out.headroom = *found;
    out.levels = points.size();
    return out;
}

} // namespace flamewright
