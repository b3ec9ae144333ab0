#include "importers/io/byte_source.h"

#include <algorithm>
#include <cstring>

namespace flamewright {

Result<std::size_t> MemorySource::read(std::span<std::byte> into)
{
    const auto n = std::min(into.size(), m_bytes.size() - m_pos);
    std::copy_n(m_bytes.begin() + static_cast<std::ptrdiff_t>(m_pos), n, into.begin());
    m_pos += n;
    return n;
}

Result<std::span<const std::byte>> MemorySource::whole(std::uint64_t limit)
{
    const auto rest = m_bytes.subspan(m_pos);
    if (rest.size() > limit)
        return fail(Errc::Limit, "input is larger than this format allows");
    m_pos = m_bytes.size();
    return rest;
}

Result<std::optional<std::string_view>> LineReader::next()
{
    for (;;) {
        const auto newline = m_buffer.find('\n', m_begin);
        if (newline != std::string::npos || (m_eof && m_begin < m_buffer.size())) {
            const auto end = newline == std::string::npos ? m_buffer.size() : newline;
            std::string_view line(m_buffer.data() + m_begin, end - m_begin);
            m_lineOffset = m_consumed;
            const auto used = std::min(end + 1, m_buffer.size()) - m_begin;
            m_consumed += used;
            m_begin += used;
            if (line.ends_with('\r'))
                line.remove_suffix(1);
            return std::optional(line);
        }
        if (m_eof)
            return std::optional<std::string_view>();
        if (m_buffer.size() - m_begin > m_maxLine)
            return fail(Error(Errc::Limit, "line is too long").at(m_consumed));
        m_buffer.erase(0, m_begin);
        m_begin = 0;
        const auto old = m_buffer.size();
        m_buffer.resize(old + (64u << 10));
        FW_ASSIGN(const auto got,
                  m_source.read(std::as_writable_bytes(std::span(m_buffer).subspan(old))));
        m_buffer.resize(old + got);
        m_eof = got == 0;
    }
}

} // namespace flamewright
