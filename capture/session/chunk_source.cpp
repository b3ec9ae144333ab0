#include "capture/session/chunk_source.h"

#include "capture/session/schema.h"

#include <algorithm>
#include <cstring>

namespace flamewright {
namespace {

// With more pages than this, even of one row each, a dimension is not something we wrote.
constexpr std::size_t kMaxPages = 1u << 18;

class Reset {
public:
    explicit Reset(sqlite3_stmt *statement) : m_statement(statement) {}
    ~Reset()
    {
        sqlite3_reset(m_statement);
        sqlite3_clear_bindings(m_statement);
    }
    Reset(const Reset &) = delete;
    Reset &operator=(const Reset &) = delete;

private:
    sqlite3_stmt *m_statement;
};

tl::unexpected<Error> sqliteFailure(sqlite3 *db)
{
    return fail(Errc::Query, sqlite3_errmsg(db));
}

std::span<const std::byte> blobAt(sqlite3_stmt *statement, int column)
{
    // The pointer first: asking for it may change how many bytes there are.
    const auto *data = static_cast<const std::byte *>(sqlite3_column_blob(statement, column));
    const auto size = sqlite3_column_bytes(statement, column);
    return {data, data == nullptr ? 0 : static_cast<std::size_t>(size)};
}

std::string textAt(sqlite3_stmt *statement, int column)
{
    const auto bytes = blobAt(statement, column);
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

// The one integer that `sql` answers with.
Result<std::int64_t> integer(sqlite3 *db, const char *sql)
{
    FW_ASSIGN(const auto statement, prepareStatement(db, sql));
    if (sqlite3_step(statement.get()) != SQLITE_ROW)
        return sqliteFailure(db);
    return sqlite3_column_int64(statement.get(), 0);
}

Error notASession(const char *what)
{
    return Error(Errc::Corrupt, std::string("this is not a Flamewright session: ") + what);
}

} // namespace

Result<StatementPtr> prepareStatement(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = nullptr;
    if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_NO_VTAB, &statement, nullptr) != SQLITE_OK)
        return sqliteFailure(db);
    return StatementPtr(statement);
}

ChunkSource::ChunkSource(sqlite3 *db, const SessionUuid &uuid, std::shared_ptr<ReadStats> stats)
    : m_db(db),
      m_stats(std::move(stats)),
      m_uuid(uuid)
{}

Result<std::shared_ptr<ChunkSource>> ChunkSource::open(sqlite3 *db, const SessionUuid &uuid,
                                                       std::shared_ptr<ReadStats> stats)
{
    auto out = std::shared_ptr<ChunkSource>(new ChunkSource(db, uuid, std::move(stats)));
    // A blob that is larger than any chunk is not loaded at all.
    FW_ASSIGN(out->m_readChunk,
              prepareStatement(db, "SELECT id, capture, kind, ver, first_row, n, t0, t1, raw_len, "
                                   "sum, CASE WHEN length(data) <= 9000000 THEN data END "
                                   "FROM main.chunk WHERE id = ?1"));
    FW_ASSIGN(out->m_listPages,
              prepareStatement(db, "SELECT id, first_row, n FROM main.chunk "
                                   "WHERE capture = ?1 AND kind = ?2 ORDER BY first_row"));
    FW_ASSIGN(out->m_nextCapture,
              prepareStatement(db, "SELECT capture FROM main.chunk WHERE capture >= ?1 "
                                   "AND kind = ?2 ORDER BY capture LIMIT 1"));
    out->loadEstimates();
    return out;
}

