#pragma once

#include "capture/base/intern_table.h"
#include "capture/base/job.h"
#include "capture/base/result.h"
#include "capture/session/record_sink.h"
#include "importers/trace/object_text.h"
#include "importers/trace/track_rows.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

struct TraceLimits {
    // Of rows that wait for finish(), 32 bytes an event; what comes later is counted and left out.
    std::uint64_t maxRowBytes = 640u << 20;
    // Of arguments of open slices that wait for those of the end. Beyond that they are entered at
    // once and those of the end are lost.
    std::uint64_t maxWaitingText = 32u << 20;
};

enum class FlowPhase : std::uint8_t {
    Start,
    Step,
    End,
    Through, // starts the flow if nothing did, otherwise goes on with it
    Leaf     // an end of several: the flow goes on from where it was
};
// Which slice the end of an arrow belongs to: the one that is open at the time or the next one that
// begins on the track.
enum class FlowBinding : std::uint8_t { Enclosing, Next };

// One number for what identifies an asynchronous slice or a flow: ("cat", "0x12", "scope").
std::uint64_t traceKey(std::initializer_list<std::string_view> parts);

// Puts together slices, arrows and states from events that may come in any order, as Chrome's JSON,
// Perfetto and ftrace write them. Events wait as slim rows by track; finish() matches, sorts and
// nests them and hands them to the sink track by track, so that chunks cover little time.
//
// `args` is canonical JSON of an object, or empty. `offset` is where the event is in the input, for
// notes. Tracks are the sink's.
class TraceBuilder {
public:
    explicit TraceBuilder(RecordSink &sink, TraceLimits limits = {});
    ~TraceBuilder();
    TraceBuilder(const TraceBuilder &) = delete;
    TraceBuilder &operator=(const TraceBuilder &) = delete;

    // Slices of a track that are nested in each other: an end closes what was begun last. Ends are
    // matched in order of time, equal times as they came. With a name, the end closes the last slice
    // of that name, and what is open inside it ends there too.
    void begin(TrackId track, Timestamp time, StringId name, std::string_view args,
               std::uint64_t offset);
    void end(TrackId track, Timestamp time, std::string_view args, std::uint64_t offset,
             StringId name = {});
    void complete(TrackId track, Timestamp begin, Duration length, StringId name,
                  std::string_view args, std::uint64_t offset, std::uint8_t flags = 0);
    // Kind Instant or Log.
    void instant(TrackId track, Timestamp time, StringId name, std::string_view args,
                 std::uint64_t offset, SliceKind kind = SliceKind::Instant);
    // What a thread or CPU did: one at a time, at depth 0; slices of the track then begin at depth 1.
    void state(TrackId track, Timestamp begin, Duration length, StringId name,
               std::string_view args, std::uint64_t offset, std::uint8_t flags = 0);
    // The slices of begin(), end() and complete() on this track are of kind Async. They are nested
    // like others: for tracks that the file itself describes as such.
    void setAsync(TrackId track);

    // Slices that overlap: those with the same key are nested in each other, others take the first
    // free lane of the track.
    void asyncBegin(TrackId track, std::uint64_t key, Timestamp time, StringId name,
                    std::string_view args, std::uint64_t offset);
    void asyncEnd(TrackId track, std::uint64_t key, Timestamp time, std::string_view args,
                  std::uint64_t offset, StringId name = {});
    void asyncInstant(TrackId track, Timestamp time, StringId name, std::string_view args,
                      std::uint64_t offset);

    // Points of one key, in order of time, are joined by arrows from each to the next.
    void flow(FlowPhase phase, TrackId track, Timestamp time, std::uint64_t key, StringId name,
              std::uint64_t offset, FlowBinding binding = FlowBinding::Enclosing);

    // Straight to the sink: counters need no order.
    void counter(TrackId track, Timestamp time, double value)
    {
        m_sink.add(CounterPoint{time, track, value});
    }

    // Once, at the end of the input, also after a partial read.
    Result<> finish(JobContext &job);

private:
    // The open slices of one asynchronous key, and the track of its first event, where all go.
    struct AsyncKey {
        OpenStack stack;
        TrackId track;
    };
    struct FlowPoint {
        std::uint64_t key;
        Timestamp time;
        Timestamp end; // of the arrow: `time`, or when the slice that it belongs to begins
        std::uint64_t offset;
        TrackId track;
        StringId name;
        FlowPhase phase;
        FlowBinding binding;
    };

    TraceTrack &rowsOf(TrackId track);
    std::uint32_t keyOf(std::uint64_t key, TrackId track);
    bool spend(std::uint64_t bytes, std::uint64_t offset);
    TextId textOf(std::string_view args);
    void inOrder(OpenStack &stack, TraceTrack &track, std::int64_t time, std::uint64_t offset);
    void open(OpenStack &stack, TraceTrack &track, TraceRow row, std::string_view args,
              std::uint64_t offset);
    void close(OpenStack &stack, TraceTrack &track, TraceRow row, std::string_view args,
               std::uint64_t offset);
    Result<> emit(TrackId id, TraceTrack &track, JobContext &job);
    void bindFlows(TrackId track, const std::vector<TraceRow> &rows);
    void sortFlowsByTrack();
    void connectFlows();
    void connect(const FlowPoint &from, const FlowPoint &to);
    void noteOddities();

    RecordSink &m_sink;
    TraceLimits m_limits;
    std::uint64_t m_rowBytes = 0;
    std::uint64_t m_waitingText = 0;
    std::vector<std::unique_ptr<TraceTrack>> m_tracks; // by id
    InternTable m_keyIndex;
    std::vector<AsyncKey> m_keys{1}; // by number; 0 is none
    TrackOddities m_odd;
    ObjectTexts m_objects;
    std::vector<FlowPoint> m_flows;
    std::size_t m_firstUnbound = 0; // of m_flows, while finish() binds them track by track
};

} // namespace flamewright
