#include "importers/formats.h"
#include "importers/hdr/hdr_histogram.h"
#include "importers/io/text_source.h"
#include "importers/load/request_rows.h"
#include "importers/load/summary_writer.h"
#include "importers/text/number_text.h"

#include <array>
#include <cmath>
#include <string>

namespace flamewright {
namespace {

// Interval logs of HdrHistogram, as jHiccup, YCSB and many others write them: one histogram a row,
//   [Tag=name,]start,length,max,base64
// in seconds. https://github.com/HdrHistogram/HdrHistogram: HistogramLogWriter
constexpr FormatInfo kFormat{"hdr-log", "HdrHistogram log", "hlog", "load test"};

constexpr std::size_t kMaxLine = 128u << 20;
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr std::int64_t kYear = 365 * 86'400 * kNanosPerSecond;
constexpr std::string_view kMethod = "HdrHistogram";

struct Row {
    std::string_view tag;
    std::int64_t start = 0, length = 0;
    double max = 0; // in the unit of whoever wrote the log
    std::string_view histogram;
};

// Fields end with commas, blanks or both.
std::string_view takeField(std::string_view &rest)
{
    const auto begin = std::min(rest.find_first_not_of(", \t"), rest.size());
    rest.remove_prefix(begin);
    const auto field = rest.substr(0, rest.find_first_of(", \t\r"));
    rest.remove_prefix(field.size());
    return field;
}

std::optional<Row> parseRow(std::string_view line)
{
    Row out;
    if (line.starts_with("Tag=")) {
        const auto end = line.find(',');
        if (end == line.npos)
            return std::nullopt;
        out.tag = line.substr(4, end - 4);
        line.remove_prefix(end + 1);
    }
    const auto start = parseScaled(takeField(line), kNanosPerSecond);
    const auto length = parseScaled(takeField(line), kNanosPerSecond);
    const auto max = parseScaled(takeField(line), 1'000'000);
    out.histogram = takeField(line);
    if (!start || !length || *length < 0 || !max || out.histogram.find("HIST") == line.npos)
        return std::nullopt;
    out.start = *start;
    out.length = *length;
    out.max = static_cast<double>(*max) / 1e6;
    return out;
}

// "#[StartTime: 1441812279.474 (seconds since epoch), ...]"
std::optional<std::int64_t> parseComment(std::string_view line, std::string_view name)
{
    if (!line.starts_with(name))
        return std::nullopt;
    auto rest = line.substr(name.size());
    return parseScaled(takeField(rest), kNanosPerSecond);
}

class HdrLogReader {
public:
    explicit HdrLogReader(ImportRun run)
        : m_run(run),
          m_text(run.input),
          m_lines(m_text, kMaxLine),
          m_out(run.sink)
    {}

    Result<> run()
    {
        if (const auto size = m_run.input.sizeHint())
            m_run.job.setTotal(*size);
        std::uint64_t rows = 0;
        for (;;) {
            FW_TRY(m_run.job.checkpoint());
            FW_TRY(m_run.sink.status());
            FW_ASSIGN(const auto line, m_lines.next());
            if (!line)
                break;
            m_run.job.setDone(m_lines.lineOffset());
            rows += this->line(*line) ? 1 : 0;
        }
        FW_TRY(m_run.job.checkpoint());
        if (rows == 0)
            return fail(Errc::Corrupt, "there is no histogram in this log");
        return m_run.sink.status();
    }

private:
    bool line(std::string_view text)
    {
        if (text.find_first_not_of(" \t\r") == text.npos)
            return false;
        if (text.starts_with('"')) {
            m_stampsAreEnds = text.starts_with("\"EndTimestamp\"");
            return false;
        }
        if (text.starts_with('#')) {
            comment(text);
            return false;
        }
        const auto row = parseRow(text);
        const auto histogram = row ? decodeHdrHistogram(row->histogram) : std::nullopt;
        if (!histogram) {
            m_run.sink.note(Severity::DataLoss, "hdr_bad_row", m_lines.lineOffset(),
                            row ? "a histogram that cannot be decoded" : text.substr(0, 80));
            return false;
        }
        add(*row, *histogram);
        return true;
    }

