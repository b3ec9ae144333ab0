#include "app/latency_report.h"

#include "capture/session/chunk_codec.h"
#include "capture/session/dimensions.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_map>

namespace flamewright {
namespace {

constexpr double kNanosPerSecond = 1e9;

// Group names to dense numbers, over all captures.
class Groups {
public:
    std::uint32_t idOf(std::string_view name)
    {
        const auto fresh = static_cast<std::uint32_t>(m_names.size());
        const auto [it, added] = m_ids.try_emplace(std::string(name), fresh);
        if (added)
            m_names.push_back(it->first);
        return it->second;
    }
    const std::vector<std::string> &names() const { return m_names; }

private:
    std::unordered_map<std::string, std::uint32_t> m_ids;
    std::vector<std::string> m_names;
};

// When there were requests, by group and phase: a phase's span is from its first request to the end
// of the one that ends last.
class Spans {
public:
    void add(std::uint32_t phase, Timestamp begin, Duration latency)
    {
        if (phase >= m_spans.size())
            m_spans.resize(phase + 1, {Timestamp{Duration::max()}, Timestamp{Duration::min()}});
        const Timestamp end{
            Duration{saturatingAdd(begin.time_since_epoch().count(), latency.count())}};
        auto &span = m_spans[phase];
        span.begin = std::min(span.begin, begin);
        span.end = std::max(span.end, end);
    }
    std::optional<std::int64_t> length() const
    {
        std::vector<TimeRange> used;
        for (const auto &span : m_spans) {
            if (span.begin <= span.end)
                used.push_back(span);
        }
        if (used.empty())
            return std::nullopt;
        return lengthOfUnion(std::move(used));
    }
    std::optional<std::int64_t> length(std::uint32_t phase) const
    {
        if (phase >= m_spans.size() || m_spans[phase].begin > m_spans[phase].end)
            return std::nullopt;
        return lengthOfUnion({m_spans[phase]});
    }

private:
    std::vector<TimeRange> m_spans;
};

std::optional<double> rateOf(std::uint64_t count, std::optional<std::int64_t> ns)
{
    if (!ns || *ns <= 0)
        return std::nullopt;
    return static_cast<double>(count) / (static_cast<double>(*ns) / kNanosPerSecond);
}

class Collector {
public:
    Collector(SessionReader &reader, const Scope &scope, const LatencyQuestion &question,
              JobContext &job)
        : m_reader(reader),
          m_scope(scope),
          m_question(question),
          m_job(job)
    {}
    Result<> add(const CaptureInfo &capture);
    LatencyReport finish();

private:
    // What of one capture is wanted, and which groups its names are.
    struct Of {
        const CaptureInfo &capture;
        const Dimensions &dimensions;
        std::vector<std::uint8_t> endpoints, workers; // by track; empty: all
        std::vector<std::uint32_t> groupOfTrack, groupOfString, phaseOfString; // id + 1
        std::map<std::uint16_t, std::uint32_t> groupOfStatus;
    };
    Of prepare(const CaptureInfo &capture, const Dimensions &dimensions) const;
    bool takes(const Of &of, const RequestColumns &rows, std::size_t i);
    std::uint32_t groupOf(Of &of, const RequestColumns &rows, std::size_t i);
    std::uint32_t byTrack(Of &of, TrackId track, std::string_view none);
    std::uint32_t byString(Of &of, StringId text, std::string_view none);
    static std::uint32_t remember(std::vector<std::uint32_t> &ids, std::uint32_t raw,
                                  std::string_view name, Groups &groups);

