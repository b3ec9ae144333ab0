#include "app/present/json_text.h"

#include "capture/base/capture_text.h"
#include "capture/base/utf8.h"
#include "importers/spans/trace_ids.h"
#include "importers/text/json_document.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace flamewright {
namespace {

bool isUtf8(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        const auto step = decodeUtf8(text, i);
        if (!step.valid)
            return false;
        i += step.size;
    }
    return true;
}

// 64: no digit.
std::uint32_t base64Digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return static_cast<std::uint32_t>(c - 'A');
    if (c >= 'a' && c <= 'z')
        return static_cast<std::uint32_t>(c - 'a' + 26);
    if (c >= '0' && c <= '9')
        return static_cast<std::uint32_t>(c - '0' + 52);
    return c == '+' ? 62 : c == '/' ? 63 : 64;
}

} // namespace

void appendJsonText(std::string &out, std::string_view text)
{
    if (isUtf8(text)) {
        out += CaptureText(text).toJson();
        return;
    }
    out += "{\"base64\":\"";
    appendBase64(out, text);
    out += "\"}";
}

void appendJsonNumber(std::string &out, float number)
{
    std::array<char, 64> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                   std::isfinite(number) ? number : 0)
                         .ptr;
    out.append(buffer.data(), end);
}

std::optional<std::string> jsonTextOf(simdjson::dom::element value, std::size_t limit)
{
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS)
        return text.size() <= limit ? std::optional(std::string(text)) : std::nullopt;
    const auto encoded = member(value, "base64");
    if (!encoded || encoded->get(text) != simdjson::SUCCESS || text.size() / 4 > limit / 3)
        return std::nullopt;
    return decodeBase64(text);
}

std::optional<std::string> decodeBase64(std::string_view text)
{
    if (text.size() % 4 != 0)
        return std::nullopt;
    std::string out;
    out.reserve(text.size() / 4 * 3);
    for (std::size_t i = 0; i < text.size(); i += 4) {
        const bool last = i + 4 == text.size();
        const std::size_t padding = last && text[i + 3] == '=' ? (text[i + 2] == '=' ? 2 : 1) : 0;
        std::uint32_t bits = 0;
        for (std::size_t j = 0; j < 4; ++j) {
            const auto digit = j >= 4 - padding ? 0 : base64Digit(text[i + j]);
            if (digit == 64)
                return std::nullopt;
            bits = bits << 6 | digit;
        }
        if ((bits & ((1u << 8 * padding) - 1)) != 0)
            return std::nullopt;
        for (std::size_t j = 0; j < 3 - padding; ++j)
            out += static_cast<char>(bits >> (16 - 8 * j) & 255);
    }
    return out;
}

} // namespace flamewright
