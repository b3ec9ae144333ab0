#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

// The inner loop of reading JSON that is too large for a document: finds where values end. It does
// not check everything a parser does; what it lets through is text between the right brackets.
namespace flamewright::json_scan {

inline bool isSpace(char c)
{
    return static_cast<unsigned char>(c) <= ' ';
}

inline const char *skipSpace(const char *p, const char *end)
{
    while (p < end && isSpace(*p))
        ++p;
    return p;
}

// `p` is behind the opening quote; returns the closing one, or null when it is not there. Sets
// `escaped` when there is a backslash before it.
inline const char *stringEnd(const char *p, const char *end, bool &escaped)
{
    constexpr std::uint64_t kOnes = 0x0101010101010101ull, kHigh = kOnes << 7;
    const auto has = [](std::uint64_t word, unsigned char byte) {
        const auto x = word ^ kOnes * byte;
        return (x - kOnes) & ~x & kHigh;
    };
    for (;;) {
        while (end - p >= 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, p, sizeof word);
            if ((has(word, '"') | has(word, '\\')) != 0)
                break;
            p += 8;
        }
        while (p < end && *p != '"' && *p != '\\')
            ++p;
        if (p >= end)
            return nullptr;
        if (*p == '"')
            return p;
        escaped = true;
        if (end - p < 2)
            return nullptr;
        p += 2;
    }
}

// The end of a value that begins at `p`, which is no space; null when the value does not end before
// `end` (a number needs something behind it). Sets `spaces` when there are spaces outside of
// strings, which canonical text has none of.
const char *valueEnd(const char *p, const char *end, bool &spaces);

// Calls `each(key, value)` for the members of an object's text: keys without quotes, values as they
// are written; until it returns false. Ends where the text is no object.
template <class Each>
void forEachMember(std::string_view object, Each each)
{
    const auto *p = object.data();
    const auto *const end = p + object.size();
    if (object.empty() || *p != '{')
        return;
    for (p = skipSpace(p + 1, end); p < end && *p == '"'; p = skipSpace(p, end)) {
        bool escaped = false, spaces = false;
        const auto *const key = p + 1;
        const auto *const keyEnd = stringEnd(key, end, escaped);
        if (keyEnd == nullptr)
            return;
        p = skipSpace(keyEnd + 1, end);
        if (p >= end || *p != ':')
            return;
        p = skipSpace(p + 1, end);
        const auto *const value = p;
        p = valueEnd(p, end, spaces);
        if (p == nullptr || p == value ||
            !each(std::string_view(key, static_cast<std::size_t>(keyEnd - key)),
                  std::string_view(value, static_cast<std::size_t>(p - value))))
            return;
        p = skipSpace(p, end);
        if (p < end && *p == ',')
            ++p;
    }
}

// The value of a member as it is written; empty when there is none.
std::string_view memberOf(std::string_view object, std::string_view key);
// What a text or number says: without quotes and escapes. Empty for objects and arrays.
std::string plainText(std::string_view value);

// A text without its escapes. Halves of surrogate pairs that stand alone become U+FFFD.
std::string unescaped(std::string_view text);

} // namespace flamewright::json_scan
