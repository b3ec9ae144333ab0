#pragma once

#include "importers/importer.h"
#include "importers/io/text_source.h"
#include "importers/load/request_writer.h"
#include "importers/text/csv_reader.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

// What importers share whose input has one request a row: the loop over the rows with its
// checkpoints, and the notes about rows, clocks and latencies that cannot be right. Codes of notes
// are `prefix` and what is odd: "hey_bad_row".
class RequestRows {
public:
    RequestRows(ImportRun run, std::string_view prefix, CsvDialect dialect);

    // The beginning of the text, not consumed.
    Result<std::string_view> head() { return m_csv.peek(kProbeBytes); }

    using Fields = std::span<const std::string_view>;
    // Calls `row(fields, offset)` for every line that is not empty, up to the end of the input.
    // It answers whether the line is a row; what is none is counted as lost.
    Result<> forEach(const std::function<bool(Fields, std::uint64_t)> &row);

    // Adds it, after check().
    void add(const RequestRow &row, std::uint64_t offset);
    // Notes latencies of zero, and an answer that came more than a second before the one above it:
    // rows are written when answers come, so the clock was set back. Any clock.
    void check(std::optional<std::int64_t> beginNs, Duration latency, bool ok,
               std::uint64_t offset);
    void note(Severity severity, std::string_view what, std::uint64_t offset,
              std::string_view detail = {});

    RequestWriter &writer() { return m_writer; }
    RecordSink &sink() { return m_run.sink; }

private:
    ImportRun m_run;
    std::string m_prefix;
    TextSource m_text;
    CsvReader m_csv;
    RequestWriter m_writer;
    std::int64_t m_lastEnd = INT64_MIN;
};

// a - b, or the nearest representable value.
constexpr std::int64_t saturatingSub(std::int64_t a, std::int64_t b)
{
    std::int64_t out = 0;
    if (__builtin_sub_overflow(a, b, &out))
        return a < 0 ? INT64_MIN : INT64_MAX;
    return out;
}

// Lines of a head, without the last one where that may be incomplete. For detectors.
// `line` answers whether to go on; the number of lines it saw is returned.
int forEachHeadLine(const Probe &probe, const std::function<bool(std::string_view)> &line);

// The whole line as fields, without quoting.
std::vector<std::string_view> splitFields(std::string_view line, char separator);
// Strong when nearly all of the first lines (64 are looked at, empty ones do not count) are rows: for
// formats that have nothing else to be known by.
Match matchRows(const Probe &probe, char separator,
                const std::function<bool(RequestRows::Fields)> &isRow);

} // namespace flamewright
