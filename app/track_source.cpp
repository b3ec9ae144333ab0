#include "app/track_source.h"

#include "analysis/search.h"
#include "capture/session/chunk_codec.h"

#include <algorithm>
#include <map>

namespace flamewright {
namespace {

// Sessions without levels that are larger than any writer of ours leaves them.
constexpr std::size_t kMostWithoutLevels = 6u << 20;

TimeRange rangeOf(std::int64_t begin, std::int64_t end)
{
    return {Timestamp{Duration{begin}}, Timestamp{Duration{end}}};
}

std::int64_t ns(Timestamp time)
{
    return time.time_since_epoch().count();
}

template <class Level, class Builders>
std::vector<std::shared_ptr<const Level>> finished(Builders &builders)
{
    std::vector<std::shared_ptr<const Level>> out;
    for (auto it = builders.rbegin(); it != builders.rend(); ++it) // coarsest first
        out.push_back(
            std::make_shared<const Level>(Level{it->first, std::move(it->second).finish()}));
    return out;
}

Result<> loadSlices(SessionReader &reader, TraceCapture &out, JobContext &job)
{
    std::map<std::uint8_t, SliceLanes::Builder> levels;
    FW_TRY(
        reader.scan(out.id, ChunkKind::SliceLevels, {}, job, [&](const Chunk &chunk) -> Result<> {
            FW_TRY(job.checkpoint());
            FW_ASSIGN(const auto rows, decodeSliceLevels(chunk));
            if (rows.size() > 0)
                levels[rows.cellBits.front()].add(rows);
            return {};
        }));
    if (levels.empty() && out.sliceCount > 0) {
        auto &facts = levels[0];
        FW_TRY(reader.scan(out.id, ChunkKind::Slices, {}, job, [&](const Chunk &chunk) -> Result<> {
            FW_TRY(job.checkpoint());
            if (facts.rows() > kMostWithoutLevels)
                return fail(Errc::Limit,
                            "this capture has too many slices and no levels of detail: import its "
                            "file again to get them");
            FW_ASSIGN(const auto rows, decodeSlices(chunk));
            facts.add(rows);
            return {};
        }));
    }
    out.slices = finished<SliceLevel>(levels);
    return {};
}

Result<> loadCounters(SessionReader &reader, TraceCapture &out, std::uint64_t points,
                      JobContext &job)
{
    std::map<std::uint8_t, CounterLanes::Builder> levels;
    FW_TRY(
        reader.scan(out.id, ChunkKind::CounterLevels, {}, job, [&](const Chunk &chunk) -> Result<> {
            FW_TRY(job.checkpoint());
            FW_ASSIGN(const auto rows, decodeCounterLevels(chunk));
            if (rows.size() > 0)
                levels[rows.cellBits.front()].add(rows);
            return {};
        }));
    if (levels.empty() && points > 0) {
        auto &facts = levels[0];
        FW_TRY(
            reader.scan(out.id, ChunkKind::Counters, {}, job, [&](const Chunk &chunk) -> Result<> {
                FW_TRY(job.checkpoint());
                if (facts.rows() > kMostWithoutLevels)
                    return fail(Errc::Limit,
                                "this capture has too many counter values and no levels of detail: "
                                "import its file again to get them");
                FW_ASSIGN(const auto rows, decodeCounters(chunk));
                facts.add(rows);
                return {};
            }));
    }
    out.counters = finished<CounterLevel>(levels);
    return {};
}

Result<> loadSamples(SessionReader &reader, TraceCapture &out, JobContext &job)
{
    SampleTimes::Builder times;
    FW_TRY(reader.scan(out.id, ChunkKind::Samples, {}, job, [&](const Chunk &chunk) -> Result<> {
        FW_TRY(job.checkpoint());
        FW_ASSIGN(const auto rows, decodeSamples(chunk));
        times.add(rows);
        return {};
    }));
    out.samples = std::make_shared<const SampleTimes>(std::move(times).finish());
    return {};
}

void append(FlowColumns &to, const FlowColumns &from, std::size_t i)
{
    to.begin.push_back(from.begin[i]);
    to.length.push_back(from.length[i]);
    to.from.push_back(from.from[i]);
    to.to.push_back(from.to[i]);
    to.name.push_back(from.name[i]);
    to.fromSpan.push_back(from.fromSpan[i]);
    to.toSpan.push_back(from.toSpan[i]);
    to.backward.push_back(from.backward[i]);
}

Result<> loadFlows(SessionReader &reader, TraceCapture &out, JobContext &job)
{
    std::vector<FlowColumns> blocks;
    struct At {
        std::int64_t begin;
        std::uint32_t block, row;
    };
    std::vector<At> order;
    FW_TRY(reader.scan(out.id, ChunkKind::Flows, {}, job, [&](const Chunk &chunk) -> Result<> {
        FW_TRY(job.checkpoint());
        if (order.size() > kMostWithoutLevels) { // arrows that nobody can tell apart
            out.flowsLeft += chunk.rows;
            return {};
        }
        FW_ASSIGN(auto rows, decodeFlows(chunk));
        for (std::uint32_t i = 0; i < rows.size(); ++i)
            order.push_back({ns(rows.begin[i]), static_cast<std::uint32_t>(blocks.size()), i});
        blocks.push_back(std::move(rows));
        return {};
    }));
    std::stable_sort(order.begin(), order.end(),
                     [](const At &a, const At &b) { return a.begin < b.begin; });
    auto flows = std::make_shared<FlowColumns>();
    for (const auto &at : order)
        append(*flows, blocks[at.block], at.row);
    out.flows = std::move(flows);
    return {};
}

std::string argsOf(SessionReader &reader, CaptureId capture, TextId id, JobContext &job)
{
    if (id.raw == 0)
        return {};
    const auto found =
        reader.sql("select text from text where capture=" + std::to_string(capture.raw) +
                       " and id=" + std::to_string(id.raw),
                   1, job);
    if (!found.has_value() || found->rows.empty())
        return {};
    const auto *text = std::get_if<std::string>(&found->rows.front().front());
    return text ? *text : std::string();
}

// What the rows of one slice's neighbourhood say about it.
class DetailSearch {
public:
    DetailSearch(const SlicePlace &place, const StringTable &strings)
        : m_place(place),
          m_strings(strings)
    {}
    // The slice itself, and what it is in: rows at the moment it begins.
    void find(const SliceColumns &rows);
    void findParent(const SliceColumns &rows);
    void addChildren(const SliceColumns &rows);
    bool found() const { return m_found; }
    TextId args() const { return m_args; }
    SliceDetails finish();

private:
    SlicePlace placeOf(const SliceColumns &rows, std::size_t i) const
    {
        return {m_place.capture,        rows.track[i],
                rows.depth[i],          ns(rows.begin[i]),
                rows.length[i].count(), std::string(m_strings.text(rows.name[i]))};
    }

