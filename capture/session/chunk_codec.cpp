#include "capture/session/chunk_codec.h"

#include "capture/session/level_rows.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <type_traits>

namespace flamewright {
namespace {

constexpr Timestamp kEndOfTime{Duration::max()};

template <class T, class F>
std::vector<std::int64_t> mapped(const std::vector<T> &values, F toInteger)
{
    std::vector<std::int64_t> out(values.size());
    std::transform(values.begin(), values.end(), out.begin(), toInteger);
    return out;
}

std::int64_t asInteger(Timestamp t)
{
    return t.time_since_epoch().count();
}
std::int64_t asInteger(Duration d)
{
    return d.count();
}
std::int64_t asInteger(double v)
{
    return std::bit_cast<std::int64_t>(v);
}
template <class Tag>
std::int64_t asInteger(Id<Tag> id)
{
    return id.raw;
}
template <class T>
requires std::is_integral_v<T> || std::is_enum_v<T> std::int64_t asInteger(T v)
{
    return static_cast<std::int64_t>(v);
}

// All columns, with ids in the order of `visit`.
template <class Columns>
ColumnWriter written(const Columns &columns)
{
    ColumnWriter out(static_cast<std::uint32_t>(columns.size()));
    std::uint16_t id = 0;
    Columns::visit(columns, [&](const auto &...column) {
        (out.integers(id++, mapped(column, [](const auto &v) { return asInteger(v); })), ...);
    });
    return out;
}

Chunk factsChunk(ChunkKind kind, Timestamp begin, Timestamp last, std::size_t rows,
                 const ColumnWriter &w)
{
    assert(rows > 0 && rows <= kRowsPerChunk);
    const auto end = last == kEndOfTime ? last : last + Duration{1};
    return {kind, {begin, end}, 0, static_cast<std::uint32_t>(rows), w.message()};
}

Chunk dimensionChunk(ChunkKind kind, std::uint64_t firstRow, std::size_t rows,
                     const ColumnWriter &w)
{
    assert(rows > 0 && rows <= kRowsPerChunk);
    return {kind, TimeRange{}, firstRow, static_cast<std::uint32_t>(rows), w.message()};
}

Timestamp endOf(Timestamp begin, Duration length)
{
    return Timestamp{Duration{saturatingAdd(begin.time_since_epoch().count(), length.count())}};
}

Timestamp lastEnd(const std::vector<Timestamp> &begins, const std::vector<Duration> &lengths)
{
    // What has no begin has no end.
    auto last = begins.front();
    for (std::size_t i = 0; i < begins.size(); ++i) {
        if (begins[i] != kNoTime)
            last = std::max(last, endOf(begins[i], lengths[i]));
    }
    return last;
}

Error corrupt(const char *what)
{
    return Error(Errc::Corrupt, what);
}

// Decodes columns one after the other through one work area, and remembers the first thing that
// is wrong: a column's loop does nothing but convert and compare.
class Decoder {
public:
    explicit Decoder(const ColumnReader &reader) : m_reader(reader) {}

