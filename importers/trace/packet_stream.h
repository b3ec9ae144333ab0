#pragma once

#include "capture/base/result.h"
#include "importers/io/byte_source.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace flamewright {

// The packets of a message that is a list of packets (field 1), one after the other: only the packet at
// hand is in memory. Other fields are passed over.
class PacketStream {
public:
    explicit PacketStream(ByteSource &source) : m_source(source) {}

    struct Packet {
        std::string_view bytes; // valid until the next call
        std::uint64_t offset = 0;
    };
    // nullopt at the end, and where the stream is no such list any more: then damaged() is true.
    Result<std::optional<Packet>> next();

    bool damaged() const { return m_damaged; }
    std::uint64_t offset() const { return m_offset; }
    std::uint64_t otherFields() const { return m_otherFields; }

private:
    Result<bool> fill(std::size_t bytes);
    Result<bool> takeVarint(std::uint64_t &out);
    Result<bool> pass(std::uint64_t bytes);
    std::size_t left() const { return m_end - m_begin; }

    ByteSource &m_source;
    std::vector<char> m_buffer;
    std::size_t m_begin = 0, m_end = 0;
    std::uint64_t m_offset = 0; // of m_begin
    std::uint64_t m_otherFields = 0;
    bool m_damaged = false;
};

} // namespace flamewright
