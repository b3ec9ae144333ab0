#pragma once

#include "capture/base/result.h"
#include "importers/io/byte_source.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace flamewright {

// A byte source that knows where it is, and how far it may go.
class PerfInputStream {
public:
    // `position`: of the source's next byte in the input.
    explicit PerfInputStream(ByteSource &source, std::uint64_t position = 0)
        : m_source(source),
          m_position(position)
    {}

    std::uint64_t position() const { return m_position; }
    bool atEnd() const { return m_atEnd; }

    // Some bytes, 0 at the end of the input.
    Result<std::size_t> read(std::span<std::byte> into)
    {
        if (into.empty() || m_atEnd)
            return std::size_t{0};
        FW_ASSIGN(const auto got, m_source.read(into));
        m_position += got;
        m_atEnd = got == 0;
        return got;
    }
    // As many bytes as asked for; fewer only at the end of the input.
    Result<std::size_t> readFully(std::span<std::byte> into)
    {
        std::size_t filled = 0;
        while (filled < into.size()) {
            FW_ASSIGN(const auto got, read(into.subspan(filled)));
            if (got == 0)
                break;
            filled += got;
        }
        return filled;
    }
    // Appends `size` bytes, growing with what is there and not with what was claimed.
    Result<std::size_t> append(std::vector<std::byte> &to, std::uint64_t size)
    {
        std::size_t total = 0;
        while (total < size) {
            const auto step =
                static_cast<std::size_t>(std::min<std::uint64_t>(size - total, 1u << 20));
            const auto old = to.size();
            to.resize(old + step);
            FW_ASSIGN(const auto got, readFully(std::span(to).subspan(old)));
            to.resize(old + got);
            total += got;
            if (got < step)
                break;
        }
        return total;
    }
    // Bytes really skipped.
    Result<std::uint64_t> skip(std::uint64_t size)
    {
        std::array<std::byte, 16384> sink;
        std::uint64_t total = 0;
        while (total < size) {
            const auto step = std::min<std::uint64_t>(size - total, sink.size());
            FW_ASSIGN(const auto got, read(std::span(sink).first(static_cast<std::size_t>(step))));
            if (got == 0)
                break;
            total += got;
        }
        return total;
    }

private:
    ByteSource &m_source;
    std::uint64_t m_position;
    bool m_atEnd = false;
};

} // namespace flamewright
