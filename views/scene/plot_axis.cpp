#include "views/scene/plot_axis.h"

#include "views/scene/heat_map_view.h" // axisTime
#include "views/scene/time_axis.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace flamewright {
namespace {

constexpr double kLeastLog = 1;          // of what a logarithm is taken of durations, in ns
constexpr double kLeastTail = 1e-12;     // 1 - quantile
constexpr double kHeld = 9e18;           // what an int64 holds
constexpr std::size_t kMostTicks = 1000; // whatever the size

std::int64_t whole(double value)
{
    return static_cast<std::int64_t>(std::round(std::clamp(value, -kHeld, kHeld)));
}

double ninesOf(double quantile)
{
    return -std::log10(std::max(1 - quantile, kLeastTail));
}

// 1, 2 or 5 times a power of ten (of two for bytes), at least `least`.
double roundStep(AxisKind kind, double least)
{
    if (!(least > 0))
        return 1;
    if (kind == AxisKind::Nanoseconds || kind == AxisKind::SinceStart)
        return static_cast<double>(roundTimeStep(least));
    double unit = 1;
    if (kind == AxisKind::Bytes || kind == AxisKind::ByteRate) {
        while (unit * 1024 <= least)
            unit *= 1024;
        for (const double times : {1, 2, 4, 8, 16, 32, 64, 128, 256, 512}) {
            if (unit * times >= least)
                return unit * times;
        }
        return unit * 1024;
    }
    unit = std::pow(10, std::floor(std::log10(least) + 1e-9));
    for (const double times : {1.0, 2.0, 2.5, 5.0}) {
        if (times == 2.5 && kind != AxisKind::Share) // quarters are of a whole
            continue;
        if (unit * times >= least * (1 - 1e-9))
            return unit * times;
    }
    return unit * 10;
}

double stepOf(const PlotAxis &axis, double span, double pixels, double distance)
{
    const auto least = span / std::max(pixels, 1.0) * distance;
    const auto step = roundStep(axis.kind, least);
    return axis.kind == AxisKind::Count ? std::max(step, 1.0) : step;
}

std::vector<AxisTick> linearTicks(const PlotAxis &axis, double pixels, double distance)
{
    std::vector<AxisTick> out;
    const auto step = stepOf(axis, axis.to - axis.from, pixels, distance);
    for (auto i = std::ceil(axis.from / step - 1e-9);
         i * step <= axis.to * (1 + 1e-9) && out.size() < kMostTicks; i += 1) {
        const auto value = i * step + 0.0; // no -0
        const auto label = axis.kind == AxisKind::SinceStart
                               ? axisTime(whole(value), static_cast<std::int64_t>(step))
                               : axisValue(axis, value);
        out.push_back({value, label});
    }
    return out;
}

// Decades, and 2 and 5 between them where there is room.
std::vector<AxisTick> logTicks(const PlotAxis &axis, double pixels, double distance)
{
    std::vector<AxisTick> out;
    const auto from = std::max(axis.from, kLeastLog), to = std::max(axis.to, from * 1.000001);
    const auto decade = pixels / std::max(std::log10(to / from), 1e-6);
    const auto every = std::max(1.0, std::ceil(distance / std::max(decade, 1e-6)));
    const bool halves = decade * 0.3 >= distance;
    for (auto e = std::floor(std::log10(from)); e <= std::log10(to) + 1e-9; e += 1) {
        for (const double times : {1, 2, 5}) {
            const auto value = times * std::pow(10, e);
            if (value < from * (1 - 1e-9) || value > to * (1 + 1e-9))
                continue;
            const bool labelled = times == 1 ? std::fmod(std::abs(e), every) < 0.5 : halves;
            if (labelled || (every == 1 && decade >= 24))
                out.push_back({value, labelled ? axisValue(axis, value) : std::string()});
        }
    }
    return out;
}

std::vector<AxisTick> ninesTicks(const PlotAxis &axis, double pixels, double distance)
{
    constexpr std::array kQuantiles{0.0,     0.5,      0.9,  0.99, 0.999, 0.9999,
                                    0.99999, 0.999999, 0.75, 0.95, 0.25};
    std::vector<AxisTick> out;
    for (const auto quantile : kQuantiles) { // the ones that are asked for first
        if (quantile < axis.from - 1e-12 || quantile > axis.to + 1e-12)
            continue;
        const auto at = axis.share(quantile) * pixels;
        const bool free = std::all_of(out.begin(), out.end(), [&](const AxisTick &tick) {
            return std::abs(axis.share(tick.value) * pixels - at) >= distance;
        });
        if (free)
            out.push_back({quantile, quantile == 0 ? "min" : quantileName(quantile)});
    }
    std::sort(out.begin(), out.end(),
              [](const AxisTick &a, const AxisTick &b) { return a.value < b.value; });
    return out;
}

} // namespace

