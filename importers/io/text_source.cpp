#include "importers/io/text_source.h"

#include <algorithm>

namespace flamewright {
namespace {

constexpr std::size_t kReadBytes = 64u << 10;
constexpr unsigned kReplacement = 0xfffd;

void appendUtf8(std::string &out, unsigned code)
{
    const auto byte = [&](unsigned value) { out += static_cast<char>(value); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xc0 | code >> 6);
        byte(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        byte(0xe0 | code >> 12);
        byte(0x80 | (code >> 6 & 0x3f));
        byte(0x80 | (code & 0x3f));
    } else {
        byte(0xf0 | code >> 18);
        byte(0x80 | (code >> 12 & 0x3f));
        byte(0x80 | (code >> 6 & 0x3f));
        byte(0x80 | (code & 0x3f));
    }
}

// `high` carries the first half of a surrogate pair from call to call.
void appendUnit(std::string &out, unsigned unit, unsigned &high)
{
    const bool isHigh = unit >= 0xd800 && unit < 0xdc00, isLow = unit >= 0xdc00 && unit < 0xe000;
    if (high != 0) {
        const auto first = high;
        high = 0;
        if (isLow) {
            appendUtf8(out, 0x10000 + ((first - 0xd800) << 10) + (unit - 0xdc00));
            return;
        }
        appendUtf8(out, kReplacement);
    }
    if (isHigh)
        high = unit;
    else
        appendUtf8(out, isLow ? kReplacement : unit);
}

unsigned unitAt(std::string_view bytes, std::size_t i, bool bigEndian)
{
    const auto first = static_cast<unsigned char>(bytes[i]);
    const auto second = static_cast<unsigned char>(bytes[i + 1]);
    return bigEndian ? static_cast<unsigned>(first << 8 | second)
                     : static_cast<unsigned>(second << 8 | first);
}

} // namespace

Result<> TextSource::refill()
{
    const auto old = m_rest.size();
    m_rest.resize(old + kReadBytes);
    FW_ASSIGN(const auto got,
              m_source.read(std::as_writable_bytes(std::span(m_rest).subspan(old))));
    m_rest.resize(old + got);
    m_eof = got == 0;
    return {};
}

Result<> TextSource::start()
{
    while (m_rest.size() < 3 && !m_eof)
        FW_TRY(refill());
    m_encoding = Encoding::Bytes;
    if (m_rest.starts_with("\xff\xfe"))
        m_encoding = Encoding::Utf16Little;
    else if (m_rest.starts_with("\xfe\xff"))
        m_encoding = Encoding::Utf16Big;
    if (m_encoding != Encoding::Bytes)
        m_rest.erase(0, 2);
    else if (m_rest.starts_with("\xef\xbb\xbf"))
        m_rest.erase(0, 3);
    return {};
}

Result<std::size_t> TextSource::read(std::span<std::byte> into)
{
    if (m_encoding == Encoding::Unknown)
        FW_TRY(start());
    if (m_encoding == Encoding::Bytes && m_rest.empty())
        return m_source.read(into);
    while (m_begin == m_ready.size()) {
        m_ready.clear();
        m_begin = 0;
        if (m_encoding == Encoding::Bytes) {
            m_ready.swap(m_rest);
            continue;
        }
        std::size_t i = 0;
        for (; i + 1 < m_rest.size(); i += 2)
            appendUnit(m_ready, unitAt(m_rest, i, m_encoding == Encoding::Utf16Big), m_highHalf);
        m_rest.erase(0, i);
        if (!m_ready.empty())
            break;
        if (m_eof)
            return std::size_t{0};
        FW_TRY(refill());
    }
    const auto n = std::min(into.size(), m_ready.size() - m_begin);
    std::copy_n(std::as_bytes(std::span(m_ready)).begin() + static_cast<std::ptrdiff_t>(m_begin), n,
                into.begin());
    m_begin += n;
    return n;
}

Result<std::span<const std::byte>> TextSource::whole(std::uint64_t)
{
    return fail(Errc::Unsupported, "text is read line by line");
}

std::string textHead(const Probe &probe)
{
    auto text = probe.text();
    const bool little = text.starts_with("\xff\xfe"), big = text.starts_with("\xfe\xff");
    if (!little && !big)
        return std::string(text.starts_with("\xef\xbb\xbf") ? text.substr(3) : text);
    std::string out;
    unsigned high = 0;
    for (std::size_t i = 2; i + 1 < text.size(); i += 2)
        appendUnit(out, unitAt(text, i, big), high);
    return out;
}

} // namespace flamewright
