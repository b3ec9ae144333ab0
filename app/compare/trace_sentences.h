#pragma once

#include "analysis/compare/comparison.h"
#include "analysis/compare/trace_diff.h"

#include <string>
#include <vector>

namespace flamewright {

// What the change of the mean of a root operation is made of: time on the critical path by operation.
Explanation explanationOf(const RootChange &root);
// "Mean of POST /checkout fell from 69.5 ms to 34.1 ms (...); of the saved time 74 % was waiting for
// pg-pool.connect (44 ms to 3.2 ms per trace); SELECT products is called 12 times before, once
// after." Of changes that there is evidence of; empty: there is none.
std::string sentenceOf(const RootChange &root);

// By how much the mean of all traces would change with the root's, ns: what roots are sorted by.
double weightOf(const TraceDiff &diff, const RootChange &root);

} // namespace flamewright
