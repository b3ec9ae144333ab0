#pragma once

#include "importers/trace/atrace_marks.h"
#include "importers/trace/cpu_tracks.h"
#include "importers/trace/perfetto_clocks.h"
#include "importers/trace/sched_builder.h"
#include "importers/trace/task_tracks.h"
#include "importers/trace/trace_builder.h"

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

namespace flamewright::perfetto {

// Messages FtraceEventBundle: events of the kernel, by CPU.
class FtraceBundles {
public:
    FtraceBundles(RecordSink &sink, TraceBuilder &trace, TaskTracks &tasks, SchedBuilder &sched,
                  Clocks &clocks)
        : m_sink(sink),
          m_trace(trace),
          m_tasks(tasks),
          m_sched(sched),
          m_clocks(clocks),
          m_cpus(sink, trace, tasks),
          m_marks(sink, trace, tasks)
    {}

    void take(std::string_view message, std::uint64_t offset);
    // Says what was only counted.
    void finish();

private:
    struct Bundle {
        std::int32_t cpu = 0;
        std::uint64_t clock = 0;
        std::int64_t ftraceNs = 0, bootNs = 0; // read at one moment; 0: not given
        std::uint64_t offset = 0;
    };
    struct Fields; // of an event, by number

    Timestamp timeOf(const Bundle &bundle, std::uint64_t ns);
    void event(const Bundle &bundle, std::string_view message);
    void eventOf(const Bundle &bundle, std::uint32_t type, std::string_view message, Timestamp time,
                 std::int32_t tid, bool inInterrupt);
    void compact(const Bundle &bundle, std::string_view message);
    void damaged(const Bundle &bundle);

    RecordSink &m_sink;
    TraceBuilder &m_trace;
    TaskTracks &m_tasks;
    SchedBuilder &m_sched;
    Clocks &m_clocks;
    CpuTracks m_cpus;
    AtraceMarks m_marks;
    std::map<std::uint32_t, std::uint64_t> m_counted; // by field number of the event
    std::uint64_t m_firstCounted = 0;
};

} // namespace flamewright::perfetto
