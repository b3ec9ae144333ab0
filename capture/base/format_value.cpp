#include "capture/base/format_value.h"

#include <array>
#include <charconv>
#include <cmath>

namespace flamewright {
namespace {

// Fixed notation with a point whatever the locale: Qt programs run in the user's.
std::string printed(double value, int decimals)
{
    std::array<char, 400> text{}; // the largest double has 309 digits
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                   std::chars_format::fixed, decimals)
                         .ptr;
    return {text.data(), end};
}

std::string trimmed(std::string text)
{
    if (text.find('.') != std::string::npos) {
        while (text.back() == '0')
            text.pop_back();
        if (text.back() == '.')
            text.pop_back();
    }
    return text;
}

// Three significant digits for 1 <= |v| < 1000 and beyond that whole numbers.
std::string threeDigits(double value)
{
    const auto size = std::fabs(value);
    return trimmed(printed(value, size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2));
}

struct Step {
    double size;
    std::string_view unit;
};

template <std::size_t N>
std::string scaled(double value, const std::array<Step, N> &steps)
{
    // Steps from the largest; the last one takes what is left. 999.7 ms reads "1 s".
    for (const auto &step : steps) {
        if (std::fabs(value) >= step.size * 0.9995)
            return threeDigits(value / step.size) + " " + std::string(step.unit);
    }
    return threeDigits(value / steps.back().size) + " " + std::string(steps.back().unit);
}

// Three significant digits below 1000, beyond that whole numbers with commas.
std::string inChosenUnit(double value, std::string_view unit)
{
    const auto size = std::fabs(value);
    auto text = size >= 999.5 && size < 9e18 ? formatCount(std::llround(value))
                : size >= 1 || size == 0
                    ? threeDigits(value)
                    : trimmed(printed(value, 2 - static_cast<int>(std::floor(std::log10(size)))));
    return text + " " + std::string(unit);
}

std::string durationIn(std::int64_t nanoseconds, TimeStyle style)
{
    const auto value = static_cast<double>(nanoseconds);
    switch (style) {
    case TimeStyle::Auto: break;
    case TimeStyle::Nanoseconds: return formatCount(nanoseconds) + " ns";
    case TimeStyle::Microseconds: return inChosenUnit(value / 1e3, "\u00b5s");
    case TimeStyle::Milliseconds: return inChosenUnit(value / 1e6, "ms");
    case TimeStyle::Seconds: return inChosenUnit(value / 1e9, "s");
    }
    return {};
}

} // namespace

std::string_view unitName(Unit unit)
{
    switch (unit) {
    case Unit::Count: return "count";
    case Unit::Nanoseconds: return "nanoseconds";
    case Unit::Bytes: return "bytes";
    case Unit::Cycles: return "cycles";
    case Unit::Ratio: return "ratio";
    }
    return "count";
}

std::string formatCount(std::int64_t count)
{
    auto digits = std::to_string(count);
    const auto first = digits.front() == '-' ? 1u : 0u;
    for (auto at = digits.size(); at > first + 3;) {
        at -= 3;
        digits.insert(at, 1, ',');
    }
    return digits;
}

std::string formatNumber(double value)
{
    auto text = inChosenUnit(value, {});
    text.pop_back(); // the space before the unit
    return text;
}

std::string formatRate(double perSecond)
{
    return formatNumber(perSecond) + "/s";
}

std::string formatDuration(std::int64_t nanoseconds, TimeStyle style)
{
    if (nanoseconds == 0)
        return "0 s";
    if (style != TimeStyle::Auto)
        return durationIn(nanoseconds, style);
    constexpr std::array<Step, 6> kSteps{
        {{3600e9, "h"}, {60e9, "min"}, {1e9, "s"}, {1e6, "ms"}, {1e3, "\u00b5s"}, {1, "ns"}}};
    // Up to ten minutes people read seconds best.
    const auto value = static_cast<double>(nanoseconds);
    if (std::fabs(value) >= 60e9 && std::fabs(value) < 600e9)
        return threeDigits(value / 1e9) + " s";
    return scaled(value, kSteps);
}

std::string formatBytes(std::int64_t bytes, ByteStyle style)
{
    if (bytes == 0)
        return "0 B";
    constexpr std::array<Step, 5> kSteps{{{1099511627776.0, "TiB"},
                                          {1073741824.0, "GiB"},
                                          {1048576.0, "MiB"},
                                          {1024.0, "KiB"},
                                          {1, "B"}}};
    constexpr std::array<Step, 5> kDecimal{
        {{1e12, "TB"}, {1e9, "GB"}, {1e6, "MB"}, {1e3, "kB"}, {1, "B"}}};
    return scaled(static_cast<double>(bytes), style == ByteStyle::Decimal ? kDecimal : kSteps);
}

std::string formatValue(std::int64_t value, Unit unit, ValueStyle style)
{
    switch (unit) {
    case Unit::Nanoseconds: return formatDuration(value, style.time);
    case Unit::Bytes: return formatBytes(value, style.bytes);
    case Unit::Count:
    case Unit::Cycles:
    case Unit::Ratio: return formatCount(value);
    }
    return formatCount(value);
}

std::string formatShare(double part, double whole)
{
    if (whole == 0)
        return "\u2013";
    const auto percent = part / whole * 100;
    const auto size = std::fabs(percent);
    if (size == 0)
        return "0 %";
    if (size < 0.01)
        return percent < 0 ? ">-0.01 %" : "<0.01 %";
    return printed(percent, size < 0.995 ? 2 : 1) + " %";
}

std::string formatSeconds(std::int64_t nanoseconds, int decimals)
{
    return printed(static_cast<double>(nanoseconds) / 1e9, decimals) + " s";
}

} // namespace flamewright
