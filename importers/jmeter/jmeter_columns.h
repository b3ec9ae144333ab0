#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The columns of a JTL file. Which are saved, how they are separated and whether they are named is up
// to jmeter.save.saveservice.*; their order is fixed, but other tools write them in any order.
// https://jmeter.apache.org/usermanual/listeners.html#csvlogformat
namespace flamewright::jmeter {

enum class Column : std::uint8_t {
    TimeStamp,
    Elapsed,
    Label,
    ResponseCode,
    ResponseMessage,
    ThreadName,
    DataType,
    Success,
    FailureMessage,
    Bytes,
    SentBytes,
    GroupThreads,
    AllThreads,
    Url,
    FileName,
    Latency,
    Encoding,
    SampleCount,
    ErrorCount,
    HostName,
    IdleTime,
    Connect
};
inline constexpr std::size_t kColumns = 22;

std::string_view nameOf(Column column);

// Where columns are in a record.
struct Layout {
    std::array<int, kColumns> at{}; // -1: not there
    struct Variable {               // sample_variables: columns with names of the user's
        std::size_t at;
        std::string name;
    };
    std::vector<Variable> variables;
    std::size_t fields = 0; // in a record

    bool has(Column column) const { return at[static_cast<std::size_t>(column)] >= 0; }
    // Empty when the column or the field is not there.
    std::string_view get(std::span<const std::string_view> record, Column column) const
    {
        const auto i = at[static_cast<std::size_t>(column)];
        return i >= 0 && static_cast<std::size_t>(i) < record.size()
                   ? record[static_cast<std::size_t>(i)]
                   : std::string_view();
    }
};

// From a line of names; nullopt unless it names an elapsed time and a few more of the columns.
std::optional<Layout> layoutOfHeader(std::span<const std::string_view> record);
// A file without a header: what its first record looks like under JMeter's order. nullopt: not like
// one of JMeter's.
std::optional<Layout> layoutOfFirstRecord(std::span<const std::string_view> record);
// How many of JMeter's names there are.
std::size_t knownNames(std::span<const std::string_view> record);

} // namespace flamewright::jmeter