    void comment(std::string_view text)
    {
        if (const auto start = parseComment(text, "#[StartTime: "))
            m_startTime = start;
        else if (const auto base = parseComment(text, "#[BaseTime: "))
            m_baseTime = base;
        else if (text.starts_with("#[Logged ") && text.ends_with(']'))
            m_run.sink.provenance("tool", text.substr(2, text.size() - 3));
    }

    // Stamps count from the base time; without one from the start, when they are more than a year
    // before it, and else from the epoch. The first row decides.
    // Without any of them, small stamps are of no clock that is known.
    Timestamp begin(std::int64_t stamp)
    {
        if (!m_startTime && !m_baseTime && !m_zero && stamp < kYear)
            return Timestamp{Duration{stamp}};
        if (!m_zero) {
            if (m_baseTime)
                m_zero = *m_baseTime;
            else if (m_startTime && saturatingSub(*m_startTime, stamp) > kYear)
                m_zero = *m_startTime;
            else
                m_zero = 0;
        }
        return m_out.at(saturatingAdd(*m_zero, stamp));
    }

    // Values have no unit. The column with the maximum is in milliseconds, as the tools print it:
    // the first histogram whose maximum is not rounded away tells how they relate.
    double nanosPerUnit(const Row &row, const HdrHistogram &histogram)
    {
        if (m_nanosPerUnit > 0 || row.max < 0.1 || histogram.max() <= 0)
            return m_nanosPerUnit > 0 ? m_nanosPerUnit : 1;
        const auto perMilli = static_cast<double>(histogram.max()) / row.max;
        m_nanosPerUnit = std::clamp(std::pow(10.0, 6 - std::round(std::log10(perMilli))), 1.0, 1e9);
        m_run.sink.note(Severity::Info, "hdr_unit", m_lines.lineOffset(),
                        "the log does not say its unit; a value was taken for " +
                            std::to_string(static_cast<std::int64_t>(m_nanosPerUnit)) +
                            " ns, as the intervals' maximum in milliseconds suggests");
        return m_nanosPerUnit;
    }

    void add(const Row &row, const HdrHistogram &histogram)
    {
        const auto scale = nanosPerUnit(row, histogram);
        const SummarySubject subject{
            .endpoint = row.tag,
            .begin = begin(m_stampsAreEnds ? saturatingSub(row.start, row.length) : row.start),
            .length = Duration{row.length},
            .method = kMethod};
        m_out.count(subject, static_cast<double>(histogram.totalCount()));
        if (histogram.buckets.empty())
            return;
        m_out.add(subject, SummaryFigure::Min, static_cast<double>(histogram.min()) * scale);
        m_out.add(subject, SummaryFigure::Max, static_cast<double>(histogram.max()) * scale);
        for (const auto &bucket : histogram.buckets)
            m_out.bucket(subject, static_cast<double>(bucket.highest) * scale,
                         static_cast<double>(bucket.count));
    }

    ImportRun m_run;
    TextSource m_text;
    LineReader m_lines;
    SummaryWriter m_out;
    std::optional<std::int64_t> m_startTime, m_baseTime, m_zero;
    bool m_stampsAreEnds = false; // as version 1.0 has them
    double m_nanosPerUnit = 0;    // 0: not known yet
};

class HdrLog final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        // A histogram may be longer than the head: three numbers and its first letters are enough.
        const auto head = textHead(probe);
        if (head.find("Histogram log format version") < 4096 && head.starts_with('#'))
            return Match::Strong;
        std::string_view rest = head;
        while (!rest.empty()) {
            const auto end = std::min(rest.find('\n'), rest.size());
            const auto line = rest.substr(0, end);
            rest.remove_prefix(std::min(end + 1, rest.size()));
            if (line.empty() || line.front() == '#' || line.front() == '"' || line == "\r")
                continue;
            return parseRow(line) ? Match::Strong : Match::No;
        }
        return Match::No;
    }

    Result<> run(ImportRun run) const override { return HdrLogReader(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makeHdrLog()
{
    return std::make_unique<HdrLog>();
}

} // namespace flamewright