// The file may be anybody's: the tables that are read must be exactly ours before a statement
// names them, so that no view or trigger of a stranger runs.
Result<SessionUuid> identifySession(sqlite3 *db)
{
    FW_ASSIGN(const auto application, integer(db, "PRAGMA main.application_id"));
    if (application != kApplicationId)
        return fail(notASession("the file is marked as another program's"));
    FW_ASSIGN(const auto version, integer(db, "PRAGMA main.user_version"));
    if (version < 0)
        return fail(notASession("its version is impossible"));
    // A newer file is judged by what it asks of its readers, below.
    const auto rules = static_cast<std::uint32_t>(std::min<std::int64_t>(version, kSchemaVersion));
    FW_ASSIGN(const auto schema,
              prepareStatement(db, "SELECT type, name, tbl_name, sql FROM main.sqlite_schema "
                                   "WHERE length(sql) < 10000 AND length(name) < 100"));
    constexpr std::string_view read[] = {"chunk", "session", "capture", "format", "feature"};
    std::size_t found = 0;
    while (sqlite3_step(schema.get()) == SQLITE_ROW) {
        const auto name = textAt(schema.get(), 1);
        if (std::find(std::begin(read), std::end(read), name) != std::end(read) &&
            isKnownSchemaItem(rules, textAt(schema.get(), 0), name, textAt(schema.get(), 2),
                              textAt(schema.get(), 3)))
            ++found;
    }
    const bool hasFeatures = rules >= 1;
    if (found != (hasFeatures ? 5u : 4u))
        return fail(notASession("its tables are not those of a session"));
    FW_ASSIGN(const auto reader, integer(db, "SELECT max(min_reader) FROM main.format"));
    if (reader > kSchemaVersion)
        return fail(Errc::Version,
                    "this session needs a newer version to read it; update the extension");
    if (hasFeatures) {
        FW_ASSIGN(const auto needed, integer(db, "SELECT count(*) FROM main.feature "
                                                 "WHERE class NOT IN ('compat', 'ro_compat')"));
        if (needed > 0)
            return fail(Errc::Version,
                        "this session uses features of a newer version; update the extension");
    }
    FW_ASSIGN(const auto session, prepareStatement(db, "SELECT uuid FROM main.session"));
    if (sqlite3_step(session.get()) != SQLITE_ROW)
        return fail(notASession("it has no identity"));
    const auto uuid = blobAt(session.get(), 0);
    SessionUuid out{};
    if (uuid.size() != out.size())
        return fail(notASession("its identity is damaged"));
    std::memcpy(out.data(), uuid.data(), uuid.size());
    return out;
}

void ChunkSource::loadEstimates()
{
    auto statement = prepareStatement(
        m_db, "SELECT count(*), total(samples), total(slices), total(counters), total(requests), "
              "total(strings), total(frames), total(stacks) FROM main.capture");
    if (!statement.has_value() || sqlite3_step(statement->get()) != SQLITE_ROW)
        return;
    constexpr ChunkKind kinds[] = {ChunkKind::Samples,  ChunkKind::Slices,  ChunkKind::Counters,
                                   ChunkKind::Requests, ChunkKind::Strings, ChunkKind::Frames,
                                   ChunkKind::Stacks};
    const auto captures = std::max(1.0, sqlite3_column_double(statement->get(), 0));
    int column = 1;
    for (const auto kind : kinds) {
        const auto rows = sqlite3_column_double(statement->get(), column++);
        m_estimates[kind] = {captures, std::clamp(rows, 1.0, 1e12)};
    }
}

ChunkSource::Estimate ChunkSource::estimate(ChunkKind kind) const
{
    const auto it = m_estimates.find(kind);
    return it == m_estimates.end() ? Estimate{1, 1e6} : it->second;
}

void ChunkSource::revalidate()
{
    unsigned int version = 0;
    sqlite3_file_control(m_db, "main", SQLITE_FCNTL_DATA_VERSION, &version);
    const std::pair<std::uint32_t, std::int64_t> now{version, sqlite3_total_changes(m_db)};
    if (now == m_fileVersion)
        return;
    m_fileVersion = now;
    m_directories.clear();
    m_recent.clear();
    m_cached.clear();
    m_cachedBytes = 0;
    m_textPages.clear();
}

Result<std::shared_ptr<ChunkPage>> ChunkSource::read(std::int64_t chunkRow, std::int64_t capture,
                                                     ChunkKind kind)
{
    auto *statement = m_readChunk.get();
    const Reset reset(statement);
    sqlite3_bind_int64(statement, 1, chunkRow);
    const auto rc = sqlite3_step(statement);
    if (rc == SQLITE_DONE)
        return fail(Errc::Corrupt, "a chunk is in the index but not in the session");
    if (rc != SQLITE_ROW)
        return sqliteFailure(m_db);
    const auto column = [&](int i) { return std::int64_t{sqlite3_column_int64(statement, i)}; };
    ChunkRow row;
    row.id = column(0);
    row.capture = column(1);
    row.kind = column(2);
    row.ver = column(3);
    row.firstRow = column(4);
    row.rows = column(5);
    row.t0 = column(6);
    row.t1 = column(7);
    row.rawBytes = column(8);
    row.sum = blobAt(statement, 9);
    row.data = blobAt(statement, 10);
    Chunk chunk;
    FW_TRY(m_unpacker.unpack(m_uuid, row, chunk));
    ++m_stats->chunksRead;
    m_stats->bytesRead += row.data.size();
    FW_ASSIGN(auto page, ChunkPage::open(std::move(chunk), row.capture, row.id, describe(row)));
    if (page.capture() != capture || page.kind() != kind)
        return fail(page.damaged("the index says something else about this chunk"));
    return std::make_shared<ChunkPage>(std::move(page));
}

