#include "capture/session/schema.h"

#include <algorithm>

namespace flamewright {
namespace {

constexpr std::string_view kFormat =
    "CREATE TABLE format(min_reader INTEGER NOT NULL, min_writer INTEGER NOT NULL, "
    "writer_app TEXT NOT NULL, writer_version TEXT NOT NULL)";

// class: 'compat' may be ignored, 'ro_compat' makes the file read-only, 'incompat' refuses it.
constexpr std::string_view kFeature =
    "CREATE TABLE feature(name TEXT NOT NULL PRIMARY KEY, class TEXT NOT NULL) WITHOUT ROWID";

// One row. sum covers this row, format, feature and the keys and sums of saved.
constexpr std::string_view kSession =
    "CREATE TABLE session(id INTEGER PRIMARY KEY, uuid BLOB NOT NULL, captures INTEGER NOT NULL, "
    "next_capture INTEGER NOT NULL, sum BLOB NOT NULL)";

// sum covers this row, the capture's rows of module to provenance, and chunk_sum, which is the
// sum of its chunk rows' digests.
constexpr std::string_view kCapture =
    "CREATE TABLE capture(id INTEGER PRIMARY KEY, name TEXT NOT NULL, format TEXT NOT NULL, "
    "source TEXT NOT NULL, source_bytes INTEGER NOT NULL, role INTEGER NOT NULL, "
    "state INTEGER NOT NULL, kind TEXT NOT NULL, begin_ns INTEGER, end_ns INTEGER, "
    "wall_offset_ns INTEGER, duration_ns INTEGER, samples INTEGER NOT NULL, "
    "slices INTEGER NOT NULL, counters INTEGER NOT NULL, requests INTEGER NOT NULL, "
    "strings INTEGER NOT NULL, frames INTEGER NOT NULL, stacks INTEGER NOT NULL, "
    "chunks INTEGER NOT NULL, stored_bytes INTEGER NOT NULL, chunk_sum BLOB NOT NULL, "
    "sum BLOB NOT NULL)";

constexpr std::string_view kModule =
    "CREATE TABLE module(capture INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, "
    "build_id TEXT NOT NULL, kind INTEGER NOT NULL, pid INTEGER NOT NULL, base INTEGER NOT NULL, "
    "PRIMARY KEY(capture, id)) WITHOUT ROWID";
constexpr std::string_view kTrack =
    "CREATE TABLE track(capture INTEGER NOT NULL, id INTEGER NOT NULL, kind INTEGER NOT NULL, "
    "name TEXT NOT NULL, pid INTEGER NOT NULL, tid INTEGER NOT NULL, parent INTEGER NOT NULL, "
    "PRIMARY KEY(capture, id)) WITHOUT ROWID";
constexpr std::string_view kMeasure =
    "CREATE TABLE measure(capture INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, "
    "unit INTEGER NOT NULL, n INTEGER NOT NULL, total INTEGER NOT NULL, "
    "samples INTEGER NOT NULL, PRIMARY KEY(capture, id)) WITHOUT ROWID";
constexpr std::string_view kNote =
    "CREATE TABLE note(capture INTEGER NOT NULL, id INTEGER NOT NULL, severity INTEGER NOT NULL, "
    "code TEXT NOT NULL, count INTEGER NOT NULL, first_offset INTEGER NOT NULL, "
    "detail TEXT NOT NULL, PRIMARY KEY(capture, id)) WITHOUT ROWID";
constexpr std::string_view kProvenance =
    "CREATE TABLE provenance(capture INTEGER NOT NULL, id INTEGER NOT NULL, key TEXT NOT NULL, "
    "value TEXT NOT NULL, PRIMARY KEY(capture, id)) WITHOUT ROWID";

constexpr std::string_view kSaved =
    "CREATE TABLE saved(key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL, "
    "sum BLOB NOT NULL) WITHOUT ROWID";

constexpr std::string_view kChunk =
    "CREATE TABLE chunk(id INTEGER PRIMARY KEY, capture INTEGER NOT NULL, kind INTEGER NOT NULL, "
    "ver INTEGER NOT NULL, first_row INTEGER NOT NULL, n INTEGER NOT NULL, t0 INTEGER NOT NULL, "
    "t1 INTEGER NOT NULL, raw_len INTEGER NOT NULL, sum BLOB NOT NULL, data BLOB NOT NULL)";
constexpr std::string_view kChunkIndex = "CREATE INDEX chunk_by_time ON chunk(capture, kind, t0)";

// Before the first release: no features, nothing saved.
constexpr SchemaItem kVersion0[] = {
    {"table", "format", kFormat},   {"table", "session", kSession},
    {"table", "capture", kCapture}, {"table", "module", kModule},
    {"table", "track", kTrack},     {"table", "measure", kMeasure},
    {"table", "note", kNote},       {"table", "provenance", kProvenance},
    {"table", "chunk", kChunk},     {"index", "chunk_by_time", kChunkIndex},
};
constexpr SchemaItem kVersion1[] = {
    {"table", "format", kFormat},         {"table", "feature", kFeature},
    {"table", "session", kSession},       {"table", "capture", kCapture},
    {"table", "module", kModule},         {"table", "track", kTrack},
    {"table", "measure", kMeasure},       {"table", "note", kNote},
    {"table", "provenance", kProvenance}, {"table", "saved", kSaved},
    {"table", "chunk", kChunk},           {"index", "chunk_by_time", kChunkIndex},
};

} // namespace

std::span<const SchemaItem> schemaOf(std::uint32_t version)
{
    switch (version) {
    case 0: return kVersion0;
    case 1: return kVersion1;
    }
    return {};
}

bool isKnownSchemaItem(std::uint32_t version, std::string_view type, std::string_view name,
                       std::string_view table, std::string_view sql)
{
    const auto items = schemaOf(version);
    return std::any_of(items.begin(), items.end(), [&](const SchemaItem &item) {
        const auto owner = item.type == "index" ? std::string_view("chunk") : item.name;
        return item.type == type && item.name == name && item.sql == sql && owner == table;
    });
}

} // namespace flamewright
