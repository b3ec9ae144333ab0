#pragma once

#include <string>
#include <vector>

namespace flamewright {

struct ComparedSection;
struct Comparison;

// Of each kind (load, traces, profile, benchmarks, in this order) the section that has most to tell:
// what was divided by work done before what was not, then by verdicts or the evidence behind them.
std::vector<const ComparedSection *> leadingSections(const Comparison &comparison);

// What to say of a comparison as a whole: up to seven sentences over all sections, the weightiest
// first. What several sections say of one thing is said once, with the evidence of all. May hold
// names from captures: through CaptureText before they are shown. Never empty: where nothing
// changed it says so, and where verdicts are withheld it says why.
std::vector<std::string> headlines(const Comparison &comparison);

} // namespace flamewright
