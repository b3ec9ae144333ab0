#include "importers/gatling/gatling_stream.h"

#include <algorithm>
#include <cstring>

namespace flamewright {
namespace {

constexpr std::size_t kBufferBytes = 256u << 10;
constexpr std::size_t kMaxRemembered = 256u << 20; // of all texts

void appendUtf8(std::string &out, unsigned c)
{
    const auto add = [&](unsigned byte) { out += static_cast<char>(byte); };
    if (c < 0x80) {
        add(c);
    } else if (c < 0x800) {
        add(0xc0 | c >> 6);
        add(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        add(0xe0 | c >> 12);
        add(0x80 | (c >> 6 & 0x3f));
        add(0x80 | (c & 0x3f));
    } else {
        add(0xf0 | c >> 18);
        add(0x80 | (c >> 12 & 0x3f));
        add(0x80 | (c >> 6 & 0x3f));
        add(0x80 | (c & 0x3f));
    }
}

std::string fromLatin1(std::string_view bytes)
{
    std::string out;
    out.reserve(bytes.size());
    for (const auto c : bytes)
        appendUtf8(out, static_cast<unsigned char>(c));
    return out;
}

// In the order of the machine that wrote it, which has been little-endian for all that is known.
std::string fromUtf16(std::string_view bytes)
{
    const auto unit = [&](std::size_t i) {
        return static_cast<unsigned>(static_cast<unsigned char>(bytes[i])) |
               static_cast<unsigned>(static_cast<unsigned char>(bytes[i + 1])) << 8;
    };
    std::string out;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        auto c = unit(i);
        const bool high = c >= 0xd800 && c < 0xdc00;
        if (high && i + 3 < bytes.size() && unit(i + 2) >= 0xdc00 && unit(i + 2) < 0xe000) {
            c = 0x10000 + ((c - 0xd800) << 10) + (unit(i + 2) - 0xdc00);
            i += 2;
        } else if (c >= 0xd800 && c < 0xe000) {
            c = 0xfffd; // half a character
        }
        appendUtf8(out, c);
    }
    return out;
}

template <class T>
T bigEndian(std::string_view bytes)
{
    std::uint64_t out = 0;
    for (const auto c : bytes)
        out = out << 8 | static_cast<unsigned char>(c);
    return static_cast<T>(out);
}

} // namespace

GatlingStream::GatlingStream(ByteSource &source) : m_source(source), m_buffer(kBufferBytes) {}

Error GatlingStream::corrupt(std::string what) const
{
    return Error(Errc::Corrupt, std::move(what)).at(offset());
}

Result<std::string_view> GatlingStream::take(std::size_t bytes)
{
    while (m_end - m_begin < bytes) {
        if (m_eof) {
            m_ended = true;
            return fail(corrupt("the log ends within a record"));
        }
        std::memmove(m_buffer.data(), m_buffer.data() + m_begin, m_end - m_begin);
        m_offset += m_begin;
        m_end -= m_begin;
        m_begin = 0;
        // Grows with what is there, not with what the input claims.
        if (m_end == m_buffer.size())
            m_buffer.resize(m_buffer.size() * 2);
        FW_ASSIGN(const auto got,
                  m_source.read(std::as_writable_bytes(std::span(m_buffer).subspan(m_end))));
        m_end += got;
        m_eof = got == 0;
    }
    const std::string_view out(m_buffer.data() + m_begin, bytes);
    m_begin += bytes;
    return out;
}

Result<bool> GatlingStream::more()
{
    if (m_end == m_begin && !m_eof) {
        if (auto taken = take(1); taken.has_value())
            --m_begin;
        else if (!m_ended)
            return fail(taken.error());
    }
    m_ended = false;
    return m_begin < m_end;
}

Result<std::uint8_t> GatlingStream::byte()
{
    FW_ASSIGN(const auto bytes, take(1));
    return static_cast<std::uint8_t>(bytes[0]);
}

Result<std::int32_t> GatlingStream::int32()
{
    FW_ASSIGN(const auto bytes, take(4));
    return bigEndian<std::int32_t>(bytes);
}

Result<std::int64_t> GatlingStream::int64()
{
    FW_ASSIGN(const auto bytes, take(8));
    return bigEndian<std::int64_t>(bytes);
}

Result<std::int32_t> GatlingStream::length()
{
    FW_ASSIGN(const auto length, int32());
    if (length < 0 || static_cast<std::size_t>(length) > kMaxText)
        return fail(corrupt("a text of an impossible length"));
    return length;
}

Result<std::string> GatlingStream::text()
{
    FW_ASSIGN(const auto bytes, length());
    if (bytes == 0)
        return std::string();
    FW_ASSIGN(const auto all, take(static_cast<std::size_t>(bytes) + 1));
    const auto coder = all.back();
    const auto content = all.substr(0, all.size() - 1);
    if (coder != 0 && coder != 1)
        return fail(corrupt("a text in an unknown encoding"));
    return coder == 0 ? fromLatin1(content) : fromUtf16(content);
}

Result<std::string_view> GatlingStream::cachedText()
{
    FW_ASSIGN(const auto index, int32());
    if (index > 0) {
        FW_ASSIGN(auto fresh, text());
        m_textBytes += fresh.size() + 64;
        if (m_textBytes > kMaxRemembered)
            return fail(
                Error(Errc::Limit, "the log has more texts than fit into memory").at(offset()));
        // Views of what is remembered stay valid, so nothing may take its place.
        const auto [it, added] = m_texts.try_emplace(index, std::move(fresh));
        if (!added)
            return fail(corrupt("a number that stands for two texts"));
        return std::string_view(it->second);
    }
    const auto it = index == INT32_MIN ? m_texts.end() : m_texts.find(-index);
    if (it == m_texts.end())
        return fail(corrupt("a text that was not written before"));
    return std::string_view(it->second);
}

Result<> GatlingStream::skipBytes()
{
    FW_ASSIGN(auto left, int32());
    if (left < 0)
        return fail(corrupt("an assertion of an impossible length"));
    while (left > 0) {
        const auto step = std::min<std::int32_t>(left, static_cast<std::int32_t>(kBufferBytes));
        FW_TRY(take(static_cast<std::size_t>(step)));
        left -= step;
    }
    return {};
}

} // namespace flamewright
