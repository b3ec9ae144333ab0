#pragma once

#include "capture/session/record_sink.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace flamewright {

// The tracks of processes, threads and CPUs of one machine by their numbers, as traces of the kernel
// speak of them. Which process a thread belongs to may be told before its track is asked for, not
// after; names may change until the end: the last one wins.
class TaskTracks {
public:
    explicit TaskTracks(RecordSink &sink) : m_sink(sink) {}

    void nameThread(std::int32_t tid, std::string_view name);
    void nameProcess(std::int32_t pid, std::string_view name);
    void setProcess(std::int32_t tid, std::int32_t pid);
    // -1: not known.
    std::int32_t processOf(std::int32_t tid) const;

    TrackId thread(std::int32_t tid);
    // Of a machine that may use a number of a thread in several processes.
    TrackId thread(std::int32_t pid, std::int32_t tid, std::string_view name);
    TrackId process(std::int32_t pid);
    TrackId cpu(std::int32_t cpu);
    // Interrupts on that CPU.
    TrackId interrupts(std::int32_t cpu);

private:
    struct Task {
        TrackId track;
        std::int32_t pid = -1;
        std::string name;
    };

    bool isFull(std::int32_t tid) const;

    RecordSink &m_sink;
    std::unordered_map<std::int32_t, Task> m_threads;
    std::unordered_map<std::int32_t, Task> m_processes; // `pid` is not used
};

} // namespace flamewright
