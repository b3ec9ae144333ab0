#pragma once

#include "capture/base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The numeric and text columns of one chunk, before they are given a record type. Integers are
// int64 whatever their type; doubles go by bit pattern.
namespace flamewright {

class ColumnWriter {
public:
    explicit ColumnWriter(std::uint32_t rows) : m_rows(rows) {}
    // One value per row. The narrowest of constant, offset and delta coding is chosen.
    void integers(std::uint16_t column, std::span<const std::int64_t> values);
    // Any number of bytes, not tied to rows.
    void bytes(std::uint16_t column, std::string_view data);
    // The Cap'n Proto message of chunk.capnp.
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

// Reads a message that may come from a sandboxed worker or a stranger's session. Refers to the
// message's bytes, which must outlive it.
class ColumnReader {
public:
    ColumnReader(ColumnReader &&) noexcept = default;
    ColumnReader &operator=(ColumnReader &&) noexcept = default;
    // Errc::Corrupt when the message is damaged, lies about its lengths or has other than
    // `expectedRows` rows.
    static Result<ColumnReader> open(std::span<const std::byte> message,
                                     std::uint32_t expectedRows);
    std::uint32_t rows() const { return m_rows; }
    // `fallback` in every row when the column is not there (an older writer).
    std::vector<std::int64_t> integers(std::uint16_t column, std::int64_t fallback = 0) const;
    // The same into `out`, reusing its memory.
    void integers(std::uint16_t column, std::int64_t fallback,
                  std::vector<std::int64_t> &out) const;
    // The value of every row, when the column holds only one.
    const std::int64_t *constant(std::uint16_t column) const;
    std::string_view bytes(std::uint16_t column) const;

private:
    struct Column {
        std::uint16_t id;
        std::uint8_t encoding, width;
        std::int64_t base;
        std::span<const std::byte> data;
    };
    ColumnReader() = default;
    const Column *find(std::uint16_t column, bool text) const;

    std::uint32_t m_rows = 0;
    std::vector<Column> m_columns;
    std::vector<std::uint64_t> m_aligned; // a copy of the message, only where it was not aligned
};

} // namespace flamewright
