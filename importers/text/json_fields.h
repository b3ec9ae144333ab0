#pragma once

#include <cstdint>
#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>

namespace flamewright {

// For readers of large JSON by simdjson's on-demand parser, where values are visited once, in the
// order of the file. Functions that go through something are false when the JSON is damaged; values
// of another type than expected are nothing special.

using JsonValue = simdjson::ondemand::value;
using JsonObject = simdjson::ondemand::object;
using JsonKey = simdjson::ondemand::raw_json_string;

// f(key, value) -> bool for each member. Keys compare as they lie in the file: with escapes they are
// not recognised.
template <class F>
bool eachField(JsonObject object, F &&f)
{
    for (auto field : object) {
        JsonKey key;
        JsonValue value;
        if (field.key().get(key) != simdjson::SUCCESS ||
            field.value().get(value) != simdjson::SUCCESS || !f(key, value))
            return false;
    }
    return true;
}
template <class F>
bool eachField(JsonValue value, F &&f)
{
    JsonObject object;
    if (value.get_object().get(object) != simdjson::SUCCESS)
        return true;
    return eachField(object, f);
}
// The same with the key as a text, for members that may be called anything.
template <class F>
bool eachMember(JsonValue value, F &&f)
{
    JsonObject object;
    if (value.get_object().get(object) != simdjson::SUCCESS)
        return true;
    for (auto field : object) {
        std::string_view key;
        JsonValue member;
        if (field.unescaped_key().get(key) != simdjson::SUCCESS ||
            field.value().get(member) != simdjson::SUCCESS || !f(key, member))
            return false;
    }
    return true;
}

// f(value) -> bool for each element.
template <class F>
bool eachElement(JsonValue value, F &&f)
{
    simdjson::ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS)
        return true;
    for (auto item : array) {
        JsonValue element;
        if (item.get(element) != simdjson::SUCCESS || !f(element))
            return false;
    }
    return true;
}
// f(object) -> bool for each element that is an object.
template <class F>
bool eachObject(JsonValue value, F &&f)
{
    return eachElement(value, [&](JsonValue element) {
        JsonObject object;
        return element.get_object().get(object) != simdjson::SUCCESS || f(object);
    });
}

// A scalar as it is written, without spaces behind it; a text with its quotes.
std::string_view jsonToken(JsonValue value);
// The text of a string or number; empty for null and for what is no scalar. Valid as long as the
// document.
std::string_view jsonText(JsonValue value);
// Appends a scalar as canonical JSON.
void appendJsonScalar(std::string &out, JsonValue value);

// Numbers, also those that are written as texts. Integers are exact; those with an exponent or a
// fraction of zeros are integers, too.
std::optional<std::uint64_t> jsonUnsigned(JsonValue value);
std::optional<std::int64_t> jsonInteger(JsonValue value);
// "NaN", "Infinity" and "-Infinity" are numbers here.
std::optional<double> jsonReal(JsonValue value);

// Canonical JSON of any value: of objects and arrays, too, with keys in the order of the file, up to
// so many levels; deeper ones become null and set `tooDeep`. False when damaged.
bool appendJsonValue(std::string &out, JsonValue value, unsigned levels, bool &tooDeep);

} // namespace flamewright
