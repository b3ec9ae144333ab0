#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace flamewright {

// A mark of a time axis at a round time.
struct TimeTick {
    std::int64_t ns = 0; // on the clock of the range
    std::string label;   // "12.40 s", "5.05 ms": as many decimals as tell neighbours apart
};

// The round step (1, 2 or 5 times a power of ten, at least 1 ns) with which ticks over `spanNs` in
// `width` pixels are at least `distance` pixels apart.
std::int64_t timeStep(double spanNs, double width, double distance);

// The shortest time of at least `leastNs` that people count in: 1, 2, 5 ns ... 10, 15, 30 s, 1, 2, 5,
// 10, 15, 30 min, hours, days.
std::int64_t roundTimeStep(double leastNs);

// Ticks inside [beginNs, endNs], left to right. At most width / distance + 1 of them.
std::vector<TimeTick> timeTicks(double beginNs, double endNs, double width, double distance);

} // namespace flamewright
