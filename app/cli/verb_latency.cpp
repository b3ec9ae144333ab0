#include "app/cli/capture_flags.h"
#include "app/cli/json_writer.h"
#include "app/cli/text_table.h"
#include "app/cli/verbs.h"
#include "app/latency_report.h"
#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>

namespace flamewright {
namespace {

struct Flags {
    LatencyQuestion question;
    std::string by = "endpoint";
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

void writeJson(std::ostream &out, const LatencyReport &report, const Flags &flags,
               std::size_t shown)
{
    JsonWriter w(out);
    w.beginObject().field("by", flags.by);
    w.key("duration_ns");
    if (report.durationNs)
        w.value(*report.durationNs);
    else
        w.null();
    w.field("left_out", report.leftOut).key("groups").beginArray();
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
    columns.front().title = flags.by == "endpoint" ? "ENDPOINT"
                            : flags.by == "status" ? "STATUS"
                            : flags.by == "phase"  ? "PHASE"
                                                   : "WORKER";
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
void printRemarks(std::ostream &log, const LatencyReport &report, std::size_t shown,
                  const Flags &flags)
{
    if (shown < report.groups.size())
        log << "and " << report.groups.size() - shown << " more groups (--limit)\n";
    if (report.leftOut > 0)
        log << report.leftOut
            << " transactions or parts of requests are left out: they hold the same time again "
               "(--transactions, --parts)\n";
    if (report.withoutTime > 0)
        log << report.withoutTime << " requests without a time are not in the range\n";
    if (!flags.question.includeFailures && report.errors > 0)
        log << "\"*\" is every request; the groups are successes, failures apart "
               "(--include-failures)\n";
}

LatencyBy byOf(const std::string &text)
{
    if (text == "status")
        return LatencyBy::Status;
    if (text == "phase")
        return LatencyBy::Phase;
    return text == "worker" ? LatencyBy::Worker : LatencyBy::Endpoint;
}

} // namespace

Verb::Work declareLatency(CLI::App &command)
{
    auto capture = CaptureFlags::declare(command);
    auto flags = std::make_shared<Flags>();
    command.add_option("--by", flags->by, "Group by endpoint, status, phase or worker")
        ->check(CLI::IsMember({"endpoint", "status", "phase", "worker"}));
    command.add_option("--endpoint", flags->question.endpoints, "Only this endpoint");
    command.add_flag("--include-failures", flags->question.includeFailures,
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
        flags->question.by = byOf(flags->by);
        const auto &captures = opened.captures();
        if (std::none_of(captures.begin(), captures.end(),
                         [](const CaptureInfo &c) { return c.requests > 0; }))
            return fail(Errc::Usage, "there are no requests: this is not a load test");
        FW_ASSIGN(const auto reader, opened.session().reader());
        FW_ASSIGN(const auto report, latencyReport(*reader, scope, flags->question, run.job));
        const auto shown =
            flags->limit > 0 ? std::min(flags->limit, report.groups.size()) : report.groups.size();
        if (flags->json)
            writeJson(run.out, report, *flags, shown);
        else
            printText(run.out, report, *flags, shown);
        printRemarks(run.log, report, shown, *flags);
        return ExitCode::Ok;
    };
}

} // namespace flamewright
