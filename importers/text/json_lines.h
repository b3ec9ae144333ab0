#pragma once

#include "capture/base/result.h"
#include "importers/io/byte_source.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace flamewright {

// Lines of a text, each followed by bytes that may be read, as simdjson wants them: it looks at 64
// bytes at a time. Constant memory; a line that is too long is skipped, not an error.
class JsonLines {
public:
    static constexpr std::size_t kPadding = 64;

    explicit JsonLines(ByteSource &source, std::size_t maxLine = 4u << 20);

    enum class State : std::uint8_t {
        Whole,
        TooLong, // skipped: no text
        Cut      // the input ended without the end of the line
    };
    struct Line {
        std::string_view text; // without LF or CRLF; kPadding readable bytes follow it
        std::uint64_t offset = 0;
        State state = State::Whole;
        std::size_t readable() const { return text.size() + kPadding; }
    };
    // nullopt at the end. The text is valid until the next call.
    Result<std::optional<Line>> next();

private:
    Result<bool> fill();
    Line take(std::size_t length, std::size_t used, State state);

    ByteSource &m_source;
    std::size_t m_maxLine;
    std::vector<char> m_buffer;
    std::size_t m_begin = 0, m_end = 0;
    std::uint64_t m_offset = 0; // of m_begin in the input
    bool m_eof = false;
};

} // namespace flamewright
