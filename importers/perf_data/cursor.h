#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace flamewright {

// Reads the numbers of one record or section, in either byte order. Reading past the end gives
// zeros and clears ok(), so that a parser checks once, at its end.
class PerfCursor {
public:
    PerfCursor(std::span<const std::byte> bytes, bool swap) : m_bytes(bytes), m_swap(swap) {}

    bool ok() const { return m_ok; }
    std::size_t remaining() const { return m_bytes.size() - m_pos; }
    std::size_t position() const { return m_pos; }

    std::uint16_t u16()
    {
        const auto value = load<std::uint16_t>();
        return m_swap ? __builtin_bswap16(value) : value;
    }
    std::uint32_t u32()
    {
        const auto value = load<std::uint32_t>();
        return m_swap ? __builtin_bswap32(value) : value;
    }
    std::uint64_t u64()
    {
        const auto value = load<std::uint64_t>();
        return m_swap ? __builtin_bswap64(value) : value;
    }
    std::int32_t i32() { return static_cast<std::int32_t>(u32()); }

    std::span<const std::byte> bytes(std::uint64_t size)
    {
        if (size > remaining()) {
            m_pos = m_bytes.size();
            m_ok = false;
            return {};
        }
        const auto out = m_bytes.subspan(m_pos, static_cast<std::size_t>(size));
        m_pos += out.size();
        return out;
    }
    void skip(std::uint64_t size) { bytes(size); }
    // `count` numbers of 64 bits.
    std::span<const std::byte> words(std::uint64_t count)
    {
        return bytes(count > remaining() / 8 ? UINT64_MAX : count * 8);
    }
    // Text of `size` bytes at most, up to its NUL.
    std::string_view text(std::uint64_t size)
    {
        const auto raw = bytes(size);
        const std::string_view all(reinterpret_cast<const char *>(raw.data()), raw.size());
        return all.substr(0, all.find('\0'));
    }
    // A string of a header section: its length, then its bytes with padding.
    std::string_view headerString() { return text(u32()); }

private:
    template <class T>
    T load()
    {
        T value{};
        if (remaining() < sizeof(T)) {
            m_pos = m_bytes.size();
            m_ok = false;
            return value;
        }
        std::memcpy(&value, m_bytes.data() + m_pos, sizeof(T));
        m_pos += sizeof(T);
        return value;
    }

    std::span<const std::byte> m_bytes;
    std::size_t m_pos = 0;
    bool m_swap;
    bool m_ok = true;
};

// Word `index` of a run of 64-bit numbers, which the caller has bounded.
inline std::uint64_t perfWord(std::span<const std::byte> words, std::size_t index, bool swap)
{
    std::uint64_t value = 0;
    std::memcpy(&value, words.data() + index * 8, sizeof value);
    return swap ? __builtin_bswap64(value) : value;
}

} // namespace flamewright
