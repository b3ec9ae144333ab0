#pragma once

#include "analysis/compare/verdict.h"

#include <cstddef>
#include <optional>
#include <span>

// How far one sample lies from another, without a guess about their distribution: the companions of
// the test of Mann and Whitney (analysis/benchmark_stats.h).
namespace flamewright {

// The estimate of Hodges and Lehmann, the median of all differences of a value of one sample and a
// value of the other, with the interval that belongs to the test: it holds every shift that the test
// would not reject at 5 %, so that it is on one side of 0 where p is below 5 % (without ties; with
// them the two can differ a little).
struct RankShift {
    double estimate = 0;
    std::optional<ChangeInterval> interval; // 95 %; nullopt: too few values for one
};
// second - first. `sorted` ascending, not empty. Time follows n log n, not the number of pairs.
RankShift rankShift(std::span<const double> firstSorted, std::span<const double> secondSorted);
// second / first - 1 instead: the same on logarithms. nullopt: a value is not above 0.
std::optional<RankShift> rankRatio(std::span<const double> firstSorted,
                                   std::span<const double> secondSorted);

// How many of the sorted differences are outside the 95 % interval at each end, plus one: the rank of
// its lower end. 0: there is no interval. Exact for up to 50 values each, a normal approximation above.
std::size_t shiftRank(std::size_t first, std::size_t second);

// Cliff's delta: the share of pairs in which the second is larger, less the share in which it is
// smaller; of -1 to 1. 0: a sample is empty.
double cliffsDelta(std::span<const double> firstSorted, std::span<const double> secondSorted);

} // namespace flamewright
