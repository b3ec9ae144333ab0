#include "analysis/load_model.h"
#include "analysis/url_pattern.h"
#include "analysis/warm_up.h"
#include "app/compare/compare.h"
#include "app/load_rows.h"
#include "capture/session/chunk_codec.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace flamewright {
namespace {

// What importers call it, first come first.
struct Written {
    std::string_view key;
    std::string RunFacts::*fact;
};
constexpr Written kWritten[] = {{"kernel", &RunFacts::kernel},
                                {"cpu", &RunFacts::cpu},
                                {"cpu_count", &RunFacts::cores},
                                {"cpus", &RunFacts::cores},
                                {"arch", &RunFacts::arch},
                                {"governor", &RunFacts::governor},
                                {"tool", &RunFacts::tool},
                                {"host", &RunFacts::host},
                                {"vm_version", &RunFacts::runtime},
                                {"python", &RunFacts::runtime},
                                {"library_build_type", &RunFacts::runtime}};

std::optional<double> numberOf(std::string_view text)
{
    double out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size() || !(out > 0))
        return std::nullopt;
    return out;
}

std::string_view provenanceOf(const CaptureInfo &capture, std::string_view key)
{
    for (const auto &[name, value] : capture.meta.provenance) {
        if (name == key)
            return value;
    }
    return {};
}

// As asked for; of clocks only, where a period is a time.
std::optional<double> samplesPerSecond(const CaptureInfo &capture)
{
    if (const auto rate = numberOf(provenanceOf(capture, "sample_freq")))
        return rate;
    if (const auto interval = numberOf(provenanceOf(capture, "interval_ms")))
        return 1e3 / *interval;
    const auto type = provenanceOf(capture, "period_type");
    const auto period = numberOf(provenanceOf(capture, "period"));
    if (period && type.ends_with("/nanoseconds"))
        return 1e9 / *period;
    return std::nullopt;
}

std::optional<double> lengthOf(const ComparedCapture &one)
{
    if (one.scope.times.empty()) {
        const auto length = one.info.durationNs();
        return length ? std::optional(static_cast<double>(*length) / 1e9) : std::nullopt;
    }
    double out = 0;
    for (const auto &range : one.scope.times) {
        auto begin = range.begin, end = range.end;
        if (one.info.span) {
            begin = std::max(begin, one.info.span->begin);
            end = std::min(end, one.info.span->end);
        }
        out += std::max(0.0, static_cast<double>(end.time_since_epoch().count()) -
                                 static_cast<double>(begin.time_since_epoch().count()));
    }
    return out / 1e9;
}

// Losses that are counted in samples; of what else was lost nobody knows a share.
std::uint64_t lostOf(const CaptureInfo &capture)
{
    std::uint64_t out = 0;
    for (const auto &note : capture.meta.notes) {
        if (note.code == "perf_lost" || note.code == "perf_lost_samples")
            out += note.count;
    }
    return out;
}

std::string eventsOf(const ComparedCapture &one)
{
    if (!one.scope.measure.empty())
        return one.scope.measure;
    std::set<std::string> names;
    for (const auto &measure : one.info.meta.measures) {
        if (measure.rows > 0)
            names.insert(measure.name);
    }
    std::string out;
    for (const auto &name : names)
        out += (out.empty() ? "" : ", ") + name;
    return out;
}

// Sums over the captures of a side.
struct Requests {
    std::uint64_t all = 0, failed = 0;
    double warmingUp = 0, seconds = 0;
    std::vector<double> concurrency; // of each capture
    std::map<std::string, std::uint64_t> endpoints;
    std::vector<LoadModel> models;
};

// What a tool counted of one endpoint, or of all (0).
struct Counted {
    std::optional<double> all, failed;
    Duration allOver{-1}, failedOver{-1}; // how long these are of: the longest counts
};

// Of a summary: how many requests there were, of which endpoints, and how many failed.
Result<> readSummary(SessionReader &reader, const CaptureInfo &capture, Requests &out,
                     JobContext &job)
{
    std::map<std::uint32_t, Counted> counted;
    FW_TRY(
        reader.scan(capture.id, ChunkKind::Summaries, {}, job, [&](const Chunk &chunk) -> Result<> {
            FW_ASSIGN(const auto rows, decodeSummaries(chunk));
            for (std::size_t i = 0; i < rows.size(); ++i) {
                const auto figure = rows.figure[i];
                const bool failed = figure == SummaryFigure::Failed;
                if (rows.subset[i].raw != 0 || (!failed && figure != SummaryFigure::Count) ||
                    !(rows.value[i] >= 0) || rows.endpoint[i].raw > capture.meta.tracks.size())
                    continue;
                auto &of = counted[rows.endpoint[i].raw];
                auto &over = failed ? of.failedOver : of.allOver;
                auto &value = failed ? of.failed : of.all;
                if (rows.length[i] < over || (rows.length[i] == over && rows.value[i] < *value))
                    continue;
                over = rows.length[i];
                value = rows.value[i];
            }
            return {};
        }));
    const auto whole = counted.find(0);
    const bool hasWhole = whole != counted.end() && whole->second.all && whole->second.failed;
    for (const auto &[endpoint, of] : counted) {
        const auto all = static_cast<std::uint64_t>(std::min(of.all.value_or(0), 1e15));
        if (endpoint != 0 && all > 0)
            out.endpoints[urlPattern(capture.meta.tracks[endpoint - 1].name)] += all;
        if (!of.all || !of.failed || *of.failed > *of.all || hasWhole != (endpoint == 0))
            continue;
        out.all += all;
        out.failed += static_cast<std::uint64_t>(std::min(*of.failed, 1e15));
    }
    return {};
}

