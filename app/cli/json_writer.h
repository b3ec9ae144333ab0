#pragma once

#include <cstdint>
#include <ostream>
#include <string_view>
#include <vector>

namespace flamewright {

// Writes JSON in the order in which it is told: keys of --json output keep the order of the
// documentation, integers keep all 64 bits. Strings are escaped by CaptureText.
class JsonWriter {
public:
    explicit JsonWriter(std::ostream &out) : m_out(out) {}

    JsonWriter &beginObject() { return begin('{', '}'); }
    JsonWriter &endObject() { return end(); }
    JsonWriter &beginArray() { return begin('[', ']'); }
    JsonWriter &endArray() { return end(); }
    JsonWriter &key(std::string_view name);
    JsonWriter &value(std::string_view text);
    JsonWriter &value(const char *text) { return value(std::string_view(text)); }
    JsonWriter &value(const std::string &text) { return value(std::string_view(text)); }
    JsonWriter &value(std::int64_t number);
    JsonWriter &value(std::uint64_t number);
    JsonWriter &value(std::uint32_t number) { return value(std::uint64_t{number}); }
    JsonWriter &value(double number); // NaN and infinities become null
    JsonWriter &value(bool truth);
    JsonWriter &null();
    template <class T>
    JsonWriter &field(std::string_view name, const T &v)
    {
        return key(name).value(v);
    }

private:
    JsonWriter &begin(char open, char close);
    JsonWriter &end();
    void separate();

    std::ostream &m_out;
    struct Level {
        char close;
        bool empty;
    };
    std::vector<Level> m_levels;
    bool m_afterKey = false;
};

} // namespace flamewright
