#include "importers/otlp/otlp_messages.h"

#include "importers/otlp/otlp_proto.h"
#include "importers/otlp/proto_fields.h"
#include "importers/text/json_lines.h"

#include <algorithm>
#include <cstring>

namespace flamewright {
namespace {

constexpr std::size_t kReadBytes = 256u << 10;
constexpr std::size_t kPrefix = 4; // the length before a message: most significant byte first
constexpr char kFirstField = '\x0a';
constexpr std::string_view kZstdMagic = "\x28\xb5\x2f\xfd";

std::uint32_t lengthOf(std::string_view prefix)
{
    std::uint32_t out = 0;
    for (const auto c : prefix.substr(0, kPrefix))
        out = out << 8 | static_cast<unsigned char>(c);
    return out;
}

// A message that begins with its own first field could have a length of 167 MB and more before it,
// which nobody writes.
bool isFramed(std::string_view head)
{
    if (head.size() <= kPrefix || head[0] == kFirstField || lengthOf(head) == 0)
        return false;
    const auto inner = head.substr(kPrefix);
    return inner[0] == kFirstField || inner[0] == '{' || inner.starts_with(kZstdMagic);
}

// Fields of a message whose end may be missing, one after the other.
class HeadFields {
public:
    explicit HeadFields(std::string_view bytes) : m_bytes(bytes) {}
    // False at the end, and where no field begins.
    bool next();
    std::uint64_t tag() const { return m_tag; }
    unsigned wire() const { return m_wire; }
    std::string_view bytes() const { return m_value; } // as far as they are there
    bool whole() const { return m_whole; }
    bool sound() const { return m_sound; }

private:
    std::optional<std::uint64_t> varint();

    std::string_view m_bytes;
    std::uint64_t m_tag = 0;
    unsigned m_wire = 0;
    std::string_view m_value;
    bool m_whole = true, m_sound = true;
};

std::optional<std::uint64_t> HeadFields::varint()
{
    std::uint64_t out = 0;
    for (unsigned i = 0; i < 10 && i < m_bytes.size(); ++i) {
        const auto byte = static_cast<unsigned char>(m_bytes[i]);
        out |= static_cast<std::uint64_t>(byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            m_bytes.remove_prefix(i + 1);
            return out;
        }
    }
    m_sound &= m_bytes.size() < 10;
    return std::nullopt;
}

bool HeadFields::next()
{
    if (m_bytes.empty() || !m_whole)
        return false;
    const auto key = varint();
    if (!key)
        return false;
    m_tag = *key >> 3;
    m_wire = static_cast<unsigned>(*key & 7);
    std::uint64_t length = 0;
    if (m_wire == 0) {
        return varint().has_value();
    } else if (m_wire == 1 || m_wire == 5) {
        length = m_wire == 1 ? 8 : 4;
    } else if (m_wire == 2) {
        const auto said = varint();
        if (!said)
            return false;
        length = *said;
    } else {
        m_sound = false;
        return false;
    }
    m_whole = length <= m_bytes.size();
    m_value = m_bytes.substr(
        0, static_cast<std::size_t>(std::min<std::uint64_t>(length, m_bytes.size())));
    m_bytes.remove_prefix(m_value.size());
    return true;
}

bool isText(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) >= ' ' && c != '\x7f';
    });
}

// A resource: attributes whose keys are texts.
bool looksLikeResource(std::string_view bytes, bool &sound)
{
    bool keys = false;
    for (HeadFields fields(bytes); fields.next();) {
        if (fields.tag() != 1 || fields.wire() != 2)
            continue;
        HeadFields attribute(fields.bytes());
        if (!attribute.next())
            continue;
        const bool isKey = attribute.tag() == 1 && attribute.wire() == 2 &&
                           (isText(attribute.bytes()) || !attribute.whole());
        keys |= isKey;
        sound &= isKey;
    }
    return keys;
}

Match looksLikeRows(std::string_view bytes)
{
    bool resource = false, sound = true, rows = false;
    HeadFields fields(bytes);
    while (fields.next()) {
        const bool known = fields.wire() == 2 && (fields.tag() <= 3 || fields.tag() == 1000);
        sound &= known;
        if (!known)
            break;
        if (fields.tag() == 1)
            resource |= looksLikeResource(fields.bytes(), sound);
        if (fields.tag() != 2 && fields.tag() != 1000)
            continue;
        for (HeadFields scope(fields.bytes()); scope.next();) {
            sound &= scope.wire() == 2 && scope.tag() <= 3;
            // A row that is cut off by the end of the head says nothing.
            if (sound && scope.tag() == 2)
                rows |= scope.whole() ? OtlpProtoReader::signalOfRow(scope.bytes()).has_value()
                                      : resource;
        }
    }
    if (!sound || !fields.sound())
        return Match::No;
    return rows ? Match::Strong : resource ? Match::Weak : Match::No;
}

} // namespace

OtlpMessages::OtlpMessages(ByteSource &source, std::size_t maxMessage)
    : m_source(source),
      m_maxMessage(maxMessage),
      m_buffer(kReadBytes + JsonLines::kPadding)
{}

