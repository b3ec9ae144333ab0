#include "importers/formats.h"
#include "importers/hdr/percentile_rows.h"
#include "importers/io/text_source.h"
#include "importers/load/request_rows.h"
#include "importers/load/unit_text.h"

#include <array>
#include <string>
#include <vector>

namespace flamewright {
namespace {

// What wrk and wrk2 print. wrk2 counts latencies from when a request should have been sent; wrk, in
// a closed loop, from when it was, which hides waiting.
// https://github.com/wg/wrk, https://github.com/giltene/wrk2
constexpr FormatInfo kFormat{"wrk", "wrk, wrk2", "txt;wrk;log", "load test"};

constexpr std::string_view kWrk = "wrk, uncorrected for coordinated omission";
constexpr std::string_view kWrk2 = "wrk2, from the intended start";
constexpr std::string_view kUncorrected = "wrk2, from the actual start";

bool isFirstLine(std::string_view line)
{
    return line.starts_with("Running ") && line.find(" test @ ") != line.npos;
}

std::vector<std::string_view> words(std::string_view line)
{
    std::vector<std::string_view> out;
    for (const auto word : splitFields(line, ' ')) {
        if (!word.empty() && word != "\t")
            out.push_back(word);
    }
    return out;
}

class WrkReader {
public:
    explicit WrkReader(ImportRun run)
        : m_run(run),
          m_text(run.input),
          m_lines(m_text),
          m_out(run.sink)
    {}

    Result<> run()
    {
        for (;;) {
            FW_TRY(m_run.job.checkpoint());
            FW_TRY(m_run.sink.status());
            FW_ASSIGN(const auto line, m_lines.next());
            if (!line)
                break;
            read(*line);
        }
        FW_TRY(m_run.job.checkpoint());
        if (m_out.written() == 0)
            return fail(Errc::Corrupt, "there is no figure of wrk in this text");
        return m_run.sink.status();
    }

private:
    SummarySubject subject(std::string_view metric, Unit unit) const
    {
        return {.endpoint = m_url,
                .metric = metric,
                .unit = unit,
                .length = m_length,
                .method = m_method};
    }

    void read(std::string_view line)
    {
        if (m_table && !m_table->finished() && m_table->line(line))
            return;
        if (PercentileRows::isHeader(line)) {
            // Values are milliseconds.
            m_table.emplace(m_out, subject("latency", Unit::Nanoseconds), 1e6);
            return;
        }
        if (isFirstLine(line)) {
            m_table.reset();
            m_url = line.substr(line.find(" test @ ") + 8);
            m_length = Duration{parseTimeText(line.substr(8, line.find(' ', 8) - 8)).value_or(0)};
            m_method = kWrk;
            m_run.sink.provenance("tool", "wrk");
            m_run.sink.provenance("url", m_url);
            return;
        }
        const auto w = words(line);
        if (w.size() >= 2)
            figures(line, w);
    }

    void figures(std::string_view line, const std::vector<std::string_view> &w)
    {
        if (line.find("Thread calibration") != line.npos) {
            m_method = kWrk2;
            m_run.sink.provenance("tool", "wrk2");
        } else if (w.size() >= 4 && w[1] == "threads" && w[2] == "and") {
            m_run.sink.provenance("threads", w[0]);
            m_run.sink.provenance("connections", w[3]);
        } else if (w[0] == "Latency" && w[1] == "Distribution") {
            if (line.find("Uncorrected") != line.npos)
                m_method = kUncorrected;
            else if (line.find("Recorded") != line.npos)
                m_method = kWrk2;
        } else if (w[0] == "Latency" && w.size() >= 4) {
            times(subject("latency", Unit::Nanoseconds), w);
        } else if (w[0] == "Req/Sec" && w.size() >= 4) {
            counts(subject("requests per second and thread", Unit::Count), w);
        } else if (w[0].ends_with('%')) {
            const auto percent = parseDouble(w[0].substr(0, w[0].size() - 1));
            const auto value = parseTimeText(w[1]);
            if (percent && value && *percent >= 0 && *percent <= 100)
                m_out.quantile(subject("latency", Unit::Nanoseconds), *percent / 100,
                               static_cast<double>(*value));
            else
                bad(line);
        } else {
            totals(line, w);
        }
    }

