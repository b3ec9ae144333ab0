#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace flamewright {

// All of `text` as a decimal integer; nullopt for anything else, also when it does not fit.
std::optional<std::int64_t> parseInteger(std::string_view text);
std::optional<std::uint64_t> parseUnsigned(std::string_view text);

// All of `text`, a decimal number ("41", "0.0417", "-1.5", "2.1e-05"), times `scale`, rounded to the
// nearest integer. Exact for numbers without an exponent. nullopt for NaN, infinities, text and what
// does not fit.
std::optional<std::int64_t> parseScaled(std::string_view text, std::int64_t scale);

} // namespace flamewright
