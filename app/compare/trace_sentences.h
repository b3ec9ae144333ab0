#pragma once

#include "analysis/compare/comparison.h"
#include "analysis/compare/trace_diff.h"

#include <string>
#include <vector>

namespace flamewright {

// What the change of the mean of a root operation is made of: time on the critical path by operation.
Explanation explanationOf(const RootChange &root);
// "Mean of POST /checkout fell from 69.5 ms to 34.1 ms (...); 74 % of the saved time was waiting for
// pg-pool.connect (2.0 calls per trace before, 1.0 after); SELECT products is called 12 times before,
// once after." Of changes that there is evidence of.
std::string sentenceOf(const RootChange &root);

// By how much the mean of all traces would change with the root's, ns: what roots are sorted by.
double weightOf(const TraceDiff &diff, const RootChange &root);

} // namespace flamewright
