#pragma once

namespace flamewright {

// Student's t distribution with `degrees` of freedom, above 0; they need not be whole.

// How probable values at least as far from 0 as t are.
double studentTwoSided(double t, double degrees);
// Beyond which, both ways, 5 % lie. The normal distribution's 1.96 for many degrees.
double student95(double degrees);

} // namespace flamewright
