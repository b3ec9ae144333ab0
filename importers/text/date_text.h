#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace flamewright {

struct ParsedDate {
    std::int64_t epochNs = 0; // as if the text were UTC when it names no zone
    bool hasZone = false;     // "Z" or an offset, which epochNs takes into account
};

// A date with a time of day: "2026-01-05 10:00:00.250", "2026/01/05 10:00:00",
// "2026-01-05T10:00:00.25+01:00", "01/05/26 10:00:00" and "01/05/2026 10:00:00" (month first, as
// Java's short format has it), "05.01.2026 10:00:00" (day first). Years 1970 to 2261.
std::optional<ParsedDate> parseDate(std::string_view text);

} // namespace flamewright
