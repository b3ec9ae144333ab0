#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace flamewright {

// A number with a unit, as tools print them for people; nullopt for anything else.

// "329.71ms", "1.02s", "88us", "1.5m", "2h" in nanoseconds.
std::optional<std::int64_t> parseTimeText(std::string_view text);
// "14.01MB", "676.14KB", "12B": bytes, of 1024.
std::optional<double> parseSizeText(std::string_view text);
// "1.05k", "2.5M", "71.98": of 1000.
std::optional<double> parseCountText(std::string_view text);
// A decimal number and nothing else; NaN and infinities are none.
std::optional<double> parseDouble(std::string_view text);

} // namespace flamewright
