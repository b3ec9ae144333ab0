#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace flamewright {

// A stretch of a series that stays about the same: [begin, end) of its values.
struct Plateau {
    std::size_t begin = 0, end = 0;
    double value = 0; // median
    // It does not climb or fall by half as much as there is to its neighbours: a step, not a piece
    // of a ramp. Stretches of less than five values are not steady.
    bool steady = false;
};

// Where a series of values >= 0 changes its level: the partition with the least squared error of
// the logarithms plus a penalty for each change (optimal partitioning, Jackson et al. 2005), after
// a median filter of five, so that lone spikes make no level; then levels that differ by less than
// 15 %, or less than twice the noise, are joined. Covers the series without gaps. Takes n * n.
std::vector<Plateau> plateaus(std::span<const double> series);

// The standard deviation of the step from one value to the next, as a share of the values, robust:
// changes of level do not count. 0 for less than two values.
double relativeNoise(std::span<const double> series);

} // namespace flamewright
