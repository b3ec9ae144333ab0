#pragma once

#include "importers/bench/benchmark_writer.h"

#include <optional>
#include <string_view>

// What the files of criterion.rs share. https://github.com/bheisler/criterion.rs
namespace flamewright {

inline constexpr std::string_view kCriterionMethod = "criterion, bootstrap";

// An estimate with the bounds of its interval, of which any may be missing: "mean", "mean low",
// "mean high".
struct CriterionEstimate {
    std::optional<double> estimate, low, high;
};
void addEstimate(BenchmarkWriter &out, const BenchmarkSubject &subject, std::string_view statistic,
                 const CriterionEstimate &estimate, std::uint64_t values = 0);

// A sample of `total` (of a clock or another measure) over `iterations`, as the mean of one iteration;
// false: it cannot be.
bool addSample(BenchmarkWriter &out, const BenchmarkSubject &subject, std::uint32_t repetition,
               double total, double iterations);

} // namespace flamewright
