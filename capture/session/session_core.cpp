#include "capture/session/manifest_sqlite.h"
#include "capture/session/schema.h"
#include "capture/session/session_core_sqlite.h"

#include <algorithm>

namespace flamewright {
namespace {

// Pages in the log before it is copied back into the file.
constexpr int kCheckpointPages = 1024;

// With less room than this the log is copied back after every commit: a change must not need its
// size twice for long.
constexpr std::uint64_t kTightBytes = 256u << 20;

// A reader may prevent it, or a full disk; what is in the log is safe there.
bool checkpoint(sqlite3 *db, int mode)
{
    sqlite3_busy_timeout(db, 0);
    const int code = sqlite3_wal_checkpoint_v2(db, nullptr, mode, nullptr, nullptr);
    sqlite3_busy_timeout(db, 2000);
    return code == SQLITE_OK;
}

// SQLite's own automatic checkpoint says nothing when it fails; the next write would.
int checkpointWhenLong(void *, sqlite3 *db, const char *, int pages)
{
    if (pages >= kCheckpointPages)
        sqlite3_wal_checkpoint_v2(db, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    return SQLITE_OK;
}

} // namespace

SessionCore::SessionCore(std::filesystem::path sessionPath, SessionOptions sessionOptions)
    : path(std::move(sessionPath)),
      options(std::move(sessionOptions)),
      ballast(path)
{}

SessionCore::~SessionCore() = default;

Error SessionCore::readOnlyError() const
{
    return Error(readOnlyCode, "the session is read-only: " + readOnlyReason)
        .in(path.filename().string());
}

Result<> SessionCore::write(Durability durability, std::uint64_t neededBytes,
                            const std::function<Result<>(const Connection &)> &work)
{
    const std::scoped_lock lock(mutex);
    return writeLocked(durability, neededBytes, work);
}

Result<> SessionCore::writeLocked(Durability durability, std::uint64_t neededBytes,
                                  const std::function<Result<>(const Connection &)> &work)
{
    if (!writer)
        return fail(readOnlyReason.empty() ? Error(Errc::Usage, "the session is closed")
                                           : readOnlyError());
    sqlite3_wal_hook(writer->get(), checkpointWhenLong, nullptr);
    const bool sync = durability == Durability::Saved && !options.temporary;
    if (writeAheadLog && sync)
        FW_TRY(writer->run("PRAGMA synchronous=FULL"));
    auto done = writer->transaction([&] { return work(*writer); });
    if (writeAheadLog && sync)
        (void)writer->run("PRAGMA synchronous=NORMAL");
    if (!done.has_value() && done.error().code() == Errc::DiskFull)
        return fail(diskFull(path, neededBytes));
    if (done.has_value() && writeAheadLog && freeBytes(path) < kTightBytes)
        checkpoint(writer->get(), SQLITE_CHECKPOINT_PASSIVE);
    return done;
}

Result<> SessionCore::shrink(const std::function<Result<>(const Connection &)> &work)
{
    const std::scoped_lock lock(mutex);
    auto done = writeLocked(Durability::Saved, Ballast::kBytes, work);
    if (!done.has_value() && done.error().code() == Errc::DiskFull) {
        ballast.drop();
        if (writer && writeAheadLog)
            checkpoint(writer->get(), SQLITE_CHECKPOINT_TRUNCATE);
        done = writeLocked(Durability::Saved, Ballast::kBytes, work);
    }
    if (writer && writeAheadLog)
        checkpoint(writer->get(), SQLITE_CHECKPOINT_TRUNCATE); // gives the log's space back
    if (writer && !options.temporary)
        ballast.fill();
    return done;
}

Result<> SessionCore::close()
{
    const std::scoped_lock lock(mutex);
    if (activeCapture != 0)
        return fail(Errc::Busy, "an import into this session is still running");
    if (!writer)
        return {};
    Result<> done;
    if (writeAheadLog) {
        sqlite3_busy_timeout(writer->get(), 200);
        const int code = sqlite3_wal_checkpoint_v2(writer->get(), nullptr,
                                                   SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
        if (code != SQLITE_OK)
            done = fail(sqliteError(writer->get(), code));
        else
            done = writer->run("PRAGMA journal_mode=DELETE");
        if (!done.has_value() && done.error().code() == Errc::Busy)
            done = fail(Errc::Busy, "somebody still reads the session, so that files beside it "
                                    "stay; all changes are saved");
    }
    writer.reset();
    if (!options.temporary)
        ballast.drop();
    lease.release();
    readOnlyReason = "it was closed";
    readOnlyCode = Errc::Usage;
    return done;
}

Result<Connection> SessionCore::openReader() const
{
    return Connection::open(path.string(), vfs->name(), Connection::Access::Read);
}

Result<> insertChunks(const Connection &db, const SessionUuid &uuid, std::span<PendingChunk> chunks,
                      std::uint64_t &digests)
{
    FW_ASSIGN(auto id, db.integer("SELECT coalesce(max(id),0) FROM chunk"));
    FW_ASSIGN(auto insert, db.prepare("INSERT INTO chunk(" + std::string(kChunkColumns) +
                                      ") VALUES(?,?,?,?,?,?,?,?,?,?,?)"));
    for (auto &[row, data] : chunks) {
        row.id = ++id;
        row.data = data;
        const auto sum = sumBytes(chunkSum(uuid, row));
        row.sum = sum;
        digests += chunkDigest(uuid, row);
        FW_TRY(insert.bind(1, row.id)
                   .bind(2, row.capture)
                   .bind(3, row.kind)
                   .bind(4, row.ver)
                   .bind(5, row.firstRow)
                   .bind(6, row.rows)
                   .bind(7, row.t0)
                   .bind(8, row.t1)
                   .bind(9, row.rawBytes)
                   .bind(10, row.sum)
                   .bind(11, row.data)
                   .run());
        row.sum = {};
    }
    return {};
}

Result<> removeCapture(const Connection &db, std::uint32_t version, std::int64_t capture)
{
    for (const auto *sql :
         {"DELETE FROM chunk WHERE capture=?", "DELETE FROM module WHERE capture=?",
          "DELETE FROM track WHERE capture=?", "DELETE FROM measure WHERE capture=?",
          "DELETE FROM note WHERE capture=?", "DELETE FROM provenance WHERE capture=?",
          "DELETE FROM capture WHERE id=?"}) {
        FW_ASSIGN(auto statement, db.prepare(sql));
        FW_TRY(statement.bind(1, capture).run());
    }
    return sealSession(db, version);
}

} // namespace flamewright
