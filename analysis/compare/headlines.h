#pragma once

#include <string>
#include <vector>

namespace flamewright {

struct Comparison;

// What to say of a comparison as a whole: up to seven sentences over all sections, the weightiest
// first. What several sections say of one thing is said once, with the evidence of all. May hold
// names from captures: through CaptureText before they are shown. Never empty: where nothing
// changed it says so, and where verdicts are withheld it says why.
std::vector<std::string> headlines(const Comparison &comparison);

} // namespace flamewright
