#include "importers/text/json_lines.h"

#include <cstring>

namespace flamewright {
namespace {

constexpr std::size_t kReadBytes = 256u << 10;

} // namespace

JsonLines::JsonLines(ByteSource &source, std::size_t maxLine)
    : m_source(source),
      m_maxLine(maxLine),
      m_buffer(kReadBytes + kPadding)
{}

// Moves what is left to the front and reads behind it; false at the end of the input.
Result<bool> JsonLines::fill()
{
    if (m_eof)
        return false;
    if (m_begin > 0) {
        std::memmove(m_buffer.data(), m_buffer.data() + m_begin, m_end - m_begin);
        m_end -= m_begin;
        m_begin = 0;
    }
    if (m_buffer.size() - kPadding - m_end < kReadBytes / 2)
        m_buffer.resize(m_buffer.size() * 2);
    const auto room = m_buffer.size() - kPadding - m_end;
    FW_ASSIGN(const auto got,
              m_source.read(std::as_writable_bytes(std::span(m_buffer).subspan(m_end, room))));
    m_end += got;
    m_eof = got == 0;
    return !m_eof;
}

JsonLines::Line JsonLines::take(std::size_t length, std::size_t used, State state)
{
    Line out{{m_buffer.data() + m_begin, length}, m_offset, state};
    if (out.text.ends_with('\r'))
        out.text.remove_suffix(1);
    m_begin += used;
    m_offset += used;
    return out;
}

Result<std::optional<JsonLines::Line>> JsonLines::next()
{
    std::size_t searched = 0;
    std::optional<std::uint64_t> skippedFrom; // inside a line that is too long
    for (;;) {
        const auto *from = m_buffer.data() + m_begin + searched;
        const auto left = m_end - m_begin - searched;
        const auto *newline =
            left == 0 ? nullptr : static_cast<const char *>(std::memchr(from, '\n', left));
        if (newline != nullptr) {
            const auto length = static_cast<std::size_t>(newline - (m_buffer.data() + m_begin));
            auto line = take(length, length + 1, State::Whole);
            if (skippedFrom || length > m_maxLine)
                line = {{}, skippedFrom.value_or(line.offset), State::TooLong};
            return std::optional(line);
        }
        searched = m_end - m_begin;
        if (searched > m_maxLine) {
            if (!skippedFrom)
                skippedFrom = m_offset;
            m_offset += searched;
            m_begin = m_end;
            searched = 0;
        }
        FW_ASSIGN(const auto more, fill());
        if (more)
            continue;
        if (skippedFrom)
            return std::optional(Line{{}, *skippedFrom, State::TooLong});
        if (m_begin == m_end)
            return std::optional<Line>();
        return std::optional(take(m_end - m_begin, m_end - m_begin, State::Cut));
    }
}

} // namespace flamewright
