#include "capture/session/column_codec.h"

#include "capture/session/chunk.capnp.h"
#include "capture/session/chunk.h"

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

constexpr unsigned kMaxColumns = 64;

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
    return z >> 1 ^ (0 - (z & 1));
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

// Reads `Width` byte planes in one pass; the width is a template argument because the compiler
// unrolls and vectorises a known one.
template <unsigned Width>
void readPlanes(const unsigned char *data, std::size_t rows, std::uint64_t base, std::int64_t *out)
{
    for (std::size_t i = 0; i < rows; ++i) {
        std::uint64_t value = 0;
        for (unsigned plane = 0; plane < Width; ++plane)
            value |= std::uint64_t{data[rows * plane + i]} << (8 * plane);
        out[i] = static_cast<std::int64_t>(base + value);
    }
}

void readPlanes(std::span<const std::byte> data, std::uint8_t width, std::uint64_t base,
                std::span<std::int64_t> out)
{
    const auto *from = reinterpret_cast<const unsigned char *>(data.data());
    switch (width) {
    case 0: std::fill(out.begin(), out.end(), static_cast<std::int64_t>(base)); return;
    case 1: return readPlanes<1>(from, out.size(), base, out.data());
    case 2: return readPlanes<2>(from, out.size(), base, out.data());
    case 3: return readPlanes<3>(from, out.size(), base, out.data());
    case 4: return readPlanes<4>(from, out.size(), base, out.data());
    case 5: return readPlanes<5>(from, out.size(), base, out.data());
    case 6: return readPlanes<6>(from, out.size(), base, out.data());
    case 7: return readPlanes<7>(from, out.size(), base, out.data());
    default: return readPlanes<8>(from, out.size(), base, out.data());
    }
}

Error corrupt(const char *what)
{
    return Error(Errc::Corrupt, what);
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
    // One segment of the right size: growing would zero and copy it several times.
    std::size_t words = 64;
    for (const auto &column : m_columns)
        words += column.data.size() / sizeof(capnp::word) + 8;
    capnp::MallocMessageBuilder builder(static_cast<unsigned>(words));
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
    const auto flat = capnp::messageToFlatArray(builder);
    const auto bytes = flat.asBytes();
    std::vector<std::byte> out(bytes.size());
    std::memcpy(out.data(), bytes.begin(), bytes.size());
    return out;
}

Result<ColumnReader> ColumnReader::open(std::span<const std::byte> message,
                                        std::uint32_t expectedRows)
{
    if (message.empty() || message.size() % sizeof(capnp::word) != 0 ||
        message.size() > kMaxChunkBytes)
        return fail(corrupt("a chunk has an impossible size"));
    ColumnReader out;
    if (reinterpret_cast<std::uintptr_t>(message.data()) % alignof(std::uint64_t) != 0) {
        out.m_aligned.resize(message.size() / sizeof(std::uint64_t));
        std::memcpy(out.m_aligned.data(), message.data(), message.size());
        message = std::as_bytes(std::span(out.m_aligned));
    }
    const auto words = message.size() / sizeof(capnp::word);
    try {
        capnp::ReaderOptions options;
        options.traversalLimitInWords = 2 * words + 64;
        options.nestingLimit = 16;
        capnp::FlatArrayMessageReader reader(
            kj::arrayPtr(reinterpret_cast<const capnp::word *>(message.data()), words), options);
        const auto root = reader.getRoot<wire::ChunkMessage>();
        out.m_rows = root.getRows();
        if (out.m_rows != expectedRows || out.m_rows > kRowsPerChunk)
            return fail(corrupt("a chunk has another number of rows than its header says"));
        const auto columns = root.getColumns();
        if (columns.size() > kMaxColumns)
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
                 std::as_bytes(std::span<const kj::byte>(data.begin(), data.size()))});
        }
        return out;
    } catch (const kj::Exception &e) {
        return fail(Errc::Corrupt,
                    std::string("a chunk is not a valid message: ") + e.getDescription().cStr());
    }
}

const ColumnReader::Column *ColumnReader::find(std::uint16_t column, bool text) const
{
    const auto it = std::find_if(m_columns.begin(), m_columns.end(), [&](const Column &c) {
        return c.id == column && (c.encoding == kBytes) == text;
    });
    return it == m_columns.end() ? nullptr : &*it;
}

const std::int64_t *ColumnReader::constant(std::uint16_t column) const
{
    const auto *found = find(column, false);
    return found != nullptr && found->encoding == kConstant ? &found->base : nullptr;
}

void ColumnReader::integers(std::uint16_t column, std::int64_t fallback,
                            std::vector<std::int64_t> &out) const
{
    const auto *found = find(column, false);
    if (found == nullptr || found->encoding == kConstant) {
        out.assign(m_rows, found == nullptr ? fallback : found->base);
        return;
    }
    out.resize(m_rows);
    if (found->encoding == kOffset) {
        readPlanes(found->data, found->width, asUnsigned(found->base), out);
        return;
    }
    readPlanes(found->data, found->width, 0, out);
    auto value = asUnsigned(found->base);
    for (auto &row : out)
        row = static_cast<std::int64_t>(value += unzigzag(asUnsigned(row)));
}

std::vector<std::int64_t> ColumnReader::integers(std::uint16_t column, std::int64_t fallback) const
{
    std::vector<std::int64_t> out;
    integers(column, fallback, out);
    return out;
}

std::string_view ColumnReader::bytes(std::uint16_t column) const
{
    const auto *found = find(column, true);
    if (found == nullptr)
        return {};
    return {reinterpret_cast<const char *>(found->data.data()), found->data.size()};
}

} // namespace flamewright
