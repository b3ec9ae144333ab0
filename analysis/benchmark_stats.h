#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

// Statistics of repeated measurements without a guess about their distribution, as benchstat
// computes them: medians with intervals of order statistics, and the test of Mann and Whitney.
namespace flamewright {

// Ranks, from 1, of the sorted values between which the true median lies with `confidence`; 0 and
// n + 1 are infinitely far away. Exact for n up to 30, a normal approximation of the binomial
// distribution above. Where two intervals are as good, the lower one. benchstat needs 6 values for
// 95 %.
struct MedianRanks {
    std::uint64_t low = 0, high = 0;
    double confidence = 1; // that the interval has, at least what was asked for
};
MedianRanks medianRanks(std::uint64_t n);

// Repetitions of one benchmark.
struct BenchmarkSummary {
    std::uint64_t count = 0;
    double min = 0, max = 0, median = 0;
    // A 95 % interval of the median, and the confidence that it really has; none for few values.
    std::optional<double> low, high;
    double confidence = 1;
};
// `sorted` ascending, finite. Nothing: all is 0.
BenchmarkSummary summarize(std::span<const double> sorted);

// How far the interval reaches from the median at most: "3%"; "∞" where there is none, "?" where it
// has another sign.
std::string spreadText(const BenchmarkSummary &summary);

// The two-sided test of Mann and Whitney: how probable at least so different ranks would be if both
// samples were from one distribution. Exact for up to 50 values each without ties and 25 with ties; a
// normal approximation with corrections for ties and continuity otherwise.
struct RankTest {
    double u = 0; // pairs in which the first is larger, ties half
    double p = 1;
    bool exact = true;
    bool allEqual = false; // there is nothing to test
};
// nullopt: a sample is empty.
std::optional<RankTest> rankTest(std::span<const double> first, std::span<const double> second);

// nullopt: there is none, or a value is not above 0.
std::optional<double> geometricMean(std::span<const double> values);

} // namespace flamewright
