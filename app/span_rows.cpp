#include "app/span_rows.h"

#include "app/scope_captures.h"
#include "app/span_order.h"
#include "capture/session/chunk_codec.h"
#include "capture/session/dimensions.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <unordered_map>

namespace flamewright {
namespace {

constexpr std::size_t kMaxCaptures = std::numeric_limits<std::uint16_t>::max();
constexpr std::size_t kMaxSpans = 0xffff'fffe; // rows are 32 bits, one is none

// Names to dense numbers, over all captures.
class Names {
public:
    std::uint32_t idOf(std::string_view name)
    {
        const auto [it, added] =
            m_ids.try_emplace(std::string(name), static_cast<std::uint32_t>(m_names.size()));
        if (added)
            m_names.push_back(it->first);
        return it->second;
    }
    std::vector<std::string> take() { return std::move(m_names); }

private:
    std::unordered_map<std::string, std::uint32_t> m_ids;
    std::vector<std::string> m_names;
};

void reorderAll(SessionSpans &spans, const std::vector<std::uint32_t> &order)
{
    reorderRows(spans.rows, order);
    reorder(spans.capture, order);
}

// The captures of a scope that hold slices.
Result<std::vector<CaptureInfo>> slicedCaptures(SessionReader &reader, const Scope &scope)
{
    FW_ASSIGN(auto captures, capturesOf(reader, scope, &CaptureInfo::slices));
    if (captures.size() > kMaxCaptures)
        return fail(Errc::Usage, "too many captures to look at together");
    return captures;
}

// By track: whether a scope lets it through. A process stands for its threads.
std::vector<std::uint8_t> chosenTracks(const Scope &scope, const CaptureInfo &capture)
{
    const auto &tracks = capture.meta.tracks;
    std::vector<std::uint8_t> out(tracks.size() + 1, scope.tracks.empty() ? 1 : 0);
    for (const auto &ref : scope.tracks) {
        if (ref.capture == capture.id && ref.track.raw < out.size())
            out[ref.track.raw] = 1;
    }
    for (std::size_t i = 0; i < tracks.size() && !scope.tracks.empty(); ++i) {
        const auto parent = tracks[i].parent.raw;
        if (parent != 0 && parent < out.size() && out[parent] != 0)
            out[i + 1] = 1;
    }
    return out;
}

// Ids of one capture as numbers of ours + 1; 0: not asked for yet.
class Known {
public:
    explicit Known(std::size_t ids) : m_numbers(ids, 0) {}
    template <class Name>
    std::uint32_t number(std::uint32_t id, Names &names, Name name)
    {
        if (id >= m_numbers.size())
            return names.idOf({}); // an id that nothing has: only in damaged sessions
        if (m_numbers[id] == 0)
            m_numbers[id] = names.idOf(name()) + 1;
        return m_numbers[id] - 1;
    }

private:
    std::vector<std::uint32_t> m_numbers;
};

class Collector {
public:
    Collector(SessionReader &reader, const Scope &scope, JobContext &job)
        : m_reader(reader),
          m_scope(scope),
          m_job(job)
    {}
    Result<> add(const CaptureInfo &capture);
    SessionSpans finish();

private:
    void cut();

