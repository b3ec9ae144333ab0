#include "analysis/benchmark_stats.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <vector>

namespace flamewright {
namespace {

constexpr double kConfidence = 0.95;
constexpr double kNormalTail = 1.959963984540054; // beyond it lie 2.5 % of a normal distribution
constexpr std::uint64_t kExactMedian = 30;
constexpr std::size_t kExactRanks = 50, kExactTies = 25;

double normalBelow(double z)
{
    return std::erfc(-z / std::numbers::sqrt2) / 2;
}

// How many of the true median's samples lie below it is binomial(n, 1/2): whole numbers of 2^n.
// Begins in the middle and takes whichever neighbour is more probable, the lower of equal ones.
MedianRanks exactRanks(std::uint64_t n)
{
    std::array<std::uint64_t, kExactMedian + 1> ways{1};
    for (std::uint64_t row = 1; row <= n; ++row) {
        for (auto k = row; k > 0; --k)
            ways[k] += ways[k - 1];
    }
    const auto all = static_cast<double>(std::uint64_t{1} << n);
    auto low = n / 2, high = low + 1; // [low, high) is summed up
    auto sum = ways[low];
    while (static_cast<double>(sum) / all < kConfidence && (low > 0 || high <= n)) {
        const auto left = low > 0 ? ways[low - 1] : 0;
        const auto right = high <= n ? ways[high] : 0;
        if (left >= right) {
            sum += left;
            --low;
        } else {
            sum += right;
            ++high;
        }
    }
    return {low, high, static_cast<double>(sum) / all};
}

// The same with the normal distribution; counts are bands of one around themselves.
MedianRanks normalRanks(std::uint64_t n)
{
    const auto count = static_cast<double>(n);
    const auto mean = count / 2, deviation = std::sqrt(count) / 2;
    const auto from = mean - kNormalTail * deviation, to = 2 * mean - from;
    const auto low = std::floor(from - 0.5) + 1;
    auto high = std::ceil(to - 0.5) + 1;
    const auto between = [&](double a, double b) {
        return normalBelow((b - 0.5 - mean) / deviation) -
               normalBelow((a - 0.5 - mean) / deviation);
    };
    auto confidence = between(low, high);
    // Rounded outwards on both sides: one less may be enough.
    if (const auto less = between(low, high - 1); less >= kConfidence && less < confidence) {
        confidence = less;
        --high;
    }
    return {static_cast<std::uint64_t>(std::max(low, 0.0)),
            static_cast<std::uint64_t>(std::min(high, count + 1)), confidence};
}

} // namespace

MedianRanks medianRanks(std::uint64_t n)
{
    return n <= kExactMedian ? exactRanks(n) : normalRanks(n);
}

BenchmarkSummary summarize(std::span<const double> sorted)
{
    assert(std::is_sorted(sorted.begin(), sorted.end()));
    BenchmarkSummary out;
    out.count = sorted.size();
    if (sorted.empty())
        return out;
    out.min = sorted.front();
    out.max = sorted.back();
    const auto half = sorted.size() / 2;
    // Halves, so that the sum of two large values is no infinity.
    out.median = sorted.size() % 2 == 1 ? sorted[half] : sorted[half - 1] / 2 + sorted[half] / 2;
    const auto ranks = medianRanks(sorted.size());
    out.confidence = ranks.confidence;
    if (ranks.low >= 1 && ranks.high <= sorted.size()) {
        out.low = sorted[ranks.low - 1];
        out.high = sorted[ranks.high - 1];
    }
    return out;
}

std::string spreadText(const BenchmarkSummary &summary)
{
    if (!summary.low || !summary.high)
        return "\u221e";
    const auto sign = [](double v) { return v < 0 ? -1 : v > 0 ? 1 : 0; };
    if (sign(summary.median) != sign(*summary.low) || sign(summary.median) != sign(*summary.high))
        return "?";
    if (summary.median == 0)
        return "0%";
    const auto spread =
        std::max(*summary.high / summary.median - 1, 1 - *summary.low / summary.median);
    char text[400];
    std::snprintf(text, sizeof text, "%.0f%%", 100 * spread);
    return text;
}

namespace {

struct Ranked {
    double value = 0;
    bool first = false;
};

// Values that are the same, in ascending order.
struct TieGroup {
    std::size_t size = 0;
    std::size_t first = 0;       // of the first sample
    std::uint64_t twiceRank = 0; // of each: the mean of the ranks that they share
};

std::vector<TieGroup> tieGroups(std::span<const double> first, std::span<const double> second)
{
    std::vector<Ranked> all;
    all.reserve(first.size() + second.size());
    for (const auto value : first)
        all.push_back({value, true});
    for (const auto value : second)
        all.push_back({value, false});
    std::sort(all.begin(), all.end(),
              [](const Ranked &a, const Ranked &b) { return a.value < b.value; });
    std::vector<TieGroup> out;
    for (std::size_t i = 0; i < all.size();) {
        TieGroup group;
        const auto begin = i;
        for (; i < all.size() && all[i].value == all[begin].value; ++i)
            group.first += all[i].first ? 1 : 0;
        group.size = i - begin;
        group.twiceRank = begin + 1 + i;
        out.push_back(group);
    }
    return out;
}

std::vector<double> waysToChoose(std::size_t n)
{
    std::vector<double> ways(n + 1, 0);
    ways[0] = 1;
    for (std::size_t row = 1; row <= n; ++row) {
        for (auto k = row; k > 0; --k)
            ways[k] += ways[k - 1];
    }
    return ways;
}

// Of all ways to choose the first sample out of the ranks, the smaller of the shares whose sum of ranks
// is at most, and at least, what it is; twice.
double exactP(const std::vector<TieGroup> &groups, std::size_t count, std::uint64_t twiceRanks)
{
    std::uint64_t most = 0; // twice the largest sum
    for (std::size_t left = count, i = groups.size(); left > 0 && i-- > 0;) {
        const auto taken = std::min(left, groups[i].size);
        most += taken * groups[i].twiceRank;
        left -= taken;
    }
    // ways[k][s]: to choose k values with twice the sum of ranks s among the groups so far.
    const auto width = static_cast<std::size_t>(most) + 1;
    std::vector<std::vector<double>> ways(count + 1, std::vector<double>(width, 0));
    ways[0][0] = 1;
    std::size_t seen = 0;
    for (const auto &group : groups) {
        const auto choose = waysToChoose(group.size);
        seen += group.size;
        // From many to few, so that a group is counted once.
        for (auto k = std::min(count, seen); k > 0; --k) {
            for (std::size_t taken = 1; taken <= std::min(k, group.size); ++taken) {
                const auto step = static_cast<std::size_t>(taken * group.twiceRank);
                const auto &from = ways[k - taken];
                auto &to = ways[k];
                for (std::size_t s = step; s < width; ++s)
                    to[s] += from[s - step] * choose[taken];
            }
        }
    }
    double all = 0, atMost = 0, atLeast = 0;
    for (std::size_t s = 0; s < width; ++s) {
        const auto here = ways[count][s];
        all += here;
        atMost += s <= twiceRanks ? here : 0;
        atLeast += s >= twiceRanks ? here : 0;
    }
    return std::min(1.0, 2 * std::min(atMost, atLeast) / all);
}

double normalP(const std::vector<TieGroup> &groups, double n1, double n2, double u)
{
    const auto n = n1 + n2;
    double ties = 0;
    for (const auto &group : groups) {
        const auto t = static_cast<double>(group.size);
        ties += t * t * t - t;
    }
    const auto deviation = std::sqrt(n1 * n2 / 12 * ((n + 1) - ties / (n * (n - 1))));
    const auto away = std::max(std::abs(u - n1 * n2 / 2) - 0.5, 0.0);
    return std::min(1.0, 2 * normalBelow(-away / deviation));
}

} // namespace

std::optional<RankTest> rankTest(std::span<const double> first, std::span<const double> second)
{
    if (first.empty() || second.empty())
        return std::nullopt;
    const auto groups = tieGroups(first, second);
    RankTest out;
    std::uint64_t twiceRanks = 0;
    for (const auto &group : groups)
        twiceRanks += group.first * group.twiceRank;
    const auto n1 = static_cast<double>(first.size()), n2 = static_cast<double>(second.size());
    out.u = static_cast<double>(twiceRanks) / 2 - n1 * (n1 + 1) / 2;
    out.allEqual = groups.size() == 1;
    if (out.allEqual)
        return out;
    const bool ties = groups.size() < first.size() + second.size();
    out.exact = std::max(first.size(), second.size()) <= (ties ? kExactTies : kExactRanks);
    out.p = out.exact ? exactP(groups, first.size(), twiceRanks) : normalP(groups, n1, n2, out.u);
    return out;
}

std::optional<double> geometricMean(std::span<const double> values)
{
    if (values.empty() ||
        !std::all_of(values.begin(), values.end(), [](double v) { return v > 0; }))
        return std::nullopt;
    double sum = 0;
    for (const auto value : values)
        sum += std::log(value);
    return std::exp(sum / static_cast<double>(values.size()));
}

} // namespace flamewright
