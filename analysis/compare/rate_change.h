#pragma once

#include "analysis/compare/verdict.h"

#include <cstdint>

// Figures that were sampled: a value is the sum of what its samples stand for, and varies as they do.
namespace flamewright {

// What was counted of one side.
struct SampledAmount {
    double value = 0;    // sum, not normalised
    double variance = 0; // of `value`: of counts by chance alone, value * value / samples
    double freedom = 0;  // degrees of freedom behind `variance`; 0: it is known, not estimated
    double divisor = 1;  // of the normalisation
    std::uint64_t samples = 0;
    std::uint32_t runs = 1;
};

// Fewer effective samples than this on both sides say nothing about a change.
inline constexpr double kFewestSamples = 10;

// Both sides compared, not judged yet. Samples are taken for Poisson counts that vary more (or less)
// than by chance, by the factor between variance and what chance alone would make of them:
//
//   relative     Wilson's interval of the candidate's share of all effective samples, given both, as
//                odds: holds for counts of few, and of none
//   difference   from the score interval of each side (method of variance estimates recovery, Zou
//                and Donner 2008)
//   p            signed root of the likelihood ratio, with the correction for continuity
//
// Where variances are estimated, quantiles are Student's with Welch and Satterthwaite's degrees of
// freedom. A side of 0 has no variance of its own and is given that of the other one. `present`:
// whether the side has the figure at all.
Change rateChange(const SampledAmount &base, const SampledAmount &cand, bool presentInBase = true,
                  bool presentInCand = true);

// Two-sided p of Student's t (Hill 1970, algorithm 395; exact for 1 and 2 degrees, fractions below
// 3 count as the whole number below them). freedom 0: normal.
double studentP(double t, double freedom);
// The t whose p that is, by halving.
double studentQuantile(double p, double freedom);

} // namespace flamewright
