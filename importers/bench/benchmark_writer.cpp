#include "importers/bench/benchmark_writer.h"

#include "importers/json_text.h"
#include "importers/load/unit_text.h"

#include <algorithm>
#include <limits>

namespace flamewright {

void BenchmarkLabels::set(std::string_view key, std::string_view value)
{
    if (value.empty())
        erase(key);
    else
        m_values.insert_or_assign(std::string(key), std::string(value));
}

void BenchmarkLabels::set(std::string_view key, simdjson::dom::element value)
{
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS)
        set(key, text);
    else if (!value.is_null())
        set(key, std::string_view(simdjson::minify(value)));
}

void BenchmarkLabels::erase(std::string_view key)
{
    if (const auto found = m_values.find(key); found != m_values.end())
        m_values.erase(found);
}

std::string BenchmarkLabels::json() const
{
    if (m_values.empty())
        return {};
    std::string out = "{";
    for (const auto &[key, value] : m_values) {
        if (out.size() > 1)
            out += ',';
        appendJsonString(out, key);
        out += ':';
        appendJsonString(out, value);
    }
    return out + '}';
}

void BenchmarkWriter::measured(const BenchmarkSubject &subject, const BenchmarkPlace &place,
                               double value)
{
    put(subject, {}, place, value);
}

void BenchmarkWriter::computed(const BenchmarkSubject &subject, std::string_view statistic,
                               double value, std::uint64_t values)
{
    put(subject, statistic, {.iterations = values}, value);
}

void BenchmarkWriter::computed(const BenchmarkSubject &subject, std::string_view statistic,
                               const BenchmarkPlace &place, double value)
{
    put(subject, statistic, place, value);
}

void BenchmarkWriter::put(const BenchmarkSubject &subject, std::string_view statistic,
                          const BenchmarkPlace &place, double value)
{
    ++m_given;
    m_sink.add(
        BenchmarkValue{.name = m_sink.string(subject.name),
                       .metric = m_sink.string(subject.metric),
                       .unit = m_sink.string(subject.unit),
                       .run = place.run,
                       .repetition = place.repetition,
                       .iterations = place.iterations,
                       .value = value,
                       .ok = place.ok,
                       .statistic = m_sink.string(statistic),
                       .method = statistic.empty() ? StringId{} : m_sink.string(subject.method),
                       .labels = m_sink.string(subject.labels)});
}

std::uint64_t countOf(std::optional<double> number)
{
    // 2^63: beyond, doubles of tools are guesses.
    return number && *number >= 0 && *number < 9.3e18 ? static_cast<std::uint64_t>(*number) : 0;
}

std::uint32_t indexOf(std::optional<double> number)
{
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(countOf(number), std::numeric_limits<std::uint32_t>::max()));
}

std::optional<double> reportedNumber(simdjson::dom::element value)
{
    double number = 0;
    if (value.is_number() && value.get(number) == simdjson::SUCCESS)
        return number;
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS)
        return std::nullopt;
    if (text == "NaN" || text == "nan")
        return std::numeric_limits<double>::quiet_NaN();
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+'))
        text.remove_prefix(1);
    if (text != "INF" && text != "Infinity" && text != "inf")
        return std::nullopt;
    const auto infinity = std::numeric_limits<double>::infinity();
    return negative ? -infinity : infinity;
}

std::optional<double> reportedNumber(simdjson::dom::element object, std::string_view key)
{
    simdjson::dom::object members;
    simdjson::dom::element value;
    if (object.get(members) != simdjson::SUCCESS ||
        members.at_key(key).get(value) != simdjson::SUCCESS)
        return std::nullopt;
    return reportedNumber(value);
}

} // namespace flamewright
