#include "analysis/benchmark_unit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <span>

namespace flamewright {
namespace {

struct Scaled {
    std::string_view written, base;
    double factor;
};
// Also before "/op" and behind "-".
constexpr std::array<Scaled, 22> kScaled{
    {{"ns", "s", 1e-9},      {"us", "s", 1e-6},     {"\u00b5s", "s", 1e-6}, {"\u03bcs", "s", 1e-6},
     {"ms", "s", 1e-3},      {"sec", "s", 1},       {"s", "s", 1},          {"ps", "s", 1e-12},
     {"B", "B", 1},          {"bytes", "B", 1},     {"KB", "B", 1e3},       {"kB", "B", 1e3},
     {"MB", "B", 1e6},       {"GB", "B", 1e9},      {"TB", "B", 1e12},      {"KiB", "B", 0x1p10},
     {"MiB", "B", 0x1p20},   {"GiB", "B", 0x1p30},  {"TiB", "B", 0x1p40},   {"Kelem", "elem", 1e3},
     {"Melem", "elem", 1e6}, {"Gelem", "elem", 1e9}}};

struct Prefix {
    double factor;
    std::string_view text;
};
constexpr std::array<Prefix, 8> kDecimal{{{1e12, "T"},
                                          {1e9, "G"},
                                          {1e6, "M"},
                                          {1e3, "k"},
                                          {1, ""},
                                          {1e-3, "m"},
                                          {1e-6, "\u00b5"},
                                          {1e-9, "n"}}};
constexpr std::array<Prefix, 5> kBinary{
    {{0x1p40, "Ti"}, {0x1p30, "Gi"}, {0x1p20, "Mi"}, {0x1p10, "Ki"}, {1, ""}}};

std::string fourDigits(double value)
{
    const auto size = std::abs(value);
    // Rounding must not make a fifth digit.
    const int decimals = size >= 999.95 ? 0 : size >= 99.995 ? 1 : size >= 9.9995 ? 2 : 3;
    char text[400];
    if (size < 0.99995) // below the smallest prefix
        std::snprintf(text, sizeof text, "%.4g", value);
    else
        std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return text;
}

} // namespace

BenchmarkUnit benchmarkUnit(std::string_view unit)
{
    // "p99-ns", "text-bytes": the unit is behind the last hyphen.
    const auto slash = unit.find('/');
    const auto measure = unit.substr(0, slash);
    const auto hyphen = measure.rfind('-');
    const auto begin = hyphen == measure.npos ? 0 : hyphen + 1;
    const auto symbol = measure.substr(begin);
    const auto *const found = std::find_if(
        kScaled.begin(), kScaled.end(), [&](const Scaled &one) { return one.written == symbol; });
    if (found == kScaled.end())
        return {.base = std::string(unit)};
    BenchmarkUnit out{.factor = found->factor, .binary = found->base == "B"};
    out.base = std::string(unit.substr(0, begin)) + std::string(found->base);
    if (slash != unit.npos)
        out.base += unit.substr(slash);
    return out;
}

BenchmarkUnit unitBeside(const BenchmarkUnit &unit, std::string_view metric)
{
    if (benchmarkUnit(metric).base != unit.base)
        return unit;
    BenchmarkUnit out{.base = {}, .binary = unit.binary};
    const auto measure = std::string_view(unit.base).substr(0, unit.base.find('/'));
    const auto symbol = measure.substr(measure.find_last_of('-') + 1);
    if (symbol != "s" && symbol != "B")
        return out;
    out.base = symbol;
    if (unit.base.ends_with("/s"))
        out.base += "/s";
    return out;
}

std::string formatBenchmark(double value, const BenchmarkUnit &unit)
{
    const auto size = std::abs(value);
    if (size == 0)
        return unit.base.empty() ? "0" : "0 " + unit.base;
    const bool seconds = unit.base == "s" || unit.base.starts_with("s/") ||
                         unit.base.ends_with("-s") || unit.base.find("-s/") != unit.base.npos;
    // Parts of a thing that is counted are no thousandths of it.
    const auto prefixes = unit.binary ? std::span<const Prefix>(kBinary)
                                      : std::span<const Prefix>(kDecimal).first(seconds ? 8 : 5);
    const auto *prefix = &prefixes.back();
    for (const auto &one : prefixes) {
        if (seconds && one.factor > 1)
            continue; // 1234 s, not kiloseconds
        // As it is rounded: 999.96 ns is 1.000 us.
        if (size / one.factor >= 0.99995) {
            prefix = &one;
            break;
        }
    }
    const auto scaled = value / prefix->factor;
    auto number = fourDigits(scaled);
    // "46.55 ns/op", but "12.35k allocs/op": prefixes belong to symbols.
    const auto symbol = std::string_view(unit.base).substr(0, unit.base.find('/'));
    if (symbol == "s" || symbol == "B")
        return number + " " + std::string(prefix->text) + unit.base;
    number += prefix->text;
    return unit.base.empty() ? number : number + " " + unit.base;
}

} // namespace flamewright
