#pragma once

#include "capture/base/units.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace flamewright {

// Which part of an axis of time is shown. Its begin is an integer and a fraction, so that a
// nanosecond of a trace of years is as sharp as one of a trace of seconds: pixels are only ever made
// of the distance to it.
struct TimeWindow {
    std::int64_t begin = 0; // ns
    double fraction = 0;    // of a nanosecond: 0 to 1
    double length = 1;      // ns

    // How far after the begin, ns. Far away it is not exact, and off the screen.
    double after(std::int64_t time) const
    {
        std::int64_t distance = 0;
        if (__builtin_sub_overflow(time, begin, &distance))
            return time > begin ? 9.3e18 : -9.3e18;
        return static_cast<double>(distance) - fraction;
    }
    // The time a distance after the begin, rounded down.
    std::int64_t at(double distance) const
    {
        const auto whole = std::floor(distance + fraction);
        if (std::fabs(whole) >= 9.2e18)
            return whole < 0 ? INT64_MIN : INT64_MAX;
        return saturatingAdd(begin, static_cast<std::int64_t>(whole));
    }
    std::int64_t end() const
    {
        const auto next = at(length);
        return saturatingAdd(next, 1);
    }
    TimeWindow moved(double by) const
    {
        auto out = *this;
        const auto whole = std::floor(fraction + by);
        if (std::fabs(whole) >= 9.2e18)
            return out;
        out.begin = saturatingAdd(begin, static_cast<std::int64_t>(whole));
        out.fraction = std::clamp(fraction + by - whole, 0.0, 1.0);
        return out;
    }
    // `anchor` (a distance after the begin) stays where it is.
    TimeWindow zoomed(double factor, double anchor) const
    {
        auto out = moved(anchor * (1 - factor));
        out.length = length * factor;
        return out;
    }
    friend bool operator==(const TimeWindow &, const TimeWindow &) = default;
};

} // namespace flamewright
