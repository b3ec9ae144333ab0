#pragma once

#include "capture/base/units.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace flamewright {

// What a unit's name in a capture means here: values are multiplied by `scale`.
struct UnitMeaning {
    Unit unit = Unit::Count;
    std::int64_t scale = 1;
    bool known = false; // otherwise a plain number; the name of the measure should tell the unit
};

// "nanoseconds", "us", "kilobytes", "objects" ...: case and plural do not matter.
UnitMeaning unitFromName(std::string_view name);

// `ticks` times `scale`, saturating. Sets `saturated` when it had to.
std::int64_t scaledValue(std::int64_t ticks, std::int64_t scale, bool &saturated);

} // namespace flamewright
