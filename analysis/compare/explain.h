#pragma once

namespace flamewright {

struct Comparison;

// Explanations that take captures of several kinds: where load tests and traces know the same
// operation, what its slowest requests spent their time with, before and after, goes to the
// section of the load test; CPU per request by function to the one of the profile.
void explainAcross(Comparison &comparison);

} // namespace flamewright