    const SlicePlace &m_place;
    const StringTable &m_strings;
    bool m_found = false;
    TextId m_args;
    StringId m_trace;
    SliceDetails m_out;
    std::vector<std::pair<std::int64_t, std::int64_t>> m_covered;
};

void DetailSearch::find(const SliceColumns &rows)
{
    for (std::size_t i = 0; i < rows.size() && !m_found; ++i) {
        if (ns(rows.begin[i]) != m_place.begin || rows.length[i].count() != m_place.length ||
            rows.track[i] != m_place.track || rows.depth[i] != m_place.depth ||
            m_strings.text(rows.name[i]) != m_place.name)
            continue;
        m_found = true;
        m_out.place = m_place;
        m_out.kind = rows.kind[i];
        m_out.flags = rows.flags[i];
        m_out.trace = std::string(m_strings.text(rows.trace[i]));
        m_trace = rows.trace[i];
        m_out.span = rows.span[i];
        m_out.parent = rows.parent[i];
        m_args = rows.args[i];
    }
}

void DetailSearch::findParent(const SliceColumns &rows)
{
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool nests = m_out.kind == SliceKind::Slice && rows.kind[i] == SliceKind::Slice &&
                           rows.track[i] == m_place.track && rows.depth[i] + 1 == m_place.depth &&
                           ns(rows.begin[i]) <= m_place.begin &&
                           saturatingAdd(ns(rows.begin[i]), rows.length[i].count()) >=
                               saturatingAdd(m_place.begin, m_place.length);
        const bool calls = m_out.parent != 0 && isSpan(rows.kind[i]) &&
                           rows.span[i] == m_out.parent && rows.trace[i] == m_trace;
        if (nests || calls)
            m_out.within = placeOf(rows, i);
    }
}

void DetailSearch::addChildren(const SliceColumns &rows)
{
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto begin = ns(rows.begin[i]);
        const bool nests = m_out.kind == SliceKind::Slice && rows.kind[i] == SliceKind::Slice &&
                           rows.track[i] == m_place.track && rows.depth[i] == m_place.depth + 1 &&
                           begin >= m_place.begin &&
                           begin < saturatingAdd(m_place.begin, m_place.length);
        const bool calls = isSpan(m_out.kind) && isSpan(rows.kind[i]) && m_out.span != 0 &&
                           rows.parent[i] == m_out.span && rows.trace[i] == m_trace;
        if (!nests && !calls)
            continue;
        ++m_out.children;
        m_covered.emplace_back(begin, saturatingAdd(begin, rows.length[i].count()));
    }
}

