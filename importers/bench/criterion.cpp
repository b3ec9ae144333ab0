#include "importers/bench/criterion.h"

#include <string>

namespace flamewright {

void addEstimate(BenchmarkWriter &out, const BenchmarkSubject &subject, std::string_view statistic,
                 const CriterionEstimate &estimate, std::uint64_t values)
{
    const std::string name(statistic);
    if (estimate.estimate)
        out.computed(subject, name, *estimate.estimate, values);
    if (estimate.low)
        out.computed(subject, name + " low", *estimate.low, values);
    if (estimate.high)
        out.computed(subject, name + " high", *estimate.high, values);
}

bool addSample(BenchmarkWriter &out, const BenchmarkSubject &subject, std::uint32_t repetition,
               double total, double iterations)
{
    const auto count = countOf(iterations);
    if (count == 0)
        return false;
    out.measured(subject, {.repetition = repetition, .iterations = count}, total / iterations);
    return true;
}

} // namespace flamewright
