#include "capture/session/chunk_codec.h"

#include "capture/session/chunk.capnp.h"

#include <capnp/message.h>
#include <capnp/serialize.h>
#include <kj/exception.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

namespace flamewright {
namespace {

enum Encoding : std::uint8_t { kConstant = 0, kOffset = 1, kDelta = 2, kBytes = 3 };

// Two's complement arithmetic without overflow: columns may hold any bit pattern.
std::uint64_t asUnsigned(std::int64_t v)
{
    return static_cast<std::uint64_t>(v);
}
std::uint64_t zigzag(std::uint64_t delta)
{
    return delta << 1 ^ (delta >> 63 ? ~0ull : 0ull);
}
std::uint64_t unzigzag(std::uint64_t z)
{
    return z >> 1 ^ (z & 1 ? ~0ull : 0ull);
}
std::uint8_t bytesFor(std::uint64_t value)
{
    return static_cast<std::uint8_t>((std::bit_width(value) + 7) / 8);
}

void writePlanes(std::span<const std::uint64_t> rows, std::uint8_t width, std::string &out)
{
    out.resize(rows.size() * width);
    for (std::uint8_t plane = 0; plane < width; ++plane) {
        auto *to = out.data() + rows.size() * plane;
        for (std::size_t i = 0; i < rows.size(); ++i)
            to[i] = static_cast<char>(rows[i] >> (8 * plane));
    }
}

void readPlanes(std::string_view data, std::uint8_t width, std::span<std::uint64_t> rows)
{
    for (std::uint8_t plane = 0; plane < width; ++plane) {
        const auto *from = data.data() + rows.size() * plane;
        for (std::size_t i = 0; i < rows.size(); ++i)
            rows[i] |= static_cast<std::uint64_t>(static_cast<unsigned char>(from[i]))
                       << (8 * plane);
    }
}

template <class T, class F>
std::vector<std::int64_t> mapped(const std::vector<T> &values, F toInteger)
{
    std::vector<std::int64_t> out(values.size());
    std::transform(values.begin(), values.end(), out.begin(), toInteger);
    return out;
}

constexpr auto kRaw = [](auto id) { return static_cast<std::int64_t>(id.raw); };
constexpr auto kPlain = [](auto v) { return static_cast<std::int64_t>(v); };
constexpr auto kNanos = [](Timestamp t) { return std::int64_t{t.time_since_epoch().count()}; };

constexpr ColumnSchema kSampleColumns[] = {
    {"time", ColumnType::Time},        {"track"}, {"cpu"},   {"stack"}, {"measure"},
    {"labels", ColumnType::StringRef}, {"value"}, {"count"},
};
constexpr ColumnSchema kFrameColumns[] = {
    {"function", ColumnType::StringRef},
    {"file", ColumnType::StringRef},
    {"module"},
    {"line"},
    {"kind"},
    {"source"},
    {"flags"},
    {"address"},
    {"outer"},
};
constexpr ColumnSchema kStackColumns[] = {{"caller"}, {"frame"}};
constexpr ColumnSchema kSliceColumns[] = {
    {"begin", ColumnType::Time}, {"length"}, {"track"}, {"name", ColumnType::StringRef}, {"depth"},
};
constexpr ColumnSchema kCounterColumns[] = {
    {"time", ColumnType::Time},
    {"track"},
    {"value", ColumnType::Real},
};
constexpr ColumnSchema kRequestColumns[] = {
    {"begin", ColumnType::Time},
    {"latency"},
    {"endpoint"},
    {"status"},
    {"ok"},
    {"bytes_in"},
    {"bytes_out"},
};

Error corrupt(const char *what)
{
    return Error(Errc::Corrupt, what);
}

// Ids, enums and lines are unsigned and narrower than int64; a value outside is damage.
template <class T, class Make>
Result<std::vector<T>> narrowed(const ColumnReader &reader, std::uint16_t column,
                                std::int64_t limit, Make make)
{
    const auto values = reader.integers(column);
    std::vector<T> out(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] < 0 || values[i] > limit)
            return fail(corrupt("a chunk has a value outside its column's range"));
        out[i] = make(values[i]);
    }
    return out;
}

