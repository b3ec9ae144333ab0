#pragma once

#include "capture/base/intern_table.h"
#include "capture/base/result.h"
#include "capture/session/chunk.h"
#include "capture/session/lane_packer.h"
#include "capture/session/levels.h"
#include "capture/session/records.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

struct SinkLimits {
    std::uint32_t rowsPerChunk = kRowsPerChunk;
    std::uint32_t maxStackDepth = 65'000;
    std::uint32_t maxStringBytes = 64u << 10;       // longer text is cut and counted
    std::uint64_t maxDimensionBytes = 1'200u << 20; // of strings, frames and stacks together
    std::uint32_t maxTracks = 1u << 20;
    std::uint32_t maxNoteCodes = 256;
};

// What importers write into. Concrete on purpose: interning is a hash lookup that must
// inline; the virtual seam is ChunkStore, one call per chunk.
// Write errors are sticky: appends after a failure are dropped and status() reports the first.
// Everything that a facts chunk refers to is in the store before it, so that whatever arrived
// before a crash can be read.
class RecordSink {
public:
    explicit RecordSink(ChunkStore &store, SinkLimits limits = {});
    RecordSink(const RecordSink &) = delete;
    RecordSink &operator=(const RecordSink &) = delete;

    // Dimensions: interned, deduplicated, ids dense from 1. Text is UTF-8 as found in the input:
    // invalid bytes are kept, showing them is CaptureText's business.
    StringId string(std::string_view utf8);
    // Enters nothing: StringId{} for a text that is not there.
    StringId findString(std::string_view utf8) const;
    ModuleId module(const ModuleDesc &desc);
    FrameId frame(const FrameDesc &desc);
    // The stack of `callee` called by `caller`; StackId{} is the empty stack. Beyond the depth
    // limit it returns `caller` and counts a note.
    StackId stack(StackId caller, FrameId callee);
    std::uint32_t depthOf(StackId stack) const { return m_stackDepth[stack.raw]; }
    // Same kind, pid, tid and parent (and, where pid and tid are -1, name): same track.
    TrackId track(const TrackDesc &desc);
    // Threads rename themselves: the last name wins.
    void renameTrack(TrackId track, std::string_view name);
    MeasureId measure(const MeasureDesc &desc);
    // For formats that describe modules and measures after the samples that use them (perf.data
    // has both in its last sections). Ids stay; what was interned under the old text stays found
    // under it.
    void setBuildId(ModuleId module, std::string_view buildId);
    void setMeasure(MeasureId measure, const MeasureDesc &desc);

    // A text that is only read one by one: appended, not interned, except that one which was
    // entered lately is found again. TextId{} for an empty one. Longer than a string may be: cut
    // and counted.
    TextId text(std::string_view utf8);

    // Facts: any order; sorted when a chunk is sealed.
    void add(const Sample &sample);
    void add(const Slice &slice); // a negative length becomes 0 and a note
    void add(const Flow &flow);   // a negative length turns it around
    void add(const CounterPoint &point);
    void add(const Request &request); // a negative latency becomes 0 and a note
    void add(const Summary &summary); // a negative length becomes 0 and a note
    // NaN and infinities are not stored: a note counts them.
    void add(const BenchmarkValue &value);

    // Something in the input was odd but reading goes on. Counted per code; the first place and
    // detail are kept. The highest severity seen wins.
    void note(Severity severity, std::string_view code, std::uint64_t inputOffset,
              std::string_view detail = {}, std::uint64_t times = 1);
    // Facts about the recording: the last value of a key wins; empty values are dropped.
    void provenance(std::string_view key, std::string_view value);
    void setWallOffset(std::int64_t epochNsAtClockZero)
    {
        m_meta.wallOffsetNs = epochNsAtClockZero;
    }
    void setDuration(std::int64_t ns) { m_meta.durationNs = ns; }

    const Result<> &status() const { return m_status; }
    // Of strings, frames, stacks and tracks; an importer that can do with less asks before the limit
    // ends the import.
    std::uint64_t dimensionBytes() const { return m_dimensionBytes; }
    std::uint64_t maxDimensionBytes() const { return m_limits.maxDimensionBytes; }
    // True when a DataLoss or Error note was counted: what --strict refuses.
    bool lostData() const;
    const std::vector<ImportNote> &notes() const { return m_meta.notes; }
    std::uint64_t samplesAdded() const { return m_samplesAdded; }
    std::uint64_t slicesAdded() const { return m_slicesAdded; }
    std::uint64_t countersAdded() const { return m_countersAdded; }
    std::uint64_t requestsAdded() const { return m_requestsAdded; }
    std::uint64_t benchmarkValuesAdded() const { return m_benchmarkValuesAdded; }

    // Seals what is open and hands over the meta data. Call once, also after a partial read.
    Result<> finish();

private:
    // Seals a run of facts after the dimensions it refers to.
    template <class Columns>
    void seal(Columns &columns);
    void sealRequests();
    void sealSlices();
    void sealCounters();
    void sealTexts();
    std::string_view cut(std::string_view utf8);
    void sealDimensions();
    void put(const Chunk &chunk);
    void fail(Errc code, const char *message);
    bool spend(std::uint64_t bytes);
    bool isString(std::uint32_t id, std::string_view text) const;

    ChunkStore &m_store;
    SinkLimits m_limits;
    Result<> m_status;
    CaptureMeta m_meta;
    std::uint64_t m_dimensionBytes = 0;
    std::uint64_t m_samplesAdded = 0;
    std::uint64_t m_slicesAdded = 0;
    std::uint64_t m_countersAdded = 0;
    std::uint64_t m_requestsAdded = 0;
    std::uint64_t m_benchmarkValuesAdded = 0;

    // Strings: all text in one arena; m_textEnd[i] is where string i ends.
    std::string m_text;
    std::vector<std::uint64_t> m_textEnd{0};
    InternTable m_stringIndex;
    std::uint64_t m_stringsSealed = 1;

    StringColumns m_texts; // of the page that is being filled
    std::uint64_t m_textsSealed = 1;
    // The latest text of each hash, for those that come again and again.
    struct RecentText {
        std::uint64_t hash = 0;
        TextId id;
    };
    std::vector<RecentText> m_recentTexts;

    FrameColumns m_frames; // row 0 is the unknown frame
    InternTable m_frameIndex;
    std::uint64_t m_framesSealed = 1;

    StackColumns m_stacks; // row 0 is the empty stack
    std::vector<std::uint32_t> m_stackDepth{0};
    std::uint32_t m_deepest = 0;
    InternTable m_stackIndex;
    std::uint64_t m_stacksSealed = 1;

    std::map<std::tuple<TrackKind, std::int64_t, std::int64_t, std::uint32_t, std::string>, TrackId>
        m_trackIndex;
    std::map<std::tuple<std::string, std::string, std::int64_t, std::uint64_t>, ModuleId>
        m_moduleIndex;
    std::map<std::pair<std::string, Unit>, MeasureId> m_measureIndex;
    bool m_metaChanged = true;

    SampleColumns m_samples;
    SliceColumns m_slices;
    LanePacker m_lanes; // of slices that ask for a free one
    SliceLevelsBuilder m_sliceLevels;
    CounterColumns m_counters;
    CounterLevelsBuilder m_counterLevels;
    FlowColumns m_flows;
    std::vector<Request> m_requests; // columns when they are sealed: one place to append to
    SummaryColumns m_summaries;
    BenchmarkColumns m_benchmarks;
};

} // namespace flamewright
