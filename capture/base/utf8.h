#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace flamewright {

// One step through UTF-8. `valid` is false for a byte that begins no well-formed sequence
// (overlong, surrogate, truncated ...); then size is 1 and `code` the byte.
struct Utf8Step {
    char32_t code = 0;
    std::size_t size = 1;
    bool valid = false;
};
Utf8Step decodeUtf8(std::string_view text, std::size_t at);
void appendUtf8(std::string &out, char32_t code);

// Left-to-right marks, overrides, isolates, zero-width characters, line separators, BOM, soft
// hyphen, tags: what changes how other characters look without being seen.
bool isInvisibleFormat(char32_t code);
bool isControl(char32_t code);   // C0, DEL, C1
bool isCombining(char32_t code); // the common blocks of combining marks

} // namespace flamewright
