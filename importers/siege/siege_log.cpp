#include "importers/formats.h"
#include "importers/load/request_rows.h"
#include "importers/load/summary_writer.h"
#include "importers/load/unit_text.h"
#include "importers/text/date_text.h"

#include <algorithm>

namespace flamewright {
namespace {

// The log that siege appends a line to after every run: when it ended, in local time, and its
// totals. Seconds, and megabytes of 1024 * 1024 bytes. https://github.com/JoeDog/siege, src/log.c
constexpr FormatInfo kFormat{"siege-log", "siege log", "log;csv", "load test"};

constexpr std::string_view kFirst = "Date & Time";
constexpr std::string_view kNames[] = {kFirst,      "Trans",      "Elap Time",  "Data Trans",
                                       "Resp Time", "Trans Rate", "Throughput", "Concurrent",
                                       "OKAY",      "Failed"};
enum Column : std::size_t {
    Date,
    Trans,
    Elapsed,
    Data,
    Response,
    Rate,
    Throughput,
    Concurrent,
    Okay,
    Failed,
    kColumns
};
static_assert(kColumns == std::size(kNames));
constexpr double kMaxSeconds = 1e9;

std::string_view trimmed(std::string_view text)
{
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    while (text.ends_with(' '))
        text.remove_suffix(1);
    return text;
}

bool isHeader(RequestRows::Fields f)
{
    return f.size() >= kColumns &&
           std::equal(std::begin(kNames), std::end(kNames), f.begin(),
                      [](auto name, auto field) { return trimmed(field) == name; });
}

class SiegeLogReader {
public:
    explicit SiegeLogReader(ImportRun run)
        : m_rows(run, "siege_log", {.quote = 0}),
          m_sink(run.sink),
          m_out(run.sink)
    {}

    Result<> run()
    {
        m_sink.provenance("tool", "siege");
        FW_TRY(m_rows.forEach([this](RequestRows::Fields f, std::uint64_t offset) {
            // A program that marks its runs (siege -m) writes a line of its own.
            return isHeader(f) || trimmed(f[Date]).starts_with("**** ") || row(f, offset);
        }));
        if (m_out.written() == 0)
            return fail(Errc::Corrupt, "this log of siege holds no run");
        return {};
    }

private:
    bool row(RequestRows::Fields f, std::uint64_t offset)
    {
        if (f.size() < kColumns)
            return false;
        double values[kColumns] = {};
        for (std::size_t i = Trans; i < kColumns; ++i) {
            const auto value = parseDouble(trimmed(f[i]));
            if (!value)
                return false;
            values[i] = *value;
        }
        const auto date = parseDate(trimmed(f[Date]));
        if (!date)
            return false;
        if (!date->hasZone)
            m_rows.note(Severity::Notice, "local_time", offset,
                        "times are written without a time zone and were taken as UTC");
        const auto lengthNs =
            static_cast<std::int64_t>(std::clamp(values[Elapsed], 0.0, kMaxSeconds) * 1e9);
        SummarySubject of{.begin = m_out.at(saturatingSub(date->epochNs, lengthNs)),
                          .length = Duration{lengthNs},
                          .method = "siege"};
        m_out.count(of, values[Trans]);
        m_out.failed(of, values[Failed]);
        m_out.add(of, SummaryFigure::Mean, values[Response] * 1e9);
        m_out.rate(of, values[Rate]);
        auto ok = of;
        ok.subset = "ok";
        m_out.count(ok, values[Okay]);
        auto bytes = of;
        bytes.metric = "bytes received";
        bytes.unit = Unit::Bytes;
        m_out.add(bytes, SummaryFigure::Sum, values[Data] * 0x1p20);
        m_out.add(bytes, SummaryFigure::Rate, values[Throughput] * 0x1p20);
        auto users = of;
        users.metric = "concurrency";
        users.unit = Unit::Count;
        m_out.add(users, SummaryFigure::Mean, values[Concurrent]);
        return true;
    }

    RequestRows m_rows;
    RecordSink &m_sink;
    SummaryWriter m_out;
};

class SiegeLog final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        bool header = false;
        forEachHeadLine(probe, [&](std::string_view line) {
            header = isHeader(splitFields(line, ','));
            return false;
        });
        return header ? Match::Strong : Match::No;
    }
    Result<> run(ImportRun run) const override { return SiegeLogReader(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makeSiegeLog()
{
    return std::make_unique<SiegeLog>();
}

} // namespace flamewright
