#pragma once

#include "capture/base/result.h"
#include "importers/io/byte_source.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

// Cuts JSON that may be larger than memory into pieces that are parsed one by one: the objects in
// certain arrays near its root, {"data":[{...},{...}]}. An object at the root that has no such array
// is a piece itself. Several documents may follow each other, with or without lines between them.
//
// What is around the pieces is only looked at as far as it takes to find them; whether a piece is
// valid JSON is its parser's business.
class JsonElements {
public:
    // simdjson needs seven times of it, which has to fit into the worker's memory.
    static constexpr std::size_t kMaxPiece = 64u << 20;
    // Is an array under this key, so deep below the root, one whose objects are wanted? Depth 0: the
    // root itself is the array; key "": it lies in an array, or is the root.
    using Wanted = bool (*)(std::string_view key, unsigned depth);

    JsonElements(ByteSource &source, Wanted wanted, std::size_t maxPiece = kMaxPiece);

    enum class State : std::uint8_t {
        Whole,
        TooLong, // skipped: no text
        Cut,     // the input ended within it: no text
        Junk     // bytes between documents that are no JSON: no text
    };
    struct Piece {
        std::string_view text; // JsonLines::kPadding readable bytes follow it
        std::string_view key;  // of the array it lies in; "" at the root
        std::uint64_t offset = 0;
        State state = State::Whole;
    };
    // nullopt at the end. Valid until the next call.
    Result<std::optional<Piece>> next();

private:
    static constexpr unsigned kTracked = 4; // levels whose keys are known
    struct Level {
        bool array = false;
        bool wanted = false;
        std::string key; // of an object: of the member at hand; of an array: its own
    };

    Result<bool> fill();
    std::optional<Piece> scan();
    void scanPiece();
    std::optional<Piece> structure(char c);
    void open(char c);
    std::optional<Piece> close();
    Piece take(std::string_view key);
    bool inPiece() const { return m_pieceDepth != 0; }

    ByteSource &m_source;
    Wanted m_wanted;
    std::size_t m_maxPiece;
    std::vector<char> m_buffer;
    std::size_t m_pos = 0, m_end = 0;
    std::uint64_t m_offset = 0; // of the buffer's begin in the input
    bool m_eof = false;

    std::array<Level, kTracked> m_levels;
    std::size_t m_depth = 0;
    bool m_inString = false, m_escaped = false;
    std::string m_string; // the last one outside of pieces
    bool m_kept = false;  // from m_mark on
    std::size_t m_mark = 0;
    std::uint64_t m_markOffset = 0;
    std::size_t m_pieceDepth = 0; // depth within the piece being passed; 0: in none
    bool m_rootIsPiece = false;
    bool m_tooLong = false;
    bool m_junk = false;
    bool m_ended = false;
};

// Bytes whose beginning was looked at before they are read.
class HeadSource final : public ByteSource {
public:
    explicit HeadSource(ByteSource &source) : m_source(source) {}
    // Up to so many bytes; fewer only at the end. Before the first read().
    Result<std::string_view> peek(std::size_t bytes);
    Result<std::size_t> read(std::span<std::byte> into) override;
    std::optional<std::uint64_t> sizeHint() const override { return m_source.sizeHint(); }
    // Errc::Unsupported: it is for reading in pieces.
    Result<std::span<const std::byte>> whole(std::uint64_t limit) override;

private:
    ByteSource &m_source;
    std::string m_head;
    std::size_t m_pos = 0;
};

} // namespace flamewright
