#include "importers/formats.h"
#include "importers/load/request_rows.h"
#include "importers/text/number_text.h"

#include <algorithm>
#include <string>

namespace flamewright {
namespace {

// pgbench -l, one transaction a row, written when it ended:
//   client transaction latency_us script epoch_s epoch_us [schedule_lag_us] [retries]
// With --rate the latency counts from when it should have begun, lag included. Instead of a latency
// there may be a word: "skipped" (never begun), "failed", "serialization" or "deadlock".
// https://www.postgresql.org/docs/current/pgbench.html
constexpr FormatInfo kFormat{"pgbench-log", "pgbench -l", "log", "load test"};

constexpr std::int64_t kNanosPerSecond = 1'000'000'000, kNanosPerMicro = 1'000;
constexpr std::int64_t kMostRetries = 100;

enum Column : std::size_t {
    kClient,
    kTransaction,
    kLatency,
    kScript,
    kSeconds,
    kMicros,
    kFewestColumns,
    kSeventh = kFewestColumns,
    kMostColumns = kFewestColumns + 2
};

bool isWord(std::string_view text)
{
    return text == "skipped" || text == "failed" || text == "serialization" || text == "deadlock";
}

constexpr int kLinesToLook = 64;

bool isRow(RequestRows::Fields f)
{
    if (f.size() < kFewestColumns || f.size() > kMostColumns)
        return false;
    for (std::size_t i = 0; i < f.size(); ++i) {
        if (!parseUnsigned(f[i]) && !(i == kLatency && isWord(f[i])))
            return false;
    }
    return f[kSeconds].size() >= 9 && f[kSeconds].size() <= 10 &&
           *parseUnsigned(f[kMicros]) < 1'000'000 && parseUnsigned(f[kClient]) <= 1'000'000;
}

// A seventh column alone is the lag or the number of retries; which, only its values tell: lags
// are microseconds, and most transactions need no retry.
bool seventhIsRetries(std::string_view head)
{
    int rows = 0, zeros = 0;
    while (rows < kLinesToLook && !head.empty()) {
        const auto end = std::min(head.find('\n'), head.size());
        auto line = head.substr(0, end);
        head.remove_prefix(std::min(end + 1, head.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        const auto f = splitFields(line, ' ');
        if (f.size() != kSeventh + 1 || !isRow(f))
            continue;
        const auto value = *parseUnsigned(f[kSeventh]);
        if (value > kMostRetries)
            return false;
        ++rows;
        zeros += value == 0 ? 1 : 0;
    }
    return rows > 0 && zeros * 2 > rows;
}

class PgbenchReader {
public:
    explicit PgbenchReader(ImportRun run) : m_rows(run, "pgbench", {.separator = ' ', .quote = 0})
    {}

    Result<> run()
    {
        m_rows.sink().provenance("tool", "pgbench");
        FW_ASSIGN(const auto head, m_rows.head());
        m_seventhIsRetries = seventhIsRetries(head);
        std::uint64_t count = 0;
        FW_TRY(m_rows.forEach([&](RequestRows::Fields f, std::uint64_t offset) {
            const bool good = isRow(f);
            count += good ? 1 : 0;
            return good && row(f, offset);
        }));
        if (count == 0)
            return fail(Errc::Corrupt, "no line is a transaction of a pgbench log");
        return {};
    }

private:
    bool row(RequestRows::Fields f, std::uint64_t offset)
    {
        const auto micros = static_cast<std::int64_t>(*parseUnsigned(f[kMicros]));
        const auto seconds = parseScaled(f[kSeconds], kNanosPerSecond);
        if (!seconds)
            return false;
        const auto end = saturatingAdd(*seconds, micros * kNanosPerMicro);
        const auto latency = parseScaled(f[kLatency], kNanosPerMicro);
        const bool word = isWord(f[kLatency]);
        if (!latency && !word)
            return false; // does not fit
        if (f[kLatency] == "skipped") {
            m_rows.note(Severity::Notice, "skipped", offset,
                        "transactions that were never begun, since they were too late");
            return true;
        }
        if (word)
            m_rows.note(Severity::Notice, "no_latency", offset,
                        "failed transactions have no latency in this log; it is stored as zero");
        const auto script = "script " + std::string(f[kScript]);
        const auto client = "client " + std::string(f[kClient]);
        const auto labels = labelsOf(f, offset);
        m_rows.add({.beginEpochNs = saturatingSub(end, latency.value_or(0)),
                    .latency = Duration{latency.value_or(0)},
                    .endpoint = script,
                    .worker = client,
                    .status = word ? f[kLatency] : std::string_view(),
                    .ok = !word,
                    .labels = labels},
                   offset);
        return true;
    }

    std::string labelsOf(RequestRows::Fields f, std::uint64_t offset)
    {
        if (f.size() == kFewestColumns)
            return {};
        const bool both = f.size() == kMostColumns;
        std::string lag, retries;
        if (both || !m_seventhIsRetries)
            lag = f[kSeventh];
        if (both || m_seventhIsRetries)
            retries = f[f.size() - 1];
        if (!both)
            m_rows.note(Severity::Info, "seventh_column", offset,
                        m_seventhIsRetries ? "the seventh column was taken for retries"
                                           : "the seventh column was taken for the schedule lag");
        if (!lag.empty())
            m_rows.note(Severity::Info, "scheduled", offset,
                        "latencies count from the scheduled start: they include the lag");
        std::string out;
        if (!retries.empty() && retries != "0")
            out = "\"retries\":\"" + retries + "\"";
        if (!lag.empty())
            out += (out.empty() ? "" : ",") + ("\"schedule_lag_us\":\"" + lag + "\"");
        return out.empty() ? out : "{" + out + "}";
    }

    RequestRows m_rows;
    bool m_seventhIsRetries = false;
};

class PgbenchLog final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override { return matchRows(probe, ' ', isRow); }

    Result<> run(ImportRun run) const override { return PgbenchReader(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makePgbenchLog()
{
    return std::make_unique<PgbenchLog>();
}

} // namespace flamewright
