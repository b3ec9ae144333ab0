#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace flamewright {

// The rank, from 1, of the value that is the q-quantile of n sorted values: ceil(q * n), nearest
// rank. `perMyriad` is q in ten-thousandths: 9990 for p99.9; whole numbers, because 0.99 * 100 is
// not 99 in floating point. n = 0: 0.
constexpr std::uint64_t nearestRank(unsigned perMyriad, std::uint64_t n)
{
    __extension__ using Wide = unsigned __int128;
    const auto product = Wide{perMyriad} * n;
    const auto rank = static_cast<std::uint64_t>((product + 9'999) / 10'000);
    return rank == 0 && n > 0 ? 1 : rank;
}

// Ranks, from 1, of two of n sorted values between which the true quantile lies with 95 %
// probability at least, whatever the distribution, if the values are independent: P(true quantile
// < low) and P(true quantile > high) are at most 2.5 % each, by the binomial distribution, exactly.
struct RankInterval {
    std::uint64_t low = 0, high = 0;
    friend bool operator==(const RankInterval &, const RankInterval &) = default;
};
// nullopt: n is too small for there to be such values (below 36 for p90, 72 for p95, 368 for p99,
// 3,688 for p99.9).
std::optional<RankInterval> quantileInterval(unsigned perMyriad, std::uint64_t n);
// The same of any quantile between 0 and 1, for curves.
std::optional<RankInterval> quantileIntervalAt(double quantile, std::uint64_t n);

// The values at `ranks` (from 1, ascending, at most values.size()), without sorting everything: a
// histogram of the values finds the few of them that must be looked at more closely. Takes two
// passes over the values, less for the rest.
std::vector<std::int64_t> valuesAtRanks(std::span<const std::int64_t> values,
                                        std::span<const std::uint64_t> ranks);

} // namespace flamewright