template <class IdType>
Result<std::vector<IdType>> ids(const ColumnReader &reader, std::uint16_t column)
{
    return narrowed<IdType>(reader, column, UINT32_MAX,
                            [](std::int64_t v) { return IdType{static_cast<std::uint32_t>(v)}; });
}

template <class E>
Result<std::vector<E>> enums(const ColumnReader &reader, std::uint16_t column, E last)
{
    return narrowed<E>(reader, column, static_cast<std::int64_t>(last),
                       [](std::int64_t v) { return static_cast<E>(v); });
}

Chunk dimensionChunk(ChunkKind kind, std::uint64_t firstRow, std::size_t rows, ColumnWriter &w)
{
    assert(rows <= kRowsPerChunk);
    return {kind, TimeRange{}, firstRow, static_cast<std::uint32_t>(rows), w.message()};
}

} // namespace

void ColumnWriter::integers(std::uint16_t column, std::span<const std::int64_t> values)
{
    assert(values.size() == m_rows);
    if (values.empty()) {
        m_columns.push_back({column, kConstant, 0, 0, {}});
        return;
    }
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    const auto base = *low;
    const auto offsetWidth = bytesFor(asUnsigned(*high) - asUnsigned(base));
    if (offsetWidth == 0) {
        m_columns.push_back({column, kConstant, 0, base, {}});
        return;
    }
    std::vector<std::uint64_t> rows(values.size());
    std::uint64_t all = 0;
    for (std::size_t i = 1; i < values.size(); ++i) {
        rows[i] = zigzag(asUnsigned(values[i]) - asUnsigned(values[i - 1]));
        all |= rows[i];
    }
    const auto deltaWidth = bytesFor(all);
    Column out{column, kDelta, deltaWidth, values.front(), {}};
    if (offsetWidth <= deltaWidth) {
        out = {column, kOffset, offsetWidth, base, {}};
        for (std::size_t i = 0; i < values.size(); ++i)
            rows[i] = asUnsigned(values[i]) - asUnsigned(base);
    }
    writePlanes(rows, out.width, out.data);
    m_columns.push_back(std::move(out));
}

void ColumnWriter::bytes(std::uint16_t column, std::string_view data)
{
    m_columns.push_back({column, kBytes, 0, 0, std::string(data)});
}

std::vector<std::byte> ColumnWriter::message() const
{
    capnp::MallocMessageBuilder builder;
    auto root = builder.initRoot<wire::ChunkMessage>();
    root.setRows(m_rows);
    auto columns = root.initColumns(static_cast<unsigned>(m_columns.size()));
    for (unsigned i = 0; i < m_columns.size(); ++i) {
        const auto &from = m_columns[i];
        auto to = columns[i];
        to.setId(from.id);
        to.setEncoding(from.encoding);
        to.setWidth(from.width);
        to.setBase(from.base);
        to.setData(
            kj::arrayPtr(reinterpret_cast<const kj::byte *>(from.data.data()), from.data.size()));
    }
    const auto words = capnp::messageToFlatArray(builder);
    const auto bytes = words.asBytes();
    std::vector<std::byte> out(bytes.size());
    std::memcpy(out.data(), bytes.begin(), bytes.size());
    return out;
}

