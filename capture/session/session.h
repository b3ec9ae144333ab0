#pragma once

#include "capture/base/job.h"
#include "capture/base/result.h"
#include "capture/session/chunk.h"
#include "capture/session/records.h"
#include "capture/session/table.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

enum class CaptureRole : std::uint8_t { None = 0, Baseline = 1, Candidate = 2 };

// Stored; append only.
enum class CaptureState : std::uint8_t {
    Importing = 0, // interrupted when no import is running: offer Keep or Discard
    Complete = 1,
    Partial = 2 // kept although the import did not end
};

// What is known about a capture before its first chunk.
struct CaptureDesc {
    std::string name;     // shown; the file name unless --name is given
    std::string formatId; // "perf-data"
    std::string sourcePath;
    std::uint64_t sourceBytes = 0;
    CaptureRole role = CaptureRole::None;
};

struct CaptureInfo {
    CaptureId id;
    CaptureDesc desc;
    CaptureState state = CaptureState::Complete;
    std::string kind; // "profile", "trace", "load test", "benchmarks", "metrics"
    // Facts' times on the capture's own clock; empty range when nothing has a time.
    std::optional<TimeRange> span;
    std::uint64_t samples = 0, slices = 0, counters = 0, requests = 0; // rows
    std::uint64_t strings = 0, frames = 0, stacks = 0;                 // rows
    std::uint64_t chunks = 0, storedBytes = 0;                         // compressed payload
    // Chunks of kinds that only a newer program knows; not in the counts of rows.
    std::uint64_t unknownChunks = 0;
    // What the checksums say is wrong with this capture, as a sentence; empty when all is well.
    // Payloads are checked when they are scanned.
    std::string damage;
    CaptureMeta meta;

    // Epoch nanoseconds of the first fact, when the wall clock is known.
    std::optional<std::int64_t> startedAtNs() const
    {
        if (!meta.wallOffsetNs)
            return std::nullopt;
        if (!span)
            return meta.wallOffsetNs;
        return saturatingAdd(*meta.wallOffsetNs, span->begin.time_since_epoch().count());
    }
    std::optional<std::int64_t> durationNs() const
    {
        if (!span)
            return meta.durationNs;
        std::int64_t length = 0; // the end is one past the last fact; hostile spans saturate
        if (__builtin_sub_overflow(span->end.time_since_epoch().count(),
                                   span->begin.time_since_epoch().count(), &length))
            return INT64_MAX;
        return length - 1;
    }
};

// Counts what reading cost; shared by a reader's scans and its virtual tables.
struct ReadStats {
    std::uint64_t chunksRead = 0;    // decompressed
    std::uint64_t chunksSkipped = 0; // excluded by the chunk index
    std::uint64_t bytesRead = 0;     // compressed
    std::uint64_t chunksDamaged = 0; // skipped because of skipDamaged()
};

// A read connection: sees one state of the file until refresh(). Not thread safe; opening
// another one is cheap, so every thread has its own.
class SessionReader {
public:
    virtual ~SessionReader() = default;

    virtual Result<std::vector<CaptureInfo>> captures() = 0;
    // One of them, without reading the others. Errc::NotFound: there is none.
    virtual Result<CaptureInfo> capture(CaptureId id) = 0;
    // Makes scans skip and count what does not match its checksum instead of failing with
    // Errc::Corrupt, and captures() list what is left of a damaged session. Off at first.
    virtual void skipDamaged(bool skip) = 0;
    // Facts in time order (per chunk; chunks by begin), dimensions in id order; checked and
    // decompressed. Chunks outside `span` are not read. The callback's error ends the scan.
    // Errc::Corrupt names the capture, kind and time range of a damaged chunk, and comes after
    // all that was good before it. The next chunk is decompressed by another thread meanwhile.
    virtual Result<> scan(CaptureId capture, ChunkKind kind, TimeRange span, JobContext &job,
                          const std::function<Result<>(const Chunk &)> &each) = 0;
    // One read-only statement over the tables of FORMAT.md; interrupted when the job is cancelled.
    // Errc::Query with SQLite's words. Blobs come as hexadecimal text.
    virtual Result<Table> sql(std::string_view text, std::size_t maxRows, JobContext &job) = 0;
    // Writes the answer row by row instead of keeping it.
    using RowSink = std::function<Result<>(std::span<const SqlValue> row)>;
    virtual Result<> sql(std::string_view text, JobContext &job,
                         const std::function<Result<>(std::span<const std::string> names)> &header,
                         const RowSink &row) = 0;
    virtual ReadStats stats() const = 0;
    virtual Result<> refresh() = 0;
};

