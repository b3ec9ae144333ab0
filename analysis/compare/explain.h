#pragma once

namespace flamewright {

struct Comparison;

// Explanations that take captures of several kinds. Where a load test and traces know the same
// operation, what its slowest traces spent their time with, before and after, goes to the section of
// the load test as an explanation of the p99 (of the mean where there is none); what traces do not
// account for is the remainder.
void explainAcross(Comparison &comparison);

} // namespace flamewright
