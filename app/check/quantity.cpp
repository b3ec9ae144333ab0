#include "app/check/quantity.h"

#include "analysis/benchmark_unit.h"

#include <array>
#include <charconv>
#include <cmath>

namespace flamewright {
namespace {

using Kind = Quantity::Kind;

struct Suffix {
    std::string_view text;
    Kind kind;
    double factor;
};
constexpr std::array<Suffix, 26> kSuffixes{
    {{"", Kind::Number, 1},         {"ns", Kind::Time, 1e-9},      {"us", Kind::Time, 1e-6},
     {"\u00b5s", Kind::Time, 1e-6}, {"\u03bcs", Kind::Time, 1e-6}, {"ms", Kind::Time, 1e-3},
     {"s", Kind::Time, 1},          {"min", Kind::Time, 60},       {"h", Kind::Time, 3600},
     {"B", Kind::Bytes, 1},         {"kB", Kind::Bytes, 1e3},      {"KB", Kind::Bytes, 1e3},
     {"MB", Kind::Bytes, 1e6},      {"GB", Kind::Bytes, 1e9},      {"TB", Kind::Bytes, 1e12},
     {"KiB", Kind::Bytes, 0x1p10},  {"MiB", Kind::Bytes, 0x1p20},  {"GiB", Kind::Bytes, 0x1p30},
     {"TiB", Kind::Bytes, 0x1p40},  {"%", Kind::Share, 0.01},      {"/s", Kind::Rate, 1},
     {"1/s", Kind::Rate, 1},        {"rps", Kind::Rate, 1},        {"req/s", Kind::Rate, 1},
     {"k", Kind::Number, 1e3},      {"M", Kind::Number, 1e6}}};

std::string_view trimmed(std::string_view text)
{
    const auto begin = text.find_first_not_of(" \t");
    if (begin == text.npos)
        return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

} // namespace

Result<Quantity> parseQuantity(std::string_view text)
{
    auto rest = trimmed(text);
    const bool plus = !rest.empty() && rest.front() == '+'; // which from_chars does not know
    if (plus)
        rest.remove_prefix(1);
    double value = 0;
    const auto *end = rest.data() + rest.size();
    const auto [stop, error] = std::from_chars(rest.data(), end, value);
    auto unit = trimmed(rest.substr(static_cast<std::size_t>(stop - rest.data())));
    if (unit.size() > 3 && unit.substr(unit.size() - 3) == "/op")
        unit.remove_suffix(3);
    if (error == std::errc() && std::isfinite(value) && !(plus && value < 0)) {
        for (const auto &one : kSuffixes) {
            if (one.text == unit)
                return Quantity{one.kind, value * one.factor, std::string(text)};
        }
    }
    return fail(Errc::Usage, "'" + std::string(text) +
                                 "' is not a quantity: write 300ms, 10MiB, 1%, 400/s or 3");
}

std::optional<double> inUnit(const Quantity &quantity, std::string_view unit)
{
    // A bare number is in the unit of the figure, whatever that is.
    if (quantity.kind == Kind::Number)
        return quantity.value;
    if (unit == "ns")
        return quantity.kind == Kind::Time ? std::optional(quantity.value * 1e9) : std::nullopt;
    if (unit == "bytes")
        return quantity.kind == Kind::Bytes ? std::optional(quantity.value) : std::nullopt;
    if (unit == "share")
        return quantity.kind == Kind::Share ? std::optional(quantity.value) : std::nullopt;
    if (unit == "1/s")
        return quantity.kind == Kind::Rate ? std::optional(quantity.value) : std::nullopt;
    const auto known = benchmarkUnit(unit);
    const auto measure = std::string_view(known.base).substr(0, known.base.find('/'));
    const auto symbol = measure.substr(measure.find_last_of('-') + 1);
    if ((symbol == "s" && quantity.kind == Kind::Time) ||
        (symbol == "B" && quantity.kind == Kind::Bytes))
        return quantity.value / known.factor;
    return std::nullopt;
}

} // namespace flamewright