Result<std::optional<std::int64_t>> ChunkSource::nextCapture(std::int64_t from, ChunkKind kind)
{
    auto *statement = m_nextCapture.get();
    const Reset reset(statement);
    sqlite3_bind_int64(statement, 1, from);
    sqlite3_bind_int64(statement, 2, static_cast<std::int64_t>(kind));
    switch (sqlite3_step(statement)) {
    case SQLITE_ROW: return std::optional<std::int64_t>(sqlite3_column_int64(statement, 0));
    case SQLITE_DONE: return std::optional<std::int64_t>();
    }
    return sqliteFailure(m_db);
}

Result<std::shared_ptr<const ChunkSource::Directory>> ChunkSource::pages(std::int64_t capture,
                                                                         ChunkKind kind)
{
    auto &known = m_directories[{capture, kind}];
    if (known != nullptr)
        return known;
    auto *statement = m_listPages.get();
    const Reset reset(statement);
    sqlite3_bind_int64(statement, 1, capture);
    sqlite3_bind_int64(statement, 2, static_cast<std::int64_t>(kind));
    auto out = std::make_shared<Directory>();
    std::uint64_t next = 1;
    int rc = sqlite3_step(statement);
    for (; rc == SQLITE_ROW; rc = sqlite3_step(statement)) {
        const auto first = static_cast<std::uint64_t>(sqlite3_column_int64(statement, 1));
        const auto rows = sqlite3_column_int64(statement, 2);
        if (first != next || rows < 1 || rows > kRowsPerChunk || out->size() >= kMaxPages) {
            ChunkRow row;
            row.capture = capture;
            row.kind = static_cast<std::int64_t>(kind);
            row.firstRow = static_cast<std::int64_t>(first);
            return fail(Error(Errc::Corrupt, "pages are missing or overlap").in(describe(row)));
        }
        next = first + static_cast<std::uint64_t>(rows);
        out->push_back({sqlite3_column_int64(statement, 0), first, next});
    }
    if (rc != SQLITE_DONE)
        return sqliteFailure(m_db);
    known = std::move(out);
    return known;
}

Result<std::shared_ptr<ChunkPage>> ChunkSource::cachedPage(const PageRef &ref, std::int64_t capture,
                                                           ChunkKind kind)
{
    if (const auto it = m_cached.find(ref.chunkRow); it != m_cached.end()) {
        m_recent.splice(m_recent.begin(), m_recent, it->second);
        return m_recent.front();
    }
    FW_ASSIGN(auto page, read(ref.chunkRow, capture, kind));
    if (page->firstRow() != ref.firstRow || page->rows() != ref.endRow - ref.firstRow)
        return fail(page->damaged("the index says something else about this chunk"));
    while (!m_recent.empty() && m_cachedBytes + page->sizeBytes() > kPageCacheBytes) {
        m_cachedBytes -= m_recent.back()->sizeBytes();
        m_cached.erase(m_recent.back()->chunkRow());
        m_recent.pop_back();
    }
    m_recent.push_front(page);
    m_cached[ref.chunkRow] = m_recent.begin();
    m_cachedBytes += page->sizeBytes();
    return page;
}

Result<std::string_view> ChunkSource::text(std::int64_t capture, ChunkKind kind, std::int64_t id)
{
    auto &last = m_textPages[kind];
    const auto row = static_cast<std::uint64_t>(id);
    const auto holds = [&](const ChunkPage &page) {
        return page.capture() == capture && page.firstRow() <= row &&
               row < page.firstRow() + page.rows();
    };
    if (last == nullptr || !holds(*last)) {
        FW_ASSIGN(const auto directory, pages(capture, kind));
        const auto it = std::partition_point(directory->begin(), directory->end(),
                                             [&](const PageRef &p) { return p.endRow <= row; });
        if (id < 1 || it == directory->end())
            return fail(Errc::Corrupt, "capture " + std::to_string(capture) +
                                           ": a row refers to a text that is not there");
        FW_ASSIGN(last, cachedPage(*it, capture, kind));
    }
    return last->text(static_cast<std::uint32_t>(row - last->firstRow()));
}

} // namespace flamewright
