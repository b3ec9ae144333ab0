#include "importers/trace/cpu_tracks.h"

#include <string>

namespace flamewright {

void CpuTracks::frequency(Timestamp time, std::int32_t cpu, std::int64_t kHz)
{
    m_trace.counter(
        m_sink.track(
            {.kind = TrackKind::Counter, .name = "frequency [kHz]", .parent = m_tasks.cpu(cpu)}),
        time, static_cast<double>(kHz));
}

void CpuTracks::idleState(Timestamp time, std::int32_t cpu, std::int64_t state)
{
    m_trace.counter(
        m_sink.track(
            {.kind = TrackKind::Counter, .name = "idle state", .parent = m_tasks.cpu(cpu)}),
        time, static_cast<double>(state == UINT32_MAX ? -1 : state));
}

void CpuTracks::clockRate(Timestamp time, std::string_view clock, std::int64_t hz)
{
    m_trace.counter(
        m_sink.track({.kind = TrackKind::Counter, .name = std::string(clock) + " [Hz]"}), time,
        static_cast<double>(hz));
}

void CpuTracks::irqBegin(Timestamp time, std::int32_t cpu, std::int64_t irq, std::string_view name,
                         std::uint64_t offset)
{
    m_trace.begin(m_tasks.interrupts(cpu), time, m_sink.string("irq " + std::string(name)),
                  "{\"irq\":" + std::to_string(irq) + "}", offset);
}

void CpuTracks::softirqBegin(Timestamp time, std::int32_t cpu, std::string_view action,
                             std::uint64_t offset)
{
    m_trace.begin(m_tasks.interrupts(cpu), time, m_sink.string("softirq " + std::string(action)),
                  {}, offset);
}

void CpuTracks::irqEnd(Timestamp time, std::int32_t cpu, std::uint64_t offset)
{
    m_trace.end(m_tasks.interrupts(cpu), time, {}, offset);
}

} // namespace flamewright
