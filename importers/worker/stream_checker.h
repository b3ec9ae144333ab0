#pragma once

#include "capture/base/result.h"
#include "capture/session/chunk.h"
#include "capture/session/records.h"
#include "importers/worker/messages.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace flamewright {

struct StreamLimits {
    std::uint64_t maxDimensionBytes = 2ull << 30; // encoded pages of strings, frames and stacks
    std::uint64_t maxFactBytes = 256ull << 30;    // encoded chunks of facts
    std::uint32_t maxTracks = 1u << 20;
    std::uint32_t maxModules = 1u << 22;
    std::uint32_t maxStackDepth = 65'536;
};

// The parent's distrust: takes the messages of one import in order and passes on only what fits
// to all that came before. After any sequence it has accepted, what the store holds reads back
// without errors: every id is known, chains end, times are sorted, totals are true.
// A worker that parsed hostile bytes may be in hostile hands; this is the border.
class StreamChecker {
public:
    // `begin` is called with the format and returns where chunks go.
    using Begin = std::function<Result<ChunkStore *>(const std::string &formatId)>;
    explicit StreamChecker(Begin begin, StreamLimits limits = {});

    enum class State : std::uint8_t {
        Running,
        Ended // End or Failure: no message may follow
    };
    // Errc::Worker for a violation, the store's error as it is, and what the worker says itself
    // (Failure) with isFailure() true.
    Result<State> take(WorkerMessage message);
    bool isFailure() const { return m_failure; }

    const std::string &isolation() const { return m_isolation; }
    const std::string &formatId() const { return m_formatId; }
    // The worker's own words on how far it is; offsets of the descriptor.
    const ProgressMessage &progress() const { return m_progress; }

private:
    // What one kind of message does.
    Result<> on(HelloMessage message);
    Result<> on(FormatMessage message);
    Result<> on(const Chunk &chunk);
    Result<> on(MetaPart message);
    Result<> on(ProgressMessage message);
    Result<> on(FailureMessage message);
    Result<> on(EndMessage message);
    Result<> on(AnswerPart message);

    // Strings and texts: `next` is the id that the page must begin with.
    Result<> checkTexts(const Chunk &chunk, std::uint64_t &next);
    Result<> checkFrames(const Chunk &chunk);
    Result<> checkStacks(const Chunk &chunk);
    Result<> checkSamples(const Chunk &chunk);
    Result<> checkSlices(const Chunk &chunk);
    Result<> checkCounters(const Chunk &chunk);
    Result<> checkRequests(const Chunk &chunk);
    Result<> checkSummaries(const Chunk &chunk);
    Result<> checkBenchmarks(const Chunk &chunk);
    Result<> checkFlows(const Chunk &chunk);
    Result<> checkSliceLevels(const Chunk &chunk);
    Result<> checkCounterLevels(const Chunk &chunk);
    Result<> checkSpan(const Chunk &chunk, Timestamp first, Timestamp last) const;
    Result<> checkTotals() const;
    Result<> spend(std::uint64_t &used, std::uint64_t bytes, std::uint64_t limit) const;

    __extension__ using Int128 = __int128;
    // Exact sums of what arrived, to compare the measures' totals with.
    struct Sum {
        std::uint64_t rows = 0;
        Int128 value = 0, magnitude = 0; // magnitude: sum of absolute values
        Int128 count = 0, countMagnitude = 0;
    };

    Begin m_begin;
    StreamLimits m_limits;
    ChunkStore *m_store = nullptr;
    std::string m_isolation, m_formatId;
    ProgressMessage m_progress;
    bool m_ended = false, m_failure = false;
    bool m_metaWritten = false;
    std::uint64_t m_chunks = 0;
    std::uint64_t m_dimensionBytes = 0, m_factBytes = 0, m_metaBytes = 0;

    CaptureMeta m_meta;
    std::size_t m_modules = 0, m_tracks = 0; // as of the last whole change
    std::uint64_t m_strings = 1;
    std::uint64_t m_texts = 1;
    std::vector<std::uint16_t> m_inlineDepth{0}; // by frame
    std::vector<std::uint32_t> m_stackDepth{0};
    std::vector<Sum> m_sums; // by measure - 1
};

} // namespace flamewright
