#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

// Attributes of a span, an event, a resource, made into one canonical JSON object: sorted by key, no
// spaces, integers exact. Filled again and again without allocating.
class Attributes {
public:
    // Longer objects are shortened: what stays is valid JSON and says how much is missing.
    static constexpr std::size_t kMaxJson = 60u << 10;
    // Values nested more deeply than this are left out.
    static constexpr unsigned kMaxNesting = 16;

    void clear();
    bool empty() const { return m_entries.empty(); }
    std::size_t size() const { return m_entries.size(); }

    // One entry whose key and value come in any order: begin, setKey, append JSON to value(), commit.
    void begin();
    void setKey(std::string_view key);
    std::string &value() { return m_values; }
    void commit();

    void addText(std::string_view key, std::string_view text);
    void addInteger(std::string_view key, std::int64_t value);
    void addJson(std::string_view key, std::string_view json);

    // The JSON of the last entry of that key; empty when there is none.
    std::string_view find(std::string_view key) const;
    // The same without quotes and escapes, when it is a text without escapes.
    std::string_view findText(std::string_view key) const;
    // f(key, JSON of the value), sorted by key. A key that is there twice: the last one.
    template <class F>
    void eachSorted(F &&f)
    {
        sort();
        for (std::size_t i = 0; i < m_entries.size(); ++i) {
            if (i + 1 == m_entries.size() || keyOf(m_entries[i]) != keyOf(m_entries[i + 1]))
                f(keyOf(m_entries[i]), valueOf(m_entries[i]));
        }
    }

    // "" when there are none. Valid until the next change.
    std::string_view json();
    // Whether the last json() had to leave something out.
    bool shortened() const { return m_shortened; }

private:
    struct Entry {
        std::uint32_t keyBegin, keyEnd, valueBegin, valueEnd, index;
    };
    std::string_view keyOf(const Entry &e) const
    {
        return std::string_view(m_keys).substr(e.keyBegin, e.keyEnd - e.keyBegin);
    }
    std::string_view valueOf(const Entry &e) const
    {
        return std::string_view(m_values).substr(e.valueBegin, e.valueEnd - e.valueBegin);
    }
    void sort();
    void shorten();

    std::string m_keys, m_values, m_json;
    std::vector<Entry> m_entries;
    Entry m_open{};
    bool m_sorted = true;
    bool m_shortened = false;
};

// JSON of single values. Numbers that JSON does not have become the texts "NaN", "Infinity" and
// "-Infinity".
void appendJsonInteger(std::string &out, std::int64_t value);
void appendJsonReal(std::string &out, double value);
// Up to `bytes` of a text, not cut within a character.
std::string_view firstBytes(std::string_view text, std::size_t bytes);

} // namespace flamewright
