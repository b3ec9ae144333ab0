#include "app/capture_copy.h"

#include "capture/session/chunk_codec.h"
#include "capture/session/dimensions.h"
#include "capture/session/references.h"

#include <algorithm>

namespace flamewright {
namespace {

template <class T>
std::vector<T> page(const std::vector<T> &all, std::size_t from, std::size_t count)
{
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(from);
    return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

// Without row 0, as a FrameUpdate has them: index i is row i + 1.
Result<> putFrames(ChunkStore &store, const FrameColumns &f)
{
    for (std::size_t row = 0; row < f.size();) {
        const auto n = std::min<std::size_t>(kRowsPerChunk, f.size() - row);
        const FrameColumns columns{
            page(f.function, row, n), page(f.file, row, n),    page(f.module, row, n),
            page(f.line, row, n),     page(f.kind, row, n),    page(f.source, row, n),
            page(f.flags, row, n),    page(f.address, row, n), page(f.outer, row, n)};
        FW_TRY(store.putChunk(encodeChunk(columns, row + 1)));
        row += n;
    }
    return {};
}

Result<> putStrings(ChunkStore &store, const std::vector<std::string> &strings, std::size_t first)
{
    StringColumns columns;
    auto firstRow = first;
    for (std::size_t i = 0; i < strings.size(); ++i) {
        columns.text += strings[i];
        columns.end.push_back(static_cast<std::uint32_t>(columns.text.size()));
        const bool full =
            columns.size() == kRowsPerChunk || columns.text.size() > kMaxChunkBytes / 2;
        if (full || i + 1 == strings.size()) {
            FW_TRY(store.putChunk(encodeChunk(columns, firstRow)));
            firstRow += columns.size();
            columns = {};
        }
    }
    return {};
}

// The chunks of one capture must fit together before another session takes them.
Result<> checkSamples(const Chunk &chunk, const CaptureMeta &meta, const CaptureInfo &info)
{
    FW_ASSIGN(const auto rows, decodeSamples(chunk));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows.stack[i].raw > info.stacks || rows.labels[i].raw > info.strings ||
            rows.track[i].raw > meta.tracks.size() || rows.measure[i].raw == 0 ||
            rows.measure[i].raw > meta.measures.size())
            return fail(Errc::Corrupt, "a sample refers to something that is not there");
    }
    return {};
}

Result<> checkRequests(const Chunk &chunk, const CaptureMeta &meta, const CaptureInfo &info)
{
    FW_ASSIGN(const auto rows, decodeRequests(chunk));
    if (!refersWithin(rows, meta.tracks.size(), info.strings))
        return fail(Errc::Corrupt, "a request refers to something that is not there");
    return {};
}

Result<> checkSummaries(const Chunk &chunk, const CaptureMeta &meta, const CaptureInfo &info)
{
    FW_ASSIGN(const auto rows, decodeSummaries(chunk));
    if (!refersWithin(rows, meta.tracks.size(), info.strings))
        return fail(Errc::Corrupt, "a summary refers to something that is not there");
    return {};
}

Result<> checkBenchmarks(const Chunk &chunk, const CaptureInfo &info)
{
    FW_ASSIGN(const auto rows, decodeBenchmarks(chunk));
    if (!refersWithin(rows, info.strings))
        return fail(Errc::Corrupt, "a benchmark value refers to a text that is not there");
    return {};
}

// `texts`: how many have been copied.
Result<> checkSlices(const Chunk &chunk, const CaptureMeta &meta, const CaptureInfo &info,
                     std::uint64_t texts)
{
    FW_ASSIGN(const auto rows, decodeSlices(chunk));
    if (!refersWithin(rows, meta.tracks.size(), info.strings, texts))
        return fail(Errc::Corrupt, "a slice refers to something that is not there");
    return {};
}

Result<> checkCounters(const Chunk &chunk, const CaptureMeta &meta)
{
    FW_ASSIGN(const auto rows, decodeCounters(chunk));
    if (!idsWithin(rows.track, meta.tracks.size()))
        return fail(Errc::Corrupt, "a counter refers to something that is not there");
    return {};
}

Result<> checkFlows(const Chunk &chunk, const CaptureMeta &meta, const CaptureInfo &info)
{
    FW_ASSIGN(const auto rows, decodeFlows(chunk));
    if (!refersWithin(rows, meta.tracks.size(), info.strings))
        return fail(Errc::Corrupt, "a flow refers to something that is not there");
    return {};
}

Result<> checkSliceLevels(const Chunk &chunk, const CaptureMeta &meta, const CaptureInfo &info)
{
    FW_ASSIGN(const auto rows, decodeSliceLevels(chunk));
    if (!refersWithin(rows, meta.tracks.size(), info.strings))
        return fail(Errc::Corrupt, "a level of slices refers to something that is not there");
    return {};
}

Result<> checkCounterLevels(const Chunk &chunk, const CaptureMeta &meta)
{
    FW_ASSIGN(const auto rows, decodeCounterLevels(chunk));
    if (!idsWithin(rows.track, meta.tracks.size()))
        return fail(Errc::Corrupt, "a level of counters refers to something that is not there");
    return {};
}

Result<> checkTexts(const Chunk &chunk, std::uint64_t &texts)
{
    FW_ASSIGN(const auto page, decodeStrings(chunk));
    if (chunk.firstRow != texts + 1)
        return fail(Errc::Corrupt, "pages of texts are missing or overlap");
    texts += page.size();
    return {};
}

// That a chunk of facts or texts refers only to what is there.
Result<> checkReferences(const Chunk &chunk, const CaptureInfo &info, std::uint64_t &texts)
{
    switch (chunk.kind) {
    case ChunkKind::Samples: return checkSamples(chunk, info.meta, info);
    case ChunkKind::Slices: return checkSlices(chunk, info.meta, info, texts);
    case ChunkKind::Counters: return checkCounters(chunk, info.meta);
    case ChunkKind::Flows: return checkFlows(chunk, info.meta, info);
    case ChunkKind::SliceLevels: return checkSliceLevels(chunk, info.meta, info);
    case ChunkKind::CounterLevels: return checkCounterLevels(chunk, info.meta);
    case ChunkKind::Requests: return checkRequests(chunk, info.meta, info);
    case ChunkKind::Summaries: return checkSummaries(chunk, info.meta, info);
    case ChunkKind::Benchmarks: return checkBenchmarks(chunk, info);
    case ChunkKind::Texts: return checkTexts(chunk, texts);
    case ChunkKind::Strings:
    case ChunkKind::Frames:
    case ChunkKind::Stacks: break; // loading the dimensions checked them
    }
    return {};
}

} // namespace

