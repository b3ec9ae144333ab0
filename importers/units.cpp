#include "importers/units.h"

namespace flamewright {
namespace {

struct Entry {
    std::string_view name;
    Unit unit;
    std::int64_t scale;
};

// Singular, lower case. Byte prefixes are binary, as pprof and the allocators mean them.
constexpr Entry kUnits[] = {
    {"nanosecond", Unit::Nanoseconds, 1},
    {"ns", Unit::Nanoseconds, 1},
    {"microsecond", Unit::Nanoseconds, 1'000},
    {"us", Unit::Nanoseconds, 1'000},
    {"\xc2\xb5s", Unit::Nanoseconds, 1'000}, // micro sign
    {"\xce\xbcs", Unit::Nanoseconds, 1'000}, // Greek mu
    {"millisecond", Unit::Nanoseconds, 1'000'000},
    {"ms", Unit::Nanoseconds, 1'000'000},
    {"second", Unit::Nanoseconds, 1'000'000'000},
    {"sec", Unit::Nanoseconds, 1'000'000'000},
    {"s", Unit::Nanoseconds, 1'000'000'000},
    {"minute", Unit::Nanoseconds, 60'000'000'000},
    {"hour", Unit::Nanoseconds, 3'600'000'000'000},
    {"byte", Unit::Bytes, 1},
    {"b", Unit::Bytes, 1},
    {"kilobyte", Unit::Bytes, 1 << 10},
    {"kb", Unit::Bytes, 1 << 10},
    {"kib", Unit::Bytes, 1 << 10},
    {"megabyte", Unit::Bytes, 1 << 20},
    {"mb", Unit::Bytes, 1 << 20},
    {"mib", Unit::Bytes, 1 << 20},
    {"gigabyte", Unit::Bytes, 1 << 30},
    {"gb", Unit::Bytes, 1 << 30},
    {"gib", Unit::Bytes, 1 << 30},
    {"cycle", Unit::Cycles, 1},
    {"count", Unit::Count, 1},
    {"object", Unit::Count, 1},
    {"sample", Unit::Count, 1},
    {"event", Unit::Count, 1},
    {"", Unit::Count, 1},
};

} // namespace

UnitMeaning unitFromName(std::string_view name)
{
    if (name.size() > 32)
        return {};
    std::string lower(name);
    for (auto &c : lower) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    }
    auto singular = std::string_view(lower);
    if (singular.size() > 3 && singular.back() == 's') // not "ms"
        singular.remove_suffix(1);
    for (const auto &entry : kUnits) {
        if (entry.name == lower || entry.name == singular)
            return {entry.unit, entry.scale, true};
    }
    return {};
}

std::int64_t scaledValue(std::int64_t ticks, std::int64_t scale, bool &saturated)
{
    std::int64_t out = 0;
    if (!__builtin_mul_overflow(ticks, scale, &out))
        return out;
    saturated = true;
    return (ticks < 0) != (scale < 0) ? INT64_MIN : INT64_MAX;
}

} // namespace flamewright