Result<ColumnReader> ColumnReader::open(std::span<const std::byte> message,
                                        std::uint32_t expectedRows)
{
    if (message.empty() || message.size() % 8 != 0 || message.size() > kMaxChunkBytes)
        return fail(corrupt("a chunk has an impossible size"));
    // Cap'n Proto wants whole, aligned words; the copy is what makes that certain.
    std::vector<capnp::word> words(message.size() / sizeof(capnp::word));
    std::memcpy(words.data(), message.data(), message.size());
    try {
        capnp::ReaderOptions options;
        options.traversalLimitInWords = 2 * words.size() + 64;
        options.nestingLimit = 16;
        capnp::FlatArrayMessageReader reader(kj::arrayPtr(words.data(), words.size()), options);
        const auto root = reader.getRoot<wire::ChunkMessage>();
        ColumnReader out;
        out.m_rows = root.getRows();
        if (out.m_rows != expectedRows || out.m_rows > kRowsPerChunk)
            return fail(corrupt("a chunk has another number of rows than its header says"));
        const auto columns = root.getColumns();
        if (columns.size() > 64)
            return fail(corrupt("a chunk has too many columns"));
        for (const auto column : columns) {
            const auto data = column.getData();
            const auto width = column.getWidth();
            const auto encoding = column.getEncoding();
            if (encoding > kBytes || width > 8)
                return fail(corrupt("a chunk has a column in an unknown encoding"));
            if ((encoding == kOffset || encoding == kDelta) &&
                data.size() != std::size_t{out.m_rows} * width)
                return fail(corrupt("a chunk has a column of the wrong length"));
            out.m_columns.push_back(
                {column.getId(), encoding, width, column.getBase(),
                 std::string(reinterpret_cast<const char *>(data.begin()), data.size())});
        }
        return out;
    } catch (const kj::Exception &e) {
        return fail(Errc::Corrupt,
                    std::string("a chunk is not a valid message: ") + e.getDescription().cStr());
    }
}

std::vector<std::int64_t> ColumnReader::integers(std::uint16_t column, std::int64_t fallback) const
{
    const auto it = std::find_if(m_columns.begin(), m_columns.end(),
                                 [&](const Column &c) { return c.id == column; });
    if (it == m_columns.end() || it->encoding == kBytes)
        return std::vector<std::int64_t>(m_rows, fallback);
    if (it->encoding == kConstant)
        return std::vector<std::int64_t>(m_rows, it->base);
    std::vector<std::uint64_t> rows(m_rows);
    readPlanes(it->data, it->width, rows);
    std::vector<std::int64_t> out(m_rows);
    auto value = asUnsigned(it->base);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (it->encoding == kOffset)
            out[i] = static_cast<std::int64_t>(asUnsigned(it->base) + rows[i]);
        else
            out[i] = static_cast<std::int64_t>(value += unzigzag(rows[i]));
    }
    return out;
}

std::string ColumnReader::bytes(std::uint16_t column) const
{
    const auto it = std::find_if(m_columns.begin(), m_columns.end(), [&](const Column &c) {
        return c.id == column && c.encoding == kBytes;
    });
    return it == m_columns.end() ? std::string() : it->data;
}

std::span<const ColumnSchema> columnsOf(ChunkKind kind)
{
    switch (kind) {
    case ChunkKind::Samples: return kSampleColumns;
    case ChunkKind::Slices: return kSliceColumns;
    case ChunkKind::Counters: return kCounterColumns;
    case ChunkKind::Requests: return kRequestColumns;
    case ChunkKind::Frames: return kFrameColumns;
    case ChunkKind::Stacks: return kStackColumns;
    case ChunkKind::Strings: return {};
    }
    return {};
}

Chunk encodeChunk(const SampleColumns &c)
{
    assert(c.size() > 0 && c.size() <= kRowsPerChunk);
    ColumnWriter writer(static_cast<std::uint32_t>(c.size()));
    writer.integers(0, mapped(c.time, kNanos));
    writer.integers(1, mapped(c.track, kRaw));
    writer.integers(2, mapped(c.cpu, kPlain));
    writer.integers(3, mapped(c.stack, kRaw));
    writer.integers(4, mapped(c.measure, kRaw));
    writer.integers(5, mapped(c.labels, kRaw));
    writer.integers(6, c.value);
    writer.integers(7, c.count);
    const auto last = c.time.back();
    const auto end = last == Timestamp{Duration::max()} ? last : last + Duration{1};
    return {ChunkKind::Samples,
            {c.time.front(), end},
            0,
            static_cast<std::uint32_t>(c.size()),
            writer.message()};
}

Chunk encodeChunk(const FrameColumns &c, std::uint64_t firstRow)
{
    ColumnWriter writer(static_cast<std::uint32_t>(c.size()));
    writer.integers(0, mapped(c.function, kRaw));
    writer.integers(1, mapped(c.file, kRaw));
    writer.integers(2, mapped(c.module, kRaw));
    writer.integers(3, mapped(c.line, kPlain));
    writer.integers(4, mapped(c.kind, kPlain));
    writer.integers(5, mapped(c.source, kPlain));
    writer.integers(6, mapped(c.flags, kPlain));
    writer.integers(7, mapped(c.address, kPlain));
    writer.integers(8, mapped(c.outer, kRaw));
    return dimensionChunk(ChunkKind::Frames, firstRow, c.size(), writer);
}

