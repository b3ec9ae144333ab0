#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace flamewright {

// How a curve that grows bends.
enum class KneeShape : std::uint8_t {
    Flattens, // concave: throughput over load
    Steepens, // convex: latency over load
};

struct Knee {
    std::size_t index = 0; // of the points as they were given
    double x = 0, y = 0;
    double difference = 0; // from the diagonal of the unit square: how strong it is
};

// Kneedle (Satopaa, Albrecht, Irwin, Raghavan: "Finding a 'Kneedle' in a Haystack", 2011): the
// points are scaled to the unit square; a local maximum of the distance from its diagonal is a knee
// when the distance then falls by more than `sensitivity` times the mean step in x, before it grows
// again. By x. The points are taken as measured, not smoothed, and not thinned to equal steps, so
// that a knee is a level of load that was tried. It depends on the range that was measured: show it
// as a suggestion. Points that are not finite are left out; of points with the same x the first
// counts. Less than three points, or all of one height: none.
std::vector<Knee> kneedle(std::span<const double> x, std::span<const double> y, KneeShape shape,
                          double sensitivity = 1);

// The knee that is farthest from the diagonal.
std::optional<Knee> strongestKnee(std::span<const double> x, std::span<const double> y,
                                  KneeShape shape, double sensitivity = 1);

} // namespace flamewright
