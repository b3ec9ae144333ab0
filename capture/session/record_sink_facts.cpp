#include "capture/session/chunk_codec.h"
#include "capture/session/record_sink.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

// Facts: taken, sorted, sealed after everything they refer to.
namespace flamewright {
namespace {

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

// Sorts all columns by the first, which are times, keeping the order of equal times.
template <class Columns>
void sortByTime(Columns &columns)
{
    Columns::visit(columns, [](std::vector<Timestamp> &times, auto &...others) {
        if (std::is_sorted(times.begin(), times.end()))
            return;
        std::vector<std::uint32_t> order(times.size());
        std::iota(order.begin(), order.end(), 0u);
        std::stable_sort(order.begin(), order.end(),
                         [&](auto a, auto b) { return times[a] < times[b]; });
        permute(times, order);
        (permute(others, order), ...);
    });
}

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

} // namespace

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
    assert(slice.trace.raw < m_textEnd.size() && slice.args.raw < m_textsSealed + m_texts.size());
    if (slice.length < Duration{0})
        note(Severity::Notice, "negative_length", 0, "a slice ended before it began");
    m_slices.begin.push_back(slice.begin);
    m_slices.length.push_back(std::max(slice.length, Duration{0}));
    m_slices.track.push_back(slice.track);
    m_slices.name.push_back(slice.name);
    m_slices.depth.push_back(slice.depth);
    m_slices.kind.push_back(slice.kind);
    m_slices.flags.push_back(slice.flags);
    m_slices.trace.push_back(slice.trace);
    m_slices.span.push_back(slice.span);
    m_slices.parent.push_back(slice.parent);
    m_slices.args.push_back(slice.args);
    ++m_slicesAdded;
    if (m_slices.size() >= m_limits.rowsPerChunk)
        sealSlices();
}

void RecordSink::add(const Flow &flow)
{
    if (!m_status.has_value())
        return;
    assert(flow.from.raw <= m_meta.tracks.size() && flow.to.raw <= m_meta.tracks.size());
    assert(flow.name.raw < m_textEnd.size());
    auto row = flow;
    if (row.length < Duration{0}) {
        const auto ns = row.begin.time_since_epoch().count();
        row.begin = Timestamp{Duration{saturatingAdd(ns, row.length.count())}};
        row.length = row.length == Duration::min() ? Duration::max() : -row.length;
        row.backward = !row.backward;
    }
    m_flows.begin.push_back(row.begin);
    m_flows.length.push_back(row.length);
    m_flows.from.push_back(row.from);
    m_flows.to.push_back(row.to);
    m_flows.name.push_back(row.name);
    m_flows.fromSpan.push_back(row.fromSpan);
    m_flows.toSpan.push_back(row.toSpan);
    m_flows.backward.push_back(row.backward ? 1 : 0);
    if (m_flows.size() >= m_limits.rowsPerChunk)
        seal(m_flows);
}

void RecordSink::add(const CounterPoint &point)
{
    if (!m_status.has_value())
        return;
    assert(point.track.raw <= m_meta.tracks.size());
    m_counters.time.push_back(point.time);
    m_counters.track.push_back(point.track);
    m_counters.value.push_back(point.value);
    ++m_countersAdded;
    if (m_counters.size() >= m_limits.rowsPerChunk)
        sealCounters();
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

void RecordSink::sealTexts()
{
    if (m_texts.size() == 0 || !m_status.has_value())
        return;
    put(encodeChunk(m_texts, m_textsSealed, ChunkKind::Texts));
    m_textsSealed += m_texts.size();
    m_texts = {};
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

void RecordSink::sealSlices()
{
    sealTexts();
    m_lanes.pack(m_slices);
    m_sliceLevels.add(m_slices);
    seal(m_slices);
}

void RecordSink::sealCounters()
{
    m_counterLevels.add(m_counters);
    seal(m_counters);
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
    sealSlices();
    sealCounters();
    seal(m_flows);
    sealRequests();
    seal(m_summaries);
    seal(m_benchmarks);
    m_sliceLevels.finish(m_limits.rowsPerChunk,
                         [&](const SliceLevelColumns &run) { put(encodeChunk(run)); });
    m_counterLevels.finish(m_limits.rowsPerChunk,
                           [&](const CounterLevelColumns &run) { put(encodeChunk(run)); });
    sealDimensions();
    return m_status;
}

} // namespace flamewright
