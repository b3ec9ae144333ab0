#pragma once

#include "capture/session/chunk_row.h"
#include "capture/session/connection_sqlite.h"
#include "capture/session/lease.h"
#include "capture/session/session.h"
#include "capture/session/vfs_shim_sqlite.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

// A compressed chunk on its way into the file.
struct PendingChunk {
    ChunkRow row; // row.data points to `data`
    std::vector<std::byte> data;
};

// What a session, its writer and its readers share. The writing connection is used under the
// mutex; transactions are short, because chunks are compressed before.
class SessionCore {
public:
    SessionCore(std::filesystem::path path, SessionOptions options);
    ~SessionCore();

    // How sure a commit is when it returns.
    enum class Durability : std::uint8_t {
        Group, // survives kill -9; power loss may take it, never half of it
        Saved  // synced to the medium
    };
    // Runs `work` in a transaction of the writing connection. Errc::DiskFull says how much is
    // missing, `neededBytes` being the estimate. The session's reason when it is read-only.
    Result<> write(Durability durability, std::uint64_t neededBytes,
                   const std::function<Result<>(const Connection &)> &work);
    // The same for changes that make room: gives up the reserve when the disk is full.
    Result<> shrink(const std::function<Result<>(const Connection &)> &work);
    // Errc::Busy while somebody still reads; the side files stay then.
    Result<> close();
    Result<Connection> openReader() const;
    Error readOnlyError() const;

    std::filesystem::path path;
    SessionOptions options;
    SessionUuid uuid{};
    std::uint32_t version = 0;
    std::unique_ptr<SessionVfs> vfs;
    std::string readOnlyReason;
    Errc readOnlyCode = Errc::Io;
    WriterLease lease;
    Ballast ballast;

    std::mutex mutex;                 // guards what follows
    std::optional<Connection> writer; // none: read-only or closed
    bool writeAheadLog = false;
    std::int64_t activeCapture = 0; // being written; 0: none

private:
    Result<> writeLocked(Durability durability, std::uint64_t neededBytes,
                         const std::function<Result<>(const Connection &)> &work);
};

// Pieces of write transactions.

// Inserts rows with fresh ids and checksums; adds their digests to `digests`.
Result<> insertChunks(const Connection &db, const SessionUuid &uuid, std::span<PendingChunk> chunks,
                      std::uint64_t &digests);
// The sum of digests of a capture's chunks of one kind, and that of all which its row has.
Result<std::uint64_t> digestsOf(const Connection &db, const SessionUuid &uuid, std::int64_t capture,
                                ChunkKind kind);
Result<std::uint64_t> storedDigests(const Connection &db, std::int64_t capture);
// A row of the columns id to sum; `data` is left empty. sum is valid until the next step.
Result<ChunkRow> chunkRowOf(const Statement &row);
// Replaces the rows of module ... provenance that differ from `before`.
Result<> writeMeta(const Connection &db, std::int64_t capture, const CaptureMeta &before,
                   const CaptureMeta &now);
// The rows of a capture, and the session's count of captures.
Result<> removeCapture(const Connection &db, std::uint32_t version, std::int64_t capture);

// In their own files.
std::unique_ptr<Session> makeSession(std::shared_ptr<SessionCore> core);
Result<std::unique_ptr<SessionReader>> makeReader(std::shared_ptr<const SessionCore> core);
Result<std::unique_ptr<CaptureWriter>> makeCaptureWriter(std::shared_ptr<SessionCore> core,
                                                         const CaptureDesc &desc);
Result<> rewriteFramesOf(SessionCore &core, CaptureId capture,
                         const std::function<Result<>(ChunkStore &store)> &write);

// Reading the rows of a capture from any connection.
Result<CaptureInfo> readCapture(const Connection &db, std::int64_t capture);
// Errc::Limit above kMaxCaptures: opening a session must not take for ever.
inline constexpr std::size_t kMaxCaptures = 4096;
Result<std::vector<std::int64_t>> captureIds(const Connection &db);

} // namespace flamewright
