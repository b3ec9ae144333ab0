#include "importers/formats.h"
#include "importers/io/text_source.h"
#include "importers/k6/k6_points.h"
#include "importers/text/csv_reader.h"
#include "importers/text/date_text.h"
#include "importers/text/number_text.h"

#include <algorithm>
#include <string>
#include <vector>

namespace flamewright {
namespace {

// What `k6 run --out csv=FILE` writes: a sample a line. Which tags have columns differs between
// versions and by --system-tags, so the header decides; tags without a column share "extra_tags".
// https://grafana.com/docs/k6/latest/results-output/real-time/csv/
constexpr FormatInfo kFormat{"k6-csv", "k6 CSV", "csv", "load test"};

constexpr unsigned kLinesPerCheck = 1024;
constexpr std::string_view kHeader = "metric_name,timestamp,metric_value";
constexpr char kFieldEnd = '\x1f';
constexpr auto kNone = static_cast<std::size_t>(-1);

// "vu=1&iter=2", never escaped.
template <class Take>
void forEachPair(std::string_view text, Take take)
{
    while (!text.empty()) {
        const auto cut = std::min(text.find('&'), text.size());
        const auto pair = text.substr(0, cut);
        text.remove_prefix(std::min(cut + 1, text.size()));
        if (const auto equals = pair.find('='); equals != std::string_view::npos && equals > 0)
            take(pair.substr(0, equals), pair.substr(equals + 1));
    }
}

// Seconds, unless K6_CSV_TIME_FORMAT says otherwise; the file does not say what it says.
struct Time {
    std::int64_t epochNs = 0;
    bool wholeSeconds = false;
};
std::optional<Time> parseTime(std::string_view text)
{
    const auto ticks = parseInteger(text);
    if (!ticks) {
        const auto date = parseDate(text);
        return date ? std::optional(Time{date->epochNs, text.find('.') == std::string_view::npos})
                    : std::nullopt;
    }
    const auto digits = text.size() - (text.starts_with('-') ? 1 : 0);
    const std::int64_t nanos = digits <= 11   ? 1'000'000'000
                               : digits <= 14 ? 1'000'000
                               : digits <= 17 ? 1'000
                                              : 1;
    const auto ns = nanosFrom(*ticks, nanos);
    return ns ? std::optional(Time{ns->count(), digits <= 11}) : std::nullopt;
}

class K6CsvReader {
public:
    explicit K6CsvReader(ImportRun run)
        : m_run(run),
          m_sink(run.sink),
          m_text(run.input),
          m_csv(m_text, {}),
          m_points(run.sink)
    {}
    Result<> run();

private:
    using Fields = std::span<const std::string_view>;
    bool takeHeader(Fields fields);
    void record(const CsvReader::Record &record);
    const K6Tags *tagsOf(Fields fields);
    bool isTag(std::size_t column) const;

    ImportRun m_run;
    RecordSink &m_sink;
    TextSource m_text;
    CsvReader m_csv;
    K6TagCache m_tags;
    K6Points m_points;
    std::vector<std::string> m_columns;
    std::size_t m_metric = kNone, m_time = kNone, m_value = kNone;
    std::size_t m_extra = kNone, m_metadata = kNone;
    std::string m_key;
    std::string m_lastTime;
    std::optional<Time> m_lastParsed;
    std::uint64_t m_wholeSeconds = 0;
};

// Also in the middle: runs that were put together.
bool K6CsvReader::takeHeader(Fields fields)
{
    const auto find = [&](std::string_view name) {
        const auto it = std::find(fields.begin(), fields.end(), name);
        return it == fields.end() ? kNone : static_cast<std::size_t>(it - fields.begin());
    };
    const auto metric = find("metric_name"), time = find("timestamp"), value = find("metric_value");
    if (metric == kNone || time == kNone || value == kNone)
        return false;
    m_points.flush();
    m_tags = {}; // its keys are values of the columns of before
    m_columns.assign(fields.begin(), fields.end());
    m_metric = metric;
    m_time = time;
    m_value = value;
    m_extra = find("extra_tags");
    m_metadata = find("metadata");
    return true;
}

bool K6CsvReader::isTag(std::size_t column) const
{
    return column != m_metric && column != m_time && column != m_value && column != m_metadata;
}

const K6Tags *K6CsvReader::tagsOf(Fields fields)
{
    m_key.clear();
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        if (!isTag(i))
            continue;
        m_key += fields[i];
        m_key += kFieldEnd;
    }
    if (const auto *known = m_tags.find(m_key))
        return known;
    if (m_tags.full())
        m_points.flush();
    std::vector<K6Tag> tags;
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        if (i == m_extra)
            forEachPair(fields[i], [&](auto key, auto value) { tags.emplace_back(key, value); });
        else if (isTag(i))
            tags.emplace_back(m_columns[i], fields[i]);
    }
    return m_tags.add(m_key, tags);
}

