#include "importers/load/request_rows.h"

namespace flamewright {
namespace {

constexpr unsigned kRowsPerCheck = 256;
constexpr std::int64_t kClockSlackNs = 1'000'000'000;
constexpr std::size_t kShownBytes = 80;

} // namespace

RequestRows::RequestRows(ImportRun run, std::string_view prefix, CsvDialect dialect)
    : m_run(run),
      m_prefix(prefix),
      m_text(run.input),
      m_csv(m_text, dialect),
      m_writer(run.sink)
{}

void RequestRows::note(Severity severity, std::string_view what, std::uint64_t offset,
                       std::string_view detail)
{
    m_run.sink.note(severity, m_prefix + "_" + std::string(what), offset, detail);
}

Result<> RequestRows::forEach(const std::function<bool(Fields, std::uint64_t)> &row)
{
    if (const auto size = m_run.input.sizeHint())
        m_run.job.setTotal(*size);
    unsigned untilCheck = 1;
    for (;;) {
        if (--untilCheck == 0) {
            untilCheck = kRowsPerCheck;
            FW_TRY(m_run.job.checkpoint());
            FW_TRY(m_run.sink.status());
        }
        FW_ASSIGN(const auto record, m_csv.next());
        if (!record)
            break;
        m_run.job.setDone(record->offset);
        const auto fields = record->fields;
        if (record->state == CsvReader::State::TooLong) {
            note(Severity::DataLoss, "long_row", record->offset, "a line that is too long");
            continue;
        }
        if (fields.size() == 1 && fields[0].empty())
            continue;
        const bool cut = record->state == CsvReader::State::Cut;
        if (row(fields, record->offset)) {
            if (cut)
                note(Severity::Notice, "no_line_end", record->offset,
                     "the last row has no line end, so its last value may be cut off");
            continue;
        }
        std::string shown;
        for (std::size_t i = 0; i < fields.size() && shown.size() < kShownBytes; ++i)
            (shown += i == 0 ? "" : " ") += fields[i].substr(0, kShownBytes);
        if (cut)
            note(Severity::DataLoss, "cut_off", record->offset, "the last row is incomplete");
        else
            note(Severity::DataLoss, "bad_row", record->offset, shown.substr(0, kShownBytes));
    }
    FW_TRY(m_run.job.checkpoint());
    return m_run.sink.status();
}

void RequestRows::check(std::optional<std::int64_t> beginNs, Duration latency, bool ok,
                        std::uint64_t offset)
{
    if (latency == Duration{0} && ok)
        note(Severity::Info, "zero_latency", offset, "a latency of zero");
    if (!beginNs)
        return;
    const auto end = saturatingAdd(*beginNs, std::max<std::int64_t>(latency.count(), 0));
    if (m_lastEnd != INT64_MIN && end < saturatingSub(m_lastEnd, kClockSlackNs))
        note(Severity::Notice, "clock_backward", offset,
             "an answer that came more than a second before the one above it");
    m_lastEnd = end;
}

void RequestRows::add(const RequestRow &row, std::uint64_t offset)
{
    check(row.beginEpochNs, row.latency, row.ok, offset);
    m_writer.add(row, offset);
}

int forEachHeadLine(const Probe &probe, const std::function<bool(std::string_view)> &line)
{
    const auto head = textHead(probe);
    std::string_view rest = head;
    int lines = 0;
    while (!rest.empty()) {
        const auto newline = rest.find('\n');
        if (newline == std::string_view::npos && !probe.headIsAll)
            break;
        auto text = rest.substr(0, newline);
        rest.remove_prefix(newline == std::string_view::npos ? rest.size() : newline + 1);
        if (text.ends_with('\r'))
            text.remove_suffix(1);
        ++lines;
        if (!line(text))
            break;
    }
    return lines;
}

std::vector<std::string_view> splitFields(std::string_view line, char separator)
{
    std::vector<std::string_view> out;
    for (;;) {
        const auto end = line.find(separator);
        out.push_back(line.substr(0, end));
        if (end == std::string_view::npos)
            return out;
        line.remove_prefix(end + 1);
    }
}

Match matchRows(const Probe &probe, char separator,
                const std::function<bool(RequestRows::Fields)> &isRow)
{
    constexpr int kLinesToDecide = 64;
    int good = 0, bad = 0;
    forEachHeadLine(probe, [&](std::string_view line) {
        if (!line.empty())
            ++(isRow(splitFields(line, separator)) ? good : bad);
        return good + bad < kLinesToDecide;
    });
    return good > 0 && bad * 8 <= good ? Match::Strong : Match::No;
}

} // namespace flamewright
