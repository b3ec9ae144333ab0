#pragma once

#include "capture/base/result.h"
#include "capture/session/chunk.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Columns to Cap'n Proto messages and back. Decoding distrusts the message: it may come from a
// sandboxed worker or from a stranger's session. Compression and checksums are the store's.
namespace flamewright {

// The numeric and text columns of one chunk, before they are given a record type. Integers are
// stored as int64 whatever their type; doubles by bit pattern.
class ColumnWriter {
public:
    explicit ColumnWriter(std::uint32_t rows) : m_rows(rows) {}
    // One value per row. The narrowest of constant, offset and delta coding is chosen.
    void integers(std::uint16_t column, std::span<const std::int64_t> values);
    // Any number of bytes, not tied to rows.
    void bytes(std::uint16_t column, std::string_view data);
    std::vector<std::byte> message() const;

private:
    struct Column {
        std::uint16_t id;
        std::uint8_t encoding, width;
        std::int64_t base;
        std::string data;
    };
    std::uint32_t m_rows;
    std::vector<Column> m_columns;
};

class ColumnReader {
public:
    // Errc::Corrupt when the message is damaged, lies about its lengths or has other than
    // `expectedRows` rows.
    static Result<ColumnReader> open(std::span<const std::byte> message,
                                     std::uint32_t expectedRows);
    std::uint32_t rows() const { return m_rows; }
    // `fallback` in every row when the column is not there (an older writer).
    std::vector<std::int64_t> integers(std::uint16_t column, std::int64_t fallback = 0) const;
    std::string bytes(std::uint16_t column) const;

private:
    struct Column {
        std::uint16_t id;
        std::uint8_t encoding, width;
        std::int64_t base;
        std::string data;
    };
    std::uint32_t m_rows = 0;
    std::vector<Column> m_columns;
};

// What the columns of a record kind are called and mean. The order is the column id; append only.
// Drives the virtual tables and FORMAT.md's tables.
enum class ColumnType : std::uint8_t { Integer, Time, Real, StringRef };
struct ColumnSchema {
    std::string_view name;
    ColumnType type = ColumnType::Integer;
};
// Empty for Strings, whose payload is not rows of numbers.
std::span<const ColumnSchema> columnsOf(ChunkKind kind);

// Encodes `columns` into a chunk. Facts must be sorted by time; rows must not exceed
// kRowsPerChunk.
Chunk encodeChunk(const SampleColumns &columns);
Chunk encodeChunk(const FrameColumns &columns, std::uint64_t firstRow);
Chunk encodeChunk(const StackColumns &columns, std::uint64_t firstRow);
Chunk encodeChunk(const StringColumns &columns, std::uint64_t firstRow);

// Errc::Corrupt when the payload is damaged or breaks a rule that can be seen without other
// chunks: lengths, enum values, times sorted and inside the span, callers before callees.
Result<SampleColumns> decodeSamples(const Chunk &chunk);
Result<FrameColumns> decodeFrames(const Chunk &chunk);
Result<StackColumns> decodeStacks(const Chunk &chunk);
Result<StringColumns> decodeStrings(const Chunk &chunk);

} // namespace flamewright
