#include "app/load_rows.h"

#include "analysis/url_pattern.h"
#include "app/scope_captures.h"
#include "capture/session/chunk_codec.h"
#include "capture/session/dimensions.h"

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>
#include <unordered_map>

namespace flamewright {
namespace {

constexpr std::size_t kMaxCaptures = std::numeric_limits<std::uint8_t>::max();

// Names to dense numbers, over all captures.
class Names {
public:
    Names() = default;
    explicit Names(std::string_view first) { idOf(first); }
    std::uint32_t idOf(std::string_view name)
    {
        const auto fresh = static_cast<std::uint32_t>(m_names.size());
        const auto [it, added] = m_ids.try_emplace(std::string(name), fresh);
        if (added)
            m_names.push_back(it->first);
        return it->second;
    }
    std::vector<std::string> take() { return std::move(m_names); }

private:
    std::unordered_map<std::string, std::uint32_t> m_ids;
    std::vector<std::string> m_names;
};

QJsonObject labelsOf(std::string_view json)
{
    return QJsonDocument::fromJson(QByteArray(json.data(), static_cast<qsizetype>(json.size())))
        .object();
}

// What a label says, as text; empty: there is no such label.
std::string labelText(std::string_view json, const std::string &key)
{
    const auto value = labelsOf(json).value(QString::fromStdString(key));
    if (value.isUndefined() || value.isNull())
        return {};
    return value.toVariant().toString().toStdString();
}

template <class T>
void reorder(std::vector<T> &column, const std::vector<std::size_t> &order)
{
    std::vector<T> out;
    out.reserve(column.size());
    for (const auto i : order)
        out.push_back(column[i]);
    column = std::move(out);
}

class Collector {
public:
    Collector(SessionReader &reader, const Scope &scope, const LoadQuestion &question,
              JobContext &job)
        : m_reader(reader),
          m_scope(scope),
          m_question(question),
          m_job(job)
    {}
    Result<> add(const CaptureInfo &capture);
    LoadRows finish();

private:
    // An id of the capture as a number of ours + 1; 0: not asked for yet.
    using Known = std::vector<std::uint32_t>;
    // What of one capture is wanted, and which numbers its ids are.
    struct Of {
        const CaptureInfo &capture;
        const Dimensions &dimensions;
        std::uint8_t number = 0;
        std::vector<std::uint8_t> endpoints, workers; // by track; empty: all
        Known group, worker, status, error, phase;
        std::unordered_map<std::uint16_t, std::uint32_t> statusNumbers;
    };
    Of prepare(const CaptureInfo &capture, const Dimensions &dimensions) const;
    bool takes(const Of &of, const RequestColumns &rows, std::size_t i);
    void addRow(Of &of, const RequestColumns &rows, std::size_t i);
    std::uint32_t groupOf(Of &of, const RequestColumns &rows, std::size_t i);
    std::uint32_t statusOf(Of &of, const RequestColumns &rows, std::size_t i);
    void sort();

    // `name()` is asked when the id is seen for the first time.
    template <class Name>
    static std::uint32_t remember(Known &known, std::uint32_t id, Names &names, Name name)
    {
        if (id >= known.size())
            return names.idOf(name()); // an id that nothing has: only in damaged sessions
        if (known[id] == 0)
            known[id] = names.idOf(name()) + 1;
        return known[id] - 1;
    }
    static std::string_view trackName(const Of &of, TrackId track, std::string_view none)
    {
        const auto &tracks = of.capture.meta.tracks;
        const bool known = track.raw != 0 && track.raw <= tracks.size();
        return known ? std::string_view(tracks[track.raw - 1].name) : none;
    }

