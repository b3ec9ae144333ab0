#pragma once

#include "analysis/flame_tree.h"
#include "capture/base/format_value.h"

#include <string>

namespace flamewright {

struct LoadAnswer;

// What views propose for a finding: sentences with figures, their base and an interval. Names of
// captures as they are.

// Of a function (of all stacks it is in), or of everything: raw 0. "`parse` is in 34.2 % of
// cpu-clock (3.1 s of 9.1 s; 95 % CI 32.7..35.8 %; 1,234 of 3,600 samples), 12 % itself."
std::string profileSentence(const Profile &profile, FunctionId function, ValueStyle style);

// Of the requests that are shown: p50, p99 with its interval, failures, rate.
std::string loadSentence(const LoadAnswer &answer, ValueStyle style);

} // namespace flamewright