double PlotAxis::share(double value) const
{
    if (kind == AxisKind::Nines) {
        const auto low = ninesOf(from), high = std::max(ninesOf(to), low + 1e-9);
        return (ninesOf(value) - low) / (high - low);
    }
    if (log) {
        const auto low = std::log(std::max(from, kLeastLog));
        const auto high = std::max(std::log(std::max(to, kLeastLog)), low + 1e-9);
        return value <= 0 ? 0 : (std::log(value) - low) / (high - low);
    }
    return to > from ? (value - from) / (to - from) : 0;
}

double PlotAxis::valueAt(double share) const
{
    if (kind == AxisKind::Nines) {
        const auto low = ninesOf(from), high = ninesOf(to);
        return 1 - std::pow(10, -(low + share * (high - low)));
    }
    if (log) {
        const auto low = std::log(std::max(from, kLeastLog));
        const auto high = std::log(std::max(to, kLeastLog));
        return std::exp(low + share * (high - low));
    }
    return from + share * (to - from);
}

std::vector<AxisTick> axisTicks(const PlotAxis &axis, double pixels, double distance)
{
    if (!(axis.to > axis.from) || !(pixels > 0))
        return {};
    if (axis.kind == AxisKind::Nines)
        return ninesTicks(axis, pixels, distance);
    return axis.log ? logTicks(axis, pixels, distance) : linearTicks(axis, pixels, distance);
}

PlotAxis roundedAxis(PlotAxis axis, double least, double most, double pixels, double distance)
{
    if (axis.log) {
        const auto floor125 = [](double value, bool up) {
            value = std::max(value, kLeastLog);
            const auto unit = std::pow(10, std::floor(std::log10(value) + 1e-9));
            auto best = up ? unit * 10 : unit;
            for (const double times : {1, 2, 5, 10}) {
                const auto at = unit * times;
                if (up ? at >= value * (1 - 1e-9) && at < best : at <= value && at > best)
                    best = at;
            }
            return best;
        };
        axis.from = floor125(least, false);
        axis.to = std::max(floor125(most, true), axis.from * 2);
        return axis;
    }
    axis.from = 0;
    if (!(most > 0))
        most = axis.kind == AxisKind::Share ? 0.01 : 1;
    const auto step = stepOf(axis, most, pixels, distance);
    axis.to = std::ceil(most / step - 1e-9) * step;
    if (axis.kind == AxisKind::Share)
        axis.to = std::min(axis.to, 1.0);
    return axis;
}

std::string quantileName(double quantile)
{
    std::array<char, 64> text{};
    // As many digits as the nines ask for, and two more.
    const auto decimals = std::clamp(static_cast<int>(std::ceil(ninesOf(quantile) - 1e-9)), 1, 9);
    const auto end = std::to_chars(text.data(), text.data() + text.size(), quantile * 100,
                                   std::chars_format::fixed, decimals)
                         .ptr;
    std::string out(text.data(), end);
    while (out.back() == '0')
        out.pop_back();
    if (out.back() == '.')
        out.pop_back();
    return "p" + out;
}

std::string axisValue(const PlotAxis &axis, double value)
{
    switch (axis.kind) {
    case AxisKind::Count: return formatNumber(value);
    case AxisKind::Rate: return value == 0 ? "0/s" : formatRate(value);
    case AxisKind::Nanoseconds: return formatDuration(whole(value), axis.style.time);
    case AxisKind::Bytes: return formatBytes(whole(value), axis.style.bytes);
    case AxisKind::ByteRate: return formatBytes(whole(value), axis.style.bytes) + "/s";
    case AxisKind::Share: return formatNumber(value * 100) + " %";
    case AxisKind::Nines: return quantileName(value);
    case AxisKind::SinceStart: return axisTime(whole(value), 1'000'000);
    }
    return {};
}

} // namespace flamewright
