#pragma once

namespace flamewright {

// How probable a value at least as far from 0 as `t` is, either way, in Student's distribution.
// Anything above 0 may be `degrees`; many are the normal distribution.
double studentTails(double t, double degrees);
// The t of which studentTails() is `tails`, which is above 0 and below 1: 0.05 gives the factor of
// a 95 % interval.
double studentQuantile(double tails, double degrees);

} // namespace flamewright
