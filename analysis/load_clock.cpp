#include "analysis/load_clock.h"

#include <algorithm>

namespace flamewright {
namespace {

bool allMultiplesOf(const LoadRows &rows, std::uint8_t capture, std::int64_t unit, bool atEnd)
{
    std::int64_t first = -1;
    std::size_t count = 0;
    for (auto i = rows.firstTimed(); i < rows.size(); ++i) {
        if (rows.capture[i] != capture)
            continue;
        const auto length = atEnd ? std::max<std::int64_t>(rows.latency[i], 0) : 0;
        const auto rest = saturatingAdd(rows.begin[i], length) % unit;
        if (first >= 0 && rest != first)
            return false;
        first = rest;
        ++count;
    }
    return count > 1;
}

} // namespace

std::int64_t clockUnit(const LoadRows &rows, std::uint8_t capture)
{
    for (const std::int64_t unit : {1'000'000'000, 1'000'000, 1'000}) {
        if (allMultiplesOf(rows, capture, unit, false) || allMultiplesOf(rows, capture, unit, true))
            return unit;
    }
    return 1;
}

} // namespace flamewright
