#pragma once

#include "capture/base/result.h"
#include "importers/importer.h"
#include "importers/io/byte_source.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace flamewright {

// Cuts a file of OTLP's protobuf into what is read at once, whatever the size of the file. Messages
// that follow each other without anything between are, by protobuf's rules, one message whose rows
// are added up: of such a file the pieces are its resources.
class OtlpMessages {
public:
    static constexpr std::size_t kMaxMessage = 128u << 20;

    explicit OtlpMessages(ByteSource &source, std::size_t maxMessage = kMaxMessage);

    enum class State : std::uint8_t {
        Rows,    // ResourceSpans, ResourceMetrics or ResourceLogs
        Framed,  // a message that had its length before it: protobuf or JSON, also compressed
        TooLong, // passed over
        Damaged  // the input ended within a message, or is none; nothing follows
    };
    struct Message {
        State state = State::Rows;
        std::string_view bytes; // JsonLines::kPadding readable bytes follow
        std::uint64_t offset = 0;
    };
    // nullopt at the end. Valid until the next call.
    Result<std::optional<Message>> next();

private:
    Result<std::size_t> need(std::size_t bytes);
    Result<bool> skip(std::uint64_t bytes);
    Result<std::optional<std::uint64_t>> varint();
    Result<std::optional<Message>> body(State state, std::uint64_t length);
    Result<std::optional<Message>> nextRows();
    std::optional<Message> damaged();

    ByteSource &m_source;
    std::size_t m_maxMessage;
    std::vector<char> m_buffer;
    std::size_t m_begin = 0, m_end = 0;
    std::uint64_t m_offset = 0; // of m_begin in the input
    bool m_eof = false;
    bool m_started = false, m_framed = false, m_ended = false;
};

// Whether a file that begins so is OTLP's protobuf, framed or not.
Match looksLikeOtlp(std::string_view head, bool headIsAll);

} // namespace flamewright