    void totals(std::string_view line, const std::vector<std::string_view> &w)
    {
        if (w.size() >= 6 && w[1] == "requests" && w[2] == "in") {
            const auto count = parseDouble(w[0]);
            const auto time = parseTimeText(w[3].substr(0, w[3].find(',')));
            const auto size = parseSizeText(w[4]);
            if (!count || !time || !size)
                return bad(line);
            m_length = Duration{*time};
            m_out.count(subject("requests", Unit::Count), *count);
            m_out.add(subject("bytes received", Unit::Bytes), SummaryFigure::Sum, *size);
        } else if (w[0] == "Requests/sec:") {
            if (const auto rate = parseDouble(w[1]))
                m_out.rate(subject("requests", Unit::Count), *rate);
            else
                bad(line);
        } else if (w[0] == "Transfer/sec:") {
            if (const auto rate = parseSizeText(w[1]))
                m_out.add(subject("bytes received", Unit::Bytes), SummaryFigure::Rate, *rate);
            else
                bad(line);
        } else if (w[0] == "Non-2xx") {
            if (const auto count = parseDouble(w.back()))
                m_out.failed(subject("requests", Unit::Count), *count);
            else
                bad(line);
        } else if (w[0] == "Socket" && w[1] == "errors:") {
            // "connect 1, read 2, write 3, timeout 4"
            for (std::size_t i = 2; i + 1 < w.size(); i += 2) {
                auto one = subject("socket errors", Unit::Count);
                one.subset = w[i];
                if (const auto count = parseDouble(w[i + 1].substr(0, w[i + 1].find(','))))
                    m_out.count(one, *count);
                else
                    bad(line);
            }
        }
    }

    // Mean, deviation and maximum.
    void times(const SummarySubject &subject, const std::vector<std::string_view> &w)
    {
        const auto mean = parseTimeText(w[1]), deviation = parseTimeText(w[2]),
                   max = parseTimeText(w[3]);
        if (!mean || !deviation || !max)
            return bad("Latency");
        m_out.add(subject, SummaryFigure::Mean, static_cast<double>(*mean));
        m_out.add(subject, SummaryFigure::Deviation, static_cast<double>(*deviation));
        m_out.add(subject, SummaryFigure::Max, static_cast<double>(*max));
    }
    void counts(const SummarySubject &subject, const std::vector<std::string_view> &w)
    {
        const auto mean = parseCountText(w[1]), deviation = parseCountText(w[2]),
                   max = parseCountText(w[3]);
        if (!mean || !deviation || !max)
            return bad("Req/Sec");
        m_out.add(subject, SummaryFigure::Mean, *mean);
        m_out.add(subject, SummaryFigure::Deviation, *deviation);
        m_out.add(subject, SummaryFigure::Max, *max);
    }

    void bad(std::string_view line)
    {
        m_run.sink.note(Severity::DataLoss, "wrk_bad_line", m_lines.lineOffset(),
                        line.substr(0, 80));
    }

    ImportRun m_run;
    TextSource m_text;
    LineReader m_lines;
    SummaryWriter m_out;
    std::optional<PercentileRows> m_table;
    std::string m_url;
    std::string_view m_method = kWrk;
    Duration m_length{0};
};

class Wrk final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        // Scripts may print before it.
        bool found = false;
        int lines = 0;
        forEachHeadLine(probe, [&](std::string_view line) {
            found = isFirstLine(line);
            return !found && ++lines < 20;
        });
        const auto head = textHead(probe);
        const bool threads = head.find(" threads and ") != head.npos;
        return found && threads ? Match::Strong : Match::No;
    }

    Result<> run(ImportRun run) const override { return WrkReader(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makeWrk()
{
    return std::make_unique<Wrk>();
}

} // namespace flamewright
