#include "importers/trace/ftrace_input.h"

#include <algorithm>
#include <cstring>

namespace flamewright::ftrace {
namespace {

constexpr std::size_t kHeadBytes = 4u << 10; // the line before the stream is within these
constexpr std::size_t kBufferBytes = 128u << 10;
constexpr std::uint64_t kMaxProduced = 8ull << 30;
constexpr char kZlibByte = '\x78';

} // namespace

std::size_t atraceStream(std::string_view head)
{
    head = head.substr(0, kHeadBytes);
    std::size_t at = 0;
    if (!head.starts_with(kAtraceMagic)) {
        at = head.find("\nTRACE:\n");
        if (at == std::string_view::npos)
            return at;
        ++at;
    }
    at += kAtraceMagic.size();
    return at < head.size() && head[at] == kZlibByte ? at : std::string_view::npos;
}

TextInput::~TextInput()
{
    if (m_ready)
        inflateEnd(&m_stream);
}

// False at the end of the source. There is room in the buffer whenever this is called.
Result<bool> TextInput::refill()
{
    if (m_begin == m_end)
        m_begin = m_end = 0;
    FW_ASSIGN(const auto got, m_source.read(std::span(m_buffer).subspan(m_end)));
    m_end += got;
    return got > 0;
}

Result<> TextInput::start()
{
    m_buffer.resize(kBufferBytes);
    bool more = true;
    while (more && m_end < kHeadBytes) {
        FW_ASSIGN(more, refill());
    }
    const std::string_view head(reinterpret_cast<const char *>(m_buffer.data()), m_end);
    const auto stream = atraceStream(head);
    m_state = State::Plain;
    if (stream == std::string_view::npos)
        return {};
    m_begin = stream;
    m_state = State::Compressed;
    m_ready = inflateInit(&m_stream) == Z_OK;
    return m_ready ? Result<>() : fail(Errc::Limit, "not enough memory");
}

Result<std::size_t> TextInput::inflateSome(std::span<std::byte> into)
{
    while (m_state == State::Compressed) {
        if (m_begin == m_end) {
            FW_ASSIGN(const auto more, refill());
            if (!more) {
                m_damaged = true;
                m_state = State::End;
                break;
            }
        }
        const auto room = std::min<std::size_t>(into.size(), 1u << 20);
        m_stream.next_in = reinterpret_cast<Bytef *>(m_buffer.data() + m_begin);
        m_stream.avail_in = static_cast<uInt>(m_end - m_begin);
        m_stream.next_out = reinterpret_cast<Bytef *>(into.data());
        m_stream.avail_out = static_cast<uInt>(room);
        const auto code = inflate(&m_stream, Z_NO_FLUSH);
        m_begin = m_end - m_stream.avail_in;
        const auto made = room - m_stream.avail_out;
        m_produced += made;
        if (code != Z_OK) {
            m_state = State::End;
            m_damaged = code != Z_STREAM_END;
        } else if (m_produced > kMaxProduced) {
            return fail(Errc::Limit, "the compressed trace is longer than 8 GiB");
        }
        if (made > 0)
            return made;
    }
    return std::size_t{0};
}

Result<std::size_t> TextInput::read(std::span<std::byte> into)
{
    if (into.empty())
        return std::size_t{0};
    if (m_state == State::Unknown)
        FW_TRY(start());
    if (m_state == State::Compressed)
        return inflateSome(into);
    if (m_state == State::End)
        return std::size_t{0};
    if (m_begin == m_end)
        return m_source.read(into);
    const auto size = std::min(into.size(), m_end - m_begin);
    std::memcpy(into.data(), m_buffer.data() + m_begin, size);
    m_begin += size;
    return size;
}

Result<std::span<const std::byte>> TextInput::whole(std::uint64_t)
{
    return fail(Errc::Unsupported, "text is read in pieces");
}

} // namespace flamewright::ftrace
