#include "importers/trace/json_scan.h"

#include <array>

namespace flamewright::json_scan {
namespace {

enum Class : std::uint8_t { kOther, kSpace, kQuote, kOpen, kClose };

constexpr std::array<std::uint8_t, 256> classes()
{
    std::array<std::uint8_t, 256> out{};
    for (std::size_t i = 0; i <= ' '; ++i)
        out[i] = kSpace;
    out['"'] = kQuote;
    out['{'] = out['['] = kOpen;
    out['}'] = out[']'] = kClose;
    return out;
}
constexpr auto kClasses = classes();

void appendUtf8(std::string &out, unsigned code)
{
    const auto byte = [&](unsigned value) { out += static_cast<char>(value); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xc0 | code >> 6);
        byte(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        byte(0xe0 | code >> 12);
        byte(0x80 | (code >> 6 & 0x3f));
        byte(0x80 | (code & 0x3f));
    } else {
        byte(0xf0 | code >> 18);
        byte(0x80 | (code >> 12 & 0x3f));
        byte(0x80 | (code >> 6 & 0x3f));
        byte(0x80 | (code & 0x3f));
    }
}

// Four hexadecimal digits, or -1.
int hexUnit(std::string_view text)
{
    if (text.size() < 4)
        return -1;
    int out = 0;
    for (const auto c : text.substr(0, 4)) {
        const int lower = c | 0x20;
        if (c >= '0' && c <= '9')
            out = out * 16 + (c - '0');
        else if (lower >= 'a' && lower <= 'f')
            out = out * 16 + (lower - 'a' + 10);
        else
            return -1;
    }
    return out;
}

} // namespace

const char *valueEnd(const char *p, const char *end, bool &spaces)
{
    bool escaped = false;
    if (p >= end)
        return nullptr;
    if (*p == '"') {
        const auto *close = stringEnd(p + 1, end, escaped);
        return close == nullptr ? nullptr : close + 1;
    }
    if (*p != '{' && *p != '[') {
        while (p < end && *p != ',' && *p != '}' && *p != ']' && *p != '"' && !isSpace(*p))
            ++p;
        return p < end ? p : nullptr;
    }
    std::size_t depth = 0;
    for (; p < end; ++p) {
        switch (kClasses[static_cast<unsigned char>(*p)]) {
        case kSpace: spaces = true; break;
        case kQuote:
            p = stringEnd(p + 1, end, escaped);
            if (p == nullptr)
                return nullptr;
            break;
        case kOpen: ++depth; break;
        case kClose:
            if (--depth == 0)
                return p + 1;
            break;
        default: break;
        }
    }
    return nullptr;
}

std::string_view memberOf(std::string_view object, std::string_view key)
{
    std::string_view found;
    forEachMember(object, [&](std::string_view name, std::string_view value) {
        if (name == key)
            found = value;
        return name != key;
    });
    return found;
}

std::string plainText(std::string_view value)
{
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
        return unescaped(value.substr(1, value.size() - 2));
    if (value.starts_with('{') || value.starts_with('['))
        return {};
    return std::string(value);
}

std::string unescaped(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            out += text[i];
            continue;
        }
        const auto c = text[++i];
        switch (c) {
        case 'n': out += '\n'; break;
        case 't': out += '\t'; break;
        case 'r': out += '\r'; break;
        case 'b': out += '\b'; break;
        case 'f': out += '\f'; break;
        case 'u': {
            const auto unit = hexUnit(text.substr(i + 1));
            if (unit < 0) {
                out += "\\u";
                break;
            }
            i += 4;
            auto code = static_cast<unsigned>(unit);
            if (code >= 0xd800 && code < 0xe000) {
                const auto rest = text.substr(i + 1);
                const auto low = rest.starts_with("\\u") ? hexUnit(rest.substr(2)) : -1;
                if (code < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
                    code = 0x10000 + ((code - 0xd800) << 10) + static_cast<unsigned>(low - 0xdc00);
                    i += 6;
                } else {
                    code = 0xfffd;
                }
            }
            appendUtf8(out, code);
            break;
        }
        default: out += c; // the quote, the slashes, and what is no escape
        }
    }
    return out;
}

} // namespace flamewright::json_scan
