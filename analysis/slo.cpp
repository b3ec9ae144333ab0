#include "analysis/slo.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace flamewright {
namespace {

constexpr double kTail = 0.025;
constexpr double kEver = std::numeric_limits<double>::infinity();

struct Crossing {
    Headroom::Kind kind = Headroom::Kind::Never;
    double throughput = 0, concurrency = 0;
};

// `latencyOf(level)` by index of `levels`, which are in order of concurrency.
template <class LatencyOf>
Crossing crossing(const std::vector<const SloPoint *> &levels, double threshold,
                  LatencyOf &&latencyOf)
{
    if (latencyOf(0) > threshold)
        return {Headroom::Kind::Always, levels[0]->throughput, levels[0]->concurrency};
    Crossing never{Headroom::Kind::Never, levels[0]->throughput, levels[0]->concurrency};
    for (std::size_t i = 1; i < levels.size(); ++i) {
        const auto &below = *levels[i - 1], &above = *levels[i];
        const auto from = latencyOf(i - 1), to = latencyOf(i);
        if (to > threshold) {
            const auto part = (threshold - from) / (to - from);
            return {Headroom::Kind::Crosses,
                    below.throughput + part * (above.throughput - below.throughput),
                    below.concurrency + part * (above.concurrency - below.concurrency)};
        }
        if (above.throughput > never.throughput)
            never = {Headroom::Kind::Never, above.throughput, above.concurrency};
    }
    return never;
}

void addInterval(const std::vector<const SloPoint *> &levels, double threshold, Headroom &out)
{
    auto rounds = std::numeric_limits<std::size_t>::max();
    for (const auto *level : levels)
        rounds = std::min(rounds, level->draws.size());
    if (rounds == 0)
        return;
    std::vector<double> crossings; // beyond what was measured: infinite
    for (std::size_t round = 0; round < rounds; ++round) {
        const auto found = crossing(levels, threshold, [&](std::size_t i) {
            return static_cast<double>(levels[i]->draws[round]);
        });
        switch (found.kind) {
        case Headroom::Kind::Crosses: crossings.push_back(found.throughput); break;
        case Headroom::Kind::Never: crossings.push_back(kEver); break;
        case Headroom::Kind::Always: crossings.push_back(-kEver); break;
        }
    }
    std::sort(crossings.begin(), crossings.end());
    const auto last = static_cast<double>(rounds - 1);
    const auto low = crossings[static_cast<std::size_t>(std::floor(kTail * last))];
    const auto high = crossings[static_cast<std::size_t>(std::ceil((1 - kTail) * last))];
    out.hasInterval = true;
    if (std::isfinite(low))
        out.low = low;
    if (std::isfinite(high))
        out.high = high;
}

} // namespace

std::optional<Headroom> headroom(std::span<const SloPoint> levels, std::int64_t thresholdNs)
{
    std::vector<const SloPoint *> sorted;
    for (const auto &level : levels) {
        if (std::isfinite(level.concurrency) && std::isfinite(level.throughput) &&
            std::isfinite(level.latency))
            sorted.push_back(&level);
    }
    if (sorted.empty())
        return std::nullopt;
    std::stable_sort(sorted.begin(), sorted.end(), [](const SloPoint *a, const SloPoint *b) {
        return a->concurrency < b->concurrency;
    });
    const auto threshold = static_cast<double>(thresholdNs);
    const auto found =
        crossing(sorted, threshold, [&](std::size_t i) { return sorted[i]->latency; });
    Headroom out;
    out.kind = found.kind;
    out.throughput = found.throughput;
    out.concurrency = found.concurrency;
    addInterval(sorted, threshold, out);
    return out;
}

double Apdex::score() const
{
    if (total() == 0)
        return 0;
    return (static_cast<double>(satisfied) + static_cast<double>(tolerating) / 2) /
           static_cast<double>(total());
}

namespace {

std::int64_t fourTimes(std::int64_t ns)
{
    std::int64_t out = 0;
    return __builtin_mul_overflow(ns, std::int64_t{4}, &out) ? INT64_MAX : out;
}

void count(Apdex &out, std::int64_t latency, bool failed, std::int64_t satisfied,
           std::int64_t tolerated)
{
    if (failed || latency > tolerated)
        ++out.frustrated;
    else if (latency > satisfied)
        ++out.tolerating;
    else
        ++out.satisfied;
}

} // namespace

Apdex apdex(std::span<const std::int64_t> latency, std::span<const std::uint8_t> failed,
            std::int64_t satisfiedNs)
{
    const auto tolerated = fourTimes(satisfiedNs);
    Apdex out;
    for (std::size_t i = 0; i < latency.size(); ++i)
        count(out, latency[i], failed[i] != 0, satisfiedNs, tolerated);
    return out;
}

std::vector<Apdex> apdexByGroup(const LoadRows &rows, std::int64_t satisfiedNs)
{
    const auto tolerated = fourTimes(satisfiedNs);
    std::vector<Apdex> out(rows.groups.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        count(out[rows.group[i]], rows.latency[i], rows.failed[i] != 0, satisfiedNs, tolerated);
    return out;
}

double Compliance::share() const
{
    return total == 0 ? 1 : static_cast<double>(good) / static_cast<double>(total);
}

Interval Compliance::interval() const
{
    return wilson(static_cast<std::int64_t>(good), static_cast<std::int64_t>(total));
}

Compliance compliance(std::span<const std::int64_t> latency, std::span<const std::uint8_t> failed,
                      std::int64_t thresholdNs)
{
    Compliance out;
    out.total = latency.size();
    for (std::size_t i = 0; i < latency.size(); ++i)
        out.good += failed[i] == 0 && latency[i] <= thresholdNs ? 1 : 0;
    return out;
}

double burnRate(const Compliance &seen, double target)
{
    if (seen.total == 0 || seen.good == seen.total)
        return 0;
    const auto bad = static_cast<double>(seen.total - seen.good) / static_cast<double>(seen.total);
    return target < 1 ? bad / (1 - target) : kEver;
}

std::array<BurnAlert, 4> burnAlerts(std::int64_t periodNs)
{
    constexpr std::int64_t kMinute = 60LL * 1'000'000'000, kHour = 60 * kMinute, kDay = 24 * kHour;
    std::array<BurnAlert, 4> out{{{kHour, 5 * kMinute, 0, 0.02, true},
                                  {6 * kHour, 30 * kMinute, 0, 0.05, true},
                                  {kDay, 2 * kHour, 0, 0.1, false},
                                  {3 * kDay, 6 * kHour, 0, 0.1, false}}};
    for (auto &alert : out)
        alert.factor =
            alert.budgetShare * static_cast<double>(periodNs) / static_cast<double>(alert.longNs);
    return out;
}

BurnReport burnReport(const Compliance &seen, double target)
{
    BurnReport out;
    out.seen = seen;
    out.target = target;
    out.rate = burnRate(seen, target);
    if (out.rate > 1)
        out.exhaustedNs = static_cast<std::int64_t>(static_cast<double>(kSloPeriodNs) / out.rate);
    const auto alerts = burnAlerts();
    for (std::size_t i = 0; i < alerts.size(); ++i)
        out.lines[i] = {alerts[i], out.rate >= alerts[i].factor};
    return out;
}

} // namespace flamewright
