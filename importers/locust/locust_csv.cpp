#include "importers/formats.h"
#include "importers/load/request_rows.h"
#include "importers/load/summary_writer.h"
#include "importers/load/unit_text.h"
#include "importers/text/number_text.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {
namespace {

// The files of `locust --csv`: NAME_stats.csv, NAME_stats_history.csv, NAME_failures.csv and
// NAME_exceptions.csv. Milliseconds; columns are found by their names.
// https://docs.locust.io/en/stable/retrieving-stats.html
constexpr FormatInfo kFormat{"locust-csv", "Locust CSV", "csv", "load test"};

constexpr double kNanosPerMilli = 1e6;
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr std::int64_t kWindowSeconds = 10;
// Response times are rounded to two digits before they are counted.
constexpr std::string_view kStats = "Locust, rounded to two digits";
constexpr std::string_view kExact = "Locust";
constexpr std::string_view kWindow = "Locust, rounded to two digits, of the last ten seconds";
constexpr std::string_view kSoFar = "Locust, rounded to two digits, since the start";

enum class Kind : std::uint8_t { None, Stats, History, Failures, Exceptions };

Kind kindOf(std::string_view head)
{
    if (head.starts_with("Type,Name,Request Count,"))
        return Kind::Stats;
    if (head.starts_with("Timestamp,User Count,Type,Name,"))
        return Kind::History;
    if (head.starts_with("Method,Name,Error,Occurrences"))
        return Kind::Failures;
    if (head.starts_with("Count,Message,Traceback"))
        return Kind::Exceptions;
    return Kind::None;
}

class LocustReader {
public:
    explicit LocustReader(ImportRun run) : m_run(run), m_rows(run, "locust", {}), m_out(run.sink) {}

    Result<> run()
    {
        FW_ASSIGN(const auto head, m_rows.head());
        m_kind = kindOf(head);
        if (m_kind == Kind::None)
            return fail(Errc::Corrupt, "this is no CSV file of Locust: its header is missing");
        m_run.sink.provenance("tool", "Locust");
        // Names of requests are in the history with --csv-full-history only, and then percentiles
        // are of a window.
        m_method = m_kind == Kind::Stats ? kStats : hasNames(head) ? kWindow : kSoFar;
        return m_rows.forEach([&](RequestRows::Fields f, std::uint64_t) {
            if (m_columns.empty()) {
                m_columns.assign(f.begin(), f.end());
                return true;
            }
            return f.size() == m_columns.size() && row(f);
        });
    }

private:
    static bool hasNames(std::string_view head)
    {
        const auto second = head.find('\n');
        return second != head.npos && [&] {
            auto rest = head.substr(second + 1);
            while (!rest.empty()) {
                const auto end = std::min(rest.find('\n'), rest.size());
                const auto line = rest.substr(0, end);
                rest.remove_prefix(std::min(end + 1, rest.size()));
                // "time,users,type,...": without a type it is the sum of all.
                const auto f = splitFields(line, ',');
                if (f.size() > 3 && !f[2].empty())
                    return true;
            }
            return false;
        }();
    }

    // Empty where there is no such column.
    std::string_view field(RequestRows::Fields f, std::string_view name) const
    {
        const auto at = std::ranges::find(m_columns, name) - m_columns.begin();
        return at < static_cast<std::ptrdiff_t>(f.size()) ? f[static_cast<std::size_t>(at)]
                                                          : std::string_view();
    }

    bool row(RequestRows::Fields f)
    {
        switch (m_kind) {
        case Kind::Stats: return stats(f, "");
        case Kind::History: return history(f);
        case Kind::Failures: return failure(f);
        case Kind::Exceptions: return exception(f);
        case Kind::None: break;
        }
        return false;
    }

    std::string endpointOf(std::string_view method, std::string_view name) const
    {
        if (name == "Aggregated" && method.empty())
            return {};
        return (method.empty() ? "" : std::string(method) + " ") + std::string(name);
    }

    // One figure, where its column is there and holds a number.
    void figure(const SummarySubject &subject, SummaryFigure which, std::string_view text,
                double factor)
    {
        if (const auto value = parseDouble(text))
            m_out.add(subject, which, *value * factor);
        else if (!text.empty() && text != "N/A")
            m_rows.note(Severity::DataLoss, "bad_figure", 0, text.substr(0, 80));
    }

