#pragma once

#include "importers/io/byte_source.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>
#include <zlib.h>

namespace flamewright::ftrace {

inline constexpr std::string_view kAtraceMagic = "TRACE:\n"; // then a zlib stream

// Where the zlib stream of atrace begins in the head of a file; npos: the head is text.
std::size_t atraceStream(std::string_view head);

// The text of a trace: as it is, or what `atrace -z` compressed, after a line of text.
class TextInput final : public ByteSource {
public:
    explicit TextInput(ByteSource &source) : m_source(source) {}
    TextInput(const TextInput &) = delete;
    TextInput &operator=(const TextInput &) = delete;
    ~TextInput() override;

    Result<std::size_t> read(std::span<std::byte> into) override;
    // Errc::Unsupported: text is read in pieces.
    Result<std::span<const std::byte>> whole(std::uint64_t limit) override;

    // The stream ended before its end, or went wrong: what came before it was read.
    bool damaged() const { return m_damaged; }

private:
    enum class State : unsigned char { Unknown, Plain, Compressed, End };
    Result<> start();
    Result<bool> refill();
    Result<std::size_t> inflateSome(std::span<std::byte> into);

    ByteSource &m_source;
    State m_state = State::Unknown;
    std::vector<std::byte> m_buffer; // of the source, from m_begin to m_end not used yet
    std::size_t m_begin = 0, m_end = 0;
    z_stream m_stream{};
    bool m_ready = false; // m_stream
    bool m_damaged = false;
    std::uint64_t m_produced = 0;
};

} // namespace flamewright::ftrace
