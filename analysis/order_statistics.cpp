#include "analysis/order_statistics.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <math.h> // lgamma_r: std::lgamma writes a global

namespace flamewright {
namespace {

constexpr double kTail = 0.025;
// Beyond so many standard deviations there is less than a double can tell from nothing.
constexpr double kReach = 12;

double logFactorial(double n)
{
    int sign = 0;
    return ::lgamma_r(n + 1, &sign);
}

} // namespace

std::optional<RankInterval> quantileInterval(unsigned perMyriad, std::uint64_t n)
{
    return quantileIntervalAt(perMyriad / 10'000.0, n);
}

std::optional<RankInterval> quantileIntervalAt(double q, std::uint64_t n)
{
    if (n == 0 || !(q > 0) || !(q < 1))
        return std::nullopt;
    const auto count = static_cast<double>(n);
    const auto mean = count * q, deviation = std::sqrt(count * q * (1 - q));
    // How many values are below the true quantile is binomial(n, q). Summed upwards from where
    // there is nothing yet.
    auto k = std::max(0.0, std::floor(mean - kReach * deviation - 10));
    auto probability = std::exp(logFactorial(count) - logFactorial(k) - logFactorial(count - k) +
                                k * std::log(q) + (count - k) * std::log1p(-q));
    const auto odds = q / (1 - q);
    double cumulated = probability;
    const auto advance = [&] {
        probability *= (count - k) / (k + 1) * odds;
        cumulated += probability;
        ++k;
    };
    while (cumulated <= kTail && k < count)
        advance();
    const auto low = static_cast<std::uint64_t>(k);
    while (cumulated < 1 - kTail && k < count)
        advance();
    const auto high = static_cast<std::uint64_t>(k) + 1;
    if (low < 1 || high > n)
        return std::nullopt;
    return RankInterval{low, high};
}

namespace {

constexpr unsigned kBucketBits = 16;
constexpr std::size_t kFewValues = 4096;

// Values of which some ranks are wanted: ranks[i] is `base` more than the rank among them.
struct Part {
    std::vector<std::int64_t> values;
    std::size_t firstRank = 0, lastRank = 0; // of the list, half open
    std::uint64_t base = 0;
};

// Sorted halves: each rank asked for puts the ones around it into fewer values.
void selectFew(Part &part, std::span<const std::uint64_t> ranks, std::vector<std::int64_t> &out)
{
    auto begin = part.values.begin();
    for (auto i = part.firstRank; i < part.lastRank; ++i) {
        const auto at = part.values.begin() + static_cast<std::ptrdiff_t>(ranks[i] - part.base - 1);
        if (at >= begin) {
            std::nth_element(begin, at, part.values.end());
            begin = at;
        }
        out[i] = *at;
    }
}

// Spreads `values` over buckets and keeps what is in the buckets of the ranks.
void split(std::span<const std::int64_t> values, const Part &part,
           std::span<const std::uint64_t> ranks, std::vector<std::int64_t> &out,
           std::vector<Part> &parts)
{
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    const auto low = *least;
    const auto range = static_cast<std::uint64_t>(*most) - static_cast<std::uint64_t>(low);
    if (range == 0) {
        std::fill(out.begin() + static_cast<std::ptrdiff_t>(part.firstRank),
                  out.begin() + static_cast<std::ptrdiff_t>(part.lastRank), low);
        return;
    }
    const auto bits = static_cast<unsigned>(std::bit_width(range));
    const auto shift = bits > kBucketBits ? bits - kBucketBits : 0;
    const auto bucketOf = [&](std::int64_t value) {
        return static_cast<std::size_t>(
            (static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(low)) >> shift);
    };
    std::vector<std::uint64_t> counts(std::size_t{1} << kBucketBits, 0);
    for (const auto value : values)
        ++counts[bucketOf(value)];
    // Which part a bucket's values go to, plus one.
    std::vector<std::uint8_t> wanted(counts.size(), 0);
    const auto firstPart = parts.size();
    std::size_t bucket = 0;
    std::uint64_t before = part.base; // values in smaller buckets
    for (auto i = part.firstRank; i < part.lastRank; ++i) {
        while (before + counts[bucket] < ranks[i])
            before += counts[bucket++];
        if (shift == 0) {
            out[i] = low + static_cast<std::int64_t>(bucket); // all in a bucket are the same
            continue;
        }
        if (wanted[bucket] == 0) {
            parts.push_back({{}, i, i, before});
            parts.back().values.reserve(counts[bucket]);
            wanted[bucket] = static_cast<std::uint8_t>(parts.size() - firstPart);
        }
        parts.back().lastRank = i + 1;
    }
    if (parts.size() == firstPart)
        return;
    for (const auto value : values) {
        if (const auto which = wanted[bucketOf(value)])
            parts[firstPart + which - 1].values.push_back(value);
    }
}

} // namespace

std::vector<std::int64_t> valuesAtRanks(std::span<const std::int64_t> values,
                                        std::span<const std::uint64_t> ranks)
{
    assert(std::is_sorted(ranks.begin(), ranks.end()) && ranks.size() < 255);
    assert(ranks.empty() || (ranks.front() >= 1 && ranks.back() <= values.size()));
    std::vector<std::int64_t> out(ranks.size());
    if (ranks.empty())
        return out;
    std::vector<Part> parts;
    const Part all{{}, 0, ranks.size(), 0};
    if (values.size() > kFewValues)
        split(values, all, ranks, out, parts);
    else
        parts.push_back({{values.begin(), values.end()}, 0, ranks.size(), 0});
    // Every split divides the range of values by 65,536: four are the most there can be.
    while (!parts.empty()) {
        auto part = std::move(parts.back());
        parts.pop_back();
        if (part.values.size() > kFewValues)
            split(part.values, part, ranks, out, parts);
        else
            selectFew(part, ranks, out);
    }
    return out;
}

} // namespace flamewright
