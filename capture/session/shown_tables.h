#pragma once

#include "capture/session/chunk_codec.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// How chunks look as SQL tables: pure descriptions, shared by the virtual tables and the tests.
namespace flamewright {

// What a stored integer is shown as.
enum class Shown : std::uint8_t {
    Capture,       // not stored in the chunk: its capture
    RowId,         // not stored in the chunk: the id of a dimension's row
    Integer,       // as it is
    Time,          // nanoseconds; kNoTime is NULL
    Real,          // the bits of a double
    Text,          // a string id; 0 is NULL
    LongText,      // a text id; 0 is NULL
    Content,       // the text of a row of strings or texts itself
    OrUnknown,     // -1 is NULL
    FrameKind,     // its name
    RequestKind,   // its name
    SymbolSource,  // its name
    SliceKind,     // its name
    SummaryFigure, // its name
    UnitName,      // its name
    FlagInlined,   // one bit of `flags` each
    FlagError,
    FlagReturnAddress
};

struct ShownColumn {
    std::string_view name;
    Shown as = Shown::Integer;
    std::uint16_t stored = 0;  // column id in the chunk
    std::int64_t fallback = 0; // when a chunk of an older writer has no such column
};

struct ShownTable {
    std::string_view name;
    ChunkKind kind = ChunkKind::Samples;
    bool isFact = true; // facts have a time, dimensions an id
    std::vector<ShownColumn> columns;

    // What sqlite3_declare_vtab takes.
    std::string declaration() const;
};

// sample, slice, counter ...; columns follow columnsOf().
std::vector<ShownTable> shownTables();

// The name of a stored enum value, or empty when there is no such value.
std::string_view nameOf(FrameKind kind);
std::string_view nameOf(RequestKind kind);
std::string_view nameOf(SliceKind kind);
std::string_view nameOf(SymbolSource source);
std::string_view nameOf(SummaryFigure figure);

} // namespace flamewright
