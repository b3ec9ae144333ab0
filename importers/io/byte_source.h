#pragma once

#include "capture/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

// Bytes to import. Decompression (gzip, zstd) and archive members are ByteSources that wrap
// ByteSources, so no importer knows about either.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    // Fills some of `into`; 0 means end of input. May block on a pipe.
    virtual Result<std::size_t> read(std::span<std::byte> into) = 0;
    virtual std::optional<std::uint64_t> sizeHint() const { return std::nullopt; }
    // The rest of the input as one view: reads a plain file (never mmap: SIGBUS when it shrinks), spools anything else.
    virtual Result<std::span<const std::byte>> whole(std::uint64_t limit) = 0;
};

class MemorySource final : public ByteSource {
public:
    explicit MemorySource(std::span<const std::byte> bytes) : m_bytes(bytes) {}
    explicit MemorySource(std::string_view text) : m_bytes(std::as_bytes(std::span(text))) {}
    Result<std::size_t> read(std::span<std::byte> into) override;
    std::optional<std::uint64_t> sizeHint() const override { return m_bytes.size(); }
    Result<std::span<const std::byte>> whole(std::uint64_t limit) override;

private:
    std::span<const std::byte> m_bytes;
    std::size_t m_pos = 0;
};

// Lines without their terminator (LF or CRLF). A line longer than `maxLine` is an error,
// not an allocation.
class LineReader {
public:
    explicit LineReader(ByteSource &source, std::size_t maxLine = 1u << 20)
        : m_source(source),
          m_maxLine(maxLine)
    {}
    Result<std::optional<std::string_view>> next();
    std::uint64_t lineOffset() const { return m_lineOffset; }

private:
    ByteSource &m_source;
    std::size_t m_maxLine;
    std::string m_buffer;
    std::size_t m_begin = 0;
    std::uint64_t m_consumed = 0;
    std::uint64_t m_lineOffset = 0;
    bool m_eof = false;
};

} // namespace flamewright
