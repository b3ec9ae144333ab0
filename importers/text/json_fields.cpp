#include "importers/text/json_fields.h"

#include "importers/json_text.h"
#include "importers/text/number_text.h"

#include <charconv>
#include <cmath>
#include <limits>

namespace flamewright {
namespace {

std::string_view withoutQuotes(std::string_view token)
{
    if (token.size() >= 2 && token.front() == '"' && token.back() == '"')
        return token.substr(1, token.size() - 2);
    return token;
}

} // namespace

std::string_view jsonToken(JsonValue value)
{
    auto token = value.raw_json_token();
    while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ')
        token.remove_suffix(1);
    return token;
}

std::string_view jsonText(JsonValue value)
{
    const auto token = jsonToken(value);
    if (token.empty() || token.front() == '{' || token.front() == '[' || token == "null")
        return {};
    if (token.front() != '"')
        return token;
    if (token.find('\\') == std::string_view::npos)
        return withoutQuotes(token);
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS)
        return {};
    return text;
}

void appendJsonScalar(std::string &out, JsonValue value)
{
    const auto token = jsonToken(value);
    if (token.size() >= 2 && token.front() == '"') {
        if (token.find('\\') == std::string_view::npos)
            out += token;
        else
            appendJsonString(out, jsonText(value));
        return;
    }
    if (token == "true" || token == "false") {
        out += token;
        return;
    }
    if (const auto integer = parseInteger(token)) {
        out += std::to_string(*integer);
        return;
    }
    const auto number = jsonReal(value);
    if (number && std::isfinite(*number)) {
        char digits[40];
        out.append(digits, std::to_chars(digits, digits + sizeof digits, *number).ptr);
    } else {
        out += "null";
    }
}

std::optional<std::uint64_t> jsonUnsigned(JsonValue value)
{
    const auto text = withoutQuotes(jsonToken(value));
    if (const auto number = parseUnsigned(text))
        return number;
    const auto scaled = parseScaled(text, 1);
    if (!scaled || *scaled < 0)
        return std::nullopt;
    return static_cast<std::uint64_t>(*scaled);
}

std::optional<std::int64_t> jsonInteger(JsonValue value)
{
    const auto text = withoutQuotes(jsonToken(value));
    if (const auto number = parseInteger(text))
        return number;
    return parseScaled(text, 1);
}

std::optional<double> jsonReal(JsonValue value)
{
    const auto text = withoutQuotes(jsonToken(value));
    constexpr auto kInfinity = std::numeric_limits<double>::infinity();
    if (text == "NaN")
        return std::numeric_limits<double>::quiet_NaN();
    if (text == "Infinity")
        return kInfinity;
    if (text == "-Infinity")
        return -kInfinity;
    double out = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), out);
    if (text.empty() || result.ec != std::errc() || result.ptr != text.data() + text.size() ||
        !std::isfinite(out))
        return std::nullopt;
    return out;
}

bool appendJsonValue(std::string &out, JsonValue value, unsigned levels, bool &tooDeep)
{
    const auto token = value.raw_json_token();
    const auto first = token.empty() ? ' ' : token.front();
    if (first != '{' && first != '[') {
        appendJsonScalar(out, value);
        return true;
    }
    if (levels == 0) {
        tooDeep = true;
        out += "null";
        return true;
    }
    const auto start = out.size();
    out += first;
    const auto separate = [&] {
        if (out.size() > start + 1)
            out += ',';
    };
    bool whole = true;
    if (first == '{') {
        whole = eachMember(value, [&](std::string_view key, JsonValue member) {
            separate();
            appendJsonString(out, key);
            out += ':';
            return appendJsonValue(out, member, levels - 1, tooDeep);
        });
        out += '}';
    } else {
        whole = eachElement(value, [&](JsonValue element) {
            separate();
            return appendJsonValue(out, element, levels - 1, tooDeep);
        });
        out += ']';
    }
    return whole;
}

} // namespace flamewright
