#include "importers/formats.h"
#include "importers/io/text_source.h"
#include "importers/jmeter/jmeter_columns.h"
#include "importers/jmeter/jmeter_rows.h"
#include "importers/json_text.h"
#include "importers/text/csv_reader.h"

#include <algorithm>

namespace flamewright {
namespace {

using namespace jmeter;

// Apache JMeter's results as separated values, with any choice of columns, named or not.
// https://jmeter.apache.org/usermanual/listeners.html#csvlogformat
constexpr FormatInfo kFormat{"jmeter-csv", "JMeter results (CSV)", "jtl;csv", "load test"};

constexpr std::string_view kSeparators = ",;\t|";
constexpr unsigned kRecordsPerCheck = 256;

// The first record of a text and how it is separated.
struct Beginning {
    char separator = 0;
    std::optional<Layout> layout;
    bool named = false;
    std::size_t names = 0; // of JMeter's
};

Beginning beginningOf(std::string_view head)
{
    Beginning best;
    const auto tryWith = [&](char separator) {
        MemorySource source(head);
        CsvReader reader(source, {.separator = separator});
        auto record = reader.next();
        while (record.has_value() && *record && (*record)->fields.size() == 1 &&
               (*record)->fields[0].empty())
            record = reader.next(); // blank lines before
        if (!record.has_value() || !*record)
            return;
        const auto fields = (*record)->fields;
        const auto names = knownNames(fields);
        auto layout = layoutOfHeader(fields);
        const bool named = layout.has_value() || names > 2;
        if (!named)
            layout = layoutOfFirstRecord(fields);
        const bool better = best.separator == 0 || names > best.names || (layout && !best.layout);
        if ((named || layout) && better)
            best = {separator, std::move(layout), named, names};
    };
    for (const auto separator : kSeparators)
        tryWith(separator);
    // jmeter.save.saveservice.default_delimiter can be anything: what follows the first name.
    if (best.separator == 0) {
        const auto first = nameOf(Column::TimeStamp);
        if (head.starts_with(first) && head.size() > first.size() && head[first.size()] > 0)
            tryWith(head[first.size()]);
    }
    return best;
}

std::string namesOf(const Layout &layout)
{
    std::string out;
    for (std::size_t i = 0; i < kColumns; ++i) {
        const auto column = static_cast<Column>(i);
        if (layout.has(column))
            out += (out.empty() ? "" : ", ") + std::string(nameOf(column));
    }
    return out;
}

class CsvImport {
public:
    explicit CsvImport(ImportRun run)
        : m_run(run),
          m_text(run.input),
          m_reader(m_text, {}),
          m_rows(run.sink)
    {}
    Result<> run();

private:
    Result<> begin();
    void record(const CsvReader::Record &record);
    std::string_view variables(std::span<const std::string_view> fields);