    // Values in [low, high], each turned into a T by `make`.
    template <class T, class Make>
    void column(std::uint16_t id, std::int64_t fallback, std::int64_t low, std::int64_t high,
                std::vector<T> &out, Make make)
    {
        if (const auto *constant = m_reader.constant(id)) {
            m_outside |= *constant < low || *constant > high;
            out.assign(m_reader.rows(), make(*constant));
            return;
        }
        m_reader.integers(id, fallback, m_values);
        out.resize(m_values.size());
        bool outside = false;
        for (std::size_t i = 0; i < m_values.size(); ++i) {
            outside |= m_values[i] < low || m_values[i] > high;
            out[i] = make(m_values[i]);
        }
        m_outside |= outside;
    }
    template <class IdType>
    void ids(std::uint16_t id, std::vector<IdType> &out)
    {
        column(id, 0, 0, UINT32_MAX, out,
               [](std::int64_t v) { return IdType{static_cast<std::uint32_t>(v)}; });
    }
    template <class U>
    void unsignedBelow(std::uint16_t id, std::int64_t high, std::vector<U> &out)
    {
        column(id, 0, 0, high, out, [](std::int64_t v) { return static_cast<U>(v); });
    }
    template <class E>
    void enums(std::uint16_t id, E last, std::vector<E> &out)
    {
        unsignedBelow(id, static_cast<std::int64_t>(last), out);
    }
    // Any 64 bits.
    template <class U>
    void words(std::uint16_t id, std::int64_t fallback, std::vector<U> &out)
    {
        column(id, fallback, INT64_MIN, INT64_MAX, out,
               [](std::int64_t v) { return static_cast<U>(v); });
    }
    void times(std::uint16_t id, std::vector<Timestamp> &out)
    {
        words(id, kNoTime.time_since_epoch().count(), m_times);
        out.resize(m_times.size());
        std::transform(m_times.begin(), m_times.end(), out.begin(),
                       [](std::int64_t ns) { return Timestamp{Duration{ns}}; });
    }
    void lengths(std::uint16_t id, std::vector<Duration> &out)
    {
        column(id, 0, 0, INT64_MAX, out, [](std::int64_t ns) { return Duration{ns}; });
    }
    // Or kUnknownDuration.
    void optionalLengths(std::uint16_t id, std::vector<Duration> &out)
    {
        const auto unknown = kUnknownDuration.count();
        column(id, unknown, unknown, INT64_MAX, out, [](std::int64_t ns) { return Duration{ns}; });
    }
    // Any bit pattern.
    void reals(std::uint16_t id, std::vector<double> &out)
    {
        column(id, 0, INT64_MIN, INT64_MAX, out,
               [](std::int64_t bits) { return std::bit_cast<double>(bits); });
    }
    // No NaN and no infinity.
    void finite(std::uint16_t id, std::vector<double> &out)
    {
        reals(id, out);
        m_outside |=
            !std::all_of(out.begin(), out.end(), [](double v) { return std::isfinite(v); });
    }
    Result<> status() const
    {
        if (m_outside)
            return fail(corrupt("a chunk has a value outside its column's range"));
        return {};
    }

private:
    const ColumnReader &m_reader;
    std::vector<std::int64_t> m_values;
    std::vector<std::int64_t> m_times;
    bool m_outside = false;
};

Result<> checkTimes(const Chunk &chunk, const std::vector<Timestamp> &begins, Timestamp lastEnd)
{
    if (begins.empty() || chunk.span.begin > begins.front() || lastEnd > chunk.span.end ||
        (lastEnd == chunk.span.end && lastEnd != kEndOfTime) ||
        !std::is_sorted(begins.begin(), begins.end()))
        return fail(corrupt("a chunk's times are not sorted or outside its range"));
    return {};
}

} // namespace

Chunk encodeChunk(const SampleColumns &c)
{
    return factsChunk(ChunkKind::Samples, c.time.front(), c.time.back(), c.size(), written(c));
}

Chunk encodeChunk(const SliceColumns &c)
{
    return factsChunk(ChunkKind::Slices, c.begin.front(), lastEnd(c.begin, c.length), c.size(),
                      written(c));
}

Chunk encodeChunk(const CounterColumns &c)
{
    return factsChunk(ChunkKind::Counters, c.time.front(), c.time.back(), c.size(), written(c));
}

Chunk encodeChunk(const FlowColumns &c)
{
    return factsChunk(ChunkKind::Flows, c.begin.front(), lastEnd(c.begin, c.length), c.size(),
                      written(c));
}

Chunk encodeChunk(const SliceLevelColumns &c)
{
    return factsChunk(ChunkKind::SliceLevels, c.begin.front(), lastEnd(c.begin, c.length), c.size(),
                      written(c));
}

Chunk encodeChunk(const CounterLevelColumns &c)
{
    return factsChunk(ChunkKind::CounterLevels, c.time.front(), lastEnd(c.time, c.length), c.size(),
                      written(c));
}

Chunk encodeChunk(const RequestColumns &c)
{
    return factsChunk(ChunkKind::Requests, c.begin.front(), lastEnd(c.begin, c.latency), c.size(),
                      written(c));
}

Chunk encodeChunk(const SummaryColumns &c)
{
    return factsChunk(ChunkKind::Summaries, c.begin.front(), lastEnd(c.begin, c.length), c.size(),
                      written(c));
}

Chunk encodeChunk(const BenchmarkColumns &c)
{
    return factsChunk(ChunkKind::Benchmarks, c.time.front(), c.time.back(), c.size(), written(c));
}

Chunk encodeChunk(const FrameColumns &c, std::uint64_t firstRow)
{
    return dimensionChunk(ChunkKind::Frames, firstRow, c.size(), written(c));
}

Chunk encodeChunk(const StackColumns &c, std::uint64_t firstRow)
{
    return dimensionChunk(ChunkKind::Stacks, firstRow, c.size(), written(c));
}

Chunk encodeChunk(const StringColumns &c, std::uint64_t firstRow, ChunkKind kind)
{
    assert(kind == ChunkKind::Strings || kind == ChunkKind::Texts);
    ColumnWriter writer(static_cast<std::uint32_t>(c.size()));
    writer.integers(0, mapped(c.end, [](std::uint32_t v) { return std::int64_t{v}; }));
    writer.bytes(1, c.text);
    return dimensionChunk(kind, firstRow, c.size(), writer);
}

Result<SampleColumns> decodeSamples(const Chunk &chunk)
{
    FW_ASSIGN(const auto reader, ColumnReader::open(chunk.payload, chunk.rows));
    SampleColumns out;
    Decoder decode(reader);
    decode.times(0, out.time);
    decode.ids(1, out.track);
    decode.column(2, -1, -1, INT32_MAX, out.cpu,
                  [](std::int64_t v) { return static_cast<std::int32_t>(v); });
    decode.ids(3, out.stack);
    decode.ids(4, out.measure);
    decode.ids(5, out.labels);
    reader.integers(6, 0, out.value);
    reader.integers(7, 1, out.count);
    FW_TRY(decode.status());
    FW_TRY(checkTimes(chunk, out.time, out.time.empty() ? kEndOfTime : out.time.back()));
    return out;
}

Result<SliceColumns> decodeSlices(const Chunk &chunk)
{
    FW_ASSIGN(const auto reader, ColumnReader::open(chunk.payload, chunk.rows));
    SliceColumns out;
    Decoder decode(reader);
    decode.times(0, out.begin);
    decode.lengths(1, out.length);
    decode.ids(2, out.track);
    decode.ids(3, out.name);
    decode.unsignedBelow(4, UINT32_MAX, out.depth);
    decode.enums(5, SliceKind::SpanConsumer, out.kind);
    decode.unsignedBelow(6, kAllSliceFlags, out.flags);
    decode.ids(7, out.trace);
    decode.words(8, 0, out.span);
    decode.words(9, 0, out.parent);
    decode.ids(10, out.args);
    FW_TRY(decode.status());
    FW_TRY(checkTimes(chunk, out.begin,
                      out.size() == 0 ? kEndOfTime : lastEnd(out.begin, out.length)));
    return out;
}

Result<CounterColumns> decodeCounters(const Chunk &chunk)
{
    FW_ASSIGN(const auto reader, ColumnReader::open(chunk.payload, chunk.rows));
    CounterColumns out;
    Decoder decode(reader);
    decode.times(0, out.time);
    decode.ids(1, out.track);
    decode.reals(2, out.value);
    FW_TRY(decode.status());
    FW_TRY(checkTimes(chunk, out.time, out.time.empty() ? kEndOfTime : out.time.back()));
    return out;
}

Result<FlowColumns> decodeFlows(const Chunk &chunk)
{
    FW_ASSIGN(const auto reader, ColumnReader::open(chunk.payload, chunk.rows));
    FlowColumns out;
    Decoder decode(reader);
    decode.times(0, out.begin);
    decode.lengths(1, out.length);
    decode.ids(2, out.from);
    decode.ids(3, out.to);
    decode.ids(4, out.name);
    decode.words(5, 0, out.fromSpan);
    decode.words(6, 0, out.toSpan);
    decode.unsignedBelow(7, 1, out.backward);
    FW_TRY(decode.status());
    FW_TRY(checkTimes(chunk, out.begin,
                      out.size() == 0 ? kEndOfTime : lastEnd(out.begin, out.length)));
    return out;
}

Result<SliceLevelColumns> decodeSliceLevels(const Chunk &chunk)
{
    FW_ASSIGN(const auto reader, ColumnReader::open(chunk.payload, chunk.rows));
    SliceLevelColumns out;
    Decoder decode(reader);
    decode.times(0, out.begin);
    decode.lengths(1, out.length);
    decode.ids(2, out.track);
    decode.ids(3, out.name);
    decode.unsignedBelow(4, UINT32_MAX, out.depth);
    decode.enums(5, SliceKind::SpanConsumer, out.kind);
    decode.unsignedBelow(6, kAllSliceFlags, out.flags);
    decode.column(7, 1, 1, UINT32_MAX, out.count,
                  [](std::int64_t v) { return static_cast<std::uint32_t>(v); });
    decode.lengths(8, out.busy);
    decode.unsignedBelow(9, kLastCellBits, out.cellBits);
    FW_TRY(decode.status());
    FW_TRY(checkTimes(chunk, out.begin,
                      out.size() == 0 ? kEndOfTime : lastEnd(out.begin, out.length)));
    return out;
}

Result<CounterLevelColumns> decodeCounterLevels(const Chunk &chunk)
{
    FW_ASSIGN(const auto reader, ColumnReader::open(chunk.payload, chunk.rows));
    CounterLevelColumns out;
    Decoder decode(reader);
    decode.times(0, out.time);
    decode.lengths(1, out.length);
    decode.ids(2, out.track);
    decode.reals(3, out.min);
    decode.reals(4, out.max);
    decode.reals(5, out.last);
    decode.column(6, 1, 1, UINT32_MAX, out.count,
                  [](std::int64_t v) { return static_cast<std::uint32_t>(v); });
    decode.unsignedBelow(7, kLastCellBits, out.cellBits);
    FW_TRY(decode.status());
    FW_TRY(
        checkTimes(chunk, out.time, out.size() == 0 ? kEndOfTime : lastEnd(out.time, out.length)));
    return out;
}

Result<RequestColumns> decodeRequests(const Chunk &chunk)
{
    FW_ASSIGN(const auto reader, ColumnReader::open(chunk.payload, chunk.rows));
    RequestColumns out;
    Decoder decode(reader);
    decode.times(0, out.begin);
    decode.lengths(1, out.latency);
    decode.ids(2, out.endpoint);
    decode.unsignedBelow(3, UINT16_MAX, out.status);
    decode.unsignedBelow(4, 1, out.ok);
    decode.words(5, 0, out.bytesIn);
    decode.words(6, 0, out.bytesOut);
    decode.ids(7, out.worker);
    decode.ids(8, out.phase);
    decode.ids(9, out.statusText);
    decode.ids(10, out.error);
    decode.enums(11, RequestKind::Part, out.kind);
    decode.optionalLengths(12, out.connect);
    decode.optionalLengths(13, out.firstByte);
    decode.ids(14, out.labels);
    FW_TRY(decode.status());
    FW_TRY(checkTimes(chunk, out.begin,
                      out.size() == 0 ? kEndOfTime : lastEnd(out.begin, out.latency)));
    return out;
}

Result<SummaryColumns> decodeSummaries(const Chunk &chunk)
{
    FW_ASSIGN(const auto reader, ColumnReader::open(chunk.payload, chunk.rows));
    SummaryColumns out;
    Decoder decode(reader);
    decode.times(0, out.begin);
    decode.lengths(1, out.length);
    decode.ids(2, out.endpoint);
    decode.ids(3, out.metric);
    decode.ids(4, out.subset);
    decode.enums(5, SummaryFigure::Bucket, out.figure);
    decode.enums(6, Unit::Ratio, out.unit);
    decode.reals(7, out.position);
    decode.reals(8, out.value);
    decode.ids(9, out.method);
    FW_TRY(decode.status());
    FW_TRY(checkTimes(chunk, out.begin,
                      out.size() == 0 ? kEndOfTime : lastEnd(out.begin, out.length)));
    return out;
}

Result<BenchmarkColumns> decodeBenchmarks(const Chunk &chunk)
{
    FW_ASSIGN(const auto reader, ColumnReader::open(chunk.payload, chunk.rows));
    BenchmarkColumns out;
    Decoder decode(reader);
    decode.times(0, out.time);
    decode.ids(1, out.name);
    decode.ids(2, out.metric);
    decode.ids(3, out.unit);
    decode.unsignedBelow(4, UINT32_MAX, out.run);
    decode.unsignedBelow(5, UINT32_MAX, out.repetition);
    decode.words(6, 0, out.iterations);
    decode.finite(7, out.value);
    decode.column(8, 1, 0, 1, out.ok, [](std::int64_t v) { return static_cast<std::uint8_t>(v); });
    decode.ids(9, out.statistic);
    decode.ids(10, out.method);
    decode.ids(11, out.labels);
    FW_TRY(decode.status());
    FW_TRY(checkTimes(chunk, out.time, out.time.empty() ? kEndOfTime : out.time.back()));
    return out;
}

Result<FrameColumns> decodeFrames(const Chunk &chunk)
{
    FW_ASSIGN(const auto reader, ColumnReader::open(chunk.payload, chunk.rows));
    FrameColumns out;
    Decoder decode(reader);
    decode.ids(0, out.function);
    decode.ids(1, out.file);
    decode.ids(2, out.module);
    decode.unsignedBelow(3, UINT32_MAX, out.line);
    decode.enums(4, FrameKind::Marker, out.kind);
    decode.enums(5, SymbolSource::Dwarf, out.source);
    decode.unsignedBelow(6, kFrameInlined | kFrameReturnAddress, out.flags);
    decode.words(7, 0, out.address);
    decode.ids(8, out.outer);
    FW_TRY(decode.status());
    for (std::size_t i = 0; i < out.size(); ++i) {
        const bool inlined = (out.flags[i] & kFrameInlined) != 0;
        if (inlined != (out.outer[i].raw != 0))
            return fail(corrupt("a frame is inlined into nothing"));
    }
    return out;
}

Result<StackColumns> decodeStacks(const Chunk &chunk)
{
    FW_ASSIGN(const auto reader, ColumnReader::open(chunk.payload, chunk.rows));
    StackColumns out;
    Decoder decode(reader);
    decode.ids(0, out.caller);
    decode.ids(1, out.frame);
    FW_TRY(decode.status());
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (out.caller[i].raw >= chunk.firstRow + i)
            return fail(corrupt("a stack's caller comes after it"));
    }
    return out;
}

Result<StringColumns> decodeStrings(const Chunk &chunk)
{
    FW_ASSIGN(const auto reader, ColumnReader::open(chunk.payload, chunk.rows));
    StringColumns out;
    out.text = reader.bytes(1);
    Decoder decode(reader);
    decode.unsignedBelow(0, static_cast<std::int64_t>(out.text.size()), out.end);
    if (!decode.status().has_value() || !std::is_sorted(out.end.begin(), out.end.end()))
        return fail(corrupt("a string lies outside its chunk"));
    return out;
}

} // namespace flamewright
