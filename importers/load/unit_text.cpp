#include "importers/load/unit_text.h"

#include "importers/text/number_text.h"

#include <algorithm>
#include <cmath>
#include <fast_float/fast_float.h>
#include <span>
#include <utility>

namespace flamewright {
namespace {

struct Suffix {
    std::string_view name;
    double factor;
};

std::optional<double> scaled(std::string_view text, std::span<const Suffix> suffixes)
{
    for (const auto &suffix : suffixes) {
        if (!text.ends_with(suffix.name))
            continue;
        const auto value = parseDouble(text.substr(0, text.size() - suffix.name.size()));
        return value ? std::optional(*value * suffix.factor) : std::nullopt;
    }
    return std::nullopt;
}

} // namespace

std::optional<double> parseDouble(std::string_view text)
{
    double value = 0;
    const auto [end, error] = fast_float::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

std::optional<std::int64_t> parseTimeText(std::string_view text)
{
    constexpr std::pair<std::string_view, std::int64_t> kUnits[] = {{"ns", 1},
                                                                    {"us", 1'000},
                                                                    {"ms", 1'000'000},
                                                                    {"s", 1'000'000'000},
                                                                    {"m", 60'000'000'000},
                                                                    {"h", 3'600'000'000'000}};
    const auto number = text.substr(0, std::min(text.find_last_of("0123456789.") + 1, text.size()));
    const auto unit = text.substr(number.size());
    for (const auto &[name, scale] : kUnits) {
        if (unit == name)
            return parseScaled(number, scale);
    }
    return std::nullopt;
}

std::optional<double> parseSizeText(std::string_view text)
{
    constexpr Suffix kSuffixes[] = {
        {"KB", 0x1p10}, {"MB", 0x1p20}, {"GB", 0x1p30}, {"TB", 0x1p40}, {"B", 1}};
    return scaled(text, kSuffixes);
}

std::optional<double> parseCountText(std::string_view text)
{
    constexpr Suffix kSuffixes[] = {{"k", 1e3}, {"M", 1e6}, {"G", 1e9}, {"", 1}};
    return scaled(text, kSuffixes);
}

} // namespace flamewright
