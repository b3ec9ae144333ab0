#include "app/compare/change_text.h"

#include "analysis/benchmark_unit.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ctime>

namespace flamewright {
namespace {

constexpr std::string_view kNone = "\u2013";

std::int64_t whole(double value)
{
    return std::llround(std::clamp(value, -9e18, 9e18));
}

std::string fixed(double value, int decimals)
{
    std::array<char, 400> text{}; // the largest double has 309 digits
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                   std::chars_format::fixed, decimals)
                         .ptr;
    std::string out(text.data(), end);
    // "-0.0" is no change down.
    if (out.find_first_not_of("-0.") == std::string::npos && out.front() == '-')
        out.erase(0, 1);
    return out;
}

// Benchmarks have units of their own, with prefixes and "/op"; other figures those of
// ComparedItem::unit.
bool isBenchmarkUnit(std::string_view unit)
{
    return unit == "s" || unit == "B" || unit.find('/') != unit.npos || unit.find('-') != unit.npos;
}

// Decimals that tell the ends of an interval (of percent) apart.
int decimalsFor(const std::optional<ChangeInterval> &interval)
{
    if (!interval)
        return 1;
    const auto width = 100 * (interval->high - interval->low);
    const auto largest = 100 * std::max(std::abs(interval->low), std::abs(interval->high));
    if (width >= 2 && largest >= 2)
        return 0;
    return width >= 0.2 && largest >= 0.2 ? 1 : 2;
}

std::string percent(double ratio, int decimals)
{
    const auto value = 100 * ratio;
    auto text = std::abs(value) >= 999.5 && decimals == 0 ? formatCount(whole(value))
                                                          : fixed(value, decimals);
    // A value that is rounded to nothing went neither way.
    if (value > 0 && text.find_first_not_of("0.") != std::string::npos)
        text.insert(0, 1, '+');
    return text;
}

// Ends without the unit of percent, which stands once.
std::string relativeEnds(const ChangeInterval &interval, int decimals)
{
    return percent(interval.low, decimals) + ".." + percent(interval.high, decimals);
}

std::string differenceEnds(const ChangeInterval &interval, std::string_view unit)
{
    return differenceText(interval.low, unit) + ".." + differenceText(interval.high, unit);
}

std::string runsText(std::uint64_t count, std::uint32_t runs)
{
    auto out = formatCount(static_cast<std::int64_t>(count));
    if (runs > 1)
        out += " in " + std::to_string(runs) + " runs";
    return out;
}

bool isRelative(const Change &change)
{
    return change.ratio() && (change.relative || !change.difference);
}

} // namespace

std::string valueText(double value, std::string_view unit)
{
    const auto size = std::abs(value);
    if (!std::isfinite(value))
        return std::string(kNone);
    if (unit == "ns")
        return size >= 1000 || size == 0 ? formatDuration(whole(value))
                                         : formatNumber(value) + " ns";
    if (unit == "bytes")
        return size >= 1024 || size == 0 ? formatBytes(whole(value)) : formatNumber(value) + " B";
    if (unit == "1/s")
        return formatRate(value);
    if (unit == "share")
        return (value < 0 ? "-" : "") + formatShare(size, 1);
    if (isBenchmarkUnit(unit)) {
        const auto known = benchmarkUnit(unit);
        return formatBenchmark(value * known.factor, known);
    }
    auto out = formatNumber(value);
    if (!unit.empty() && unit != "count")
        out += " " + std::string(unit);
    return out;
}

std::string sideText(const std::optional<double> &value, std::string_view unit)
{
    return value ? valueText(*value, unit) : std::string(kNone);
}

std::string differenceText(double difference, std::string_view unit)
{
    const std::string sign = difference > 0 ? "+" : "";
    if (unit != "share")
        return sign + valueText(difference, unit);
    const auto points = 100 * difference;
    return sign +
           fixed(points, std::abs(points) >= 9.95    ? 0
                         : std::abs(points) >= 0.995 ? 1
                                                     : 2) +
           " points";
}

std::string changeOnly(const ComparedItem &item)
{
    const auto &change = item.change;
    if (!change.base && !change.cand)
        return std::string(kNone);
    if (!change.base)
        return "new";
    if (!change.cand)
        return "gone";
    if (isRelative(change))
        return percent(*change.ratio(), decimalsFor(change.relative)) + " %";
    return differenceText(change.delta(), item.unit);
}

std::string intervalOnly(const ComparedItem &item)
{
    const auto &change = item.change;
    if (change.relative && change.ratio())
        return relativeEnds(*change.relative, decimalsFor(change.relative)) + " %";
    if (change.difference)
        return differenceEnds(*change.difference, item.unit);
    return "unknown";
}

std::string changeText(const ComparedItem &item)
{
    const auto &change = item.change;
    auto out = changeOnly(item);
    if (!change.base != !change.cand)
        out += ", " + differenceText(change.delta(), item.unit);
    if (change.relative && change.ratio())
        return out + " (" + relativeEnds(*change.relative, decimalsFor(change.relative)) + ")";
    if (change.difference)
        return out + " (" + differenceEnds(*change.difference, item.unit) + ")";
    return out + " (interval unknown)";
}

std::string countsText(const Change &change)
{
    return runsText(change.baseCount, change.baseRuns) + " and " +
           runsText(change.candCount, change.candRuns);
}

std::string verdictText(const Change &change)
{
    std::string out(wordsOf(change.verdict));
    const bool judged = change.verdict == Verdict::Regressed || change.verdict == Verdict::Improved;
    if (!judged && !change.why.empty())
        out += ": " + change.why;
    return out;
}

std::string figureText(const ComparedItem &item)
{
    auto out = item.figure;
    if (out == "error_share")
        out = "share of errors";
    std::replace(out.begin(), out.end(), '_', ' ');
    return item.per.empty() ? out : out + " per " + item.per;
}

std::string evidenceText(const ComparedItem &item)
{
    const auto &change = item.change;
    auto out = sideText(change.base, item.unit) + " to " + sideText(change.cand, item.unit) + ", " +
               changeOnly(item);
    const auto interval = intervalOnly(item);
    out += interval == "unknown" ? " (interval unknown)" : " (95 % interval " + interval + ")";
    return out + ", n " + countsText(change);
}

std::string sideTimeText(const ComparisonSide &side)
{
    if (!side.startedAtNs)
        return {};
    const auto seconds = static_cast<std::time_t>(*side.startedAtNs / 1'000'000'000);
    std::tm parts{};
    std::array<char, 64> text{};
    if (::gmtime_r(&seconds, &parts) == nullptr)
        return {};
    const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", &parts);
    return {text.data(), size};
}

} // namespace flamewright
