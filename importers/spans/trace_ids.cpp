#include "importers/spans/trace_ids.h"

#include <algorithm>
#include <array>

namespace flamewright {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr auto kHexValues = [] {
    std::array<std::int8_t, 256> out{};
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = -1;
    for (std::size_t i = 0; i < 10; ++i)
        out['0' + i] = static_cast<std::int8_t>(i);
    for (std::size_t i = 0; i < 6; ++i)
        out['a' + i] = out['A' + i] = static_cast<std::int8_t>(10 + i);
    return out;
}();

int hexValue(char c)
{
    return kHexValues[static_cast<unsigned char>(c)];
}

// Also the alphabet for addresses of the web.
constexpr int base64Value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

struct IdBytes {
    std::array<char, 16> bytes;
    std::size_t size = 0;
    std::string_view text() const { return {bytes.data(), size}; }
};

std::optional<IdBytes> bytesFromBase64(std::string_view text)
{
    while (text.ends_with('='))
        text.remove_suffix(1);
    IdBytes out;
    if (text.size() * 3 / 4 > out.bytes.size())
        return std::nullopt;
    unsigned bits = 0, held = 0;
    for (const auto c : text) {
        const auto value = base64Value(c);
        if (value < 0)
            return std::nullopt;
        held = (held << 6 | static_cast<unsigned>(value)) & 0xffff;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out.bytes[out.size++] = static_cast<char>(held >> bits & 0xff);
        }
    }
    if (out.size != 8 && out.size != 16)
        return std::nullopt;
    return out;
}

} // namespace

bool traceIdFromText(std::string_view text, std::string &hex)
{
    hex.clear();
    const std::size_t digits = text.size() <= 16 ? 16 : 32;
    const auto zeros = digits - std::min(digits, text.size());
    hex.resize(zeros + text.size(), '0');
    int any = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto value = hexValue(text[i]);
        if (value < 0) {
            if (const auto id = bytesFromBase64(text))
                return traceIdFromBytes(id->text(), hex);
            hex = text;
            return false;
        }
        any |= value;
        hex[zeros + i] = kHexDigits[static_cast<std::size_t>(value)];
    }
    if (any == 0)
        hex.clear();
    return true;
}

bool traceIdFromBytes(std::string_view bytes, std::string &hex)
{
    hex.clear();
    if (bytes.find_first_not_of('\0') == std::string_view::npos)
        return true;
    for (const auto c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        hex += kHexDigits[byte >> 4];
        hex += kHexDigits[byte & 15];
    }
    return bytes.size() == 8 || bytes.size() == 16;
}

std::optional<std::uint64_t> spanIdFromText(std::string_view text)
{
    std::uint64_t out = 0;
    for (const auto c : text) {
        const auto value = hexValue(c);
        if (value < 0) {
            const auto id = bytesFromBase64(text);
            return id ? spanIdFromBytes(id->text()) : std::nullopt;
        }
        out = out << 4 | static_cast<unsigned>(value);
    }
    return out;
}

std::optional<std::uint64_t> spanIdFromBytes(std::string_view bytes)
{
    if (!bytes.empty() && bytes.size() != 8 && bytes.size() != 16)
        return std::nullopt;
    std::uint64_t out = 0;
    for (const auto c : bytes)
        out = out << 8 | static_cast<unsigned char>(c);
    return out;
}

void appendBase64(std::string &out, std::string_view bytes)
{
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto byte = [&](std::size_t j) {
            return j < bytes.size() ? static_cast<unsigned char>(bytes[j]) : 0u;
        };
        const auto group = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
        out += kBase64[group >> 18];
        out += kBase64[group >> 12 & 63];
        out += i + 1 < bytes.size() ? kBase64[group >> 6 & 63] : '=';
        out += i + 2 < bytes.size() ? kBase64[group & 63] : '=';
    }
}

} // namespace flamewright
