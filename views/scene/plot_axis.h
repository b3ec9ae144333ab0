#pragma once

#include "capture/base/format_value.h"

#include <string>
#include <vector>

namespace flamewright {

// What an axis of a plot counts in, which is how its values are written.
enum class AxisKind : std::uint8_t {
    Count,
    Rate,        // per second
    Nanoseconds, // how long
    Bytes,
    ByteRate,  // bytes per second
    Share,     // 0 to 1
    Nines,     // a quantile, 0 to below 1: each nine more is as far from the one before
    SinceStart // nanoseconds, as a time of a run
};

// What a person asks for; Automatic: as the data need it.
enum class ScaleChoice : std::uint8_t { Automatic, Linear, Logarithmic };

// A value to a place between 0 and 1 and back. Values beyond the ends have places beyond them.
struct PlotAxis {
    AxisKind kind = AxisKind::Count;
    bool log = false; // what is not positive is at the lower end
    double from = 0, to = 1;
    std::string title; // with its unit, if the labels do not say it
    ValueStyle style;

    double share(double value) const;
    double valueAt(double share) const;
};

// A mark of an axis.
struct AxisTick {
    double value = 0;
    std::string label; // empty: a gridline alone, weaker than others
};

// Round values inside of the axis, from small to large. Labels are `distance` pixels apart at least,
// on a nines axis as far as their width in `labelWidth` pixels asks for.
std::vector<AxisTick> axisTicks(const PlotAxis &axis, double pixels, double distance);

// The axis from 0 (linear), or from the round value below `least`, to the round value at or above
// `most`, with ticks of `distance` pixels at least, so that it ends with a tick.
PlotAxis roundedAxis(PlotAxis axis, double least, double most, double pixels, double distance);

// A value in full: "312 ms", "1,240/s", "p99.9".
std::string axisValue(const PlotAxis &axis, double value);
// "p50", "p99.9", "p99.973".
std::string quantileName(double quantile);

} // namespace flamewright
