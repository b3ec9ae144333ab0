#include "capture/session/chunk_codec.h"
#include "capture/session/manifest_sqlite.h"
#include "capture/session/session_core_sqlite.h"

#include <algorithm>
#include <chrono>

namespace flamewright {
namespace {

// Chunks are committed in groups of about this many, this size or this age.
constexpr std::size_t kGroupChunks = 64;
constexpr std::size_t kGroupBytes = 16u << 20;
constexpr auto kGroupAge = std::chrono::seconds(1);
constexpr std::size_t kMaxNameBytes = 64u << 10;

std::size_t groupBytesFor(std::uint64_t free)
{
    return std::clamp<std::size_t>(free / 16, kGroupBytes / 64, kGroupBytes);
}

// What the row of a capture says about its chunks.
struct Totals {
    std::optional<TimeRange> span;
    std::uint64_t samples = 0, slices = 0, counters = 0, requests = 0;
    // Of which the capture's row has no column.
    std::uint64_t summaries = 0, benchmarks = 0, texts = 0, others = 0;
    std::uint64_t strings = 0, frames = 0, stacks = 0, chunks = 0, storedBytes = 0;

    const char *kind() const
    {
        if (requests > 0)
            return "load test";
        // Profilers mark some moments beside their samples.
        if (slices > 0 && slices >= samples)
            return "trace";
        if (summaries > 0)
            return "load test";
        if (benchmarks > 0)
            return "benchmarks";
        return samples == 0 && counters > 0 ? "metrics" : "profile";
    }
};

std::uint64_t &rowsOf(Totals &totals, ChunkKind kind)
{
    switch (kind) {
    case ChunkKind::Samples: return totals.samples;
    case ChunkKind::Slices: return totals.slices;
    case ChunkKind::Counters: return totals.counters;
    case ChunkKind::Requests: return totals.requests;
    case ChunkKind::Summaries: return totals.summaries;
    case ChunkKind::Benchmarks: return totals.benchmarks;
    case ChunkKind::Flows:
    case ChunkKind::SliceLevels:
    case ChunkKind::CounterLevels: return totals.others;
    case ChunkKind::Texts: return totals.texts;
    case ChunkKind::Strings: return totals.strings;
    case ChunkKind::Frames: return totals.frames;
    case ChunkKind::Stacks: return totals.stacks;
    }
    return totals.samples; // not reached: the kind was checked
}

bool isFacts(ChunkKind kind)
{
    return kind < ChunkKind::Strings;
}

// Of facts; sorted.
Result<std::vector<Timestamp>> beginsOf(const Chunk &chunk)
{
    switch (chunk.kind) {
    case ChunkKind::Samples: return decodeSamples(chunk).map([](auto &&c) { return c.time; });
    case ChunkKind::Slices: return decodeSlices(chunk).map([](auto &&c) { return c.begin; });
    case ChunkKind::Counters: return decodeCounters(chunk).map([](auto &&c) { return c.time; });
    case ChunkKind::Requests: return decodeRequests(chunk).map([](auto &&c) { return c.begin; });
    case ChunkKind::Summaries: return decodeSummaries(chunk).map([](auto &&c) { return c.begin; });
    case ChunkKind::Benchmarks: return decodeBenchmarks(chunk).map([](auto &&c) { return c.time; });
    case ChunkKind::Flows: return decodeFlows(chunk).map([](auto &&c) { return c.begin; });
    case ChunkKind::SliceLevels:
        return decodeSliceLevels(chunk).map([](auto &&c) { return c.begin; });
    case ChunkKind::CounterLevels:
        return decodeCounterLevels(chunk).map([](auto &&c) { return c.time; });
    case ChunkKind::Strings:
    case ChunkKind::Frames:
    case ChunkKind::Stacks:
    case ChunkKind::Texts: break;
    }
    return std::vector<Timestamp>();
}

// The times of a chunk's facts; nullopt when none has one. Rows without a time come first.
Result<std::optional<TimeRange>> timesOf(const Chunk &chunk)
{
    const auto none = kNoTime + Duration{1};
    if (!isFacts(chunk.kind) || chunk.span.end <= none)
        return std::optional<TimeRange>();
    auto span = chunk.span;
    if (span.begin == kNoTime) {
        FW_ASSIGN(const auto times, beginsOf(chunk));
        const auto first = std::upper_bound(times.begin(), times.end(), kNoTime);
        if (first == times.end())
            return std::optional<TimeRange>();
        span.begin = *first;
    }
    return std::optional(span);
}

// The store may be fed by a worker that is not trusted: the parts of a chunk's header that end up
// in the index are checked here, payloads by whoever reads them.
Result<> checkChunk(const Chunk &chunk, std::uint64_t rowsBefore)
{
    if (!isKnownKind(static_cast<std::int64_t>(chunk.kind)))
        return fail(Errc::Corrupt, "a chunk of an unknown kind was to be stored");
    if (isFacts(chunk.kind)) {
        if (chunk.firstRow != 0 || chunk.span.begin >= chunk.span.end)
            return fail(Errc::Corrupt, "a chunk with an impossible time range was to be stored");
    } else if (chunk.firstRow != rowsBefore + 1 || !chunk.span.isAll()) {
        return fail(Errc::Corrupt, "pages of names, frames or stacks came out of order");
    }
    return {};
}

Result<> updateTotals(const Connection &db, std::int64_t capture, const Totals &t,
                      const CaptureMeta &meta, CaptureState state, std::uint64_t digests)
{
    FW_ASSIGN(auto update,
              db.prepare("UPDATE capture SET state=?,kind=?,begin_ns=?,end_ns=?,wall_offset_ns=?,"
                         "duration_ns=?,samples=?,slices=?,counters=?,requests=?,strings=?,"
                         "frames=?,stacks=?,chunks=?,stored_bytes=?,chunk_sum=? WHERE id=?"));
    const auto sum = sumBytes(digests);
    std::optional<std::int64_t> begin, end;
    if (t.span) {
        begin = t.span->begin.time_since_epoch().count();
        end = t.span->end.time_since_epoch().count();
    }
    return update.bind(1, static_cast<std::int64_t>(state))
        .bind(2, std::string_view(t.kind()))
        .bind(3, begin)
        .bind(4, end)
        .bind(5, meta.wallOffsetNs)
        .bind(6, meta.durationNs)
        .bind(7, t.samples)
        .bind(8, t.slices)
        .bind(9, t.counters)
        .bind(10, t.requests)
        .bind(11, t.strings)
        .bind(12, t.frames)
        .bind(13, t.stacks)
        .bind(14, t.chunks)
        .bind(15, t.storedBytes)
        .bind(16, std::span(sum))
        .bind(17, capture)
        .run();
}

class SqliteCaptureWriter final : public CaptureWriter {
public:
    SqliteCaptureWriter(std::shared_ptr<SessionCore> core, std::int64_t capture)
        : m_core(std::move(core)),
          m_capture(capture)
    {}
    ~SqliteCaptureWriter() override
    {
        if (!m_finished)
            // Nobody to tell: what stays behind is shown as an interrupted import.
            (void)m_core->shrink([&](const Connection &db) {
                return removeCapture(db, m_core->version, m_capture);
            });
        const std::scoped_lock lock(m_core->mutex);
        m_core->activeCapture = 0;
    }

