#include "importers/formats.h"
#include "importers/load/request_rows.h"
#include "importers/load/summary_writer.h"
#include "importers/load/unit_text.h"
#include "importers/text/number_text.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

// pgbench -l --aggregate-interval: sums of an interval a row, microseconds:
//   start count sum sum2 min max [sum_lag sum2_lag min_lag max_lag [skipped]]
//   [retried retries] and, in PostgreSQL 15, 15 columns with zeros for what was not asked for:
//   ... skipped retried retries serialization_failures deadlock_failures
// https://www.postgresql.org/docs/current/pgbench.html
constexpr FormatInfo kFormat{"pgbench-aggregate", "pgbench aggregates", "log", "load test"};

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr double kNanosPerMicro = 1e3;

enum Column : std::size_t {
    kStart,
    kCount,
    kSum,
    kSquares,
    kMin,
    kMax,
    kFewestColumns,
    kSumLag = kFewestColumns,
    kSquaresLag,
    kMinLag,
    kMaxLag,
    kLagColumns,
    kSkipped = kLagColumns,
    kRetried,
    kRetries,
    kSerialization,
    kDeadlock,
    kMostColumns
};

bool isRow(RequestRows::Fields f)
{
    if (f.size() < kFewestColumns || f.size() > kMostColumns || f[kStart].size() != 10)
        return false;
    return std::all_of(f.begin(), f.end(), [](auto one) { return parseUnsigned(one).has_value(); });
}

class PgbenchAggregate final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override { return matchRows(probe, ' ', isRow); }

    Result<> run(ImportRun run) const override
    {
        RequestRows rows(run, "pgbench", {.separator = ' ', .quote = 0});
        run.sink.provenance("tool", "pgbench");
        SummaryWriter out(run.sink);
        // The length of intervals is not in the file: the shortest step between two of them.
        FW_ASSIGN(const auto head, rows.head());
        const auto length = intervalOf(head);
        FW_TRY(rows.forEach([&](RequestRows::Fields f, std::uint64_t) {
            if (!isRow(f))
                return false;
            add(out, f, length);
            return true;
        }));
        if (out.written() == 0)
            return fail(Errc::Corrupt, "no line is an interval of pgbench");
        return run.sink.status();
    }

private:
    static Duration intervalOf(std::string_view head)
    {
        std::int64_t last = 0, shortest = 0;
        while (!head.empty()) {
            const auto end = std::min(head.find('\n'), head.size());
            const auto start = parseInteger(head.substr(0, std::min(head.find(' '), end)));
            head.remove_prefix(std::min(end + 1, head.size()));
            if (!start || *start > INT64_MAX / kNanosPerSecond)
                continue;
            if (last > 0 && *start > last && (shortest == 0 || *start - last < shortest))
                shortest = *start - last;
            last = *start;
        }
        return Duration{shortest * kNanosPerSecond};
    }

    static double number(std::string_view text) { return parseDouble(text).value_or(NAN); }

    static void add(SummaryWriter &out, RequestRows::Fields f, Duration length)
    {
        const auto seconds = parseScaled(f[kStart], kNanosPerSecond);
        SummarySubject subject{
            .begin = seconds ? out.at(*seconds) : kNoTime, .length = length, .method = "pgbench"};
        const auto micros = [&](std::size_t column) { return number(f[column]) * kNanosPerMicro; };
        out.count(subject, number(f[kCount]));
        out.add(subject, SummaryFigure::Sum, micros(kSum));
        out.add(subject, SummaryFigure::Min, micros(kMin));
        out.add(subject, SummaryFigure::Max, micros(kMax));
        if (f.size() >= kLagColumns) {
            subject.metric = "schedule lag";
            out.add(subject, SummaryFigure::Sum, micros(kSumLag));
            out.add(subject, SummaryFigure::Min, micros(kMinLag));
            out.add(subject, SummaryFigure::Max, micros(kMaxLag));
        }
        // Only all of them together say which is which.
        constexpr std::string_view kNames[] = {"skipped", "retried", "retries",
                                               "serialization failures", "deadlock failures"};
        if (f.size() == kMostColumns) {
            for (std::size_t i = kSkipped; i < kMostColumns; ++i) {
                subject.metric = kNames[i - kSkipped];
                out.count(subject, number(f[i]));
            }
        }
    }
};

} // namespace

std::unique_ptr<Importer> makePgbenchAggregate()
{
    return std::make_unique<PgbenchAggregate>();
}

} // namespace flamewright
