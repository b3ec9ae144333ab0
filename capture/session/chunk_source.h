#pragma once

#include "capture/base/result.h"
#include "capture/session/chunk_page.h"
#include "capture/session/chunk_row.h"
#include "capture/session/integer_bounds.h"
#include "capture/session/session.h"
#include "capture/session/sqlite_api.h"

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flamewright {

struct StatementDeleter {
    void operator()(sqlite3_stmt *statement) const { sqlite3_finalize(statement); }
};
using StatementPtr = std::unique_ptr<sqlite3_stmt, StatementDeleter>;

// Errc::Query with SQLite's own words.
Result<StatementPtr> prepareStatement(sqlite3 *db, const char *sql);

// The identity of the session that `main` is, after a check that its tables are exactly a
// session's and that this code may read them: Errc::Corrupt or Errc::Version otherwise.
Result<SessionUuid> identifySession(sqlite3 *db);

// How many bytes of decoded pages of dimensions one connection keeps.
inline constexpr std::size_t kPageCacheBytes = 64u << 20;

// What the virtual tables of one connection read from: the chunk table, verified, with a bounded
// cache of the pages of dimensions, which joins visit in any order. Facts are not cached.
class ChunkSource {
public:
    // `stats` is counted up with every chunk that is decompressed.
    static Result<std::shared_ptr<ChunkSource>> open(sqlite3 *db, const SessionUuid &uuid,
                                                     std::shared_ptr<ReadStats> stats);

    sqlite3 *db() const { return m_db; }
    ReadStats &stats() { return *m_stats; }

    // Drops what is cached if the file has changed. To be called inside a read transaction,
    // before the first of the calls below.
    void revalidate();

    // The chunk in this row of the chunk table, which must be of this capture and kind.
    Result<std::shared_ptr<ChunkPage>> read(std::int64_t chunkRow, std::int64_t capture,
                                            ChunkKind kind);
    // The first capture from `from` on that has chunks of this kind.
    Result<std::optional<std::int64_t>> nextCapture(std::int64_t from, ChunkKind kind);

    // The pages of a dimension of a capture, in id order and without gaps.
    struct PageRef {
        std::int64_t chunkRow;
        std::uint64_t firstRow, endRow;
    };
    using Directory = std::vector<PageRef>;
    Result<std::shared_ptr<const Directory>> pages(std::int64_t capture, ChunkKind kind);
    Result<std::shared_ptr<ChunkPage>> cachedPage(const PageRef &page, std::int64_t capture,
                                                  ChunkKind kind);

    // The string or text (`kind`) with this id, 1 or more; valid until the next call.
    Result<std::string_view> text(std::int64_t capture, ChunkKind kind, std::int64_t id);

    // For the planner only: taken from the captures' own row counts, unverified.
    struct Estimate {
        double captures = 1, rows = 0;
    };
    Estimate estimate(ChunkKind kind) const;

private:
    ChunkSource(sqlite3 *db, const SessionUuid &uuid, std::shared_ptr<ReadStats> stats);
    void loadEstimates();

    sqlite3 *m_db;
    std::shared_ptr<ReadStats> m_stats;
    SessionUuid m_uuid;
    StatementPtr m_readChunk, m_listPages, m_nextCapture;
    ChunkUnpacker m_unpacker;
    std::map<ChunkKind, Estimate> m_estimates;

    std::pair<std::uint32_t, std::int64_t> m_fileVersion{};
    std::map<std::pair<std::int64_t, ChunkKind>, std::shared_ptr<const Directory>> m_directories;
    std::list<std::shared_ptr<ChunkPage>> m_recent; // most recently used first
    std::map<std::int64_t, std::list<std::shared_ptr<ChunkPage>>::iterator> m_cached;
    std::size_t m_cachedBytes = 0;
    std::map<ChunkKind, std::shared_ptr<ChunkPage>> m_textPages; // of the last text()
};

} // namespace flamewright
