#pragma once

#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>

namespace flamewright {

// Texts of saved documents: a JSON string, or {"base64": "..."} where the bytes are no UTF-8.
void appendJsonText(std::string &out, std::string_view text);
// A finite number in the fewest digits that give it back; others become 0.
void appendJsonNumber(std::string &out, float number);

// nullopt: it is neither of both, or longer than `limit` bytes.
std::optional<std::string> jsonTextOf(simdjson::dom::element value, std::size_t limit);
// nullopt: not base64 in its one canonical form.
std::optional<std::string> decodeBase64(std::string_view text);

} // namespace flamewright
