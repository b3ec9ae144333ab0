#pragma once

#include "importers/trace/task_tracks.h"
#include "importers/trace/trace_builder.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace flamewright {

// What programs write into the kernel's trace_marker, as Android and Chrome do: slices, counters and
// moments as text; any other text is a moment of its own.
// https://perfetto.dev/docs/data-sources/atrace
struct AtraceMark {
    enum class Kind : std::uint8_t {
        Begin,        // B|pid|name
        End,          // E, E|pid
        Counter,      // C|pid|name|value
        AsyncBegin,   // S|pid|name|cookie
        AsyncEnd,     // F|pid|name|cookie
        TrackBegin,   // G|pid|track|name|cookie
        TrackEnd,     // H|pid|track|cookie, also with the name before the cookie
        Instant,      // I|pid|name
        TrackInstant, // N|pid|track|name
        RealTime,     // trace_event_clock_sync: realtime_ts=, milliseconds
        MonotonicTime,
        Text
    };
    Kind kind = Kind::Text;
    std::int32_t pid = -1;
    std::string_view name;
    std::string_view track;
    std::string_view cookie;
    std::int64_t value = 0;
};
AtraceMark parseAtraceMark(std::string_view text);

class AtraceMarks {
public:
    AtraceMarks(RecordSink &sink, TraceBuilder &trace, TaskTracks &tasks)
        : m_sink(sink),
          m_trace(trace),
          m_tasks(tasks)
    {}
    // `event` is what the kernel calls it: the name of a text that is none of the above.
    void take(Timestamp time, std::int32_t tid, std::string_view event, std::string_view text,
              std::uint64_t offset);

private:
    TrackId asyncTrack(std::int32_t pid, std::string_view name);

    RecordSink &m_sink;
    TraceBuilder &m_trace;
    TaskTracks &m_tasks;
};

} // namespace flamewright
