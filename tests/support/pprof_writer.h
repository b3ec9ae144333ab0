#pragma once

#include <cstdint>
#include <map>
#include <protozero/pbf_writer.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flamewright::testing {

// Writes pprof profiles, also such as no profiler would.
class PprofWriter {
public:
    struct Label {
        std::string key, text, unit;
        std::int64_t number = 0;
        Label(std::string k, std::string t) : key(std::move(k)), text(std::move(t)) {}
        Label(std::string k, std::int64_t n, std::string u)
            : key(std::move(k)),
              unit(std::move(u)),
              number(n)
        {}
    };

    PprofWriter() { string(""); }

    void sampleType(const std::string &type, const std::string &unit)
    {
        std::string inner;
        protozero::pbf_writer value(inner);
        value.add_int64(1, string(type));
        value.add_int64(2, string(unit));
        add(1, inner);
    }
    void function(std::uint64_t id, const std::string &name, const std::string &file)
    {
        std::string inner;
        protozero::pbf_writer value(inner);
        value.add_uint64(1, id);
        value.add_int64(2, string(name));
        value.add_int64(4, string(file));
        add(5, inner);
    }
    void rawFunction(std::uint64_t id, std::int64_t nameIndex)
    {
        std::string inner;
        protozero::pbf_writer value(inner);
        value.add_uint64(1, id);
        value.add_int64(2, nameIndex);
        add(5, inner);
    }
    void mapping(std::uint64_t id, std::uint64_t start, std::uint64_t limit, std::uint64_t offset,
                 const std::string &file, const std::string &buildId)
    {
        std::string inner;
        protozero::pbf_writer value(inner);
        value.add_uint64(1, id);
        value.add_uint64(2, start);
        value.add_uint64(3, limit);
        value.add_uint64(4, offset);
        value.add_int64(5, string(file));
        value.add_int64(6, string(buildId));
        add(3, inner);
    }
    void location(std::uint64_t id, std::uint64_t mapping, std::uint64_t address,
                  const std::vector<std::pair<std::uint64_t, std::int64_t>> &lines)
    {
        std::string inner;
        protozero::pbf_writer value(inner);
        value.add_uint64(1, id);
        value.add_uint64(2, mapping);
        value.add_uint64(3, address);
        for (const auto &[function, line] : lines) {
            protozero::pbf_writer nested(value, 4);
            nested.add_uint64(1, function);
            nested.add_int64(2, line);
        }
        add(4, inner);
    }
    void sample(const std::vector<std::uint64_t> &locations,
                const std::vector<std::int64_t> &values, const std::vector<Label> &labels = {})
    {
        std::string inner;
        protozero::pbf_writer value(inner);
        value.add_packed_uint64(1, locations.begin(), locations.end());
        value.add_packed_int64(2, values.begin(), values.end());
        for (const auto &label : labels) {
            std::string text;
            protozero::pbf_writer nested(text);
            nested.add_int64(1, string(label.key));
            if (!label.text.empty())
                nested.add_int64(2, string(label.text));
            else
                nested.add_int64(3, label.number);
            if (!label.unit.empty())
                nested.add_int64(4, string(label.unit));
            value.add_message(3, text);
        }
        add(2, inner);
    }
    void unpackedSample(const std::vector<std::uint64_t> &locations,
                        const std::vector<std::int64_t> &values)
    {
        std::string inner;
        protozero::pbf_writer value(inner);
        for (const auto location : locations)
            value.add_uint64(1, location);
        for (const auto one : values)
            value.add_int64(2, one);
        add(2, inner);
    }
    void dropFrames(const std::string &drop, const std::string &keep)
    {
        number(7, string(drop));
        number(8, string(keep));
    }
    void time(std::int64_t epochNs, std::int64_t durationNs)
    {
        number(9, epochNs);
        number(10, durationNs);
    }
    void period(const std::string &type, const std::string &unit, std::int64_t every)
    {
        std::string inner;
        protozero::pbf_writer value(inner);
        value.add_int64(1, string(type));
        value.add_int64(2, string(unit));
        add(11, inner);
        number(12, every);
    }
    void comment(const std::string &text) { number(13, string(text)); }
    void defaultSampleType(const std::string &type) { number(14, string(type)); }
    void docUrl(const std::string &url) { number(15, string(url)); }
    void unknownField(std::uint32_t tag, const std::string &content) { add(tag, content); }

    // The string table comes last, as Go writes it.
    std::string bytes() const
    {
        auto out = m_bytes;
        protozero::pbf_writer writer(out);
        for (const auto &text : m_strings)
            writer.add_string(6, text);
        return out;
    }

private:
    void add(std::uint32_t tag, const std::string &message)
    {
        protozero::pbf_writer(m_bytes).add_message(tag, message);
    }
    void number(std::uint32_t tag, std::int64_t value)
    {
        protozero::pbf_writer(m_bytes).add_int64(tag, value);
    }
    std::int64_t string(const std::string &text)
    {
        const auto fresh = static_cast<std::int64_t>(m_strings.size());
        const auto [it, added] = m_index.try_emplace(text, fresh);
        if (added)
            m_strings.push_back(text);
        return it->second;
    }

    std::string m_bytes;
    std::vector<std::string> m_strings;
    std::map<std::string, std::int64_t> m_index;
};

} // namespace flamewright::testing
