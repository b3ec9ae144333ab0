#include "importers/jmeter/jmeter_columns.h"

#include "importers/text/number_text.h"

#include <algorithm>

namespace flamewright::jmeter {
namespace {

constexpr std::string_view kNames[kColumns] = {
    "timeStamp",  "elapsed",  "label",          "responseCode", "responseMessage", "threadName",
    "dataType",   "success",  "failureMessage", "bytes",        "sentBytes",       "grpThreads",
    "allThreads", "URL",      "Filename",       "Latency",      "Encoding",        "SampleCount",
    "ErrorCount", "Hostname", "IdleTime",       "Connect"};

constexpr std::size_t kLeastNames = 3; // of a header, the elapsed time among them

Layout emptyLayout(std::size_t fields)
{
    Layout out;
    out.at.fill(-1);
    out.fields = fields;
    return out;
}

std::optional<Column> columnOf(std::string_view name)
{
    const auto it = std::find(std::begin(kNames), std::end(kNames), name);
    if (it == std::end(kNames))
        return std::nullopt;
    return static_cast<Column>(it - std::begin(kNames));
}

bool isBoolean(std::string_view text)
{
    return text == "true" || text == "false" || text == "TRUE" || text == "FALSE" ||
           text == "True" || text == "False";
}

} // namespace

std::string_view nameOf(Column column)
{
    return kNames[static_cast<std::size_t>(column)];
}

std::size_t knownNames(std::span<const std::string_view> record)
{
    return static_cast<std::size_t>(std::count_if(
        record.begin(), record.end(), [](auto name) { return columnOf(name).has_value(); }));
}

std::optional<Layout> layoutOfHeader(std::span<const std::string_view> record)
{
    auto out = emptyLayout(record.size());
    std::size_t known = 0;
    for (std::size_t i = 0; i < record.size(); ++i) {
        if (const auto column = columnOf(record[i])) {
            auto &at = out.at[static_cast<std::size_t>(*column)];
            known += at < 0 ? 1 : 0;
            if (at < 0)
                at = static_cast<int>(i);
        } else if (!record[i].empty()) {
            out.variables.push_back({i, std::string(record[i])});
        }
    }
    if (known < kLeastNames || !out.has(Column::Elapsed))
        return std::nullopt;
    return out;
}

std::optional<Layout> layoutOfFirstRecord(std::span<const std::string_view> record)
{
    // timeStamp, elapsed, label, responseCode, responseMessage, threadName, [dataType], success;
    // everything before `success` is saved by all versions, what follows depends.
    const auto time = record.empty() ? std::nullopt : parseInteger(record[0]);
    if (record.size() < 8 || record[0].size() < 12 || record[0].size() > 14 || !time ||
        !parseInteger(record[1]))
        return std::nullopt;
    const std::size_t success = isBoolean(record[7]) ? 7 : 6;
    if (!isBoolean(record[success]))
        return std::nullopt;
    auto out = emptyLayout(record.size());
    const auto set = [&](Column column, std::size_t at) {
        out.at[static_cast<std::size_t>(column)] = static_cast<int>(at);
    };
    for (std::size_t i = 0; i < 6; ++i)
        set(static_cast<Column>(i), i);
    set(Column::Success, success);
    auto next = success + 1;
    if (next < record.size() && !parseInteger(record[next]))
        set(Column::FailureMessage, next++);
    // The columns that versions 2.3 to 5.6 write by default, by how many are left.
    using enum Column;
    static const std::vector<std::vector<Column>> kTails = {
        {Bytes},
        {Bytes, Latency},
        {Bytes, GroupThreads, AllThreads, Latency},
        {Bytes, GroupThreads, AllThreads, Latency, IdleTime},
        {Bytes, GroupThreads, AllThreads, Latency, IdleTime, Connect},
        {Bytes, SentBytes, GroupThreads, AllThreads, Latency, IdleTime, Connect},
        {Bytes, SentBytes, GroupThreads, AllThreads, Url, Latency, IdleTime, Connect},
    };
    for (const auto &tail : kTails) {
        if (tail.size() != record.size() - next)
            continue;
        const auto fits = [&](std::size_t i) {
            return tail[i] == Url || parseInteger(record[next + i]).has_value();
        };
        bool all = true;
        for (std::size_t i = 0; i < tail.size(); ++i)
            all = all && fits(i);
        for (std::size_t i = 0; all && i < tail.size(); ++i)
            set(tail[i], next + i);
    }
    return out;
}

} // namespace flamewright::jmeter
