#include "importers/spans/attributes.h"

#include "importers/json_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace flamewright {
namespace {

constexpr std::size_t kLongValue = 4u << 10; // when there is too much of everything
constexpr std::size_t kKeptOfLong = 1u << 10;

// The beginning of a JSON text, cut neither within an escape nor within a character.
void appendCutText(std::string &out, std::string_view json)
{
    auto cut = firstBytes(json, kKeptOfLong);
    if (const auto escape = cut.substr(cut.size() - 6).find('\\'); escape != cut.npos)
        cut = cut.substr(0, cut.size() - 6 + escape);
    out += cut;
    out += "... (" + std::to_string(json.size() - 2) + " bytes)\"";
}

} // namespace

void appendJsonInteger(std::string &out, std::int64_t value)
{
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void appendJsonReal(std::string &out, double value)
{
    if (std::isnan(value)) {
        out += "\"NaN\"";
    } else if (std::isinf(value)) {
        out += value < 0 ? "\"-Infinity\"" : "\"Infinity\"";
    } else {
        char digits[40];
        out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
    }
}

std::string_view firstBytes(std::string_view text, std::size_t bytes)
{
    if (text.size() <= bytes)
        return text;
    const auto goesOn = [&](std::size_t i) {
        return (static_cast<unsigned char>(text[i]) & 0xc0) == 0x80;
    };
    while (bytes > 0 && goesOn(bytes))
        --bytes;
    return text.substr(0, bytes);
}

void Attributes::clear()
{
    m_keys.clear();
    m_values.clear();
    m_entries.clear();
    m_sorted = true;
    m_shortened = false;
}

void Attributes::begin()
{
    const auto key = static_cast<std::uint32_t>(m_keys.size());
    const auto value = static_cast<std::uint32_t>(m_values.size());
    m_open = {key, key, value, value, static_cast<std::uint32_t>(m_entries.size())};
}

void Attributes::setKey(std::string_view key)
{
    m_keys.resize(m_open.keyBegin); // said twice: the last one
    m_keys += key;
    m_open.keyEnd = static_cast<std::uint32_t>(m_keys.size());
}

void Attributes::commit()
{
    if (m_values.size() == m_open.valueBegin)
        m_values += "null";
    m_open.valueEnd = static_cast<std::uint32_t>(m_values.size());
    m_entries.push_back(m_open);
    m_sorted = false;
}

void Attributes::addText(std::string_view key, std::string_view text)
{
    begin();
    setKey(key);
    appendJsonString(m_values, text);
    commit();
}

void Attributes::addInteger(std::string_view key, std::int64_t value)
{
    begin();
    setKey(key);
    appendJsonInteger(m_values, value);
    commit();
}

void Attributes::addJson(std::string_view key, std::string_view json)
{
    begin();
    setKey(key);
    m_values += json;
    commit();
}

std::string_view Attributes::find(std::string_view key) const
{
    std::string_view out;
    std::uint32_t latest = 0;
    for (const auto &entry : m_entries) {
        if (keyOf(entry) == key && (out.empty() || entry.index >= latest)) {
            out = valueOf(entry);
            latest = entry.index;
        }
    }
    return out;
}

std::string_view Attributes::findText(std::string_view key) const
{
    const auto json = find(key);
    if (json.size() < 2 || json.front() != '"' || json.find('\\') != json.npos)
        return {};
    return json.substr(1, json.size() - 2);
}

void Attributes::sort()
{
    if (m_sorted)
        return;
    m_sorted = true;
    std::sort(m_entries.begin(), m_entries.end(), [this](const Entry &a, const Entry &b) {
        const auto order = keyOf(a).compare(keyOf(b));
        return order != 0 ? order < 0 : a.index < b.index;
    });
}

std::string_view Attributes::json()
{
    m_json.clear();
    m_shortened = false;
    if (m_entries.empty())
        return m_json;
    eachSorted([this](std::string_view key, std::string_view value) {
        m_json += m_json.empty() ? '{' : ',';
        appendJsonString(m_json, key);
        m_json += ':';
        m_json += value;
    });
    m_json += '}';
    if (m_json.size() > kMaxJson)
        shorten();
    return m_json;
}

// Long values first, then what still does not fit.
void Attributes::shorten()
{
    m_json.clear();
    m_shortened = true;
    std::size_t left = 0;
    eachSorted([&](std::string_view key, std::string_view value) {
        std::string entry(1, m_json.empty() ? '{' : ',');
        appendJsonString(entry, key);
        entry += ':';
        if (value.size() <= kLongValue)
            entry += value;
        else if (value.front() == '"')
            appendCutText(entry, value);
        else
            entry += "\"(" + std::to_string(value.size()) + " bytes)\"";
        if (m_json.size() + entry.size() > kMaxJson - 64)
            ++left;
        else
            m_json += entry;
    });
    if (left > 0) {
        m_json += m_json.empty() ? '{' : ',';
        m_json += "\"...\":\"" + std::to_string(left) + " more\"";
    }
    m_json += '}';
}

} // namespace flamewright
