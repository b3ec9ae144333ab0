#pragma once

#include "capture/base/result.h"
#include "importers/io/byte_source.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace flamewright {

// The part of an input that is being read, in one piece. It grows while a value does not fit, up to
// a limit: beyond that the reader skips.
class JsonWindow {
public:
    static constexpr std::size_t kReadBytes = 1u << 20;
    static constexpr std::size_t kMaxBytes = 32u << 20;

    explicit JsonWindow(ByteSource &source) : m_source(source), m_buffer(kReadBytes) {}

    const char *begin() const { return m_buffer.data() + m_begin; }
    const char *end() const { return m_buffer.data() + m_end; }
    std::uint64_t offset() const { return m_offset; } // of begin() in the input
    std::uint64_t offsetOf(const char *p) const
    {
        return m_offset + static_cast<std::uint64_t>(p - begin());
    }
    // What lies before `p` is done with.
    void dropTo(const char *p)
    {
        const auto count = static_cast<std::size_t>(p - begin());
        m_begin += count;
        m_offset += count;
    }
    // Reads more behind what is there; false when the input or the room is at its end. Moves
    // everything: pointers are void.
    Result<bool> more();
    bool inputEnded() const { return m_ended; }

private:
    ByteSource &m_source;
    std::vector<char> m_buffer;
    std::size_t m_begin = 0, m_end = 0;
    std::uint64_t m_offset = 0;
    bool m_ended = false;
};

// Skips spaces; false at the end of the input.
Result<bool> skipSpaces(JsonWindow &window);

// Takes the value at the beginning of `window` away without holding it, however long it is; false
// when the input ends within it.
Result<bool> skipValue(JsonWindow &window);

} // namespace flamewright
