#include "importers/trace/packet_stream.h"

#include <algorithm>
#include <cstring>
#include <span>

namespace flamewright {
namespace {

constexpr std::size_t kReadBytes = 256u << 10;
constexpr std::uint64_t kMaxPacket = 256ull << 20;
constexpr std::size_t kMaxVarint = 10;
constexpr std::uint64_t kPacketField = 1;

enum WireType : std::uint64_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

} // namespace

// At least that many bytes from m_begin on; false when there are not so many. Memory grows with what
// really comes, not with what a packet claims.
Result<bool> PacketStream::fill(std::size_t bytes)
{
    while (left() < bytes) {
        if (m_begin > 0) {
            std::memmove(m_buffer.data(), m_buffer.data() + m_begin, left());
            m_end -= m_begin;
            m_begin = 0;
        }
        if (m_buffer.size() - m_end < kReadBytes)
            m_buffer.resize(std::max(m_buffer.size() * 2, m_end + kReadBytes));
        FW_ASSIGN(const auto got, m_source.read(std::as_writable_bytes(std::span(m_buffer).subspan(
                                      m_end, m_buffer.size() - m_end))));
        if (got == 0)
            return false;
        m_end += got;
    }
    return true;
}

// False when there is none; at the very end of the input that is no damage.
Result<bool> PacketStream::takeVarint(std::uint64_t &out)
{
    out = 0;
    for (std::size_t i = 0; i < kMaxVarint; ++i) {
        FW_ASSIGN(const auto more, fill(i + 1));
        if (!more) {
            m_damaged |= i > 0;
            return false;
        }
        const auto byte = static_cast<unsigned char>(m_buffer[m_begin + i]);
        out |= static_cast<std::uint64_t>(byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            m_begin += i + 1;
            m_offset += i + 1;
            return true;
        }
    }
    m_damaged = true;
    return false;
}

Result<bool> PacketStream::pass(std::uint64_t bytes)
{
    while (bytes > 0) {
        FW_ASSIGN(const auto more, fill(1));
        if (!more) {
            m_damaged = true;
            return false;
        }
        const auto some = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, left()));
        m_begin += some;
        m_offset += some;
        bytes -= some;
    }
    return true;
}

Result<std::optional<PacketStream::Packet>> PacketStream::next()
{
    const std::optional<Packet> none;
    while (!m_damaged) {
        std::uint64_t key = 0, size = 0;
        const auto offset = m_offset;
        FW_ASSIGN(const auto hasKey, takeVarint(key));
        if (!hasKey)
            break;
        const auto type = key & 7;
        if (type == kBytes || type == kVarint) {
            FW_ASSIGN(const auto hasSize, takeVarint(size));
            m_damaged |= !hasSize;
        } else {
            size = type == kFixed64 ? 8 : 4;
            m_damaged |= type != kFixed64 && type != kFixed32;
        }
        m_damaged |= key >> 3 == 0 || (type == kBytes && size > kMaxPacket);
        if (m_damaged)
            break;
        if (key >> 3 != kPacketField || type != kBytes) {
            ++m_otherFields;
            if (type != kVarint) {
                FW_ASSIGN(const auto passed, pass(size));
                m_damaged |= !passed;
            }
            continue;
        }
        FW_ASSIGN(const auto whole, fill(static_cast<std::size_t>(size)));
        if (!whole) {
            m_damaged = true;
            break;
        }
        const Packet packet{{m_buffer.data() + m_begin, static_cast<std::size_t>(size)}, offset};
        m_begin += static_cast<std::size_t>(size);
        m_offset += size;
        return std::optional(packet);
    }
    return none;
}

} // namespace flamewright