// Writes one capture. Chunks are committed in groups; finish() makes the capture complete and
// durable. Destroyed without finish(), everything of this capture is removed again.
class CaptureWriter : public ChunkStore {
public:
    virtual CaptureId id() const = 0;
    // The capture is in the file, synced, when this returns. `sourceBytes`: what was read.
    virtual Result<> finish(CaptureState state) = 0;
};

// A session file: a SQLite database described by FORMAT.md. The object holds the writer lease
// (or is read-only) and knows the path; connections are opened from it.
class Session {
public:
    virtual ~Session() = default;

    virtual const std::filesystem::path &path() const = 0;
    virtual bool readOnly() const = 0;
    // Why, in a sentence for people; empty when writable.
    virtual std::string readOnlyReason() const = 0;

    virtual Result<std::unique_ptr<SessionReader>> reader() const = 0;

    // One at a time per session; Errc::Busy otherwise.
    virtual Result<std::unique_ptr<CaptureWriter>> beginCapture(const CaptureDesc &desc) = 0;
    // Replaces frames (and appends strings, rewrites modules, notes and provenance) of a complete
    // capture in one durable transaction: how symbols are added later. Samples and stacks stay.
    // `store` gets whole new Frames chunks from row 1 and additional Strings chunks.
    virtual Result<> rewriteFrames(CaptureId capture,
                                   const std::function<Result<>(ChunkStore &store)> &write) = 0;
    virtual Result<> renameCapture(CaptureId capture, std::string_view name) = 0;
    virtual Result<> setRole(CaptureId capture, CaptureRole role) = 0;
    virtual Result<> setWallOffset(CaptureId capture, std::optional<std::int64_t> epochNs) = 0;
    virtual Result<> deleteCapture(CaptureId capture) = 0; // works on a full disk
    // Importing -> Partial, for what an interrupted import left behind.
    virtual Result<> keepPartial(CaptureId capture) = 0;
    // Saved views, window layout ...: small JSON documents by key. nullopt: not there.
    virtual Result<std::optional<std::string>> saved(std::string_view key) = 0;
    virtual Result<> save(std::string_view key, std::string_view json) = 0;
    // Back to one plain file without side files. Called by the destructor too, which cannot
    // report errors.
    virtual Result<> close() = 0;
};

enum class OpenMode : std::uint8_t {
    Read,      // never writes, never creates side files
    ReadWrite, // takes the lease, falls back to read-only with a reason
    Create     // must not exist yet
};

struct FaultPlan;

struct SessionOptions {
    // Where this user's sessions are registered: empty for XDG_STATE_HOME or ~/.local/state.
    std::filesystem::path stateDirectory;
    // For the program's own scratch files: not registered, no reserve, lost at power loss.
    bool temporary = false;
    std::shared_ptr<FaultPlan> faults; // tests
};

// Checks header, schema and version before SQLite is trusted with anything. Upgrades an older
// file one version at a time in a transaction; refuses a newer one with Errc::Version.
// A session that this installation did not make is read-only and immutable: side files beside it
// are ignored, no file is made or changed.
Result<std::unique_ptr<Session>> openSession(const std::filesystem::path &path, OpenMode mode,
                                             const SessionOptions &options = {});

// Whether a file that begins with `head` (100 bytes are enough) is a session of this program, of
// any version. The file must not be opened for this while this process has it open as a session:
// closing it would cancel SQLite's POSIX locks.
bool looksLikeSession(std::span<const std::byte> head);

} // namespace flamewright