// Sees to it that so many bytes are in the buffer; how many there are, fewer only at the end.
Result<std::size_t> OtlpMessages::need(std::size_t bytes)
{
    while (m_end - m_begin < bytes && !m_eof) {
        std::memmove(m_buffer.data(), m_buffer.data() + m_begin, m_end - m_begin);
        m_end -= m_begin;
        m_begin = 0;
        // Grows with what was read, not with what is asked for: lengths may lie.
        if (m_buffer.size() - JsonLines::kPadding - m_end < kReadBytes / 2)
            m_buffer.resize(m_buffer.size() * 2);
        const auto room = m_buffer.size() - JsonLines::kPadding - m_end;
        FW_ASSIGN(const auto got,
                  m_source.read(std::as_writable_bytes(std::span(m_buffer).subspan(m_end, room))));
        m_end += got;
        m_eof = got == 0;
    }
    return m_end - m_begin;
}

// False when the input ends before.
Result<bool> OtlpMessages::skip(std::uint64_t bytes)
{
    while (bytes > 0) {
        FW_ASSIGN(const auto there, need(1));
        if (there == 0)
            return false;
        const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, there));
        m_begin += n;
        m_offset += n;
        bytes -= n;
    }
    return true;
}

Result<std::optional<std::uint64_t>> OtlpMessages::varint()
{
    FW_ASSIGN(const auto there, need(10));
    std::uint64_t out = 0;
    for (unsigned i = 0; i < 10 && i < there; ++i) {
        const auto byte = static_cast<unsigned char>(m_buffer[m_begin + i]);
        out |= static_cast<std::uint64_t>(byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            m_begin += i + 1;
            m_offset += i + 1;
            return std::optional(out);
        }
    }
    return std::optional<std::uint64_t>();
}

std::optional<OtlpMessages::Message> OtlpMessages::damaged()
{
    m_ended = true;
    return Message{State::Damaged, {}, m_offset};
}

Result<std::optional<OtlpMessages::Message>> OtlpMessages::body(State state, std::uint64_t length)
{
    const auto offset = m_offset;
    if (length > m_maxMessage) {
        FW_ASSIGN(const auto there, skip(length));
        if (!there)
            return damaged();
        return std::optional(Message{State::TooLong, {}, offset});
    }
    const auto size = static_cast<std::size_t>(length);
    FW_ASSIGN(const auto there, need(size));
    if (there < size)
        return damaged();
    Message out{state, {m_buffer.data() + m_begin, size}, offset};
    m_begin += size;
    m_offset += size;
    return std::optional(out);
}

Result<std::optional<OtlpMessages::Message>> OtlpMessages::nextRows()
{
    for (;;) {
        FW_ASSIGN(const auto there, need(1));
        if (there == 0)
            return std::optional<Message>();
        FW_ASSIGN(const auto key, varint());
        if (!key || *key >> 3 == 0)
            return damaged();
        const auto wire = *key & 7;
        std::uint64_t length = wire == 1 ? 8 : 4;
        if (wire == 0 || wire == 2) {
            FW_ASSIGN(const auto value, varint());
            if (!value)
                return damaged();
            length = wire == 2 ? *value : 0;
        } else if (wire != 1 && wire != 5) {
            return damaged();
        }
        if (*key == static_cast<unsigned char>(kFirstField))
            return body(State::Rows, length);
        FW_ASSIGN(const auto skipped, skip(length));
        if (!skipped)
            return damaged();
    }
}

Result<std::optional<OtlpMessages::Message>> OtlpMessages::next()
{
    if (m_ended)
        return std::optional<Message>();
    if (!m_started) {
        m_started = true;
        FW_ASSIGN(const auto there, need(kPrefix + kZstdMagic.size()));
        m_framed = isFramed({m_buffer.data() + m_begin, there});
    }
    if (!m_framed)
        return nextRows();
    FW_ASSIGN(const auto there, need(kPrefix));
    if (there == 0)
        return std::optional<Message>();
    if (there < kPrefix)
        return damaged();
    const auto length = lengthOf({m_buffer.data() + m_begin, kPrefix});
    m_begin += kPrefix;
    m_offset += kPrefix;
    return body(State::Framed, length);
}

Match looksLikeOtlp(std::string_view head, bool headIsAll)
{
    const bool framed = isFramed(head);
    auto body = head;
    if (framed) {
        body.remove_prefix(kPrefix);
        const auto length = lengthOf(head);
        if (length > body.size() && headIsAll)
            return Match::No;
        body = body.substr(0, length);
        if (body.starts_with('{')) {
            for (const auto *key : {"\"resourceSpans\"", "\"resourceMetrics\"", "\"resourceLogs\"",
                                    "\"resourceProfiles\""}) {
                if (body.find(key) != body.npos)
                    return Match::Strong;
            }
            return Match::No;
        }
        if (body.starts_with(kZstdMagic))
            return Match::Strong; // nothing else has a length before zstd's magic number
    }
    if (!body.starts_with(kFirstField))
        return Match::No;
    HeadFields fields(body);
    return fields.next() ? looksLikeRows(fields.bytes()) : Match::No;
}

} // namespace flamewright
