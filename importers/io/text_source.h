#pragma once

#include "importers/importer.h"
#include "importers/io/byte_source.h"

#include <string>

namespace flamewright {

// Text as UTF-8: takes a byte order mark off and converts UTF-16 that has one; everything else
// passes unchanged. Offsets that readers count are those of the converted text.
class TextSource final : public ByteSource {
public:
    explicit TextSource(ByteSource &source) : m_source(source) {}
    Result<std::size_t> read(std::span<std::byte> into) override;
    // Errc::Unsupported: text is read in pieces.
    Result<std::span<const std::byte>> whole(std::uint64_t limit) override;

private:
    enum class Encoding : unsigned char { Unknown, Bytes, Utf16Little, Utf16Big };
    Result<> start();
    Result<> refill();

    ByteSource &m_source;
    Encoding m_encoding = Encoding::Unknown;
    std::string m_ready; // converted, from m_begin on not handed out yet
    std::size_t m_begin = 0;
    std::string m_rest;      // bytes of a character that is not complete yet
    unsigned m_highHalf = 0; // first half of a surrogate pair
    bool m_eof = false;
};

// The head of a probe as UTF-8, for detectors of text formats.
std::string textHead(const Probe &probe);

} // namespace flamewright
