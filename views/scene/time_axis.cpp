#include "views/scene/time_axis.h"

#include "capture/base/format_value.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace flamewright {
namespace {

constexpr double kMostNs = 9.2e18; // what an int64 holds
constexpr std::int64_t kSecondNs = 1'000'000'000;

// The largest unit in which the ends of a range are not all decimals.
struct TickUnit {
    std::int64_t ns;
    const char *name;
};
TickUnit unitFor(double mostNs)
{
    for (const auto unit : {TickUnit{kSecondNs, " s"}, TickUnit{1'000'000, " ms"}}) {
        if (mostNs >= static_cast<double>(unit.ns))
            return unit;
    }
    return {1000, " \u00b5s"};
}

// As many as a step needs: none from the unit on.
int decimalsOf(std::int64_t step, std::int64_t unit)
{
    int out = 0;
    for (; unit > step && out < 9; unit /= 10)
        ++out;
    return out;
}

std::string labelOf(std::int64_t ns, TickUnit unit, int decimals)
{
    if (unit.ns == kSecondNs)
        return formatSeconds(ns, decimals);
    char text[48];
    std::snprintf(text, sizeof text, "%.*f", decimals,
                  static_cast<double>(ns) / static_cast<double>(unit.ns));
    return text + std::string(unit.name);
}

} // namespace

std::int64_t roundTimeStep(double leastNs)
{
    for (std::int64_t unit = 1; unit < kSecondNs; unit *= 10) {
        for (const std::int64_t times : {1, 2, 5}) {
            if (static_cast<double>(unit * times) >= leastNs)
                return unit * times;
        }
    }
    for (const std::int64_t seconds : {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600,
                                       7200, 10800, 21600, 43200, 86400, 172800}) {
        if (static_cast<double>(seconds * kSecondNs) >= leastNs)
            return seconds * kSecondNs;
    }
    constexpr double kDay = 86400e9;
    return static_cast<std::int64_t>(std::ceil(leastNs / kDay)) * 86400 * kSecondNs;
}

std::int64_t timeStep(double spanNs, double width, double distance)
{
    const auto least = spanNs / std::max(width, 1.0) * distance;
    std::int64_t unit = 1;
    while (static_cast<double>(unit) * 10 <= least && unit < INT64_MAX / 100)
        unit *= 10;
    for (const std::int64_t factor : {1, 2, 5}) {
        if (static_cast<double>(unit * factor) >= least)
            return unit * factor;
    }
    return unit * 10;
}

std::vector<TimeTick> timeTicks(double beginNs, double endNs, double width, double distance)
{
    std::vector<TimeTick> out;
    if (!(endNs > beginNs) || !(width > 0) || std::abs(beginNs) > kMostNs ||
        std::abs(endNs) > kMostNs)
        return out;
    const auto step = timeStep(endNs - beginNs, width, distance);
    const auto unit = unitFor(std::max(std::abs(beginNs), std::abs(endNs)));
    const auto decimals = decimalsOf(step, unit.ns);
    const auto most = static_cast<std::size_t>(width / distance) + 1;
    auto at = std::ceil(beginNs / static_cast<double>(step));
    for (; at * static_cast<double>(step) <= endNs && out.size() < most; at += 1) {
        const auto ns = static_cast<std::int64_t>(at) * step;
        out.push_back({ns, labelOf(ns, unit, decimals)});
    }
    return out;
}

} // namespace flamewright