    CaptureId id() const override { return CaptureId{static_cast<std::uint32_t>(m_capture)}; }

    Result<> putChunk(const Chunk &chunk) override
    {
        if (m_status.has_value())
            m_status = add(chunk);
        return m_status;
    }
    Result<> putMeta(const CaptureMeta &meta) override
    {
        m_meta = meta;
        return m_status;
    }
    Result<> finish(CaptureState state) override
    {
        FW_TRY(m_status);
        if (m_finished || state == CaptureState::Importing)
            return fail(Errc::Internal, "a capture cannot be finished like this");
        m_status = flush(SessionCore::Durability::Saved, state);
        m_finished = m_status.has_value();
        return m_status;
    }

private:
    Result<> add(const Chunk &chunk)
    {
        auto &rows = rowsOf(m_totals, chunk.kind);
        FW_TRY(checkChunk(chunk, rows));
        FW_ASSIGN(const auto times, timesOf(chunk));
        auto &pending = m_pending.emplace_back();
        FW_ASSIGN(pending.row, m_packer.pack(chunk, id(), pending.data));
        pending.data.shrink_to_fit();
        rows += chunk.rows;
        m_totals.chunks += 1;
        m_totals.storedBytes += pending.data.size();
        m_pendingBytes += pending.data.size();
        if (times && m_totals.span)
            m_totals.span = TimeRange{std::min(m_totals.span->begin, times->begin),
                                      std::max(m_totals.span->end, times->end)};
        else if (times)
            m_totals.span = times;
        const auto now = std::chrono::steady_clock::now();
        if (m_pending.size() >= kGroupChunks || m_pendingBytes >= m_groupBytes ||
            now - m_flushed >= kGroupAge)
            return flush(SessionCore::Durability::Group, CaptureState::Importing);
        return {};
    }

