#include "importers/worker/stream_checker.h"

#include "capture/session/chunk_codec.h"
#include "capture/session/dimensions.h"
#include "capture/session/references.h"

#include <algorithm>

namespace flamewright {
namespace {

constexpr std::uint64_t kMaxRows = UINT32_MAX; // ids are 32 bits

Error violation(const char *what)
{
    return Error(Errc::Worker, std::string("the import worker broke the rules: ") + what);
}

// The codec calls damage Corrupt, which would read as if the input were damaged.
template <class T>
Result<T> decoded(Result<T> columns)
{
    if (columns.has_value())
        return columns;
    return fail(violation(columns.error().message().c_str()));
}

template <class IdType>
bool allBelow(const std::vector<IdType> &ids, std::uint64_t limit)
{
    return std::all_of(ids.begin(), ids.end(), [&](IdType id) { return id.raw < limit; });
}

std::uint64_t magnitude(std::int64_t v)
{
    const auto bits = static_cast<std::uint64_t>(v);
    return v < 0 ? ~bits + 1 : bits;
}

Timestamp after(Timestamp t)
{
    return t == Timestamp{Duration::max()} ? t : t + Duration{1};
}

bool isDimension(ChunkKind kind)
{
    return kind == ChunkKind::Strings || kind == ChunkKind::Frames || kind == ChunkKind::Stacks;
}

} // namespace

StreamChecker::StreamChecker(Begin begin, StreamLimits limits)
    : m_begin(std::move(begin)),
      m_limits(limits)
{}

Result<StreamChecker::State> StreamChecker::take(WorkerMessage message)
{
    if (m_ended)
        return fail(violation("it went on after its end"));
    FW_TRY(std::visit([&](auto &m) { return on(std::move(m)); }, message));
    return m_ended ? State::Ended : State::Running;
}

Result<> StreamChecker::on(HelloMessage message)
{
    if (!m_isolation.empty() || !m_formatId.empty())
        return fail(violation("it said hello twice"));
    m_isolation = std::move(message.isolation);
    return {};
}

Result<> StreamChecker::on(FormatMessage message)
{
    if (!m_formatId.empty() || message.formatId.empty())
        return fail(violation("it changed its mind about the format"));
    m_formatId = std::move(message.formatId);
    FW_ASSIGN(m_store, m_begin(m_formatId));
    return {};
}

Result<> StreamChecker::on(ProgressMessage message)
{
    m_progress = message;
    return {};
}

Result<> StreamChecker::on(FailureMessage message)
{
    m_ended = m_failure = true;
    return fail(std::move(message.error));
}

Result<> StreamChecker::on(AnswerPart)
{
    return fail(violation("an answer to a question nobody asked"));
}

Result<> StreamChecker::on(EndMessage message)
{
    if (m_store == nullptr || !m_metaWritten)
        return fail(violation("it ended before it began"));
    if (message.chunks != m_chunks)
        return fail(violation("it sent another number of chunks than it says"));
    if (m_meta.modules.size() != m_modules || m_meta.tracks.size() != m_tracks)
        return fail(violation("it ended in the middle of its meta data"));
    FW_TRY(checkTotals());
    m_progress.rawBytesRead = message.rawBytesRead;
    m_ended = true;
    return {};
}

Result<> StreamChecker::on(MetaPart message)
{
    if (m_store == nullptr)
        return fail(violation("meta data without a format"));
    const auto add = [&](std::size_t bytes) {
        return spend(m_metaBytes, bytes + 64, m_limits.maxDimensionBytes);
    };
    for (auto &row : message.modules) {
        FW_TRY(add(row.name.size() + row.buildId.size()));
        m_meta.modules.push_back(std::move(row));
    }
    for (auto &row : message.tracks) {
        FW_TRY(add(row.name.size()));
        if (row.parent.raw > m_meta.tracks.size())
            return fail(violation("a track's parent comes after it"));
        m_meta.tracks.push_back(std::move(row));
    }
    for (auto &[track, name] : message.renames) {
        if (track.raw == 0 || track.raw > m_meta.tracks.size())
            return fail(violation("a name for a track that is not there"));
        m_meta.tracks[track.raw - 1].name = std::move(name);
    }
    for (auto &[module, buildId] : message.buildIds) {
        if (module.raw == 0 || module.raw > m_meta.modules.size())
            return fail(violation("a build id for a module that is not there"));
        m_meta.modules[module.raw - 1].buildId = std::move(buildId);
    }
    if (m_meta.modules.size() > m_limits.maxModules || m_meta.tracks.size() > m_limits.maxTracks)
        return fail(violation("too many threads or modules"));
    if (!message.last)
        return {};
    if (message.rest.measures.size() < m_meta.measures.size())
        return fail(violation("a measure disappeared"));
    m_modules = m_meta.modules.size();
    m_tracks = m_meta.tracks.size();
    m_meta.measures = std::move(message.rest.measures);
    m_meta.notes = std::move(message.rest.notes);
    m_meta.provenance = std::move(message.rest.provenance);
    m_meta.wallOffsetNs = message.rest.wallOffsetNs;
    m_meta.durationNs = message.rest.durationNs;
    m_sums.resize(m_meta.measures.size());
    m_metaWritten = true;
    return m_store->putMeta(m_meta);
}

Result<> StreamChecker::on(const Chunk &chunk)
{
    if (m_store == nullptr)
        return fail(violation("data without a format"));
    if (chunk.rows == 0 || chunk.rows > kRowsPerChunk)
        return fail(violation("a chunk with an impossible number of rows"));
    if (chunk.kind == ChunkKind::Texts) {
        // Nobody holds them in memory.
        FW_TRY(spend(m_factBytes, chunk.payload.size(), m_limits.maxFactBytes));
        if (!chunk.span.isAll())
            return fail(violation("a page of texts with a time"));
    } else if (isDimension(chunk.kind)) {
        FW_TRY(spend(m_dimensionBytes, chunk.payload.size(), m_limits.maxDimensionBytes));
        if (!chunk.span.isAll())
            return fail(violation("a page of names with a time"));
    } else {
        FW_TRY(spend(m_factBytes, chunk.payload.size(), m_limits.maxFactBytes));
        if (chunk.firstRow != 0)
            return fail(violation("a chunk of facts with a first row"));
    }
    switch (chunk.kind) {
    case ChunkKind::Samples: FW_TRY(checkSamples(chunk)); break;
    case ChunkKind::Slices: FW_TRY(checkSlices(chunk)); break;
    case ChunkKind::Counters: FW_TRY(checkCounters(chunk)); break;
    case ChunkKind::Requests: FW_TRY(checkRequests(chunk)); break;
    case ChunkKind::Summaries: FW_TRY(checkSummaries(chunk)); break;
    case ChunkKind::Benchmarks: FW_TRY(checkBenchmarks(chunk)); break;
    case ChunkKind::Flows: FW_TRY(checkFlows(chunk)); break;
    case ChunkKind::SliceLevels: FW_TRY(checkSliceLevels(chunk)); break;
    case ChunkKind::CounterLevels: FW_TRY(checkCounterLevels(chunk)); break;
    case ChunkKind::Texts: FW_TRY(checkTexts(chunk, m_texts)); break;
    case ChunkKind::Strings: FW_TRY(checkTexts(chunk, m_strings)); break;
    case ChunkKind::Frames: FW_TRY(checkFrames(chunk)); break;
    case ChunkKind::Stacks: FW_TRY(checkStacks(chunk)); break;
    }
    ++m_chunks;
    return m_store->putChunk(chunk);
}

Result<> StreamChecker::spend(std::uint64_t &used, std::uint64_t bytes, std::uint64_t limit) const
{
    used += bytes;
    if (used > limit)
        return fail(Errc::Limit, "the import grew beyond every reasonable size");
    return {};
}

Result<> StreamChecker::checkTexts(const Chunk &chunk, std::uint64_t &next)
{
    if (chunk.firstRow != next || next + chunk.rows > kMaxRows)
        return fail(violation("pages of names out of order"));
    FW_ASSIGN(const auto page, decoded(decodeStrings(chunk)));
    std::uint32_t begin = 0;
    for (const auto end : page.end) {
        if (end - begin > kMaxWireText)
            return fail(violation("a name that is too long"));
        begin = end;
    }
    next += page.size();
    return {};
}

Result<> StreamChecker::checkFrames(const Chunk &chunk)
{
    if (chunk.firstRow != m_inlineDepth.size() || chunk.firstRow + chunk.rows > kMaxRows)
        return fail(violation("pages of frames out of order"));
    FW_ASSIGN(const auto page, decoded(decodeFrames(chunk)));
    if (!allBelow(page.function, m_strings) || !allBelow(page.file, m_strings))
        return fail(violation("a frame refers to a name that is not there"));
    if (!allBelow(page.module, m_modules + 1))
        return fail(violation("a frame refers to a module that is not there"));
    for (std::size_t i = 0; i < page.size(); ++i) {
        const auto outer = page.outer[i].raw;
        // Outer frames come first, so chains end; and they are short.
        if (outer >= m_inlineDepth.size())
            return fail(violation("a frame is inlined into one that is not there yet"));
        const auto depth = outer == 0 ? 0u : m_inlineDepth[outer] + 1u;
        if (depth > kMaxInlineDepth)
            return fail(violation("a chain of inlined frames that is too long"));
        m_inlineDepth.push_back(static_cast<std::uint16_t>(depth));
    }
    return {};
}

Result<> StreamChecker::checkStacks(const Chunk &chunk)
{
    if (chunk.firstRow != m_stackDepth.size() || chunk.firstRow + chunk.rows > kMaxRows)
        return fail(violation("pages of stacks out of order"));
    FW_ASSIGN(const auto page, decoded(decodeStacks(chunk)));
    if (!allBelow(page.frame, m_inlineDepth.size()))
        return fail(violation("a stack refers to a frame that is not there"));
    for (const auto caller : page.caller) {
        if (caller.raw >= m_stackDepth.size())
            return fail(violation("a stack's caller comes after it"));
        const auto depth = m_stackDepth[caller.raw] + 1;
        if (depth > m_limits.maxStackDepth)
            return fail(violation("a stack that is too deep"));
        m_stackDepth.push_back(depth);
    }
    return {};
}

Result<> StreamChecker::checkSpan(const Chunk &chunk, Timestamp first, Timestamp last) const
{
    if (chunk.span.begin != first || chunk.span.end != after(last))
        return fail(violation("a chunk whose time range is not that of its rows"));
    return {};
}

Result<> StreamChecker::checkSamples(const Chunk &chunk)
{
    FW_ASSIGN(const auto c, decoded(decodeSamples(chunk)));
    FW_TRY(checkSpan(chunk, c.time.front(), c.time.back()));
    if (!allBelow(c.track, m_tracks + 1) || !allBelow(c.stack, m_stackDepth.size()) ||
        !allBelow(c.labels, m_strings))
        return fail(violation("a sample refers to something that is not there"));
    for (std::size_t i = 0; i < c.size(); ++i) {
        const auto measure = c.measure[i].raw;
        if (measure == 0 || measure > m_sums.size())
            return fail(violation("a sample of a measure that is not there"));
        auto &sum = m_sums[measure - 1];
        ++sum.rows;
        sum.value += c.value[i];
        sum.magnitude += magnitude(c.value[i]);
        sum.count += c.count[i];
        sum.countMagnitude += magnitude(c.count[i]);
    }
    return {};
}

Result<> StreamChecker::checkSlices(const Chunk &chunk)
{
    FW_ASSIGN(const auto c, decoded(decodeSlices(chunk)));
    if (!refersWithin(c, m_tracks, m_strings - 1, m_texts - 1))
        return fail(violation("a slice refers to something that is not there"));
    return {};
}

Result<> StreamChecker::checkFlows(const Chunk &chunk)
{
    FW_ASSIGN(const auto c, decoded(decodeFlows(chunk)));
    if (!refersWithin(c, m_tracks, m_strings - 1))
        return fail(violation("a flow refers to something that is not there"));
    return {};
}

Result<> StreamChecker::checkSliceLevels(const Chunk &chunk)
{
    FW_ASSIGN(const auto c, decoded(decodeSliceLevels(chunk)));
    if (!refersWithin(c, m_tracks, m_strings - 1))
        return fail(violation("a level of slices refers to something that is not there"));
    return {};
}

Result<> StreamChecker::checkCounterLevels(const Chunk &chunk)
{
    FW_ASSIGN(const auto c, decoded(decodeCounterLevels(chunk)));
    if (!allBelow(c.track, m_tracks + 1))
        return fail(violation("a level of counters refers to something that is not there"));
    return {};
}

Result<> StreamChecker::checkCounters(const Chunk &chunk)
{
    FW_ASSIGN(const auto c, decoded(decodeCounters(chunk)));
    FW_TRY(checkSpan(chunk, c.time.front(), c.time.back()));
    if (!allBelow(c.track, m_tracks + 1))
        return fail(violation("a counter refers to something that is not there"));
    return {};
}

Result<> StreamChecker::checkRequests(const Chunk &chunk)
{
    FW_ASSIGN(const auto c, decoded(decodeRequests(chunk)));
    if (!refersWithin(c, m_tracks, m_strings - 1))
        return fail(violation("a request refers to something that is not there"));
    return {};
}

Result<> StreamChecker::checkSummaries(const Chunk &chunk)
{
    FW_ASSIGN(const auto c, decoded(decodeSummaries(chunk)));
    if (!refersWithin(c, m_tracks, m_strings - 1))
        return fail(violation("a summary refers to something that is not there"));
    return {};
}

Result<> StreamChecker::checkBenchmarks(const Chunk &chunk)
{
    FW_ASSIGN(const auto c, decoded(decodeBenchmarks(chunk)));
    if (!refersWithin(c, m_strings - 1))
        return fail(violation("a benchmark value refers to a text that is not there"));
    return {};
}

// The sink's totals saturate, which depends on the order; they are compared where nothing can
// have saturated, which is everywhere outside of attacks.
Result<> StreamChecker::checkTotals() const
{
    for (std::size_t i = 0; i < m_sums.size(); ++i) {
        const auto &sum = m_sums[i];
        const auto &row = m_meta.measures[i];
        const bool value = sum.magnitude > INT64_MAX || sum.value == row.total;
        const bool samples = sum.countMagnitude > INT64_MAX || sum.count == row.samples;
        if (sum.rows != row.rows || !value || !samples)
            return fail(violation("totals that are not the sums of the rows"));
    }
    return {};
}

} // namespace flamewright
