#pragma once

#include "importers/trace/task_tracks.h"
#include "importers/trace/trace_builder.h"

#include <cstdint>
#include <string_view>

namespace flamewright {

// What happens to CPUs besides running threads: their clock and idleness as counters, interrupts as
// slices of a track of their own.
class CpuTracks {
public:
    CpuTracks(RecordSink &sink, TraceBuilder &trace, TaskTracks &tasks)
        : m_sink(sink),
          m_trace(trace),
          m_tasks(tasks)
    {}

    void frequency(Timestamp time, std::int32_t cpu, std::int64_t kHz);
    // The kernel writes "not idle" as the greatest number of 32 bits; it is shown as -1.
    void idleState(Timestamp time, std::int32_t cpu, std::int64_t state);
    void clockRate(Timestamp time, std::string_view clock, std::int64_t hz);
    void irqBegin(Timestamp time, std::int32_t cpu, std::int64_t irq, std::string_view name,
                  std::uint64_t offset);
    void softirqBegin(Timestamp time, std::int32_t cpu, std::string_view action,
                      std::uint64_t offset);
    void irqEnd(Timestamp time, std::int32_t cpu, std::uint64_t offset);

private:
    RecordSink &m_sink;
    TraceBuilder &m_trace;
    TaskTracks &m_tasks;
};

} // namespace flamewright
