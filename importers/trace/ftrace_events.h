#pragma once

#include "importers/trace/atrace_marks.h"
#include "importers/trace/cpu_tracks.h"
#include "importers/trace/ftrace_line.h"
#include "importers/trace/sched_builder.h"
#include "importers/trace/task_tracks.h"
#include "importers/trace/trace_builder.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace flamewright::ftrace {

// Events of the kernel as text: those that make slices, states, counters and arrows; the others are
// counted by name.
class Events {
public:
    explicit Events(RecordSink &sink)
        : m_sink(sink),
          m_trace(sink),
          m_tasks(sink),
          m_sched(sink, m_trace, m_tasks),
          m_cpus(sink, m_trace, m_tasks),
          m_marks(sink, m_trace, m_tasks)
    {}

    void take(const EventLine &line, std::uint64_t offset);
    void take(const GraphLine &line, std::uint64_t offset);
    Result<> finish(JobContext &job);

private:
    using Handler = void (Events::*)(const EventLine &, std::uint64_t);
    static Handler handlerOf(std::string_view event);

    void schedSwitch(const EventLine &line, std::uint64_t offset);
    void schedWake(const EventLine &line, std::uint64_t offset);
    void schedBlocked(const EventLine &line, std::uint64_t offset);
    void mark(const EventLine &line, std::uint64_t offset);
    void perCpuCounter(const EventLine &line, std::uint64_t offset);
    void clockRate(const EventLine &line, std::uint64_t offset);
    void irqEntry(const EventLine &line, std::uint64_t offset);
    void softirqEntry(const EventLine &line, std::uint64_t offset);
    void irqExit(const EventLine &line, std::uint64_t offset);
    void graphEntry(const EventLine &line, std::uint64_t offset);
    void graphExit(const EventLine &line, std::uint64_t offset);

    void call(TrackId track, Timestamp time, std::optional<std::int64_t> durationNs,
              std::string_view text, std::uint64_t offset);
    void badArgs(const EventLine &line, std::uint64_t offset);
    void count(std::string_view event, std::uint64_t offset);

    RecordSink &m_sink;
    TraceBuilder m_trace;
    TaskTracks m_tasks;
    SchedBuilder m_sched;
    CpuTracks m_cpus;
    AtraceMarks m_marks;
    std::map<std::string, std::uint64_t, std::less<>> m_counted; // by name of the event
    std::uint64_t m_countedAll = 0, m_firstCounted = 0;
};

} // namespace flamewright::ftrace