void K6CsvReader::record(const CsvReader::Record &record)
{
    const auto fields = record.fields;
    if (record.state == CsvReader::State::TooLong) {
        m_sink.note(Severity::DataLoss, "k6_long_line", record.offset,
                    "a line that is too long for a sample was skipped");
        return;
    }
    if (fields.size() == 1 && fields[0].empty())
        return;
    if (takeHeader(fields))
        return;
    if (fields.size() != m_columns.size()) {
        const bool cut = record.state == CsvReader::State::Cut;
        m_sink.note(Severity::DataLoss, cut ? "k6_cut_line" : "k6_bad_line", record.offset,
                    cut ? "the file ends within a line; k6 was stopped while writing"
                        : "a line with " + std::to_string(fields.size()) + " columns instead of " +
                              std::to_string(m_columns.size()));
        return;
    }
    if (!m_lastParsed || fields[m_time] != m_lastTime) {
        m_lastTime = fields[m_time];
        m_lastParsed = parseTime(fields[m_time]);
    }
    if (!m_lastParsed || fields[m_metric].empty()) {
        m_sink.note(Severity::DataLoss, "k6_bad_point", record.offset,
                    "a sample without a time that can be read: " + std::string(fields[m_time]));
        return;
    }
    m_wholeSeconds += m_lastParsed->wholeSeconds ? 1 : 0;
    std::string_view vu;
    if (m_metadata != kNone)
        forEachPair(fields[m_metadata], [&](auto key, auto value) {
            if (key == "vu")
                vu = value;
        });
    m_points.add({.metric = fields[m_metric],
                  .epochNs = m_lastParsed->epochNs,
                  .value = fields[m_value],
                  .tags = tagsOf(fields),
                  .vu = vu,
                  .offset = record.offset});
}

Result<> K6CsvReader::run()
{
    if (const auto size = m_run.input.sizeHint())
        m_run.job.setTotal(*size);
    m_sink.provenance("tool", "k6");
    unsigned untilCheck = kLinesPerCheck;
    bool begun = false;
    for (;;) {
        FW_ASSIGN(const auto next, m_csv.next());
        if (!next)
            break;
        if (begun)
            record(*next);
        else if (!(begun = takeHeader(next->fields)))
            return fail(Error(Errc::Corrupt, "the first line does not name k6's columns").at(0));
        if (--untilCheck == 0) {
            untilCheck = kLinesPerCheck;
            m_run.job.setDone(next->offset);
            FW_TRY(m_run.job.checkpoint());
            FW_TRY(m_sink.status());
        }
    }
    m_points.finish();
    m_sink.note(Severity::Notice, "k6_whole_seconds", 0,
                "times are whole seconds, so requests begin up to a second later than shown; "
                "K6_CSV_TIME_FORMAT=unix_micro keeps more",
                m_wholeSeconds);
    FW_TRY(m_run.job.checkpoint());
    return m_sink.status();
}

class K6Csv final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        const auto head = textHead(probe);
        if (!head.starts_with(kHeader) || head.size() == kHeader.size())
            return Match::No;
        const auto after = head[kHeader.size()];
        return after == ',' || after == '\n' || after == '\r' ? Match::Strong : Match::No;
    }

    Result<> run(ImportRun run) const override { return K6CsvReader(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makeK6Csv()
{
    return std::make_unique<K6Csv>();
}

} // namespace flamewright
