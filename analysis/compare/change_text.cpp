#include "analysis/compare/change_text.h"

#include "analysis/benchmark_unit.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr double kFewNs = 10; // below, decimals of a nanosecond say something
constexpr double kTimes = 9;  // of cand / base - 1: from here on people read multiples
constexpr double kMost = 9e18;

std::int64_t whole(double value)
{
    return static_cast<std::int64_t>(std::llround(std::clamp(value, -kMost, kMost)));
}

// formatNumber() keeps three digits of the smallest numbers; a sum of parts that is next to
// nothing is nothing.
std::string number(double value)
{
    return formatNumber(std::fabs(value) < 1e-6 ? 0 : value);
}

std::string withPer(std::string text, std::string_view per)
{
    return per.empty() ? text : text + " per " + std::string(per);
}

// "s/op", "B/s", "p99-s", "widgets/op": benchmarks have units of their own, with prefixes.
bool isBenchmarkUnit(std::string_view unit)
{
    return unit == "s" || unit == "B" || unit.find_first_of("/-") != unit.npos;
}

std::string percentNumber(double ratio)
{
    const auto percent = ratio * 100, size = std::fabs(percent);
    auto step = size >= 9.95 ? 1.0 : size >= 0.995 ? 10.0 : 100.0;
    // What is nearly gone is not all gone.
    while (percent > -100 && std::round(percent * step) / step <= -100 && step < 100)
        step *= 10;
    const auto rounded = std::round(percent * step) / step;
    if (rounded == 0)
        return "0";
    return (rounded > 0 ? "+" : "") + formatNumber(rounded);
}

std::string times(double ratio)
{
    return formatNumber(std::round((ratio + 1) * 10) / 10) + "\u00d7";
}

std::string differenceInterval(const ChangeInterval &interval, std::string_view unit,
                               ValueStyle style)
{
    return differenceText(interval.low, unit, {}, style) + " to " +
           differenceText(interval.high, unit, {}, style);
}

} // namespace

std::string figureText(double value, std::string_view unit, std::string_view per, ValueStyle style)
{
    if (!std::isfinite(value))
        return "\u2013";
    if (unit == "ns") {
        const bool few = std::fabs(value) < kFewNs && value != std::round(value) &&
                         style.time == TimeStyle::Auto;
        return withPer(few ? number(value) + " ns" : formatDuration(whole(value), style.time), per);
    }
    if (unit == "bytes") {
        const bool few = std::fabs(value) < kFewNs && value != std::round(value);
        return withPer(few ? number(value) + " B" : formatBytes(whole(value), style.bytes), per);
    }
    if (unit == "share")
        return withPer(formatShare(value, 1), per);
    if (unit == "1/s")
        return withPer(number(value) + "/s", per);
    if (isBenchmarkUnit(unit)) {
        const auto known = benchmarkUnit(unit);
        return withPer(formatBenchmark(value * known.factor, known), per);
    }
    return withPer(unit.empty() || unit == "count" ? number(value)
                                                   : number(value) + " " + std::string(unit),
                   per);
}

std::string differenceText(double delta, std::string_view unit, std::string_view per,
                           ValueStyle style)
{
    auto text = unit == "share" ? withPer(number(std::round(delta * 1e4) / 1e2) + " points", per)
                                : figureText(delta, unit, per, style);
    const bool zero = text.starts_with("0 ") || text == "0" || text.starts_with("0/");
    return delta > 0 && !zero ? "+" + text : text;
}

std::string relativeText(double ratio)
{
    if (!std::isfinite(ratio))
        return "\u2013";
    return ratio >= kTimes ? times(ratio) : percentNumber(ratio) + " %";
}

std::string relativeText(const ChangeInterval &interval)
{
    const bool alike = interval.low < kTimes && interval.high < kTimes;
    return (alike ? percentNumber(interval.low) : relativeText(interval.low)) + " to " +
           relativeText(interval.high);
}

std::string changeText(const Change &change, std::string_view unit, std::string_view per,
                       ValueStyle style)
{
    if (!change.base && !change.cand)
        return "not measured";
    constexpr std::string_view kInterval = "95 % interval ";
    const auto ratio = change.ratio();
    auto out = ratio          ? relativeText(*ratio)
               : !change.base ? std::string("new")
               : !change.cand ? std::string("gone")
                              : differenceText(change.delta(), unit, per, style);
    if (ratio && change.relative)
        return out + " (" + std::string(kInterval) + relativeText(*change.relative) + ")";
    if (change.difference) {
        if (ratio || !change.base || !change.cand)
            out += ", " + differenceText(change.delta(), unit, per, style);
        return out + " (" + std::string(kInterval) +
               differenceInterval(*change.difference, unit, style) + ")";
    }
    return out + " (no interval" + (change.why.empty() ? "" : ": " + change.why) + ")";
}

std::string fromToText(const Change &change, std::string_view unit, std::string_view per,
                       ValueStyle style)
{
    const auto one = [&](const std::optional<double> &value, std::string_view of) {
        return value ? figureText(*value, unit, of, style) : std::string("none");
    };
    return one(change.base, {}) + " to " + one(change.cand, change.cand ? per : std::string_view());
}

std::string countsText(const Change &change, std::string_view of)
{
    auto out = formatCount(whole(static_cast<double>(change.baseCount))) + " and " +
               formatCount(whole(static_cast<double>(change.candCount))) + " " + std::string(of);
    if (change.baseRuns > 1 || change.candRuns > 1)
        out += " of " + std::to_string(change.baseRuns) + " and " +
               std::to_string(change.candRuns) + " runs";
    return out;
}

std::string unitOf(Unit unit, std::string_view measure, const Normalisation &normalisation)
{
    if (normalisation.by == NormaliseBy::Total)
        return "share";
    switch (unit) {
    case Unit::Nanoseconds: return "ns";
    case Unit::Bytes: return "bytes";
    case Unit::Cycles: return "cycles";
    case Unit::Count:
    case Unit::Ratio: break;
    }
    return measure.empty() ? "samples" : std::string(measure);
}

} // namespace flamewright
