#pragma once

#include "capture/session/record_sink.h"

#include <cstdint>
#include <map>
#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>

namespace flamewright {

// Parameters of a benchmark, in the order of their names: the same ones are the same text.
class BenchmarkLabels {
public:
    // Empty values are none. A key that is there already keeps the last value.
    void set(std::string_view key, std::string_view value);
    // Text as it is, numbers and booleans as JSON has them; arrays and objects as their JSON.
    void set(std::string_view key, simdjson::dom::element value);
    void erase(std::string_view key);
    // A JSON object; empty where there is no label.
    std::string json() const;

private:
    std::map<std::string, std::string, std::less<>> m_values;
};

// What a group of values is about.
struct BenchmarkSubject {
    std::string_view name;
    std::string_view metric = "time";
    std::string_view unit = "s";
    std::string_view labels = {}; // BenchmarkLabels::json()
    std::string_view method = {}; // whose statistics they are, and how they are computed
};

// Which of the values of a subject one is.
struct BenchmarkPlace {
    std::uint32_t run = 0;
    std::uint32_t repetition = 0;
    std::uint64_t iterations = 0; // 0: not said
    bool ok = true;
};

// What importers of benchmarks share: names to ids, and the limits of counts.
class BenchmarkWriter {
public:
    explicit BenchmarkWriter(RecordSink &sink) : m_sink(sink) {}

    void measured(const BenchmarkSubject &subject, const BenchmarkPlace &place, double value);
    // A statistic of `values` values, of which 0 is: the tool does not say.
    void computed(const BenchmarkSubject &subject, std::string_view statistic, double value,
                  std::uint64_t values = 0);
    // The same of one run or repetition.
    void computed(const BenchmarkSubject &subject, std::string_view statistic,
                  const BenchmarkPlace &place, double value);
    // Values that were given, those included that are no numbers and are only counted.
    std::uint64_t given() const { return m_given; }

private:
    void put(const BenchmarkSubject &subject, std::string_view statistic,
             const BenchmarkPlace &place, double value);

    RecordSink &m_sink;
    std::uint64_t m_given = 0;
};

// A number that is not negative as a count; 0 for everything else.
std::uint64_t countOf(std::optional<double> number);
// The same, of 32 bits.
std::uint32_t indexOf(std::optional<double> number);

// A number of a report: also "NaN", "+INF" and "-INF" as text, which are no finite ones. nullopt: not
// a number.
std::optional<double> reportedNumber(simdjson::dom::element value);
std::optional<double> reportedNumber(simdjson::dom::element object, std::string_view key);

} // namespace flamewright
