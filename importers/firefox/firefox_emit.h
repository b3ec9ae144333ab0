#pragma once

#include "importers/firefox/firefox_thread.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace flamewright::firefox {

// What samples are about, which the whole file says.
struct SampleUnits {
    std::int64_t cpuScale = 0; // nanoseconds in a unit of threadCPUDelta; 0: those are none of time
};

// The samples and markers of a thread, into the sink. Times are moved by `shift` ns.
class ThreadWriter {
public:
    ThreadWriter(const Thread &thread, const StackBuilder &stacks, const Strings &strings,
                 const SampleUnits &units, std::int64_t shift, RecordSink &sink, JobContext &job)
        : m_thread(thread),
          m_stacks(stacks),
          m_strings(strings),
          m_units(units),
          m_shift(shift),
          m_sink(sink),
          m_job(job)
    {}
    Result<> write();

private:
    void tracks();
    Result<> samples(const Table &table, std::string_view measure);
    std::optional<Timestamp> timeOf(std::int64_t time);
    Result<> markers();
    void marker(std::size_t row, const MarkerData *data);
    void add(Timestamp begin, Duration length, StringId name, TextId args, SliceKind kind,
             std::uint8_t flags = 0);
    struct Open {
        StringId name;
        Timestamp begin;
        TextId args;
    };
    void close(StringId name, Timestamp end, TextId args);

    const Thread &m_thread;
    const StackBuilder &m_stacks;
    const Strings &m_strings;
    const SampleUnits &m_units;
    std::int64_t m_shift;
    RecordSink &m_sink;
    JobContext &m_job;
    TrackId m_process, m_track, m_markers;
    std::string m_name;
    std::unordered_map<std::uint32_t, std::vector<Open>> m_open; // by name
    Timestamp m_first = kNoTime, m_last = kNoTime;
};

} // namespace flamewright::firefox
