#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace flamewright {

// Ids of traces and spans as files have them: hex of any case, base64 where the JSON was made from
// protobuf by rule, or bytes.

// Lower-case hex of 16 or 32 digits, with the zeros in front that some tools leave out; nothing for
// ids that are empty or all zeros, which stand for "none". False, and the text as it is, when it is
// neither hex nor base64 of 8 or 16 bytes.
bool traceIdFromText(std::string_view text, std::string &hex);
bool traceIdFromBytes(std::string_view bytes, std::string &hex);

// The low 64 bits; 0 for none. nullopt when it is no id.
std::optional<std::uint64_t> spanIdFromText(std::string_view text);
std::optional<std::uint64_t> spanIdFromBytes(std::string_view bytes);

// Appends the bytes as base64 with padding, as JSON made from protobuf has them.
void appendBase64(std::string &out, std::string_view bytes);

} // namespace flamewright
