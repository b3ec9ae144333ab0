#pragma once

#include "capture/base/result.h"
#include "importers/io/byte_source.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

struct CsvDialect {
    char separator = ',';
    // Fields that begin with it may hold separators and line ends; doubled, it is itself. 0: there
    // is no quoting, as in phout.
    char quote = '"';
};

struct CsvLimits {
    std::size_t maxRecord = 16u << 20; // longer lines are skipped
    std::size_t maxQuoted = 4u << 20;  // a quote that is not closed before is a plain character
};

// Separated values, record by record, in constant memory and near the speed of memory: a line
// without quotes, which is nearly every one, costs two passes of memchr and one of 16 bytes at a
// time. Lines end with LF or CRLF. Input that breaks the rules costs a line, never the file.
class CsvReader {
public:
    CsvReader(ByteSource &source, CsvDialect dialect, CsvLimits limits = {});

    // What comes next, without taking it: at least `bytes` unless the input ends before. For
    // guesses about the dialect. The view is valid until the next call of anything.
    Result<std::string_view> peek(std::size_t bytes);
    void setDialect(CsvDialect dialect) { m_dialect = dialect; }

    enum class State : std::uint8_t {
        Whole,
        Unclosed, // a quote had no end; the record is its line, the quote a part of it
        TooLong,  // skipped: no fields
        Cut       // the input ended without the end of the line
    };
    struct Record {
        // Unquoted, without the line end. Valid until the next call.
        std::span<const std::string_view> fields;
        std::uint64_t offset = 0; // of the first byte
        State state = State::Whole;
    };
    // Empty lines are records of one empty field. nullopt at the end.
    Result<std::optional<Record>> next();

private:
    enum class Quoted : std::uint8_t { Found, NeedsMore, Unclosed };
    // A field as it lies in the buffer, relative to the record's begin.
    struct Extent {
        std::size_t begin = 0, end = 0;
        bool doubled = false; // has quotes to be taken out
    };

    Result<bool> fill();
    Result<Record> skipLine();
    Quoted findExtents(std::size_t &recordEnd);
    void splitPlain(std::string_view line);
    void fieldsFromExtents();
    Record take(std::size_t length, State state);
    const char *begin() const { return m_buffer.data() + m_begin; }
    std::size_t available() const { return m_end - m_begin; }

    ByteSource &m_source;
    CsvDialect m_dialect;
    CsvLimits m_limits;
    std::vector<char> m_buffer;
    std::size_t m_begin = 0, m_end = 0;
    std::uint64_t m_offset = 0; // of m_begin in the input
    bool m_eof = false;
    unsigned m_unclosed = 0;
    std::vector<Extent> m_extents;
    std::vector<std::string_view> m_fields; // the first m_count are of this record
    std::size_t m_count = 0;
};

// The separator that the first line uses most consistently: one of `candidates` that splits the
// first lines of `head` into the same number (more than one) of fields. 0: none does.
char guessSeparator(std::string_view head, std::string_view candidates = ",;\t|");

} // namespace flamewright
