#pragma once

#include "analysis/compare/comparison.h"

#include <string>

namespace flamewright {

struct InitSettings {
    std::string per = "auto"; // as the comparison was made
};

// A budget file for what was compared, which is a baseline and itself: that nothing regresses, and
// ceilings beyond what the baseline's own chance explains. TOML with comments; it is kept by the
// baseline that it comes from.
std::string budgetFrom(const Comparison &comparison, const InitSettings &settings);

} // namespace flamewright
