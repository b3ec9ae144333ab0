#include "capture/session/record_sink.h"

#include "capture/session/chunk_codec.h"

#define XXH_INLINE_ALL
#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <tuple>
#include <xxhash.h>

namespace flamewright {
namespace {

// The bytes a frame or stack costs here and, roughly, in the store that follows.
constexpr std::uint64_t kFrameBytes = 64;
constexpr std::uint64_t kStackBytes = 28;
constexpr std::uint64_t kStringOverhead = 24;
constexpr std::uint64_t kTrackBytes = 160;
constexpr std::size_t kMaxBuildIdBytes = 128;

void appendRow(FrameColumns &columns, const FrameDesc &desc, StringId function, StringId file)
{
    columns.function.push_back(function);
    columns.file.push_back(file);
    columns.module.push_back(desc.module);
    columns.line.push_back(desc.line);
    columns.kind.push_back(desc.kind);
    columns.source.push_back(desc.source);
    columns.flags.push_back(static_cast<std::uint8_t>(
        (desc.inlined ? kFrameInlined : 0) | (desc.returnAddress ? kFrameReturnAddress : 0)));
    columns.address.push_back(desc.address);
    columns.outer.push_back(desc.outer);
}

template <class T>
std::vector<T> sliceOf(const std::vector<T> &all, std::size_t from, std::size_t count)
{
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(from);
    return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

FrameColumns sliceOf(const FrameColumns &all, std::size_t from, std::size_t n)
{
    return {
        sliceOf(all.function, from, n), sliceOf(all.file, from, n),    sliceOf(all.module, from, n),
        sliceOf(all.line, from, n),     sliceOf(all.kind, from, n),    sliceOf(all.source, from, n),
        sliceOf(all.flags, from, n),    sliceOf(all.address, from, n), sliceOf(all.outer, from, n)};
}

template <class T>
void permute(std::vector<T> &values, const std::vector<std::uint32_t> &order)
{
    std::vector<T> out(values.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        out[i] = values[order[i]];
    values = std::move(out);
}

// Sorts all columns by the first, keeping the order of equal times.
template <class... Columns>
void sortByTime(std::vector<Timestamp> &times, Columns &...columns)
{
    if (std::is_sorted(times.begin(), times.end()))
        return;
    std::vector<std::uint32_t> order(times.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(),
                     [&](auto a, auto b) { return times[a] < times[b]; });
    permute(times, order);
    (permute(columns, order), ...);
}

void sortByTime(SampleColumns &c)
{
    sortByTime(c.time, c.track, c.cpu, c.stack, c.measure, c.labels, c.value, c.count);
}
void sortByTime(SliceColumns &c)
{
    sortByTime(c.begin, c.length, c.track, c.name, c.depth);
}
void sortByTime(CounterColumns &c)
{
    sortByTime(c.time, c.track, c.value);
}
// Sorted already: columnsOf() did it.
void sortByTime(RequestColumns &) {}

// In order of time, equal times in the order they came.
RequestColumns columnsOf(const std::vector<Request> &rows)
{
    std::vector<std::uint32_t> order(rows.size());
    std::iota(order.begin(), order.end(), 0u);
    const auto before = [&](auto a, auto b) { return rows[a].begin < rows[b].begin; };
    if (!std::is_sorted(order.begin(), order.end(), before))
        std::stable_sort(order.begin(), order.end(), before);
    RequestColumns out;
    const auto fill = [&](auto &column, auto value) {
        column.resize(rows.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            column[i] = value(rows[order[i]]);
    };
    fill(out.begin, [](const Request &r) { return r.begin; });
    fill(out.latency, [](const Request &r) { return r.latency; });
    fill(out.endpoint, [](const Request &r) { return r.endpoint; });
    fill(out.status, [](const Request &r) { return r.status; });
    fill(out.ok, [](const Request &r) { return static_cast<std::uint8_t>(r.ok ? 1 : 0); });
    fill(out.bytesIn, [](const Request &r) { return r.bytesIn; });
    fill(out.bytesOut, [](const Request &r) { return r.bytesOut; });
    fill(out.worker, [](const Request &r) { return r.worker; });
    fill(out.phase, [](const Request &r) { return r.phase; });
    fill(out.statusText, [](const Request &r) { return r.statusText; });
    fill(out.error, [](const Request &r) { return r.error; });
    fill(out.kind, [](const Request &r) { return r.kind; });
    fill(out.connect, [](const Request &r) { return r.connect; });
    fill(out.firstByte, [](const Request &r) { return r.firstByte; });
    fill(out.labels, [](const Request &r) { return r.labels; });
    return out;
}

void sortByTime(SummaryColumns &c)
{
    sortByTime(c.begin, c.length, c.endpoint, c.metric, c.subset, c.figure, c.unit, c.position,
               c.value, c.method);
}
void sortByTime(BenchmarkColumns &c)
{
    sortByTime(c.time, c.name, c.metric, c.unit, c.run, c.repetition, c.iterations, c.value, c.ok,
               c.statistic, c.method, c.labels);
}

SinkLimits bounded(SinkLimits limits)
{
    limits.rowsPerChunk = std::clamp(limits.rowsPerChunk, 1u, kRowsPerChunk);
    // A page of strings must be able to hold the longest.
    limits.maxStringBytes =
        std::min(limits.maxStringBytes, static_cast<std::uint32_t>(kMaxChunkBytes / 4));
    return limits;
}

} // namespace

RecordSink::RecordSink(ChunkStore &store, SinkLimits limits)
    : m_store(store),
      m_limits(bounded(limits))
{
    appendRow(m_frames, {.function = {}}, {}, {});
    m_stacks.caller.push_back({});
    m_stacks.frame.push_back({});
}

void RecordSink::fail(Errc code, const char *message)
{
    if (m_status.has_value())
        m_status = flamewright::fail(code, message);
}

bool RecordSink::spend(std::uint64_t bytes)
{
    m_dimensionBytes += bytes;
    if (m_dimensionBytes <= m_limits.maxDimensionBytes)
        return true;
    fail(Errc::Limit, "the input has more distinct names and stacks than fit into memory");
    return false;
}

StringId RecordSink::string(std::string_view utf8)
{
    if (utf8.empty() || !m_status.has_value())
        return {};
    if (utf8.size() > m_limits.maxStringBytes) {
        auto cut = m_limits.maxStringBytes;
        while (cut > 0 && (static_cast<unsigned char>(utf8[cut]) & 0xc0) == 0x80)
            --cut; // not inside a UTF-8 sequence
        note(Severity::DataLoss, "text_cut", 0,
             "a text of " + std::to_string(utf8.size()) + " bytes was cut");
        utf8 = utf8.substr(0, cut == 0 ? m_limits.maxStringBytes : cut);
    }
    const auto fresh = static_cast<std::uint32_t>(m_textEnd.size());
    const auto id = m_stringIndex.findOrAdd(XXH3_64bits(utf8.data(), utf8.size()), fresh,
                                            [&](auto other) { return isString(other, utf8); });
    if (id == fresh) {
        m_text.append(utf8);
        m_textEnd.push_back(m_text.size());
        spend(utf8.size() + kStringOverhead);
    }
    return StringId{id};
}

bool RecordSink::isString(std::uint32_t id, std::string_view text) const
{
    const auto begin = m_textEnd[id - 1];
    return m_textEnd[id] - begin == text.size() &&
           std::string_view(m_text).substr(begin, text.size()) == text;
}

StringId RecordSink::findString(std::string_view utf8) const
{
    return StringId{m_stringIndex.find(XXH3_64bits(utf8.data(), utf8.size()),
                                       [&](auto other) { return isString(other, utf8); })};
}

ModuleId RecordSink::module(const ModuleDesc &desc)
{
    if (!m_status.has_value())
        return {};
    const auto fresh = ModuleId{static_cast<std::uint32_t>(m_meta.modules.size() + 1)};
    const auto [it, added] = m_moduleIndex.try_emplace(
        {std::string(desc.name), std::string(desc.buildId), desc.pid, desc.base}, fresh);
    if (added) {
        m_meta.modules.push_back({std::string(desc.name.substr(0, m_limits.maxStringBytes)),
                                  std::string(desc.buildId.substr(0, kMaxBuildIdBytes)), desc.kind,
                                  desc.pid, desc.base});
        m_metaChanged = true;
        spend(2 * (desc.name.size() + desc.buildId.size()) + 128); // here and in the index
    }
    return it->second;
}

FrameId RecordSink::frame(const FrameDesc &desc)
{
    assert(desc.inlined == (desc.outer.raw != 0));
    const auto function = string(desc.function);
    const auto file = string(desc.file);
    if (!m_status.has_value())
        return {};
    const auto flags = static_cast<std::uint8_t>((desc.inlined ? kFrameInlined : 0) |
                                                 (desc.returnAddress ? kFrameReturnAddress : 0));
    auto hash = hashMix(desc.address, std::uint64_t{function.raw} << 32 | file.raw);
    hash = hashMix(hash, std::uint64_t{desc.module.raw} << 32 | desc.line);
    hash = hashMix(hash, std::uint64_t{desc.outer.raw} << 32 | std::uint64_t{flags} << 16 |
                             std::uint64_t{static_cast<std::uint8_t>(desc.kind)} << 8 |
                             static_cast<std::uint8_t>(desc.source));
    const auto fresh = static_cast<std::uint32_t>(m_frames.size());
    const auto id = m_frameIndex.findOrAdd(hash, fresh, [&](auto i) {
        return m_frames.function[i] == function && m_frames.address[i] == desc.address &&
               m_frames.module[i] == desc.module && m_frames.line[i] == desc.line &&
               m_frames.file[i] == file && m_frames.outer[i] == desc.outer &&
               m_frames.flags[i] == flags && m_frames.kind[i] == desc.kind &&
               m_frames.source[i] == desc.source;
    });
    if (id == fresh) {
        appendRow(m_frames, desc, function, file);
        spend(kFrameBytes);
    }
    return FrameId{id};
}

StackId RecordSink::stack(StackId caller, FrameId callee)
{
    if (!m_status.has_value())
        return {};
    assert(caller.raw < m_stacks.size());
    // This is the inner loop of every import: depths are only looked at when one may be too large.
    if (m_deepest >= m_limits.maxStackDepth && m_stackDepth[caller.raw] >= m_limits.maxStackDepth) {
        note(Severity::DataLoss, "stack_too_deep", 0, "frames beyond the depth limit were dropped");
        return caller;
    }
    const auto fresh = static_cast<std::uint32_t>(m_stacks.size());
    const auto key = std::uint64_t{caller.raw} << 32 | callee.raw;
    const auto id = m_stackIndex.findOrAddKey(bijectiveMix(key), fresh);
    if (id == fresh) {
        const auto depth = m_stackDepth[caller.raw] + 1;
        m_deepest = std::max(m_deepest, depth);
        m_stacks.caller.push_back(caller);
        m_stacks.frame.push_back(callee);
        m_stackDepth.push_back(depth);
        spend(kStackBytes);
    }
    return StackId{id};
}

TrackId RecordSink::track(const TrackDesc &desc)
{
    if (!m_status.has_value())
        return {};
    assert(desc.parent.raw <= m_meta.tracks.size());
    const bool byName = desc.pid < 0 && desc.tid < 0;
    const auto fresh = TrackId{static_cast<std::uint32_t>(m_meta.tracks.size() + 1)};
    const auto [it, added] =
        m_trackIndex.try_emplace({desc.kind, desc.pid, desc.tid, desc.parent.raw,
                                  byName ? std::string(desc.name) : std::string()},
                                 fresh);
    if (added) {
        if (m_meta.tracks.size() >= m_limits.maxTracks)
            fail(Errc::Limit, "the input has more threads than this program can hold");
        m_meta.tracks.push_back({desc.kind,
                                 std::string(desc.name.substr(0, m_limits.maxStringBytes)),
                                 desc.pid, desc.tid, desc.parent});
        m_metaChanged = true;
        spend((byName ? 2 : 1) * desc.name.size() + kTrackBytes);
    }
    return it->second;
}

void RecordSink::renameTrack(TrackId track, std::string_view name)
{
    if (track.raw == 0 || track.raw > m_meta.tracks.size())
        return;
    auto &row = m_meta.tracks[track.raw - 1];
    name = name.substr(0, m_limits.maxStringBytes);
    if (row.name != name) {
        if (name.size() > row.name.size())
            spend(name.size() - row.name.size());
        row.name = name;
        m_metaChanged = true;
    }
}

MeasureId RecordSink::measure(const MeasureDesc &desc)
{
    if (!m_status.has_value())
        return {};
    const auto fresh = MeasureId{static_cast<std::uint32_t>(m_meta.measures.size() + 1)};
    const auto [it, added] = m_measureIndex.try_emplace({std::string(desc.name), desc.unit}, fresh);
    if (added) {
        m_meta.measures.push_back(
            {std::string(desc.name.substr(0, m_limits.maxStringBytes)), desc.unit, 0, 0, 0});
        m_metaChanged = true;
        spend(desc.name.size() + 128);
    }
    return it->second;
}

void RecordSink::setBuildId(ModuleId module, std::string_view buildId)
{
    if (module.raw == 0 || module.raw > m_meta.modules.size())
        return;
    m_meta.modules[module.raw - 1].buildId = buildId.substr(0, m_limits.maxStringBytes);
    m_metaChanged = true;
}

void RecordSink::setMeasure(MeasureId measure, const MeasureDesc &desc)
{
    if (measure.raw == 0 || measure.raw > m_meta.measures.size())
        return;
    auto &row = m_meta.measures[measure.raw - 1];
    row.name = desc.name.substr(0, m_limits.maxStringBytes);
    row.unit = desc.unit;
    m_metaChanged = true;
}

void RecordSink::add(const Sample &sample)
{
    if (!m_status.has_value())
        return;
    assert(sample.stack.raw < m_stacks.size() && sample.track.raw <= m_meta.tracks.size());
    assert(sample.measure.raw >= 1 && sample.measure.raw <= m_meta.measures.size());
    if (sample.cpu < -1)
        note(Severity::Notice, "impossible_cpu", 0, "samples on a CPU whose number cannot be");
    m_samples.time.push_back(sample.time);
    m_samples.track.push_back(sample.track);
    m_samples.cpu.push_back(std::max(sample.cpu, -1));
    m_samples.stack.push_back(sample.stack);
    m_samples.measure.push_back(sample.measure);
    m_samples.labels.push_back(sample.labels);
    m_samples.value.push_back(sample.value);
    m_samples.count.push_back(sample.count);
    ++m_samplesAdded;
    auto &measure = m_meta.measures[sample.measure.raw - 1];
    ++measure.rows;
    measure.total = saturatingAdd(measure.total, sample.value);
    measure.samples = saturatingAdd(measure.samples, sample.count);
    if (m_samples.size() >= m_limits.rowsPerChunk)
        seal(m_samples);
}

void RecordSink::add(const Slice &slice)
{
    if (!m_status.has_value())
        return;
    assert(slice.track.raw <= m_meta.tracks.size() && slice.name.raw < m_textEnd.size());
    if (slice.length < Duration{0})
        note(Severity::Notice, "negative_length", 0, "a slice ended before it began");
    m_slices.begin.push_back(slice.begin);
    m_slices.length.push_back(std::max(slice.length, Duration{0}));
    m_slices.track.push_back(slice.track);
    m_slices.name.push_back(slice.name);
    m_slices.depth.push_back(slice.depth);
    if (m_slices.size() >= m_limits.rowsPerChunk)
        seal(m_slices);
}

void RecordSink::add(const CounterPoint &point)
{
    if (!m_status.has_value())
        return;
    assert(point.track.raw <= m_meta.tracks.size());
    m_counters.time.push_back(point.time);
    m_counters.track.push_back(point.track);
    m_counters.value.push_back(point.value);
    if (m_counters.size() >= m_limits.rowsPerChunk)
        seal(m_counters);
}

void RecordSink::add(const Request &request)
{
    if (!m_status.has_value())
        return;
    assert(request.endpoint.raw <= m_meta.tracks.size());
    assert(request.worker.raw <= m_meta.tracks.size());
    assert(request.error.raw < m_textEnd.size() && request.labels.raw < m_textEnd.size());
    assert(request.phase.raw < m_textEnd.size() && request.statusText.raw < m_textEnd.size());
    if (request.latency < Duration{0})
        note(Severity::Notice, "negative_latency", 0, "a response came before its request");
    auto &row = m_requests.emplace_back(request);
    row.latency = std::max(row.latency, Duration{0});
    row.connect = std::max(row.connect, kUnknownDuration);
    row.firstByte = std::max(row.firstByte, kUnknownDuration);
    ++m_requestsAdded;
    if (m_requests.size() >= m_limits.rowsPerChunk)
        sealRequests();
}

void RecordSink::add(const Summary &summary)
{
    if (!m_status.has_value())
        return;
    assert(summary.endpoint.raw <= m_meta.tracks.size());
    assert(summary.metric.raw < m_textEnd.size() && summary.subset.raw < m_textEnd.size());
    assert(summary.method.raw < m_textEnd.size());
    if (summary.length < Duration{0})
        note(Severity::Notice, "negative_length", 0,
             "a summary of a time that ended before it began");
    m_summaries.begin.push_back(summary.begin);
    m_summaries.length.push_back(std::max(summary.length, Duration{0}));
    m_summaries.endpoint.push_back(summary.endpoint);
    m_summaries.metric.push_back(summary.metric);
    m_summaries.subset.push_back(summary.subset);
    m_summaries.figure.push_back(summary.figure);
    m_summaries.unit.push_back(summary.unit);
    m_summaries.position.push_back(summary.position);
    m_summaries.value.push_back(summary.value);
    m_summaries.method.push_back(summary.method);
    if (m_summaries.size() >= m_limits.rowsPerChunk)
        seal(m_summaries);
}

void RecordSink::add(const BenchmarkValue &value)
{
    if (!m_status.has_value())
        return;
    for ([[maybe_unused]] const auto id :
         {value.name, value.metric, value.unit, value.statistic, value.method, value.labels})
        assert(id.raw < m_textEnd.size());
    if (!std::isfinite(value.value)) {
        note(Severity::Notice, "benchmark_no_number", 0,
             "the value of a benchmark is not a number or infinite, and was left out");
        return;
    }
    m_benchmarks.time.push_back(value.time);
    m_benchmarks.name.push_back(value.name);
    m_benchmarks.metric.push_back(value.metric);
    m_benchmarks.unit.push_back(value.unit);
    m_benchmarks.run.push_back(value.run);
    m_benchmarks.repetition.push_back(value.repetition);
    m_benchmarks.iterations.push_back(value.iterations);
    m_benchmarks.value.push_back(value.value);
    m_benchmarks.ok.push_back(value.ok ? 1 : 0);
    m_benchmarks.statistic.push_back(value.statistic);
    m_benchmarks.method.push_back(value.method);
    m_benchmarks.labels.push_back(value.labels);
    ++m_benchmarkValuesAdded;
    if (m_benchmarks.size() >= m_limits.rowsPerChunk)
        seal(m_benchmarks);
}

void RecordSink::note(Severity severity, std::string_view code, std::uint64_t inputOffset,
                      std::string_view detail, std::uint64_t times)
{
    if (times == 0)
        return;
    m_metaChanged = true;
    for (auto &note : m_meta.notes) {
        if (note.code == code) {
            note.count += times;
            note.severity = std::max(note.severity, severity);
            return;
        }
    }
    if (m_meta.notes.size() < m_limits.maxNoteCodes)
        m_meta.notes.push_back(
            {severity, std::string(code), times, inputOffset, std::string(detail.substr(0, 1024))});
}

void RecordSink::provenance(std::string_view key, std::string_view value)
{
    if (value.empty())
        return;
    value = value.substr(0, m_limits.maxStringBytes);
    m_metaChanged = true;
    for (auto &[k, v] : m_meta.provenance) {
        if (k == key) {
            v = value;
            return;
        }
    }
    if (m_meta.provenance.size() < m_limits.maxNoteCodes)
        m_meta.provenance.emplace_back(key, value);
}

bool RecordSink::lostData() const
{
    return std::any_of(m_meta.notes.begin(), m_meta.notes.end(),
                       [](const ImportNote &n) { return n.severity >= Severity::DataLoss; });
}

void RecordSink::put(const Chunk &chunk)
{
    if (!m_status.has_value())
        return;
    if (auto written = m_store.putChunk(chunk); !written.has_value())
        m_status = std::move(written);
}

void RecordSink::sealDimensions()
{
    // First, because frames refer to modules.
    if (m_metaChanged && m_status.has_value()) {
        if (auto written = m_store.putMeta(m_meta); !written.has_value())
            m_status = std::move(written);
        m_metaChanged = false;
    }
    // A page ends at the row limit or, for long strings, well below the byte limit.
    while (m_stringsSealed < m_textEnd.size() && m_status.has_value()) {
        StringColumns page;
        const auto textBegin = m_textEnd[m_stringsSealed - 1];
        auto row = m_stringsSealed;
        while (row < m_textEnd.size() && page.size() < kRowsPerChunk &&
               m_textEnd[row] - textBegin <= kMaxChunkBytes / 2) {
            page.end.push_back(static_cast<std::uint32_t>(m_textEnd[row] - textBegin));
            ++row;
        }
        page.text = m_text.substr(textBegin, page.end.back());
        put(encodeChunk(page, m_stringsSealed));
        m_stringsSealed = row;
    }
    while (m_framesSealed < m_frames.size() && m_status.has_value()) {
        const auto n = std::min<std::size_t>(kRowsPerChunk, m_frames.size() - m_framesSealed);
        put(encodeChunk(sliceOf(m_frames, m_framesSealed, n), m_framesSealed));
        m_framesSealed += n;
    }
    while (m_stacksSealed < m_stacks.size() && m_status.has_value()) {
        const auto n = std::min<std::size_t>(kRowsPerChunk, m_stacks.size() - m_stacksSealed);
        put(encodeChunk(StackColumns{sliceOf(m_stacks.caller, m_stacksSealed, n),
                                     sliceOf(m_stacks.frame, m_stacksSealed, n)},
                        m_stacksSealed));
        m_stacksSealed += n;
    }
}

template <class Columns>
void RecordSink::seal(Columns &columns)
{
    sealDimensions();
    if (columns.size() == 0 || !m_status.has_value())
        return;
    sortByTime(columns);
    put(encodeChunk(columns));
    m_metaChanged = true; // totals of the measures
    columns = {};
}

void RecordSink::sealRequests()
{
    auto columns = columnsOf(m_requests);
    m_requests.clear(); // its room stays
    seal(columns);
}

Result<> RecordSink::finish()
{
    seal(m_samples);
    seal(m_slices);
    seal(m_counters);
    sealRequests();
    seal(m_summaries);
    seal(m_benchmarks);
    sealDimensions();
    return m_status;
}

} // namespace flamewright