    ImportRun m_run;
    TextSource m_text;
    CsvReader m_reader;
    RowWriter m_rows;
    Layout m_layout;
    bool m_named = false;
    std::string m_labels;
};

Result<> CsvImport::begin()
{
    FW_ASSIGN(const auto head, m_reader.peek(kProbeBytes));
    auto beginning = beginningOf(head);
    if (!beginning.layout) {
        if (beginning.named)
            return fail(Errc::Unsupported, "this JMeter file has no column 'elapsed': it does not "
                                           "say how long its requests took");
        return fail(Errc::UnknownFormat, "this does not begin like results of JMeter");
    }
    m_layout = *std::move(beginning.layout);
    m_named = beginning.named;
    m_reader.setDialect({.separator = beginning.separator});
    auto &sink = m_run.sink;
    sink.provenance("tool", "JMeter");
    sink.provenance("columns", namesOf(m_layout));
    if (!m_named)
        sink.note(Severity::Notice, "jmeter_no_header", 0,
                  "the columns have no names; taken for " + namesOf(m_layout));
    if (!m_layout.has(Column::TimeStamp))
        sink.note(Severity::Notice, "jmeter_no_time", 0,
                  "the file does not say when its requests were sent");
    if (!m_layout.has(Column::ThreadName))
        sink.note(Severity::Info, "jmeter_no_thread", 0,
                  "the file does not say which thread sent a request");
    return {};
}

// The user's own columns as tags: {"SessionName":"a1"}.
std::string_view CsvImport::variables(std::span<const std::string_view> fields)
{
    m_labels.clear();
    for (const auto &variable : m_layout.variables) {
        if (variable.at >= fields.size())
            continue;
        m_labels += m_labels.empty() ? '{' : ',';
        appendJsonString(m_labels, variable.name);
        m_labels += ':';
        appendJsonString(m_labels, fields[variable.at]);
    }
    if (!m_labels.empty())
        m_labels += '}';
    return m_labels;
}

void CsvImport::record(const CsvReader::Record &record)
{
    const auto fields = record.fields;
    auto &sink = m_run.sink;
    if (record.state == CsvReader::State::TooLong) {
        sink.note(Severity::DataLoss, "jmeter_long_line", record.offset,
                  "a line that is too long was left out");
        return;
    }
    if (fields.size() == 1 && fields[0].empty())
        return;
    const auto get = [&](Column column) { return m_layout.get(fields, column); };
    if (get(Column::Elapsed) == nameOf(Column::Elapsed)) {
        m_rows.markNewRun(); // the names again, or for the first time
        return;
    }
    if (record.state == CsvReader::State::Unclosed)
        sink.note(Severity::DataLoss, "jmeter_open_quote", record.offset,
                  "a quote does not end; it was taken as a plain character");
    if (fields.size() < m_layout.fields) {
        // Nothing that stands at the end is needed to count the row.
        const bool cut = record.state == CsvReader::State::Cut;
        sink.note(Severity::DataLoss, cut ? "jmeter_truncated" : "jmeter_short_row", record.offset,
                  cut ? "the file ends in the middle of a row, which was left out"
                      : "a row with fewer fields than there are columns was left out");
        return;
    }
    if (fields.size() > m_layout.fields)
        sink.note(Severity::Notice, "jmeter_long_row", record.offset,
                  "a row has more fields than there are columns");
    m_rows.add(Row{.timeStamp = get(Column::TimeStamp),
                   .elapsed = get(Column::Elapsed),
                   .label = get(Column::Label),
                   .responseCode = get(Column::ResponseCode),
                   .responseMessage = get(Column::ResponseMessage),
                   .threadName = get(Column::ThreadName),
                   .success = get(Column::Success),
                   .failureMessage = get(Column::FailureMessage),
                   .bytes = get(Column::Bytes),
                   .sentBytes = get(Column::SentBytes),
                   .latency = get(Column::Latency),
                   .connect = get(Column::Connect),
                   .sampleCount = get(Column::SampleCount),
                   .allThreads = get(Column::AllThreads),
                   .hostName = get(Column::HostName),
                   .labels = variables(fields),
                   .hasSuccess = m_layout.has(Column::Success)},
               record.offset);
}

Result<> CsvImport::run()
{
    if (const auto size = m_run.input.sizeHint())
        m_run.job.setTotal(*size);
    FW_TRY(begin());
    unsigned untilCheck = kRecordsPerCheck;
    for (;;) {
        FW_ASSIGN(const auto next, m_reader.next());
        if (!next)
            break;
        record(*next);
        if (--untilCheck == 0) {
            untilCheck = kRecordsPerCheck;
            m_run.job.setDone(next->offset);
            FW_TRY(m_run.job.checkpoint());
            FW_TRY(m_run.sink.status());
        }
    }
    FW_TRY(m_run.job.checkpoint());
    return m_run.sink.status();
}

class JmeterCsv final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        const auto beginning = beginningOf(textHead(probe));
        if (beginning.named)
            return beginning.layout ? Match::Strong : Match::Weak;
        return beginning.layout ? Match::Weak : Match::No;
    }
    Result<> run(ImportRun run) const override { return CsvImport(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makeJmeterCsv()
{
    return std::make_unique<JmeterCsv>();
}

} // namespace flamewright
