#include "analysis/warm_up.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr std::size_t kBatch = 5;
constexpr double kLeastChange = 1.25;
constexpr double kErrors = 4;
constexpr std::size_t kFewSuccesses = 100;
constexpr double kMatters = 0.05;   // change of a percentile
constexpr double kMostShare = 0.25; // of the requests: more is not the beginning

std::vector<double> batchMeans(std::span<const std::int64_t> values)
{
    std::vector<double> out;
    for (std::size_t i = 0; i + kBatch <= values.size(); i += kBatch) {
        double sum = 0;
        for (std::size_t k = i; k < i + kBatch; ++k)
            sum += static_cast<double>(values[k]);
        out.push_back(sum / kBatch);
    }
    return out;
}

struct Spread {
    double count = 0, mean = 0, squares = 0;
    void add(double value)
    {
        ++count;
        const auto off = value - mean;
        mean += off / count;
        squares += off * (value - mean);
    }
};

// From the end, where each value is added to those that stay.
std::optional<std::size_t> bestCut(const std::vector<double> &means)
{
    const auto n = means.size();
    if (n < 2)
        return std::nullopt;
    Spread rest;
    double least = 0;
    std::size_t best = n;
    for (auto cut = n; cut-- > 0;) {
        rest.add(means[cut]);
        const auto error = rest.squares / (rest.count * rest.count);
        // Not less than half of the values: few have little spread by chance. The earliest of
        // equal cuts.
        if (2 * cut <= n && (best == n || error <= least)) {
            least = error;
            best = cut;
        }
    }
    return 2 * best >= n ? std::nullopt : std::optional(best);
}

bool plainlyDifferent(const std::vector<double> &means, std::size_t cut)
{
    Spread before, after;
    for (std::size_t i = 0; i < means.size(); ++i)
        (i < cut ? before : after).add(means[i]);
    const auto low = std::min(before.mean, after.mean), high = std::max(before.mean, after.mean);
    // The spread of what comes after, for both: a few slow requests are what is looked for.
    const auto variance = after.squares / std::max(after.count - 1, 1.0);
    return high > 0 && high >= kLeastChange * low &&
           high - low >= kErrors * std::sqrt(variance / before.count + variance / after.count);
}

// Whether a percentile changes that can be told with it and without.
bool matters(const WarmUp &warmUp)
{
    for (std::size_t i = 0; i < kPercentiles.size(); ++i) {
        const auto &all = warmUp.all.percentiles[i], &without = warmUp.without.percentiles[i];
        if (!all.interval || !without.interval)
            continue;
        const auto change = static_cast<double>(without.value) - static_cast<double>(all.value);
        if (std::abs(change) >= kMatters * static_cast<double>(all.value))
            return true;
    }
    return false;
}

} // namespace

std::optional<std::size_t> mser5(std::span<const std::int64_t> values)
{
    const auto cut = bestCut(batchMeans(values));
    return cut ? std::optional(*cut * kBatch) : std::nullopt;
}

std::optional<WarmUp> warmUp(const LoadRows &rows, std::uint8_t capture)
{
    std::vector<std::int64_t> latencies;
    std::vector<std::size_t> which;
    std::uint64_t requests = 0;
    for (auto i = rows.firstTimed(); i < rows.size(); ++i) {
        if (rows.capture[i] != capture)
            continue;
        ++requests;
        if (rows.failed[i] == 0) {
            latencies.push_back(rows.latency[i]);
            which.push_back(i);
        }
    }
    const auto means = batchMeans(latencies);
    const auto cut = bestCut(means);
    if (!cut || *cut == 0 || !plainlyDifferent(means, *cut))
        return std::nullopt;
    WarmUp out;
    out.endNs = rows.begin[which[*cut * kBatch]];
    std::size_t first = 0;
    while (first < which.size() && rows.begin[which[first]] < out.endNs)
        ++first;
    for (auto i = rows.firstTimed(); i < rows.size() && rows.begin[i] < out.endNs; ++i)
        out.requests += rows.capture[i] == capture ? 1 : 0;
    if (out.requests == 0) // all of it began at once
        return std::nullopt;
    if (latencies.size() < kFewSuccesses)
        return std::nullopt;
    out.share = static_cast<double>(out.requests) / static_cast<double>(requests);
    if (out.share > kMostShare)
        return std::nullopt;
    out.all = summarizeLatencies(latencies);
    out.without = summarizeLatencies(std::span(latencies).subspan(first));
    return matters(out) ? std::optional(out) : std::nullopt;
}

} // namespace flamewright
