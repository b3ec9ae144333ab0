#pragma once

#include "capture/base/result.h"
#include "importers/io/byte_source.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace flamewright {

// The numbers and texts of a binary simulation.log, in constant memory but for the texts that it says
// are to be remembered. Every read may fail because the input ends: then ended() is true.
class GatlingStream {
public:
    static constexpr std::size_t kMaxText = 1u << 20;

    explicit GatlingStream(ByteSource &source);

    // Whether there is another byte.
    Result<bool> more();
    Result<std::uint8_t> byte();
    Result<std::int32_t> int32();
    Result<std::int64_t> int64();
    // As UTF-8.
    Result<std::string> text();
    // A text that is remembered under a number, or the number of one. Valid as long as the stream.
    Result<std::string_view> cachedText();
    // Bytes that are preceded by their number.
    Result<> skipBytes();

    std::uint64_t offset() const { return m_offset + m_begin; }
    bool ended() const { return m_ended; }
    Error corrupt(std::string what) const;

private:
    Result<std::string_view> take(std::size_t bytes); // valid until the next
    Result<std::int32_t> length();

    ByteSource &m_source;
    std::vector<char> m_buffer;
    std::size_t m_begin = 0, m_end = 0;
    std::uint64_t m_offset = 0; // of m_buffer in the input
    bool m_eof = false, m_ended = false;
    std::unordered_map<std::int32_t, std::string> m_texts;
    std::size_t m_textBytes = 0;
};

} // namespace flamewright
