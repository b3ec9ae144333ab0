#pragma once

#include "analysis/compare/comparison.h"
#include "analysis/compare/profile_diff.h"

#include <string>

namespace flamewright {

// What is measured, for headings: "CPU" of the measures that count it, "allocated bytes", else the
// measure's name.
std::string measureWords(const ProfileDiff &diff);

// Fills in items, explanations, sentences and weight of a section from its difference of profiles.
//
//   items         "*" (figure "total"), then self and total of each function: what was judged first,
//                 by the size of the change; functions below `smallest` of both sides are left out
//                 and counted in the notes
//   explanations  the whole by self of functions, adding up exactly
//   sentences     the whole and what most of its change is; then functions by themselves
void tellProfileDiff(const ProfileDiff &diff, double smallest, ComparedSection &section);

} // namespace flamewright
