#include "analysis/latency_report.h"
#include "analysis/url_pattern.h"
#include "app/cli/capture_flags.h"
#include "app/cli/json_writer.h"
#include "app/cli/latency_of_tools.h"
#include "app/cli/text_table.h"
#include "app/cli/verbs.h"
#include "app/load_rows.h"
#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <ostream>
#include <set>

namespace flamewright {
namespace {

// From here on grouping by pattern is offered.
constexpr std::size_t kManyEndpoints = 50;

struct Flags {
    LoadQuestion question;
    std::string by = "endpoint";
    bool includeFailures = false;
    std::size_t limit = 0;
    bool json = false;
};

// What the figures of a group are over.
struct Shown {
    const char *of; // "all", "ok", "failed"
    const LatencySummary &latency;
};

// Successes, where there are some; failures alone otherwise.
Shown shownOf(const LatencyGroup &group)
{
    if (group.all)
        return {"all", *group.all};
    if (group.ok.count == 0)
        return {"failed", group.failed};
    return {"ok", group.ok};
}

void writeRate(JsonWriter &w, std::optional<double> rate)
{
    w.key("rate_per_s");
    if (rate)
        w.value(*rate);
    else
        w.null();
}

void writeSummary(JsonWriter &w, const LatencySummary &s)
{
    w.field("min_ns", s.min).field("mean_ns", s.mean);
    for (std::size_t i = 0; i < kPercentiles.size(); ++i)
        w.field(std::string(kPercentiles[i].key) + "_ns", s.percentiles[i].value);
    w.field("max_ns", s.max);
    // [low, high], or null where there are too few requests for an interval.
    w.key("ci95_ns").beginObject();
    for (std::size_t i = 0; i < kPercentiles.size(); ++i) {
        w.key(kPercentiles[i].key);
        if (const auto &interval = s.percentiles[i].interval)
            w.beginArray().value(interval->low).value(interval->high).endArray();
        else
            w.null();
    }
    w.endObject();
}

void writeGroup(JsonWriter &w, std::string_view name, std::uint64_t count, std::uint64_t errors,
                const Shown &shown, std::optional<double> rate, const LatencySummary *failed)
{
    w.beginObject()
        .field("name", name)
        .field("count", count)
        .field("errors", errors)
        .field("of", shown.of)
        .field("timed", shown.latency.count);
    writeSummary(w, shown.latency);
    writeRate(w, rate);
    w.field("aggregate", false);
    if (failed != nullptr) {
        w.key("failed").beginObject().field("count", failed->count);
        writeSummary(w, *failed);
        w.endObject();
    }
    w.endObject();
}

void writeJson(std::ostream &out, const LoadRows &rows, const LatencyReport &report,
               const Flags &flags, std::size_t shown)
{
    JsonWriter w(out);
    w.beginObject().field("by", flags.by);
    w.key("duration_ns");
    if (report.durationNs)
        w.value(*report.durationNs);
    else
        w.null();
    w.field("left_out", rows.leftOut).key("groups").beginArray();
    writeGroup(w, "*", report.all.count, report.errors, {"all", report.all}, report.ratePerSecond,
               nullptr);
    for (std::size_t i = 0; i < shown; ++i) {
        const auto &row = report.groups[i];
        const auto &latency = row.latency;
        const bool apart = !latency.all && latency.ok.count > 0 && latency.failed.count > 0;
        writeGroup(w, row.name, latency.count(), latency.failed.count, shownOf(latency),
                   row.ratePerSecond, apart ? &latency.failed : nullptr);
    }
    w.endArray().endObject();
}

std::string rateText(std::optional<double> rate)
{
    if (!rate)
        return "\u2013";
    char text[64];
    std::snprintf(text, sizeof text,
                  *rate < 10    ? "%.2f/s"
                  : *rate < 100 ? "%.1f/s"
                                : "%.0f/s",
                  *rate);
    return text;
}

std::string percentileText(const LatencySummary &s, std::size_t i)
{
    if (s.count == 0)
        return "\u2013";
    const auto &percentile = s.percentiles[i];
    return percentile.interval ? formatDuration(percentile.value) : "n too small";
}

void addRow(TextTable &table, const std::string &name, std::uint64_t count, std::uint64_t errors,
            const LatencySummary &s, const std::string &rate)
{
    std::vector<std::string> cells{
        name,
        formatCount(static_cast<std::int64_t>(count)),
        formatShare(static_cast<double>(errors), static_cast<double>(count)),
        rate,
        formatDuration(s.min),
        formatDuration(std::llround(s.mean))};
    for (std::size_t i = 0; i < kPercentiles.size(); ++i)
        cells.push_back(percentileText(s, i));
    cells.push_back(formatDuration(s.max));
    table.row(std::move(cells));
}

// "ENDPOINT"; of a tag its name, as it is written.
std::string heading(const std::string &by)
{
    if (const auto colon = by.find(':'); colon != std::string::npos)
        return CaptureText(by.substr(colon + 1)).toTerminal();
    auto out = by;
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return out;
}

void printText(std::ostream &out, const LatencyReport &report, const Flags &flags,
               std::size_t shown)
{
    using Align = TextTable::Align;
    out << formatCount(static_cast<std::int64_t>(report.all.count)) << " requests, "
        << formatCount(static_cast<std::int64_t>(report.errors)) << " failed";
    if (report.durationNs)
        out << ", in " << formatDuration(*report.durationNs);
    out << '\n';
    std::vector<TextTable::Column> columns{{"NAME"},
                                           {"COUNT", Align::Right},
                                           {"ERRORS", Align::Right},
                                           {"RATE", Align::Right},
                                           {"MIN", Align::Right},
                                           {"MEAN", Align::Right}};
    columns.front().title = heading(flags.by);
    for (const auto &percentile : kPercentiles) {
        auto title = std::string(percentile.name);
        title.front() = 'P';
        columns.push_back({title, Align::Right});
    }
    columns.push_back({"MAX", Align::Right});
    TextTable table(std::move(columns));
    if (report.all.count > 0)
        addRow(table, "*", report.all.count, report.errors, report.all,
               rateText(report.ratePerSecond));
    for (std::size_t i = 0; i < shown; ++i) {
        const auto &row = report.groups[i];
        const auto &latency = row.latency;
        const auto part = shownOf(latency);
        auto name = CaptureText(row.name).toTerminal();
        addRow(table, name, latency.count(), latency.failed.count, part.latency,
               rateText(row.ratePerSecond));
        if (!latency.all && latency.ok.count > 0 && latency.failed.count > 0)
            addRow(table, "  failed", latency.failed.count, latency.failed.count, latency.failed,
                   "");
    }
    table.print(out);
}

// What a reader must know to trust the figures.
void printRemarks(std::ostream &log, const LoadRows &rows, const LatencyReport &report,
                  std::size_t shown, const Flags &flags)
{
    if (shown < report.groups.size())
        log << "and " << report.groups.size() - shown << " more groups (--limit)\n";
    if (rows.leftOut > 0)
        log << rows.leftOut
            << " transactions or parts of requests are left out: they hold the same time again "
               "(--transactions, --parts)\n";
    if (rows.withoutTime > 0)
        log << rows.withoutTime << " requests without a time are not in the range\n";
    if (!flags.includeFailures && report.errors > 0)
        log << "\"*\" is every request; the groups are successes, failures apart "
               "(--include-failures)\n";
    if (flags.question.by != LatencyBy::Endpoint || flags.question.patterns)
        return;
    std::set<std::string> patterns;
    for (const auto &row : report.groups)
        patterns.insert(urlPattern(row.name));
    // Otherwise the names are what somebody chose, and few enough.
    if (report.groups.size() >= kManyEndpoints && patterns.size() <= report.groups.size() / 2)
        log << report.groups.size() << " endpoints look like " << patterns.size()
            << " with ids in their paths (--pattern)\n";
}

} // namespace

Verb::Work declareLatency(CLI::App &command)
{
    auto capture = CaptureFlags::declare(command);
    auto flags = std::make_shared<Flags>();
    command
        .add_option("--by", flags->by,
                    "Group by endpoint, status, phase, worker, capture or tag:NAME")
        ->check([](const std::string &text) {
            const auto question = loadQuestion(text);
            return question ? std::string() : question.error().text();
        });
    command.add_flag("--pattern", flags->question.patterns,
                     "Endpoints that differ in ids only are one group");
    command.add_option("--endpoint", flags->question.endpoints, "Only this endpoint");
    command.add_flag("--include-failures", flags->includeFailures,
                     "Failures and successes in one distribution");
    command.add_flag("--transactions", flags->question.transactions,
                     "Count transactions too, which are sums of requests");
    command.add_flag("--parts", flags->question.parts,
                     "Count redirects and embedded resources too, which are parts of requests");
    command.add_option("--limit", flags->limit, "At most this many groups");
    command.add_flag("--json", flags->json, "For programs");
    return [capture, flags](VerbRun &run) -> Result<ExitCode> {
        FW_ASSIGN(const auto opened, capture->open(run));
        FW_ASSIGN(const auto scope, capture->scope(opened));
        FW_ASSIGN(const auto by, loadQuestion(flags->by));
        flags->question.by = by.by;
        flags->question.tag = by.tag;
        const auto &captures = opened.captures();
        FW_ASSIGN(const auto reader, opened.session().reader());
        if (std::none_of(captures.begin(), captures.end(),
                         [](const CaptureInfo &c) { return c.requests > 0; })) {
            FW_ASSIGN(const auto figures, loadFigures(*reader, scope, run.job));
            if (figures.empty())
                return fail(Errc::Usage, "there are no requests: this is not a load test");
            if (flags->json)
                writeToolLatencies(run.out, figures);
            else
                printToolLatencies(run.out, figures);
            return ExitCode::Ok;
        }
        FW_ASSIGN(const auto rows, loadRows(*reader, scope, flags->question, run.job));
        const auto report =
            latencyReport(rows, rateOver(flags->question.by), flags->includeFailures);
        const auto shown =
            flags->limit > 0 ? std::min(flags->limit, report.groups.size()) : report.groups.size();
        if (flags->json)
            writeJson(run.out, rows, report, *flags, shown);
        else
            printText(run.out, report, *flags, shown);
        printRemarks(run.log, rows, report, shown, *flags);
        return ExitCode::Ok;
    };
}

} // namespace flamewright
