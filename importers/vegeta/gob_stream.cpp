#include "importers/vegeta/gob_stream.h"

#include <algorithm>
#include <utility>

namespace flamewright {
namespace {

constexpr std::size_t kReadBytes = 64u << 10;
constexpr std::uint64_t kMaxMessage = 64u << 20; // bodies are in it
constexpr std::size_t kMaxTypes = 1000, kMaxFields = 1000;

// Fields of a struct of Go: numbers that count up, until a zero. 0 at the end.
std::uint64_t nextField(GobCursor &cursor, std::uint64_t &field)
{
    const auto delta = cursor.unsignedValue();
    if (delta == 0 || !cursor.ok() || delta > kMaxFields)
        return 0;
    field += delta;
    return field;
}

// commonType: 1 name, 2 id.
std::string readCommon(GobCursor &cursor)
{
    std::string name;
    std::uint64_t field = 0;
    while (const auto at = nextField(cursor, field)) {
        if (at == 1)
            name = cursor.bytes();
        else
            cursor.signedValue();
    }
    return name;
}

} // namespace

std::uint64_t GobCursor::unsignedValue()
{
    if (m_rest.empty()) {
        m_ok = false;
        return 0;
    }
    const auto first = static_cast<unsigned char>(m_rest.front());
    m_rest.remove_prefix(1);
    if (first < 128)
        return first;
    const std::size_t count = 256u - first;
    if (count > 8 || count > m_rest.size()) {
        m_ok = false;
        m_rest = {};
        return 0;
    }
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < count; ++i)
        out = out << 8 | static_cast<unsigned char>(m_rest[i]);
    m_rest.remove_prefix(count);
    return out;
}

std::int64_t GobCursor::signedValue()
{
    const auto bits = unsignedValue();
    return static_cast<std::int64_t>((bits & 1) != 0 ? ~(bits >> 1) : bits >> 1);
}

std::string_view GobCursor::bytes()
{
    const auto size = unsignedValue();
    if (size > m_rest.size()) {
        m_ok = false;
        m_rest = {};
        return {};
    }
    const auto out = m_rest.substr(0, size);
    m_rest.remove_prefix(size);
    return out;
}

// Whether so many bytes are in the buffer now.
Result<bool> GobStream::ensure(std::size_t bytes)
{
    while (m_buffer.size() - m_begin < bytes && !m_eof) {
        if (m_begin > kReadBytes) {
            m_buffer.erase(0, m_begin);
            m_begin = 0;
        }
        const auto old = m_buffer.size();
        m_buffer.resize(old + kReadBytes);
        FW_ASSIGN(const auto got,
                  m_source.read(std::as_writable_bytes(std::span(m_buffer).subspan(old))));
        m_buffer.resize(old + got);
        m_eof = got == 0;
    }
    return m_buffer.size() - m_begin >= bytes;
}

Result<> GobStream::skip(std::uint64_t bytes)
{
    while (bytes > 0) {
        FW_ASSIGN(const auto more, ensure(1));
        if (!more) {
            m_cutOff = true;
            break;
        }
        const auto step = std::min<std::uint64_t>(bytes, m_buffer.size() - m_begin);
        m_begin += step;
        m_offset += step;
        bytes -= step;
    }
    return {};
}

// Takes it off; nullopt at the end of the input.
Result<std::optional<std::uint64_t>> GobStream::messageLength()
{
    FW_ASSIGN(const auto any, ensure(1));
    if (!any)
        return std::optional<std::uint64_t>();
    const auto first = static_cast<unsigned char>(m_buffer[m_begin]);
    const std::size_t size = first < 128 ? 1 : std::min<std::size_t>(257u - first, 9);
    FW_ASSIGN(const auto whole, ensure(size));
    if (!whole) {
        m_cutOff = true;
        return std::optional<std::uint64_t>();
    }
    GobCursor cursor(std::string_view(m_buffer).substr(m_begin, size));
    const auto length = cursor.unsignedValue();
    m_begin += size;
    m_offset += size;
    if (!cursor.ok())
        ++m_skipped;
    return std::optional(cursor.ok() ? length : 0);
}

// A wireType: 3 is a struct, 5 to 7 are types that encode themselves; others are kept as unknown.
bool GobStream::define(GobCursor cursor, std::int64_t id)
{
    Type type;
    std::uint64_t kind = 0;
    if (m_types.size() >= kMaxTypes || nextField(cursor, kind) == 0)
        return false;
    type.isOpaque = kind >= 5 && kind <= 7;
    type.isStruct = kind == 3;
    std::uint64_t field = 0;
    while (type.isStruct) {
        const auto at = nextField(cursor, field);
        if (at == 0)
            break;
        if (at == 1) {
            type.name = readCommon(cursor);
            continue;
        }
        const auto count = cursor.unsignedValue();
        if (at != 2 || count > kMaxFields)
            return false;
        for (std::uint64_t i = 0; i < count && cursor.ok(); ++i) {
            Field one;
            std::uint64_t part = 0;
            while (const auto which = nextField(cursor, part)) {
                if (which == 1)
                    one.name = cursor.bytes();
                else
                    one.type = cursor.signedValue();
            }
            type.fields.push_back(std::move(one));
        }
    }
    if (!cursor.ok())
        return false;
    m_types[id] = std::move(type);
    return true;
}

const GobStream::Type *GobStream::typeOf(std::int64_t id) const
{
    const auto found = m_types.find(id);
    return found == m_types.end() ? nullptr : &found->second;
}

std::uint64_t GobStream::takeSkipped()
{
    return std::exchange(m_skipped, 0);
}

Result<std::optional<GobStream::Message>> GobStream::next()
{
    for (;;) {
        const auto offset = m_offset;
        FW_ASSIGN(const auto length, messageLength());
        if (!length)
            return std::optional<Message>();
        if (*length > kMaxMessage) {
            ++m_skipped;
            FW_TRY(skip(*length));
            continue;
        }
        FW_ASSIGN(const auto whole, ensure(*length));
        if (!whole) {
            m_cutOff = true;
            return std::optional<Message>();
        }
        const auto bytes = std::string_view(m_buffer).substr(m_begin, *length);
        m_begin += bytes.size();
        m_offset += bytes.size();
        if (bytes.empty())
            continue;
        GobCursor cursor(bytes);
        const auto id = cursor.signedValue();
        if (id >= 0)
            return std::optional(Message{typeOf(id), cursor.rest(), offset});
        if (id == INT64_MIN || !define(cursor, -id))
            ++m_skipped;
    }
}

} // namespace flamewright
