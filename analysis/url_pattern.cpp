#include "analysis/url_pattern.h"

#include <algorithm>
#include <cstddef>

namespace flamewright {
namespace {

constexpr std::size_t kHexDigits = 8;    // fewer are too often words ("face") or years
constexpr std::size_t kTokenLength = 16; // of letters and digits mixed: nobody's word

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isHex(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool hasDigit(std::string_view text)
{
    return std::any_of(text.begin(), text.end(), isDigit);
}

// 8-4-4-4-12 hexadecimal digits.
bool isUuid(std::string_view text)
{
    constexpr std::size_t kLength = 36;
    if (text.size() != kLength)
        return false;
    for (std::size_t i = 0; i < kLength; ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !isHex(text[i]))
            return false;
    }
    return true;
}

bool isIdentifier(std::string_view text)
{
    if (isUuid(text))
        return true;
    if (!hasDigit(text) || std::all_of(text.begin(), text.end(), isDigit))
        return false;
    if (text.size() >= kHexDigits && std::all_of(text.begin(), text.end(), isHex))
        return true;
    const auto isToken = [](char c) {
        return isDigit(c) || isLetter(c) || c == '_' || c == '=' || c == '~';
    };
    return text.size() >= kTokenLength && std::all_of(text.begin(), text.end(), isToken);
}

// "v1", "v23": which interface, not which thing.
bool isVersion(std::string_view text)
{
    return text.size() >= 2 && text.size() <= 3 && (text[0] == 'v' || text[0] == 'V') &&
           std::all_of(text.begin() + 1, text.end(), isDigit);
}

void addSegment(std::string_view segment, std::string &out)
{
    if (isIdentifier(segment)) {
        out += "{id}";
        return;
    }
    if (isVersion(segment)) {
        out += segment;
        return;
    }
    for (std::size_t i = 0; i < segment.size();) {
        if (!isDigit(segment[i])) {
            out += segment[i++];
            continue;
        }
        while (i < segment.size() && isDigit(segment[i]))
            ++i;
        out += "{n}";
    }
}

// "?a=1&b=2" to "?a={}&b={}".
void addQuery(std::string_view query, std::string &out)
{
    bool value = false;
    for (const char c : query) {
        if (c == '&' || c == ';') {
            value = false;
        } else if (value) {
            continue;
        } else if (c == '=') {
            value = true;
            out += "={}";
            continue;
        }
        out += c;
    }
}

// Where the path begins: at the first slash that is not part of "://".
std::size_t pathOf(std::string_view name)
{
    const auto scheme = name.find("://");
    const auto slash = name.find('/', scheme == std::string_view::npos ? 0 : scheme + 3);
    return std::min(slash, name.size());
}

} // namespace

std::string urlPattern(std::string_view name)
{
    const auto path = pathOf(name);
    std::string out(name.substr(0, path));
    auto end = std::min(name.find_first_of("?#", path), name.size());
    for (auto at = path; at < end;) {
        const auto next = std::min(name.find('/', at + 1), end);
        out += '/';
        addSegment(name.substr(at + 1, next - at - 1), out);
        at = next;
    }
    addQuery(name.substr(end), out);
    return out;
}

} // namespace flamewright
