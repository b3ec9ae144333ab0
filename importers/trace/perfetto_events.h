#pragma once

#include "importers/trace/perfetto_args.h"
#include "importers/trace/perfetto_sequence.h"
#include "importers/trace/perfetto_tracks.h"
#include "importers/trace/trace_builder.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace flamewright::perfetto {

// Messages TrackEvent as slices, moments, counters and arrows. Events of a track that nobody has
// described yet wait for its description.
class Events {
public:
    Events(RecordSink &sink, TraceBuilder &trace, TaskTracks &tasks)
        : m_sink(sink),
          m_trace(trace),
          m_tasks(tasks),
          m_tracks(sink, tasks)
    {}

    // A message TrackDescriptor.
    void describe(std::string_view message, std::uint64_t offset);
    void take(std::string_view message, const Sequence &sequence, Timestamp time,
              std::uint64_t offset);
    // Events that still wait go to tracks without a name; notes say what was left out.
    void finish();

private:
    enum class Kind : std::uint8_t {
        Begin,
        End,
        Complete,
        Instant,
        Counter,
        AsyncBegin,
        AsyncEnd,
        AsyncInstant,
        Flow
    };
    struct Event {
        Kind kind = Kind::Instant;
        std::uint64_t track = 0;
        bool ownThread = false; // of an old writer: the sequence's thread, not a track
        std::int32_t pid = -1, tid = -1;
        Timestamp time;
        std::uint64_t offset = 0;
        std::string name, args;
        Duration length{0};
        double value = 0;
        std::uint64_t generation = 0;
        std::uint64_t key = 0; // of asynchronous slices and arrows
        FlowPhase phase = FlowPhase::Through;
        FlowBinding binding = FlowBinding::Enclosing;
        std::vector<std::uint64_t> flows, lastFlows;
    };
    struct Message; // a TrackEvent as it is written

    bool read(std::string_view bytes, const Sequence &sequence, Message &out);
    bool legacyKind(const Message &message, Event &event);
    void extraCounters(const Message &message, const Sequence &sequence, const Event &event);
    void give(Event event);
    void apply(const Event &event, Tracks::Track &track);
    void applyTo(const Event &event, TrackId track, std::int32_t pid);
    void arrows(const Event &event, TrackId track);

    RecordSink &m_sink;
    TraceBuilder &m_trace;
    TaskTracks &m_tasks;
    Tracks m_tracks;
    std::unordered_map<std::uint64_t, std::vector<Event>> m_waiting; // by track
    std::uint64_t m_waitingBytes = 0;
    Args m_args;
    Args::Oddities m_odd;
    std::uint64_t m_lostNames = 0, m_typedArgs = 0, m_legacyPhases = 0;
};

} // namespace flamewright::perfetto
