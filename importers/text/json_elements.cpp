#include "importers/text/json_elements.h"

#include "importers/text/json_lines.h"

#include <algorithm>
#include <cstring>

namespace flamewright {
namespace {

constexpr std::size_t kReadBytes = 256u << 10;
constexpr std::size_t kMaxKey = 64;

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\x1e';
}

} // namespace

JsonElements::JsonElements(ByteSource &source, Wanted wanted, std::size_t maxPiece)
    : m_source(source),
      m_wanted(wanted),
      m_maxPiece(maxPiece),
      m_buffer(kReadBytes + JsonLines::kPadding)
{}

// Moves what is kept to the front and reads behind it; false at the end of the input.
Result<bool> JsonElements::fill()
{
    if (m_eof)
        return false;
    const auto from = m_kept ? m_mark : m_pos;
    std::memmove(m_buffer.data(), m_buffer.data() + from, m_end - from);
    m_offset += from;
    m_end -= from;
    m_pos -= from;
    m_mark = 0;
    if (m_buffer.size() - JsonLines::kPadding - m_end < kReadBytes / 2)
        m_buffer.resize(m_buffer.size() * 2);
    const auto room = m_buffer.size() - JsonLines::kPadding - m_end;
    FW_ASSIGN(const auto got,
              m_source.read(std::as_writable_bytes(std::span(m_buffer).subspan(m_end, room))));
    m_end += got;
    m_eof = got == 0;
    return !m_eof;
}

Result<std::optional<JsonElements::Piece>> JsonElements::next()
{
    for (;;) {
        if (auto piece = scan())
            return piece;
        if (m_kept && m_end - m_mark > m_maxPiece) {
            m_kept = false;
            m_tooLong = true;
        }
        FW_ASSIGN(const auto more, fill());
        if (more)
            continue;
        if (m_ended)
            return std::optional<Piece>();
        m_ended = true;
        if (m_junk)
            return std::optional(Piece{{}, {}, m_markOffset, State::Junk});
        if (m_depth + m_pieceDepth > 0 || m_inString)
            return std::optional(Piece{{}, {}, m_offset + m_pos, State::Cut});
    }
}

// Until a piece is complete or there are no more bytes.
std::optional<JsonElements::Piece> JsonElements::scan()
{
    while (m_pos < m_end) {
        if (inPiece()) {
            scanPiece();
            if (inPiece())
                break;
            if (m_depth > 0 && m_depth <= kTracked)
                return take(m_levels[m_depth - 1].key);
            return take({});
        }
        const auto c = m_buffer[m_pos++];
        if (m_inString) {
            if (m_escaped)
                m_escaped = false;
            else if (c == '\\')
                m_escaped = true;
            else if (c == '"')
                m_inString = false;
            else if (m_string.size() < kMaxKey)
                m_string += c;
            continue;
        }
        if (auto piece = structure(c))
            return piece;
    }
    return std::nullopt;
}

// The bytes of a piece: nothing matters but where it ends.
void JsonElements::scanPiece()
{
    const auto *p = m_buffer.data() + m_pos;
    const auto *const end = m_buffer.data() + m_end;
    auto depth = m_pieceDepth;
    bool inString = m_inString;
    if (m_escaped && p < end) {
        ++p;
        m_escaped = false;
    }
    while (p < end && depth > 0) {
        if (inString) {
            while (p < end && *p != '"' && *p != '\\')
                ++p;
            if (p == end)
                break;
            if (*p == '"') {
                inString = false;
            } else if (++p == end) {
                m_escaped = true;
                break;
            }
            ++p;
            continue;
        }
        const auto c = *p++;
        if (c == '"')
            inString = true;
        else if (c == '{' || c == '[')
            ++depth;
        else if (c == '}' || c == ']')
            --depth;
    }
    m_pos = static_cast<std::size_t>(p - m_buffer.data());
    m_pieceDepth = depth;
    m_inString = inString;
}

std::optional<JsonElements::Piece> JsonElements::structure(char c)
{
    if (m_junk && c == '\n') {
        m_junk = false;
        return Piece{{}, {}, m_markOffset, State::Junk};
    }
    if (m_depth == 0 && !m_junk && c != '{' && c != '[' && !isSpace(c)) {
        m_junk = true;
        m_markOffset = m_offset + m_pos - 1;
    }
    if (m_junk)
        return std::nullopt;
    switch (c) {
    case '"':
        m_inString = true;
        m_string.clear();
        break;
    case ':':
        if (m_depth <= kTracked && !m_levels[m_depth - 1].array)
            m_levels[m_depth - 1].key = m_string;
        break;
    case '{':
    case '[': open(c); break;
    case '}':
    case ']': return close();
    default: break;
    }
    return std::nullopt;
}

void JsonElements::open(char c)
{
    const bool inWanted =
        m_depth > 0 && m_depth <= kTracked && m_levels[m_depth - 1].wanted && c == '{';
    if (inWanted) {
        m_kept = true;
        m_mark = m_pos - 1;
        m_markOffset = m_offset + m_mark;
        m_pieceDepth = 1;
        m_tooLong = false;
        return;
    }
    if (m_depth == 0) {
        m_rootIsPiece = c == '{';
        m_kept = m_rootIsPiece;
        m_mark = m_pos - 1;
        m_markOffset = m_offset + m_mark;
        m_tooLong = false;
    }
    if (m_depth < kTracked) {
        auto &level = m_levels[m_depth];
        level.array = c == '[';
        level.key.clear();
        if (level.array && m_depth > 0 && !m_levels[m_depth - 1].array)
            level.key = m_levels[m_depth - 1].key;
        level.wanted = level.array && m_wanted(level.key, static_cast<unsigned>(m_depth));
        if (level.wanted) {
            m_rootIsPiece = false;
            m_kept = false;
            m_tooLong = false;
        }
    }
    ++m_depth;
}

std::optional<JsonElements::Piece> JsonElements::close()
{
    --m_depth;
    if (m_depth > 0 || !m_rootIsPiece)
        return std::nullopt;
    m_rootIsPiece = false;
    return take({});
}

JsonElements::Piece JsonElements::take(std::string_view key)
{
    m_tooLong |= m_kept && m_pos - m_mark > m_maxPiece; // whatever the size of the reads
    Piece out{{}, key, m_markOffset, m_tooLong ? State::TooLong : State::Whole};
    if (!m_tooLong)
        out.text = std::string_view(m_buffer.data() + m_mark, m_pos - m_mark);
    m_kept = false;
    m_tooLong = false;
    return out;
}

Result<std::string_view> HeadSource::peek(std::size_t bytes)
{
    while (m_head.size() < bytes) {
        const auto old = m_head.size();
        m_head.resize(bytes);
        FW_ASSIGN(const auto got,
                  m_source.read(std::as_writable_bytes(std::span(m_head).subspan(old))));
        m_head.resize(old + got);
        if (got == 0)
            break;
    }
    return std::string_view(m_head);
}

Result<std::size_t> HeadSource::read(std::span<std::byte> into)
{
    if (m_pos == m_head.size())
        return m_source.read(into);
    const auto n = std::min(into.size(), m_head.size() - m_pos);
    std::memcpy(into.data(), m_head.data() + m_pos, n);
    m_pos += n;
    return n;
}

Result<std::span<const std::byte>> HeadSource::whole(std::uint64_t)
{
    return fail(Errc::Unsupported, "text is read in pieces");
}

} // namespace flamewright