Chunk encodeChunk(const StackColumns &c, std::uint64_t firstRow)
{
    ColumnWriter writer(static_cast<std::uint32_t>(c.size()));
    writer.integers(0, mapped(c.caller, kRaw));
    writer.integers(1, mapped(c.frame, kRaw));
    return dimensionChunk(ChunkKind::Stacks, firstRow, c.size(), writer);
}

Chunk encodeChunk(const StringColumns &c, std::uint64_t firstRow)
{
    ColumnWriter writer(static_cast<std::uint32_t>(c.size()));
    writer.integers(0, mapped(c.end, kPlain));
    writer.bytes(1, c.text);
    return dimensionChunk(ChunkKind::Strings, firstRow, c.size(), writer);
}

Result<SampleColumns> decodeSamples(const Chunk &chunk)
{
    FW_ASSIGN(const auto reader, ColumnReader::open(chunk.payload, chunk.rows));
    SampleColumns out;
    const auto times = reader.integers(0, kNoTime.time_since_epoch().count());
    out.time.reserve(times.size());
    for (std::size_t i = 0; i < times.size(); ++i) {
        const Timestamp t{Duration{times[i]}};
        if (t < chunk.span.begin || t > chunk.span.end || (i > 0 && times[i] < times[i - 1]))
            return fail(corrupt("a chunk's times are not sorted or outside its range"));
        out.time.push_back(t);
    }
    FW_ASSIGN(out.track, ids<TrackId>(reader, 1));
    for (const auto cpu : reader.integers(2, -1)) {
        if (cpu < -1 || cpu > INT32_MAX)
            return fail(corrupt("a chunk has an impossible CPU number"));
        out.cpu.push_back(static_cast<std::int32_t>(cpu));
    }
    FW_ASSIGN(out.stack, ids<StackId>(reader, 3));
    FW_ASSIGN(out.measure, ids<MeasureId>(reader, 4));
    FW_ASSIGN(out.labels, ids<StringId>(reader, 5));
    out.value = reader.integers(6);
    out.count = reader.integers(7, 1);
    return out;
}

Result<FrameColumns> decodeFrames(const Chunk &chunk)
{
    FW_ASSIGN(const auto reader, ColumnReader::open(chunk.payload, chunk.rows));
    FrameColumns out;
    FW_ASSIGN(out.function, ids<StringId>(reader, 0));
    FW_ASSIGN(out.file, ids<StringId>(reader, 1));
    FW_ASSIGN(out.module, ids<ModuleId>(reader, 2));
    FW_ASSIGN(out.line, narrowed<std::uint32_t>(reader, 3, UINT32_MAX, [](std::int64_t v) {
                  return static_cast<std::uint32_t>(v);
              }));
    FW_ASSIGN(out.kind, enums(reader, 4, FrameKind::Marker));
    FW_ASSIGN(out.source, enums(reader, 5, SymbolSource::Dwarf));
    FW_ASSIGN(out.flags, narrowed<std::uint8_t>(reader, 6, 3, [](std::int64_t v) {
                  return static_cast<std::uint8_t>(v);
              }));
    for (const auto address : reader.integers(7))
        out.address.push_back(asUnsigned(address));
    FW_ASSIGN(out.outer, ids<FrameId>(reader, 8));
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
    FW_ASSIGN(out.caller, ids<StackId>(reader, 0));
    FW_ASSIGN(out.frame, ids<FrameId>(reader, 1));
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
    std::int64_t previous = 0;
    for (const auto end : reader.integers(0)) {
        if (end < previous || end > static_cast<std::int64_t>(out.text.size()))
            return fail(corrupt("a string lies outside its chunk"));
        out.end.push_back(static_cast<std::uint32_t>(end));
        previous = end;
    }
    return out;
}

} // namespace flamewright
