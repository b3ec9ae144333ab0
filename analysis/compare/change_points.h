#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace flamewright {

// Where a series of measurements, one for each run in the order of time, began to have other values.
struct ChangePoint {
    std::size_t index = 0;        // the first run of the new values
    double before = 0, after = 0; // means of the runs from the change before it, to the next one
    std::size_t beforeCount = 0, afterCount = 0;
    double p = 1; // two-sided, of Student's t test of these runs
    // after / before - 1; 0 where there is nothing to divide by.
    double ratio() const { return before == 0 ? 0 : after / before - 1; }
    // The larger one of the change and of the change seen backwards: halved is doubled.
    double magnitude() const;
};

struct ChangePointOptions {
    std::size_t window = 50; // at least 2, at most kMostWindow: more is no window
    double maxP = 0.001;
    double minMagnitude = 0; // relative
    // After a point was taken away both of its neighbours are tested anew, so that all that are left
    // satisfy p. Otava leaves the one before it as it was, and its published points depend on that:
    // false does as it does.
    bool strict = true;
};
constexpr std::size_t kMostWindow = 500;

// E-divisive (Matteson and James 2014, arXiv 1306.4933) as Hunter (Fleming and others 2023, arXiv
// 2301.03034) and Apache Otava, its successor, use it: windows that overlap by half; a first pass
// that takes ten times p (twice p from 0.05 on), split where the energy distance is largest; then the
// weakest points are taken away one by one until all that are left satisfy p and the magnitude. There
// is no chance in it: the same series gives the same points. `series` finite.
std::vector<ChangePoint> changePoints(std::span<const double> series,
                                      const ChangePointOptions &options);

} // namespace flamewright