Result<> writeFrames(Session &session, const CaptureInfo &capture, const Dimensions &dimensions,
                     const FrameUpdate &update)
{
    auto meta = capture.meta;
    std::erase_if(meta.notes,
                  [](const ImportNote &note) { return note.code.starts_with("symbol"); });
    meta.notes.insert(meta.notes.end(), update.notes.begin(), update.notes.end());
    const auto addresses = update.resolved + update.unresolved;
    std::erase_if(meta.provenance, [](const auto &p) { return p.first == "symbols"; });
    if (addresses > 0)
        meta.provenance.emplace_back("symbols", std::to_string(update.resolved) + " of " +
                                                    std::to_string(addresses) + " addresses");
    return session.rewriteFrames(capture.id, [&](ChunkStore &store) -> Result<> {
        FW_TRY(putStrings(store, update.strings, dimensions.strings.size()));
        FW_TRY(putFrames(store, update.frames));
        return store.putMeta(meta);
    });
}

Result<CaptureId> copyCapture(SessionReader &from, const CaptureInfo &capture, Session &to,
                              JobContext &job)
{
    // Loading the dimensions checks them as a whole.
    FW_TRY(loadDimensions(from, capture.id, job));
    FW_ASSIGN(const auto writer, to.beginCapture(capture.desc));
    job.setTotal(capture.chunks);
    std::uint64_t done = 0;
    FW_TRY(writer->putMeta(capture.meta));
    std::uint64_t texts = 0;
    for (const auto kind : kChunkKinds) {
        FW_TRY(from.scan(capture.id, kind, {}, job, [&](const Chunk &chunk) -> Result<> {
            FW_TRY(checkReferences(chunk, capture, texts));
            job.setDone(++done);
            return writer->putChunk(chunk);
        }));
    }
    const auto id = writer->id();
    FW_TRY(writer->finish(capture.state == CaptureState::Complete ? CaptureState::Complete
                                                                  : CaptureState::Partial));
    return id;
}

} // namespace flamewright
