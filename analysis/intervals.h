#pragma once

#include <cstdint>

namespace flamewright {

// Both ends of a share, within [0, 1].
struct Interval {
    double low = 0;
    double high = 1;
};

// The normal quantile of a two-sided 95 % interval.
inline constexpr double kZ95 = 1.959963984540054;

// Wilson score interval of a share seen as `hits` of `n` independent samples (Wilson 1927). Sound
// for small counts and for shares near 0 and 1, where the textbook interval is not. n = 0: [0, 1].
// `hits` is clamped to [0, n].
Interval wilson(std::int64_t hits, std::int64_t n, double z = kZ95);

} // namespace flamewright
