#include "importers/trace/json_window.h"

#include "importers/trace/json_scan.h"

#include <cstring>

namespace flamewright {

Result<bool> JsonWindow::more()
{
    if (m_ended)
        return false;
    if (m_begin > 0) {
        std::memmove(m_buffer.data(), m_buffer.data() + m_begin, m_end - m_begin);
        m_end -= m_begin;
        m_begin = 0;
    }
    if (m_buffer.size() - m_end < kReadBytes / 2) {
        if (m_buffer.size() >= kMaxBytes)
            return false;
        m_buffer.resize(m_buffer.size() * 2);
    }
    FW_ASSIGN(const auto got,
              m_source.read(std::as_writable_bytes(std::span(m_buffer).subspan(m_end))));
    m_end += got;
    m_ended = got == 0;
    return !m_ended;
}

Result<bool> skipSpaces(JsonWindow &window)
{
    for (;;) {
        window.dropTo(json_scan::skipSpace(window.begin(), window.end()));
        if (window.begin() < window.end())
            return true;
        FW_ASSIGN(const auto more, window.more());
        if (!more)
            return false;
    }
}

Result<bool> skipValue(JsonWindow &window)
{
    std::uint64_t depth = 0;
    bool inString = false, escape = false, started = false;
    for (;;) {
        const auto *p = window.begin();
        for (; p < window.end(); ++p) {
            if (escape) {
                escape = false;
            } else if (inString) {
                escape = *p == '\\';
                if (*p == '"') {
                    inString = false;
                    if (depth == 0) {
                        window.dropTo(p + 1);
                        return true;
                    }
                }
            } else if (*p == '"') {
                inString = started = true;
            } else if (*p == '{' || *p == '[') {
                ++depth;
                started = true;
            } else if (*p == '}' || *p == ']') {
                if (depth == 0) {
                    window.dropTo(p); // of what is around it
                    return true;
                }
                if (--depth == 0) {
                    window.dropTo(p + 1);
                    return true;
                }
            } else if (depth == 0) {
                if (*p == ',' || (started && json_scan::isSpace(*p))) {
                    window.dropTo(p);
                    return true;
                }
                started = started || !json_scan::isSpace(*p);
            }
        }
        window.dropTo(p);
        FW_ASSIGN(const auto more, window.more());
        if (!more)
            return false;
    }
}

} // namespace flamewright
