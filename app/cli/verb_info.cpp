#include "app/benchmark_report.h"
#include "app/cli/capture_flags.h"
#include "app/cli/json_writer.h"
#include "app/cli/verbs.h"
#include "app/request_totals.h"
#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"

#include <ostream>

namespace flamewright {
namespace {

std::string_view nameOf(CaptureRole role)
{
    switch (role) {
    case CaptureRole::None: return "none";
    case CaptureRole::Baseline: return "baseline";
    case CaptureRole::Candidate: return "candidate";
    }
    return "none";
}

std::string_view nameOf(CaptureState state)
{
    switch (state) {
    case CaptureState::Importing: return "incomplete";
    case CaptureState::Complete: return "complete";
    case CaptureState::Partial: return "partial";
    }
    return "complete";
}

std::string_view nameOf(Severity severity)
{
    switch (severity) {
    case Severity::Info: return "info";
    case Severity::Notice: return "notice";
    case Severity::DataLoss: return "data_loss";
    case Severity::Error: return "error";
    }
    return "info";
}

std::uint64_t trackCount(const CaptureInfo &c, TrackKind kind)
{
    std::uint64_t count = 0;
    for (const auto &track : c.meta.tracks)
        count += track.kind == kind;
    return count;
}

void writeOptional(JsonWriter &w, std::string_view key, std::optional<std::int64_t> value)
{
    w.key(key);
    if (value)
        w.value(*value);
    else
        w.null();
}

// What is counted by reading.
struct Counted {
    RequestTotals requests;
    BenchmarkTotals benchmarks;
    bool anyBenchmark() const { return benchmarks.measured > 0 || benchmarks.computed > 0; }
};

void writeJson(JsonWriter &w, const CaptureInfo &c, const Counted &counted)
{
    w.beginObject()
        .field("id", std::uint64_t{c.id.raw})
        .field("name", c.desc.name)
        .field("format", c.desc.formatId)
        .field("kind", c.kind)
        .field("role", nameOf(c.desc.role))
        .field("state", nameOf(c.state));
    writeOptional(w, "started_at_ns", c.startedAtNs());
    writeOptional(w, "duration_ns", c.durationNs());
    w.key("rows")
        .beginObject()
        .field("samples", c.samples)
        .field("slices", c.slices)
        .field("counters", c.counters)
        .field("requests", c.requests)
        .field("benchmark_values", counted.benchmarks.measured + counted.benchmarks.computed)
        .field("strings", c.strings)
        .field("frames", c.frames)
        .field("stacks", c.stacks)
        .field("processes", trackCount(c, TrackKind::Process))
        .field("threads", trackCount(c, TrackKind::Thread))
        .endObject();
    const auto &requests = counted.requests;
    if (c.requests > 0 || requests.figures > 0)
        w.key("load")
            .beginObject()
            .field("requests", requests.requests)
            .field("errors", requests.failed)
            .field("endpoints", requests.endpoints)
            .field("transactions", requests.transactions)
            .field("parts", requests.parts)
            .field("figures", requests.figures)
            .endObject();
    if (counted.anyBenchmark())
        w.key("benchmarks")
            .beginObject()
            .field("measured", counted.benchmarks.measured)
            .field("computed", counted.benchmarks.computed)
            .endObject();
    w.key("measures").beginArray();
    for (const auto &m : c.meta.measures)
        w.beginObject()
            .field("name", m.name)
            .field("unit", unitName(m.unit))
            .field("total", m.total)
            .field("rows", m.rows)
            .field("samples", m.samples)
            .endObject();
    w.endArray();
    w.key("provenance").beginObject();
    w.field("source", c.desc.sourcePath).field("source_bytes", c.desc.sourceBytes);
    for (const auto &[key, value] : c.meta.provenance)
        w.field(key, value);
    w.endObject();
    w.field("stored_bytes", c.storedBytes);
    w.key("notes").beginArray();
    for (const auto &n : c.meta.notes)
        w.beginObject()
            .field("severity", nameOf(n.severity))
            .field("code", n.code)
            .field("count", n.count)
            .field("first_offset", n.firstOffset)
            .field("detail", n.detail)
            .endObject();
    w.endArray().endObject();
}

std::string count(std::uint64_t n)
{
    return formatCount(static_cast<std::int64_t>(n));
}

void printRequests(std::ostream &out, const CaptureInfo &c, const RequestTotals &requests)
{
    out << "  requests   " << count(requests.requests) << " to " << count(requests.endpoints)
        << (requests.endpoints == 1 ? " endpoint" : " endpoints") << " from "
        << count(trackCount(c, TrackKind::Thread)) << " workers, " << count(requests.failed)
        << " failed";
    if (requests.requests > 0)
        out << " ("
            << formatShare(static_cast<double>(requests.failed),
                           static_cast<double>(requests.requests))
            << ")";
    out << '\n';
    if (requests.transactions > 0)
        out << "  besides    " << count(requests.transactions)
            << " transactions, sums of these requests\n";
    if (requests.parts > 0)
        out << "  besides    " << count(requests.parts)
            << " parts of these requests: redirects and embedded resources\n";
}

void printText(std::ostream &out, const CaptureInfo &c, const Counted &counted)
{
    const auto &requests = counted.requests;
    out << "#" << c.id.raw << "  " << CaptureText(c.desc.name).toTerminal() << "  ("
        << c.desc.formatId << ", " << nameOf(c.state);
    if (c.desc.role != CaptureRole::None)
        out << ", " << nameOf(c.desc.role);
    out << ")\n";
    if (c.requests > 0)
        printRequests(out, c, requests);
    if (requests.figures > 0)
        out << "  summary    " << count(requests.figures)
            << " figures as the tool computed them: table summary\n";
    if (counted.anyBenchmark())
        out << "  benchmarks " << count(counted.benchmarks.measured) << " values measured, "
            << count(counted.benchmarks.computed) << " computed by the tool\n";
    if (c.slices > 0)
        out << "  slices     " << count(c.slices) << " on " << count(c.meta.tracks.size())
            << " tracks\n";
    if (c.counters > 0)
        out << "  counters   " << count(c.counters) << " values of "
            << count(trackCount(c, TrackKind::Counter)) << " counters\n";
    const bool other = c.requests > 0 || requests.figures > 0 || counted.anyBenchmark() ||
                       c.slices > 0 || c.counters > 0;
    if (c.samples > 0 || !other)
        out << "  samples    " << count(c.samples) << " in " << count(c.stacks) << " stacks, "
            << count(trackCount(c, TrackKind::Process)) << " processes, "
            << count(trackCount(c, TrackKind::Thread)) << " threads\n";
    if (const auto ns = c.durationNs())
        out << "  duration   " << formatDuration(*ns) << '\n';
    for (const auto &m : c.meta.measures)
        out << "  measure    " << CaptureText(m.name).toTerminal() << ": "
            << formatValue(m.total, m.unit) << " in " << formatCount(m.samples) << " samples\n";
    out << "  stored     " << formatBytes(static_cast<std::int64_t>(c.storedBytes));
    if (c.desc.sourceBytes > 0)
        out << ", "
            << formatShare(static_cast<double>(c.storedBytes),
                           static_cast<double>(c.desc.sourceBytes))
            << " of " << formatBytes(static_cast<std::int64_t>(c.desc.sourceBytes));
    out << '\n';
    for (const auto &[key, value] : c.meta.provenance)
        out << "  " << key << std::string(key.size() < 10 ? 11 - key.size() : 1, ' ')
            << CaptureText(value).toTerminal() << '\n';
    for (const auto &n : c.meta.notes)
        out << "  " << nameOf(n.severity) << ": " << n.code << " x " << count(n.count)
            << ", first at byte " << n.firstOffset << (n.detail.empty() ? "" : ": ")
            << CaptureText(n.detail).toTerminal() << '\n';
}

} // namespace

Verb::Work declareInfo(CLI::App &command)
{
    auto flags = CaptureFlags::declare(command);
    auto json = std::make_shared<bool>(false);
    command.add_flag("--json", *json, "For programs");
    return [flags, json](VerbRun &run) -> Result<ExitCode> {
        FW_ASSIGN(const auto opened, flags->open(run));
        FW_ASSIGN(const auto reader, opened.session().reader());
        reader->skipDamaged(true); // what is left is described; a view says what is missing
        std::vector<Counted> counted;
        for (const auto &capture : opened.captures()) {
            FW_ASSIGN(const auto requests, requestTotals(*reader, capture, run.job));
            FW_ASSIGN(const auto benchmarks, benchmarkTotals(*reader, capture, run.job));
            counted.push_back({requests, benchmarks});
        }
        if (*json) {
            JsonWriter writer(run.out);
            writer.beginObject().key("captures").beginArray();
            for (std::size_t i = 0; i < counted.size(); ++i)
                writeJson(writer, opened.captures()[i], counted[i]);
            writer.endArray().endObject();
            return ExitCode::Ok;
        }
        for (std::size_t i = 0; i < counted.size(); ++i)
            printText(run.out, opened.captures()[i], counted[i]);
        if (opened.captures().empty())
            run.log << "the session has no captures yet\n";
        return ExitCode::Ok;
    };
}

} // namespace flamewright