SliceDetails DetailSearch::finish()
{
    if (m_out.kind == SliceKind::Slice || isSpan(m_out.kind)) {
        auto self = m_place.length;
        const auto stop = saturatingAdd(m_place.begin, m_place.length);
        auto upTo = m_place.begin;
        std::sort(m_covered.begin(), m_covered.end());
        for (const auto &[begin, end] : m_covered) {
            const auto from = std::max(begin, upTo), to = std::min(end, stop);
            if (from >= to)
                continue;
            self -= to - from;
            upTo = to;
        }
        m_out.self = self;
    }
    return std::move(m_out);
}

} // namespace

bool hasTracks(const CaptureInfo &capture)
{
    return capture.slices > 0 || capture.counters > 0;
}

Result<std::shared_ptr<const TraceSet>>
loadTraces(SessionReader &reader, std::span<const CaptureId> captures, JobContext &job)
{
    FW_ASSIGN(const auto infos, reader.captures());
    std::vector<TraceCapture> out;
    for (const auto &info : infos) {
        const bool asked = captures.empty() ||
                           std::find(captures.begin(), captures.end(), info.id) != captures.end();
        if (!asked || !hasTracks(info))
            continue;
        TraceCapture capture;
        capture.id = info.id;
        capture.name = info.desc.name;
        capture.wallOffset = info.meta.wallOffsetNs;
        capture.sliceCount = info.slices;
        if (info.span) {
            capture.begin = ns(info.span->begin);
            capture.end = ns(info.span->end);
        }
        FW_ASSIGN(capture.dimensions, loadDimensions(reader, info.id, job));
        FW_TRY(loadSlices(reader, capture, job));
        FW_TRY(loadCounters(reader, capture, info.counters, job));
        FW_TRY(loadFlows(reader, capture, job));
        if (info.samples > 0)
            FW_TRY(loadSamples(reader, capture, job));
        out.push_back(std::move(capture));
    }
    return std::make_shared<const TraceSet>(assembleTraces(std::move(out)));
}

Result<std::shared_ptr<const DetailRows>> loadDetail(SessionReader &reader, CaptureId capture,
                                                     std::int64_t begin, std::int64_t end,
                                                     std::size_t mostRows, JobContext &job)
{
    auto out = std::make_shared<DetailRows>();
    out->begin = begin;
    out->end = end;
    SliceLanes::Builder slices;
    CounterLanes::Builder counters;
    const auto range = rangeOf(begin, end);
    FW_TRY(reader.scan(capture, ChunkKind::Slices, range, job, [&](const Chunk &chunk) -> Result<> {
        FW_TRY(job.checkpoint());
        if (out->tooMany)
            return {};
        FW_ASSIGN(const auto rows, decodeSlices(chunk));
        slices.add(rows, begin, end); // chunks hold more than is asked for
        out->tooMany = slices.rows() > mostRows;
        return {};
    }));
    FW_TRY(
        reader.scan(capture, ChunkKind::Counters, range, job, [&](const Chunk &chunk) -> Result<> {
            FW_TRY(job.checkpoint());
            if (out->tooMany)
                return {};
            FW_ASSIGN(const auto rows, decodeCounters(chunk));
            counters.add(rows); // values hold on until the next: those before count too
            out->tooMany = slices.rows() + counters.rows() > mostRows;
            return {};
        }));
    if (!out->tooMany) {
        out->slices = std::move(slices).finish();
        out->counters = std::move(counters).finish();
    }
    return std::shared_ptr<const DetailRows>(std::move(out));
}