    SessionReader &m_reader;
    const Scope &m_scope;
    JobContext &m_job;
    Names m_traces, m_services, m_names;
    std::optional<std::int64_t> m_wallOffset; // of the first capture
    std::vector<std::int64_t> m_shift;        // by capture: what its times were moved by
    SessionSpans m_out;
};

Result<> Collector::add(const CaptureInfo &capture)
{
    FW_ASSIGN(const auto dimensions, loadDimensions(m_reader, capture.id, m_job));
    const auto number = static_cast<std::uint16_t>(m_out.captures.size());
    m_out.captures.push_back(capture.id);
    if (number == 0)
        m_wallOffset = capture.meta.wallOffsetNs;
    std::int64_t shift = 0;
    if (m_wallOffset && capture.meta.wallOffsetNs)
        shift = std::max(
            saturatingAdd(*capture.meta.wallOffsetNs, -std::max(*m_wallOffset, -INT64_MAX)),
            -INT64_MAX);
    m_shift.push_back(shift);
    const auto chosen = chosenTracks(m_scope, capture);
    const auto &tracks = capture.meta.tracks;
    const auto &strings = dimensions->strings;
    Known traces(strings.size() + 1), names(strings.size() + 1), services(tracks.size() + 1);
    auto &rows = m_out.rows;
    return m_reader.scan(
        capture.id, ChunkKind::Slices, {}, m_job, [&](const Chunk &chunk) -> Result<> {
            FW_TRY(m_job.checkpoint());
            FW_ASSIGN(const auto slices, decodeSlices(chunk));
            for (std::size_t i = 0; i < slices.size(); ++i) {
                const auto track = slices.track[i];
                if (!isSpan(slices.kind[i]) || track.raw >= chosen.size() || chosen[track.raw] == 0)
                    continue;
                if (rows.size() == kMaxSpans)
                    return fail(Errc::Limit, "more than 4,294,967,294 spans");
                const auto text = [&](Known &known, Names &all, StringId id) {
                    return known.number(id.raw, all, [&] { return strings.text(id); });
                };
                rows.begin.push_back(
                    saturatingAdd(slices.begin[i].time_since_epoch().count(), shift));
                rows.length.push_back(slices.length[i].count());
                rows.trace.push_back(text(traces, m_traces, slices.trace[i]));
                rows.span.push_back(slices.span[i]);
                rows.parent.push_back(slices.parent[i]);
                rows.service.push_back(services.number(track.raw, m_services, [&] {
                    return track.raw == 0 ? std::string_view()
                                          : std::string_view(tracks[track.raw - 1].name);
                }));
                rows.name.push_back(text(names, m_names, slices.name[i]));
                rows.kind.push_back(slices.kind[i]);
                rows.flags.push_back(slices.flags[i]);
                rows.track.push_back(track);
                rows.args.push_back(slices.args[i]);
                m_out.capture.push_back(number);
            }
            return {};
        });
}

// Leaves the traces that begin in a time range.
void Collector::cut()
{
    const auto &rows = m_out.rows;
    std::vector<std::uint8_t> seen(rows.traces.size(), 0); // 1: let through, 2: not
    std::vector<std::uint32_t> kept;
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
        auto &trace = seen[rows.trace[row]];
        if (trace == 0) {
            const auto own = saturatingAdd(rows.begin[row], -m_shift[m_out.capture[row]]);
            const Timestamp begin{Duration{own}};
            const bool in =
                std::any_of(m_scope.times.begin(), m_scope.times.end(),
                            [&](const TimeRange &range) { return range.contains(begin); });
            trace = in ? 1 : 2;
        }
        if (trace == 1)
            kept.push_back(row);
    }
    reorderAll(m_out, kept);
}

SessionSpans Collector::finish()
{
    auto &rows = m_out.rows;
    rows.traces = m_traces.take();
    rows.services = m_services.take();
    rows.names = m_names.take();
    if (!std::is_sorted(rows.begin.begin(), rows.begin.end())) {
        std::vector<std::uint32_t> order(rows.size());
        std::iota(order.begin(), order.end(), 0u);
        std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
            return rows.begin[a] < rows.begin[b];
        });
        reorderAll(m_out, order);
    }
    if (!m_scope.times.empty())
        cut();
    return std::move(m_out);
}

} // namespace

Result<SessionSpans> spanRows(SessionReader &reader, const Scope &scope, JobContext &job)
{
    FW_ASSIGN(const auto captures, slicedCaptures(reader, scope));
    Collector collector(reader, scope, job);
    for (const auto &capture : captures)
        FW_TRY(collector.add(capture));
    return collector.finish();
}

Result<ThreadStates> threadStates(SessionReader &reader, const Scope &scope, JobContext &job)
{
    FW_ASSIGN(const auto captures, slicedCaptures(reader, scope));
    ThreadStates out;
    Names states;
    for (const auto &capture : captures) {
        FW_ASSIGN(const auto dimensions, loadDimensions(reader, capture.id, job));
        const auto chosen = chosenTracks(scope, capture);
        const auto &tracks = capture.meta.tracks;
        Known names(dimensions->strings.size() + 1);
        std::vector<std::uint32_t> thread(tracks.size() + 1, 0); // number + 1
        FW_TRY(reader.scan(
            capture.id, ChunkKind::Slices, {}, job, [&](const Chunk &chunk) -> Result<> {
                FW_TRY(job.checkpoint());
                FW_ASSIGN(const auto slices, decodeSlices(chunk));
                for (std::size_t i = 0; i < slices.size(); ++i) {
                    const auto track = slices.track[i].raw;
                    if (slices.kind[i] != SliceKind::State || track == 0 ||
                        track >= chosen.size() || chosen[track] == 0 ||
                        tracks[track - 1].kind != TrackKind::Thread)
                        continue;
                    const auto in = [&](const TimeRange &range) {
                        return range.contains(slices.begin[i]);
                    };
                    if (!scope.times.empty() &&
                        std::none_of(scope.times.begin(), scope.times.end(), in))
                        continue;
                    if (thread[track] == 0) {
                        out.threads.push_back(tracks[track - 1].name);
                        thread[track] = static_cast<std::uint32_t>(out.threads.size());
                    }
                    out.begin.push_back(slices.begin[i].time_since_epoch().count());
                    out.length.push_back(slices.length[i].count());
                    out.thread.push_back(thread[track] - 1);
                    const auto name = slices.name[i];
                    out.state.push_back(names.number(
                        name.raw, states, [&] { return dimensions->strings.text(name); }));
                }
                return {};
            }));
    }
    out.states = states.take();
    return out;
}

} // namespace flamewright