    bool stats(RequestRows::Fields f, std::string prefix)
    {
        const auto name = endpointOf(field(f, "Type"), field(f, "Name"));
        m_subject.endpoint = m_window.endpoint = name;
        m_subject.method = m_window.method = kExact;
        auto subject = m_subject;
        const auto total = [&](std::string_view column) {
            return field(f, prefix + std::string(column));
        };
        auto counts = subject;
        counts.unit = Unit::Count;
        figure(counts, SummaryFigure::Count, total("Request Count"), 1);
        figure(counts, SummaryFigure::Failed, total("Failure Count"), 1);
        figure(subject, SummaryFigure::Mean, total("Average Response Time"), kNanosPerMilli);
        figure(subject, SummaryFigure::Min, total("Min Response Time"), kNanosPerMilli);
        figure(subject, SummaryFigure::Max, total("Max Response Time"), kNanosPerMilli);
        if (m_method == kWindow)
            subject = m_window;
        subject.method = m_method;
        for (std::size_t i = 0; i < f.size(); ++i) {
            const std::string_view column = m_columns[i];
            if (!column.ends_with('%'))
                continue;
            const auto percent = parseDouble(column.substr(0, column.size() - 1));
            const auto value = parseDouble(f[i]);
            if (percent && value && *percent <= 100)
                m_out.quantile(subject, *percent / 100, *value * kNanosPerMilli);
            else if (f[i] != "N/A")
                m_rows.note(Severity::DataLoss, "bad_figure", 0, f[i].substr(0, 80));
        }
        auto rates = m_window;
        rates.unit = Unit::Count;
        figure(rates, SummaryFigure::Rate, field(f, "Requests/s"), 1);
        rates.subset = "failed";
        figure(rates, SummaryFigure::Rate, field(f, "Failures/s"), 1);
        auto sizes = m_subject;
        sizes.metric = "content size";
        sizes.unit = Unit::Bytes;
        figure(sizes, SummaryFigure::Mean, total("Average Content Size"), 1);
        m_subject.endpoint = m_window.endpoint = {};
        return true;
    }

    // A row has totals since the start and figures of what was just now: those of the last ten
    // seconds.
    bool history(RequestRows::Fields f)
    {
        const auto seconds = parseScaled(field(f, "Timestamp"), kNanosPerSecond);
        if (!seconds)
            return false;
        const auto now = m_out.at(*seconds);
        if (!m_start)
            m_start = now;
        m_subject.begin = std::min(*m_start, now);
        m_subject.length = std::max(now - m_subject.begin, Duration{kNanosPerSecond});
        m_window.length = Duration{kWindowSeconds * kNanosPerSecond};
        m_window.begin = now - m_window.length;
        stats(f, "Total ");
        if (field(f, "Name") == "Aggregated") {
            SummarySubject users{.begin = now, .length = Duration{kNanosPerSecond}};
            users.method = kExact;
            users.metric = "users";
            users.unit = Unit::Count;
            figure(users, SummaryFigure::Last, field(f, "User Count"), 1);
        }
        return true;
    }

    bool failure(RequestRows::Fields f)
    {
        const auto count = parseDouble(field(f, "Occurrences"));
        if (!count)
            return false;
        const auto name = endpointOf(field(f, "Method"), field(f, "Name"));
        m_out.failed({.endpoint = name,
                      .metric = "failures",
                      .subset = field(f, "Error"),
                      .method = "Locust"},
                     *count);
        return true;
    }

    bool exception(RequestRows::Fields f)
    {
        const auto count = parseDouble(field(f, "Count"));
        if (!count)
            return false;
        m_out.count({.metric = "exceptions", .subset = field(f, "Message"), .method = "Locust"},
                    *count);
        return true;
    }

    ImportRun m_run;
    RequestRows m_rows;
    SummaryWriter m_out;
    Kind m_kind = Kind::None;
    std::string_view m_method;
    SummarySubject m_subject, m_window; // totals; what is of the last seconds
    std::optional<Timestamp> m_start;
    std::vector<std::string> m_columns;
};

class LocustCsv final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        return kindOf(textHead(probe)) == Kind::None ? Match::No : Match::Strong;
    }
    Result<> run(ImportRun run) const override { return LocustReader(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makeLocustCsv()
{
    return std::make_unique<LocustCsv>();
}

} // namespace flamewright