Result<SliceStats> areaStats(SessionReader &reader, const TraceSet &set, const TraceArea &area,
                             JobContext &job)
{
    SliceArea slices;
    for (const auto &capture : set.captures) {
        std::vector<std::uint8_t> chosen;
        if (!area.tracks.empty()) {
            chosen.resize(capture.dimensions->tracks.size() + 1, 0);
            bool any = false;
            for (const auto &ref : area.tracks) {
                if (ref.capture != capture.id || ref.track.raw >= chosen.size())
                    continue;
                chosen[ref.track.raw] = 1;
                any = true;
            }
            if (!any)
                continue;
        }
        slices.beginCapture(capture.dimensions->strings, capture.offset);
        const auto range = rangeOf(capture.onClock(area.begin), capture.onClock(area.end));
        FW_TRY(reader.scan(
            capture.id, ChunkKind::Slices, range, job, [&](const Chunk &chunk) -> Result<> {
                FW_TRY(job.checkpoint());
                FW_ASSIGN(const auto rows, decodeSlices(chunk));
                slices.add(rows, area.begin, area.end, chosen);
                if (slices.size() > kMostAreaRows)
                    return fail(Errc::Limit,
                                "more than 24 million slices cannot be counted together: choose a "
                                "shorter time or fewer tracks");
                return {};
            }));
    }
    FW_TRY(job.checkpoint());
    return sliceStats(slices, area.begin, area.end);
}

Result<std::optional<SliceDetails>> sliceDetails(SessionReader &reader, const TraceSet &set,
                                                 const SlicePlace &place, JobContext &job)
{
    const auto *capture = set.find(place.capture);
    if (!capture)
        return std::nullopt;
    DetailSearch search(place, capture->dimensions->strings);
    const auto each = [&](std::int64_t begin, std::int64_t end, auto visit) {
        return reader.scan(place.capture, ChunkKind::Slices, rangeOf(begin, end), job,
                           [&](const Chunk &chunk) -> Result<> {
                               FW_TRY(job.checkpoint());
                               FW_ASSIGN(const auto rows, decodeSlices(chunk));
                               visit(rows);
                               return {};
                           });
    };
    const auto next = saturatingAdd(place.begin, 1);
    FW_TRY(each(place.begin, next, [&](const SliceColumns &rows) { search.find(rows); }));
    if (!search.found())
        return std::nullopt;
    FW_TRY(each(place.begin, next, [&](const SliceColumns &rows) { search.findParent(rows); }));
    FW_TRY(each(place.begin, std::max(next, saturatingAdd(place.begin, place.length)),
                [&](const SliceColumns &rows) { search.addChildren(rows); }));
    auto out = search.finish();
    out.args = argsOf(reader, place.capture, search.args(), job);
    return out;
}

Result<SliceMatches> findSlices(SessionReader &reader, const TraceSet &set,
                                std::string_view pattern, JobContext &job)
{
    SliceMatches out;
    for (std::uint32_t c = 0; c < set.captures.size(); ++c) {
        const auto &capture = set.captures[c];
        const auto &strings = capture.dimensions->strings;
        std::vector<std::string> names;
        names.reserve(strings.size());
        for (std::uint32_t i = 0; i < strings.size(); ++i)
            names.emplace_back(strings.text(StringId{i}));
        FW_ASSIGN(auto matched, matchNames(names, pattern));
        out.names.push_back(std::move(matched));
        const auto &wanted = out.names.back();
        FW_TRY(reader.scan(
            capture.id, ChunkKind::Slices, {}, job, [&](const Chunk &chunk) -> Result<> {
                FW_TRY(job.checkpoint());
                FW_ASSIGN(const auto rows, decodeSlices(chunk));
                for (std::size_t i = 0; i < rows.size(); ++i) {
                    if (rows.name[i].raw >= wanted.size() || !wanted[rows.name[i].raw])
                        continue;
                    ++out.count;
                    if (out.matches.size() < SliceMatches::kMost)
                        out.matches.push_back({c, rows.track[i], rows.depth[i], rows.name[i],
                                               capture.onAxis(ns(rows.begin[i])),
                                               rows.length[i].count()});
                }
                return {};
            }));
    }
    std::stable_sort(out.matches.begin(), out.matches.end(),
                     [](const auto &a, const auto &b) { return a.begin < b.begin; });
    return out;
}

} // namespace flamewright
