#pragma once

namespace flamewright {

struct Comparison;

// Explanations that take captures of several kinds. Where a load test and traces know the same
// operation, what traces as long as its p99 spent their time with, before and after, goes to the
// section of the load test; what traces do not account for is the remainder.
void explainAcross(Comparison &comparison);

} // namespace flamewright
