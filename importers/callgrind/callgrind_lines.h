#pragma once

#include "capture/base/result.h"
#include "capture/session/record_sink.h"
#include "importers/callgrind/cost_table.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace flamewright {

// The lines of a file of callgrind, one after the other, into a table of costs.
// https://valgrind.org/docs/manual/cl-format.html
class CallgrindLines {
public:
    CallgrindLines(CostTable &table, RecordSink &sink) : m_table(table), m_sink(sink) {}

    void line(std::string_view text, std::uint64_t offset);
    // What the last line leaves open.
    void finish(std::uint64_t offset);

    const std::vector<std::string> &events() const { return m_events; }
    // The sums that the file tells of itself, by event; empty where it does not.
    const std::vector<std::int64_t> &totals() const
    {
        return m_totals.empty() ? m_summary : m_totals;
    }
    std::uint64_t parts() const { return m_parts; }

private:
    // "(12) name" says what 12 is, "(12)" refers to it.
    class Names {
    public:
        // nullopt: a number that nobody said what it is.
        std::optional<std::uint32_t> resolve(std::string_view text, CostTable &table);

    private:
        std::unordered_map<std::uint64_t, std::uint32_t> m_known;
    };

    bool header(std::string_view text, std::uint64_t offset);
    void setPositions(std::string_view names);
    void setEvents(std::string_view names, std::uint64_t offset);
    bool specification(std::string_view text, std::uint64_t offset);
    std::uint32_t name(Names &names, std::string_view text, std::uint64_t offset);
    void callee(std::string_view text, std::uint64_t offset);
    void costLine(std::string_view text, std::uint64_t offset);
    bool positions(std::string_view &rest);
    bool costs(std::string_view rest);
    void add(std::uint64_t offset);
    void badLine(std::string_view text, std::uint64_t offset);
    static std::vector<std::int64_t> numbers(std::string_view text);

    CostTable &m_table;
    RecordSink &m_sink;
    std::vector<std::string> m_events;
    std::vector<std::size_t> m_column; // of each number in a line, which event it is
    std::size_t m_positions = 1, m_linePosition = 0;
    bool m_hasLines = true;
    std::vector<std::uint64_t> m_at{0}; // positions of the last line
    std::vector<std::int64_t> m_costs;
    std::vector<std::int64_t> m_totals, m_summary;
    std::uint64_t m_parts = 0;

    Names m_files, m_objects, m_functions;
    std::uint32_t m_object = 0, m_file = 0;
    std::uint32_t m_function = CostTable::kNone;
    std::optional<std::uint32_t> m_calledObject, m_calledFile;
    std::uint32_t m_called = CostTable::kNone;
    std::optional<std::uint64_t> m_calls; // the next line is what they cost
    bool m_jumped = false;                // the next line is where from
};

} // namespace flamewright