Result<> readRequests(const ComparedCapture &one, Requests &out, JobContext &job)
{
    FW_ASSIGN(const auto reader, one.session->reader());
    auto scope = one.scope;
    scope.captures = {one.info.id};
    if (one.info.requests == 0)
        return readSummary(*reader, one.info, out, job);
    LoadQuestion question;
    question.patterns = true; // the ids of one run are not those of another
    FW_ASSIGN(const auto rows, loadRows(*reader, scope, question, job));
    FW_TRY(job.checkpoint());
    std::vector<std::uint64_t> counts(rows.groups.size(), 0);
    std::set<std::uint32_t> workers;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        ++counts[rows.group[i]];
        out.failed += rows.failed[i];
        if (rows.worker[i] != 0 && (workers.empty() || *workers.rbegin() != rows.worker[i]))
            workers.insert(rows.worker[i]);
    }
    out.all += rows.size();
    out.seconds += static_cast<double>(rows.endNs()) / 1e9;
    for (std::size_t i = 0; i < counts.size(); ++i)
        out.endpoints[rows.groups[i]] += counts[i];
    if (rows.empty())
        return {};
    const auto model = loadModel(rows, 0).model;
    out.models.push_back(model);
    // Of users that come by the clock, how many there are follows from how long they stay.
    if (model == LoadModel::Closed && !workers.empty())
        out.concurrency.push_back(static_cast<double>(workers.size()));
    if (const auto warm = warmUp(rows, 0))
        out.warmingUp += static_cast<double>(warm->requests);
    return {};
}

std::optional<double> meanOf(const std::vector<double> &values)
{
    if (values.empty())
        return std::nullopt;
    double sum = 0;
    for (const auto value : values)
        sum += value;
    return sum / static_cast<double>(values.size());
}

void conclude(const Requests &requests, RunFacts &out)
{
    if (!out.concurrency)
        out.concurrency = meanOf(requests.concurrency);
    double endpoints = 0;
    for (const auto &[endpoint, count] : requests.endpoints)
        endpoints += static_cast<double>(count);
    for (const auto &[endpoint, count] : requests.endpoints) {
        if (count > 0)
            out.mix.emplace_back(endpoint, static_cast<double>(count) / endpoints);
    }
    if (requests.all == 0)
        return;
    const auto all = static_cast<double>(requests.all);
    out.errorShare = static_cast<double>(requests.failed) / all;
    out.requests = all;
    if (requests.seconds > 0)
        out.requestsPerSecond = all / requests.seconds;
    if (requests.warmingUp > 0)
        out.warmUpShare = requests.warmingUp / all;
    const auto &models = requests.models;
    if (!models.empty() && models.front() != LoadModel::Unknown &&
        std::all_of(models.begin(), models.end(), [&](LoadModel m) { return m == models.front(); }))
        out.closedLoop = models.front() == LoadModel::Closed;
}

} // namespace

Result<RunFacts> runFacts(const std::vector<ComparedCapture> &captures, JobContext &job)
{
    RunFacts out;
    Requests requests;
    std::vector<double> lengths, connections;
    std::uint64_t samples = 0, lost = 0;
    for (const auto &one : captures) {
        FW_TRY(job.checkpoint());
        for (const auto &[key, fact] : kWritten) {
            if ((out.*fact).empty())
                out.*fact = provenanceOf(one.info, key);
        }
        // Benchmarks run until they are sure: how long that was says nothing.
        const auto &kind = one.info.kind;
        if (const auto length = lengthOf(one); length && kind != "benchmarks")
            lengths.push_back(*length);
        if (kind == "profile") {
            if (out.event.empty())
                out.event = eventsOf(one);
            if (!out.samplesPerSecond)
                out.samplesPerSecond = samplesPerSecond(one.info);
            samples += one.info.samples;
            lost += lostOf(one.info);
            for (const auto &module : one.info.meta.modules) {
                if (!module.buildId.empty())
                    out.buildIds.emplace_back(module.name, module.buildId);
            }
        }
        if (kind == "load test") {
            if (const auto number = numberOf(provenanceOf(one.info, "connections")))
                connections.push_back(*number);
            FW_TRY(readRequests(one, requests, job));
        }
    }
    out.durationSeconds = meanOf(lengths);
    out.concurrency = meanOf(connections);
    if (samples > 0)
        out.lostShare =
            static_cast<double>(lost) / (static_cast<double>(lost) + static_cast<double>(samples));
    conclude(requests, out);
    return out;
}

} // namespace flamewright