    Result<> flush(SessionCore::Durability durability, CaptureState state)
    {
        auto digests = m_digests;
        auto written = m_core->write(
            durability, 2 * m_pendingBytes + (1u << 20), [&](const Connection &db) -> Result<> {
                FW_TRY(insertChunks(db, m_core->uuid, m_pending, digests));
                FW_TRY(writeMeta(db, m_capture, m_writtenMeta, m_meta));
                FW_TRY(updateTotals(db, m_capture, m_totals, m_meta, state, digests));
                return sealCapture(db, m_core->uuid, m_capture);
            });
        FW_TRY(std::move(written));
        m_digests = digests;
        m_writtenMeta = m_meta;
        m_pending.clear();
        m_pendingBytes = 0;
        m_groupBytes = groupBytesFor(freeBytes(m_core->path));
        m_flushed = std::chrono::steady_clock::now();
        return {};
    }

    std::shared_ptr<SessionCore> m_core;
    std::int64_t m_capture;
    ChunkPacker m_packer;
    std::vector<PendingChunk> m_pending;
    std::size_t m_pendingBytes = 0;
    // Smaller groups on a disk that is nearly full: a group is there twice, in the log and in the
    // file.
    std::size_t m_groupBytes = groupBytesFor(freeBytes(m_core->path));
    std::chrono::steady_clock::time_point m_flushed = std::chrono::steady_clock::now();
    Totals m_totals;
    std::uint64_t m_digests = 0;
    CaptureMeta m_meta, m_writtenMeta;
    Result<> m_status;
    bool m_finished = false;
};

// Collects what rewriteFrames() is given.
class FrameStore final : public ChunkStore {
public:
    FrameStore(CaptureId capture, std::uint64_t strings) : m_capture(capture), m_strings(strings) {}
    Result<> putChunk(const Chunk &chunk) override
    {
        if (chunk.kind != ChunkKind::Frames && chunk.kind != ChunkKind::Strings)
            return fail(Errc::Usage, "only frames and strings of a capture can be rewritten");
        auto &rows = chunk.kind == ChunkKind::Frames ? m_frames : m_strings;
        FW_TRY(checkChunk(chunk, rows));
        auto &pending = m_pending.emplace_back();
        FW_ASSIGN(pending.row, m_packer.pack(chunk, m_capture, pending.data));
        pending.data.shrink_to_fit();
        rows += chunk.rows;
        m_bytes += pending.data.size();
        return {};
    }
    Result<> putMeta(const CaptureMeta &meta) override
    {
        m_meta = meta;
        return {};
    }
    std::vector<PendingChunk> &pending() { return m_pending; }
    const std::optional<CaptureMeta> &meta() const { return m_meta; }
    std::uint64_t frames() const { return m_frames; }
    std::uint64_t strings() const { return m_strings; }
    std::uint64_t bytes() const { return m_bytes; }

private:
    CaptureId m_capture;
    ChunkPacker m_packer;
    std::vector<PendingChunk> m_pending;
    std::optional<CaptureMeta> m_meta;
    std::uint64_t m_frames = 0, m_strings, m_bytes = 0;
};

Result<std::int64_t> insertCapture(const Connection &db, const CaptureDesc &desc)
{
    FW_ASSIGN(const auto captures, captureIds(db));
    if (captures.size() == kMaxCaptures)
        return fail(Errc::Limit, "the session is full: it has " + std::to_string(kMaxCaptures) +
                                     " captures; delete some or begin another session");
    FW_ASSIGN(const auto id, db.integer("SELECT next_capture FROM session"));
    FW_ASSIGN(auto insert,
              db.prepare("INSERT INTO capture VALUES(?,?,?,?,?,?,0,'profile',NULL,NULL,"
                         "NULL,NULL,0,0,0,0,0,0,0,0,0,?,?)"));
    const auto zero = sumBytes(0);
    FW_TRY(insert.bind(1, id)
               .bind(2, std::string_view(desc.name).substr(0, kMaxNameBytes))
               .bind(3, std::string_view(desc.formatId).substr(0, kMaxNameBytes))
               .bind(4, std::string_view(desc.sourcePath).substr(0, kMaxNameBytes))
               .bind(5, desc.sourceBytes)
               .bind(6, static_cast<std::int64_t>(desc.role))
               .bind(7, std::span(zero))
               .bind(8, std::span(zero))
               .run());
    FW_ASSIGN(auto next, db.prepare("UPDATE session SET next_capture=?"));
    FW_TRY(next.bind(1, id + 1).run());
    return id;
}

} // namespace

Result<std::unique_ptr<CaptureWriter>> makeCaptureWriter(std::shared_ptr<SessionCore> core,
                                                         const CaptureDesc &desc)
{
    // A session is at most about a fifth of its input; better to say so before than after.
    const auto needed = desc.sourceBytes / 4;
    const auto free = freeBytes(core->path);
    if (core->writer && free != 0 && free < needed)
        return fail(diskFull(core->path, needed));
    {
        const std::scoped_lock lock(core->mutex);
        if (core->activeCapture != 0)
            return fail(Errc::Busy, "another import into this session is running");
        core->activeCapture = -1;
    }
    std::int64_t capture = 0;
    auto begun = core->write(SessionCore::Durability::Group, 1u << 20,
                             [&](const Connection &db) -> Result<> {
                                 FW_ASSIGN(capture, insertCapture(db, desc));
                                 FW_TRY(sealCapture(db, core->uuid, capture));
                                 return sealSession(db, core->version);
                             });
    const std::scoped_lock lock(core->mutex);
    core->activeCapture = begun.has_value() ? capture : 0;
    FW_TRY(std::move(begun));
    return std::make_unique<SqliteCaptureWriter>(core, capture);
}

Result<> rewriteFramesOf(SessionCore &core, CaptureId capture,
                         const std::function<Result<>(ChunkStore &store)> &write)
{
    CaptureInfo info;
    const std::int64_t id = capture.raw;
    FW_ASSIGN(const auto reader, core.openReader());
    FW_ASSIGN(info, readCapture(reader, id));
    if (info.state == CaptureState::Importing)
        return fail(Errc::Busy, "the capture is still being imported");
    FrameStore store(capture, info.strings);
    FW_TRY(write(store));
    if (store.frames() < info.frames)
        return fail(Errc::Internal, "some frames of the capture were not rewritten");
    return core.write(
        SessionCore::Durability::Saved, 2 * store.bytes() + (1u << 20),
        [&](const Connection &db) -> Result<> {
            FW_TRY(checkCapture(db, core.uuid, id)); // damage must not get a fresh checksum
            FW_ASSIGN(const auto strings,
                      db.integer("SELECT strings FROM capture WHERE id=" + std::to_string(id)));
            if (strings != static_cast<std::int64_t>(info.strings))
                return fail(Errc::Busy, "the capture was changed meanwhile");
            // The sum is changed by what goes and what comes, so that damage elsewhere stays seen.
            FW_ASSIGN(auto digests, storedDigests(db, id));
            FW_ASSIGN(const auto gone, digestsOf(db, core.uuid, id, ChunkKind::Frames));
            digests -= gone;
            FW_ASSIGN(auto remove, db.prepare("DELETE FROM chunk WHERE capture=? AND kind=?"));
            FW_TRY(remove.bind(1, id).bind(2, std::int64_t(ChunkKind::Frames)).run());
            FW_TRY(insertChunks(db, core.uuid, store.pending(), digests));
            if (const auto &meta = store.meta()) {
                auto now = info.meta;
                now.modules = meta->modules;
                now.notes = meta->notes;
                now.provenance = meta->provenance;
                FW_TRY(writeMeta(db, id, info.meta, now));
            }
            FW_ASSIGN(auto update,
                      db.prepare("UPDATE capture SET frames=?1,strings=?2,chunk_sum=?3,"
                                 "chunks=(SELECT count(*) FROM chunk WHERE capture=?4),"
                                 "stored_bytes=(SELECT sum(length(data)) FROM chunk WHERE "
                                 "capture=?4) WHERE id=?4"));
            const auto sum = sumBytes(digests);
            FW_TRY(update.bind(1, store.frames())
                       .bind(2, store.strings())
                       .bind(3, std::span(sum))
                       .bind(4, id)
                       .run());
            return sealCapture(db, core.uuid, id);
        });
}

} // namespace flamewright
