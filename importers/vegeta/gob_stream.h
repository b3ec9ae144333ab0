#pragma once

#include "capture/base/result.h"
#include "importers/io/byte_source.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

// Values of Go's gob encoding, read from the bytes of one message. Whatever is read behind the end,
// or does not fit, is zero and makes ok() false. https://pkg.go.dev/encoding/gob
class GobCursor {
public:
    explicit GobCursor(std::string_view bytes) : m_rest(bytes) {}

    std::uint64_t unsignedValue();
    std::int64_t signedValue();
    std::string_view bytes();
    bool ok() const { return m_ok; }
    std::string_view rest() const { return m_rest; }

private:
    std::string_view m_rest;
    bool m_ok = true;
};

// A stream of gobs: messages that define types, and messages with values of them.
class GobStream {
public:
    explicit GobStream(ByteSource &source) : m_source(source) {}

    // Ids of types below 64 are Go's own; of those a vegeta result has these.
    enum Builtin : std::int64_t { kInt = 2, kUint = 3, kBytes = 5, kString = 6 };

    struct Field {
        std::string name;
        std::int64_t type = 0;
    };
    struct Type {
        std::string name;
        std::vector<Field> fields; // of a struct
        bool isStruct = false;
        bool isOpaque = false; // of a type that encodes itself: bytes
    };
    struct Message {
        const Type *type = nullptr; // null: nobody defined it
        std::string_view value;     // the fields of a struct
        std::uint64_t offset = 0;   // of the message in the input
    };
    // The next value; nullopt at the end. Definitions on the way are taken in. The message is valid
    // until the next call.
    Result<std::optional<Message>> next();

    // What was passed over since the last call: messages that were too long, or damaged definitions.
    std::uint64_t takeSkipped();
    // The input ended within a message.
    bool cutOff() const { return m_cutOff; }
    const Type *typeOf(std::int64_t id) const;
    // Of the next byte to be read.
    std::uint64_t offset() const { return m_offset; }

private:
    Result<bool> ensure(std::size_t bytes);
    Result<> skip(std::uint64_t bytes);
    Result<std::optional<std::uint64_t>> messageLength();
    bool define(GobCursor cursor, std::int64_t id);

    ByteSource &m_source;
    std::string m_buffer;
    std::size_t m_begin = 0;
    std::uint64_t m_offset = 0; // of m_begin
    bool m_eof = false, m_cutOff = false;
    std::uint64_t m_skipped = 0;
    std::map<std::int64_t, Type> m_types;
};

} // namespace flamewright
