#pragma once

#include "capture/base/result.h"
#include "capture/session/chunk_codec.h"
#include "capture/session/shown_tables.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flamewright {

// One verified chunk, with the columns that somebody asked for. Columns are decoded when they are
// first used: `select count(*)` decodes none.
class ChunkPage {
public:
    // `where` says which chunk it is, for errors.
    static Result<ChunkPage> open(Chunk chunk, std::int64_t capture, std::int64_t chunkRow,
                                  std::string where);

    ChunkKind kind() const { return m_kind; }
    std::int64_t capture() const { return m_capture; }
    std::int64_t chunkRow() const { return m_chunkRow; }
    std::uint64_t firstRow() const { return m_firstRow; }
    std::uint32_t rows() const { return m_rows; }
    // What the page may come to take, all columns decoded.
    std::size_t sizeBytes() const { return m_sizeBytes; }

    // The values of a column, one per row. Errc::Corrupt when they break the column's rules:
    // times sorted and inside the chunk's span, ids in range, callers before callees.
    Result<std::span<const std::int64_t>> integers(const ShownColumn &column);
    // Of string pages: the text of a row.
    std::string_view text(std::uint32_t row) const;

    // Rows whose time lies within [low, high], which is a range as facts are sorted: first and
    // one past the last.
    Result<std::pair<std::uint32_t, std::uint32_t>> rowsWithin(const ShownColumn &time,
                                                               std::int64_t low, std::int64_t high);
    Error damaged(const char *what) const;

private:
    ChunkPage() = default;
    Result<> check(const ShownColumn &column, std::span<const std::int64_t> values) const;

    ChunkKind m_kind = ChunkKind::Samples;
    TimeRange m_span;
    std::int64_t m_capture = 0;
    std::int64_t m_chunkRow = 0;
    std::uint64_t m_firstRow = 0;
    std::uint32_t m_rows = 0;
    std::size_t m_sizeBytes = 0;
    std::string m_where;
    std::vector<std::byte> m_payload; // what the reader refers to
    std::optional<ColumnReader> m_reader;
    std::vector<std::optional<std::vector<std::int64_t>>> m_columns; // by column id
    StringColumns m_strings;
};

} // namespace flamewright