    SessionReader &m_reader;
    const Scope &m_scope;
    const LoadQuestion &m_question;
    JobContext &m_job;
    Names m_groups, m_workers{""}, m_statuses, m_errors{""}, m_phases{""};
    LoadRows m_out;
};

Collector::Of Collector::prepare(const CaptureInfo &capture, const Dimensions &dimensions) const
{
    Of of{.capture = capture, .dimensions = dimensions};
    of.number = static_cast<std::uint8_t>(m_out.captures.size() - 1);
    const auto &tracks = capture.meta.tracks;
    const auto texts = dimensions.strings.size() + 1;
    of.group.resize(std::max(tracks.size() + 1, texts), 0);
    of.worker.resize(tracks.size() + 1, 0);
    of.status.resize(texts, 0);
    of.error.resize(texts, 0);
    of.phase.resize(texts, 0);
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

std::uint32_t Collector::statusOf(Of &of, const RequestColumns &rows, std::size_t i)
{
    if (rows.statusText[i].raw != 0)
        return remember(of.status, rows.statusText[i].raw, m_statuses,
                        [&] { return of.dimensions.strings.text(rows.statusText[i]); });
    const auto status = rows.status[i];
    const auto it = of.statusNumbers.find(status);
    if (it != of.statusNumbers.end())
        return it->second;
    const auto number = m_statuses.idOf(status == 0 ? "(no status)" : std::to_string(status));
    of.statusNumbers.emplace(status, number);
    return number;
}

std::uint32_t Collector::groupOf(Of &of, const RequestColumns &rows, std::size_t i)
{
    const auto text = [&](StringId id) { return of.dimensions.strings.text(id); };
    switch (m_question.by) {
    case LatencyBy::Endpoint:
        return remember(of.group, rows.endpoint[i].raw, m_groups, [&] {
            const auto name = trackName(of, rows.endpoint[i], "(no endpoint)");
            return m_question.patterns ? urlPattern(name) : std::string(name);
        });
    case LatencyBy::Worker:
        return remember(of.group, rows.worker[i].raw, m_groups,
                        [&] { return trackName(of, rows.worker[i], "(no worker)"); });
    case LatencyBy::Phase:
        return remember(of.group, rows.phase[i].raw, m_groups, [&] {
            const auto name = text(rows.phase[i]);
            return name.empty() ? std::string_view("(no phase)") : name;
        });
    case LatencyBy::Tag:
        return remember(of.group, rows.labels[i].raw, m_groups, [&] {
            auto value = labelText(text(rows.labels[i]), m_question.tag);
            return value.empty() ? "(no " + m_question.tag + ")" : value;
        });
    case LatencyBy::Capture: return of.number;
    case LatencyBy::Status: break;
    }
    return 0; // statuses are the groups: finish()
}

void Collector::addRow(Of &of, const RequestColumns &rows, std::size_t i)
{
    auto &out = m_out;
    if (rows.begin[i] == kNoTime) {
        out.begin.push_back(LoadRows::kUntimed);
    } else {
        std::int64_t since = 0;
        if (__builtin_sub_overflow(rows.begin[i].time_since_epoch().count(),
                                   out.captures.back().origin.time_since_epoch().count(), &since))
            since = INT64_MAX;
        out.begin.push_back(std::max<std::int64_t>(since, 0));
    }
    out.latency.push_back(rows.latency[i].count());
    out.failed.push_back(rows.ok[i] != 0 ? 0 : 1);
    out.group.push_back(groupOf(of, rows, i));
    out.status.push_back(statusOf(of, rows, i));
    out.capture.push_back(of.number);
    const auto worker = rows.worker[i];
    // Threads of the same name in two captures are two workers: neither waits for the other.
    out.worker.push_back(remember(of.worker, worker.raw, m_workers, [&] {
        const auto name = trackName(of, worker, "");
        return worker.raw == 0 ? std::string()
                               : std::string(name) + '\0' + std::to_string(of.number) + '\0' +
                                     std::to_string(worker.raw);
    }));
    const auto text = [&](Known &known, Names &names, StringId id) {
        return remember(known, id.raw, names, [&] { return of.dimensions.strings.text(id); });
    };
    out.error.push_back(text(of.error, m_errors, rows.error[i]));
    out.phase.push_back(text(of.phase, m_phases, rows.phase[i]));
    out.bytesIn.push_back(rows.bytesIn[i]);
    out.bytesOut.push_back(rows.bytesOut[i]);
}

Result<> Collector::add(const CaptureInfo &capture)
{
    if (m_out.captures.size() == kMaxCaptures)
        return fail(Errc::Usage, "more than 255 captures cannot be looked at together");
    FW_ASSIGN(const auto dimensions, loadDimensions(m_reader, capture.id, m_job));
    LoadCapture own{capture.id, capture.desc.name, Timestamp{}, capture.startedAtNs()};
    if (capture.span)
        own.origin = capture.span->begin;
    m_out.captures.push_back(std::move(own));
    if (m_question.by == LatencyBy::Capture)
        m_groups.idOf(capture.desc.name + '\0' + std::to_string(capture.id.raw));
    auto of = prepare(capture, *dimensions);
    TimeRange hull;
    if (!m_scope.times.empty())
        hull = m_scope.times.front();
    for (const auto &range : m_scope.times)
        hull = {std::min(hull.begin, range.begin), std::max(hull.end, range.end)};
    return m_reader.scan(capture.id, ChunkKind::Requests, hull, m_job,
                         [&](const Chunk &chunk) -> Result<> {
                             FW_TRY(m_job.checkpoint());
                             FW_ASSIGN(const auto rows, decodeRequests(chunk));
                             for (std::size_t i = 0; i < rows.size(); ++i) {
                                 if (takes(of, rows, i))
                                     addRow(of, rows, i);
                             }
                             return {};
                         });
}

void Collector::sort()
{
    if (std::is_sorted(m_out.begin.begin(), m_out.begin.end()))
        return;
    std::vector<std::size_t> order(m_out.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) {
        return m_out.begin[a] < m_out.begin[b];
    });
    reorder(m_out.begin, order);
    reorder(m_out.latency, order);
    reorder(m_out.group, order);
    reorder(m_out.worker, order);
    reorder(m_out.status, order);
    reorder(m_out.error, order);
    reorder(m_out.phase, order);
    reorder(m_out.failed, order);
    reorder(m_out.capture, order);
    reorder(m_out.bytesIn, order);
    reorder(m_out.bytesOut, order);
}

LoadRows Collector::finish()
{
    sort();
    const auto withoutNumber = [](std::vector<std::string> names) {
        for (auto &name : names)
            name.resize(std::min(name.find('\0'), name.size()));
        return names;
    };
    m_out.workers = withoutNumber(m_workers.take());
    m_out.statuses = m_statuses.take();
    m_out.errors = m_errors.take();
    m_out.phases = m_phases.take();
    if (m_question.by == LatencyBy::Status) {
        m_out.group = m_out.status;
        m_out.groups = m_out.statuses;
    } else if (m_question.by == LatencyBy::Capture) {
        m_out.groups = withoutNumber(m_groups.take());
    } else {
        m_out.groups = m_groups.take();
    }
    return std::move(m_out);
}

} // namespace

Result<LoadQuestion> loadQuestion(std::string_view by)
{
    constexpr std::pair<std::string_view, LatencyBy> kNames[] = {
        {"endpoint", LatencyBy::Endpoint}, {"status", LatencyBy::Status},
        {"phase", LatencyBy::Phase},       {"worker", LatencyBy::Worker},
        {"capture", LatencyBy::Capture},
    };
    LoadQuestion out;
    for (const auto &[name, value] : kNames) {
        if (by == name) {
            out.by = value;
            return out;
        }
    }
    constexpr std::string_view kTag = "tag:";
    if (!by.starts_with(kTag) || by.size() == kTag.size())
        return fail(Errc::Usage, "'" + std::string(by) +
                                     "' is nothing to group by: write endpoint, status, phase, "
                                     "worker, capture or tag:NAME");
    out.by = LatencyBy::Tag;
    out.tag = by.substr(kTag.size());
    return out;
}

RateOver rateOver(LatencyBy by)
{
    return by == LatencyBy::Phase || by == LatencyBy::Capture ? RateOver::Own : RateOver::All;
}

Result<LoadRows> loadRows(SessionReader &reader, const Scope &scope, const LoadQuestion &question,
                          JobContext &job)
{
    FW_ASSIGN(const auto captures, capturesOf(reader, scope, &CaptureInfo::requests));
    Collector collector(reader, scope, question, job);
    for (const auto &capture : captures)
        FW_TRY(collector.add(capture));
    return collector.finish();
}

Result<std::vector<std::string>> loadTags(SessionReader &reader, const Scope &scope,
                                          JobContext &job)
{
    FW_ASSIGN(const auto captures, capturesOf(reader, scope, &CaptureInfo::requests));
    std::set<std::string> tags;
    for (const auto &capture : captures) {
        FW_ASSIGN(const auto dimensions, loadDimensions(reader, capture.id, job));
        std::vector<std::uint8_t> seen(dimensions->strings.size() + 1, 0);
        FW_TRY(reader.scan(
            capture.id, ChunkKind::Requests, {}, job, [&](const Chunk &chunk) -> Result<> {
                FW_TRY(job.checkpoint());
                FW_ASSIGN(const auto rows, decodeRequests(chunk));
                for (const auto id : rows.labels) {
                    if (id.raw == 0 || id.raw >= seen.size() || seen[id.raw] != 0)
                        continue;
                    seen[id.raw] = 1;
                    for (const auto &key : labelsOf(dimensions->strings.text(id)).keys())
                        tags.insert(key.toStdString());
                }
                return {};
            }));
    }
    return std::vector<std::string>(tags.begin(), tags.end());
}

} // namespace flamewright
