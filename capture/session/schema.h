#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// The tables of a session file, text for text. FORMAT.md explains the columns. The exact texts
// are also the allow-list: a file whose sqlite_schema holds anything else is not opened.
namespace flamewright {

inline constexpr std::uint32_t kApplicationId = 0x46'4c'57'52; // "FLWR", at byte 68 of the file
inline constexpr std::uint32_t kSchemaVersion = 1;             // user_version, at byte 60
// Written into `format`: the oldest program (by schema version) that may read or write the file.
inline constexpr std::uint32_t kMinReader = 1;
inline constexpr std::uint32_t kMinWriter = 1;
inline constexpr std::uint32_t kPageSize = 16u << 10;

struct SchemaItem {
    std::string_view type; // "table" or "index"
    std::string_view name;
    std::string_view sql; // as in sqlite_schema.sql
};

// Everything that a file of `version` consists of; empty for versions that never were.
std::span<const SchemaItem> schemaOf(std::uint32_t version);

// Whether a row of sqlite_schema belongs to a file of `version`. SQLite's own automatic indexes
// have no text.
bool isKnownSchemaItem(std::uint32_t version, std::string_view type, std::string_view name,
                       std::string_view table, std::string_view sql);

// The columns of `chunk` in the order in which ChunkRow holds them, for a SELECT.
inline constexpr std::string_view kChunkColumns =
    "id,capture,kind,ver,first_row,n,t0,t1,raw_len,sum,data";

} // namespace flamewright