    SessionReader &m_reader;
    const Scope &m_scope;
    const LatencyQuestion &m_question;
    JobContext &m_job;
    Groups m_groups, m_phases;
    Spans m_spans;
    LatencyRows m_rows;
    LatencyReport m_out;
};

Collector::Of Collector::prepare(const CaptureInfo &capture, const Dimensions &dimensions) const
{
    Of of{capture, dimensions, {}, {}, {}, {}, {}, {}};
    const auto &tracks = capture.meta.tracks;
    of.groupOfTrack.resize(tracks.size() + 1, 0);
    of.groupOfString.resize(dimensions.strings.size() + 1, 0);
    of.phaseOfString.resize(dimensions.strings.size() + 1, 0);
    for (const auto &ref : m_scope.tracks) {
        if (ref.capture != capture.id || ref.track.raw == 0 || ref.track.raw > tracks.size())
            continue;
        auto &chosen =
            tracks[ref.track.raw - 1].kind == TrackKind::Endpoint ? of.endpoints : of.workers;
        chosen.resize(tracks.size() + 1, 0);
        chosen[ref.track.raw] = 1;
    }
    if (m_question.endpoints.empty())
        return of;
    std::vector<std::uint8_t> named(tracks.size() + 1, 0);
    for (std::size_t i = 0; i < tracks.size(); ++i) {
        const bool wanted = tracks[i].kind == TrackKind::Endpoint &&
                            std::find(m_question.endpoints.begin(), m_question.endpoints.end(),
                                      tracks[i].name) != m_question.endpoints.end();
        named[i + 1] = wanted && (of.endpoints.empty() || of.endpoints[i + 1] != 0) ? 1 : 0;
    }
    of.endpoints = std::move(named);
    return of;
}

bool Collector::takes(const Of &of, const RequestColumns &rows, std::size_t i)
{
    const auto chosen = [](const std::vector<std::uint8_t> &tracks, TrackId track) {
        return tracks.empty() || (track.raw < tracks.size() && tracks[track.raw] != 0);
    };
    if (!chosen(of.endpoints, rows.endpoint[i]) || !chosen(of.workers, rows.worker[i]))
        return false;
    if (!m_scope.times.empty()) {
        if (rows.begin[i] == kNoTime) {
            ++m_out.withoutTime;
            return false;
        }
        if (std::none_of(m_scope.times.begin(), m_scope.times.end(),
                         [&](const TimeRange &range) { return range.contains(rows.begin[i]); }))
            return false;
    }
    const bool wanted = rows.kind[i] == RequestKind::Request ||
                        (rows.kind[i] == RequestKind::Transaction && m_question.transactions) ||
                        (rows.kind[i] == RequestKind::Part && m_question.parts);
    m_out.leftOut += wanted ? 0 : 1;
    return wanted;
}

std::uint32_t Collector::remember(std::vector<std::uint32_t> &ids, std::uint32_t raw,
                                  std::string_view name, Groups &groups)
{
    if (raw >= ids.size())
        return groups.idOf(name); // an id that nothing has: only in damaged sessions
    if (ids[raw] == 0)
        ids[raw] = groups.idOf(name) + 1;
    return ids[raw] - 1;
}

std::uint32_t Collector::byTrack(Of &of, TrackId track, std::string_view none)
{
    const auto &tracks = of.capture.meta.tracks;
    const bool known = track.raw != 0 && track.raw <= tracks.size();
    return remember(of.groupOfTrack, track.raw,
                    known ? std::string_view(tracks[track.raw - 1].name) : none, m_groups);
}

std::uint32_t Collector::byString(Of &of, StringId text, std::string_view none)
{
    const auto name = of.dimensions.strings.text(text);
    return remember(of.groupOfString, text.raw, name.empty() ? none : name, m_groups);
}

std::uint32_t Collector::groupOf(Of &of, const RequestColumns &rows, std::size_t i)
{
    switch (m_question.by) {
    case LatencyBy::Endpoint: return byTrack(of, rows.endpoint[i], "(no endpoint)");
    case LatencyBy::Worker: return byTrack(of, rows.worker[i], "(no worker)");
    case LatencyBy::Phase: return byString(of, rows.phase[i], "(no phase)");
    case LatencyBy::Status: break;
    }
    if (rows.statusText[i].raw != 0)
        return byString(of, rows.statusText[i], "(no status)");
    const auto status = rows.status[i];
    const auto it = of.groupOfStatus.find(status);
    if (it != of.groupOfStatus.end())
        return it->second;
    const auto group = m_groups.idOf(status == 0 ? "(no status)" : std::to_string(status));
    of.groupOfStatus.emplace(status, group);
    return group;
}

Result<> Collector::add(const CaptureInfo &capture)
{
    FW_ASSIGN(const auto dimensions, loadDimensions(m_reader, capture.id, m_job));
    auto of = prepare(capture, *dimensions);
    TimeRange hull;
    if (!m_scope.times.empty())
        hull = m_scope.times.front();
    for (const auto &range : m_scope.times)
        hull = {std::min(hull.begin, range.begin), std::max(hull.end, range.end)};
    return m_reader.scan(
        capture.id, ChunkKind::Requests, hull, m_job, [&](const Chunk &chunk) -> Result<> {
            FW_ASSIGN(const auto rows, decodeRequests(chunk));
            for (std::size_t i = 0; i < rows.size(); ++i) {
                if (!takes(of, rows, i))
                    continue;
                m_rows.latency.push_back(rows.latency[i].count());
                m_rows.failed.push_back(rows.ok[i] != 0 ? 0 : 1);
                m_rows.group.push_back(groupOf(of, rows, i));
                if (rows.begin[i] == kNoTime)
                    continue;
                const auto phase = remember(of.phaseOfString, rows.phase[i].raw,
                                            dimensions->strings.text(rows.phase[i]), m_phases);
                m_spans.add(phase, rows.begin[i], rows.latency[i]);
            }
            return {};
        });
}

LatencyReport Collector::finish()
{
    const auto groups = m_groups.names().size();
    auto table = latencyTable(m_rows, groups, m_question.includeFailures);
    m_out.all = table.all;
    m_out.durationNs = m_spans.length();
    m_out.ratePerSecond = rateOf(table.all.count, m_out.durationNs);
    for (std::uint32_t i = 0; i < groups; ++i) {
        auto &row = m_out.groups.emplace_back();
        row.name = m_groups.names()[i];
        row.latency = table.groups[i];
        m_out.errors += row.latency.failed.count;
        // A phase has its own time; everything else went on all the time.
        auto duration = m_out.durationNs;
        if (m_question.by == LatencyBy::Phase)
            duration = m_spans.length(m_phases.idOf(row.name == "(no phase)" ? "" : row.name));
        row.ratePerSecond = rateOf(row.latency.count(), duration);
    }
    std::sort(m_out.groups.begin(), m_out.groups.end(), [](const auto &a, const auto &b) {
        const auto left = a.latency.count(), right = b.latency.count();
        return left != right ? left > right : a.name < b.name;
    });
    return std::move(m_out);
}

} // namespace

Result<LatencyReport> latencyReport(SessionReader &reader, const Scope &scope,
                                    const LatencyQuestion &question, JobContext &job)
{
    FW_ASSIGN(const auto captures, reader.captures());
    Collector collector(reader, scope, question, job);
    for (const auto &capture : captures) {
        const bool chosen = scope.captures.empty() ||
                            std::find(scope.captures.begin(), scope.captures.end(), capture.id) !=
                                scope.captures.end();
        if (chosen && capture.requests > 0)
            FW_TRY(collector.add(capture));
    }
    return collector.finish();
}

} // namespace flamewright
