#pragma once

#include "importers/trace/task_tracks.h"
#include "importers/trace/thread_state.h"
#include "importers/trace/trace_builder.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace flamewright {

// What the scheduler did: which thread ran on each CPU, in which state each thread was, and who woke
// it. Events come in any order and wait as slim rows; finish() puts them in order and plays them.
class SchedBuilder {
public:
    SchedBuilder(RecordSink &sink, TraceBuilder &trace, TaskTracks &tasks,
                 std::uint64_t maxRowBytes = 1ull << 30)
        : m_sink(sink),
          m_trace(trace),
          m_tasks(tasks),
          m_maxRows(maxRowBytes / sizeof(Row))
    {}

    // Whoever ran on the CPU before, for formats that do not repeat it.
    static constexpr std::int32_t kWhoeverRan = -1;

    struct Switch {
        std::int32_t cpu = 0;
        std::int32_t prev = kWhoeverRan;
        ThreadState prevState = ThreadState::Unknown;
        std::int32_t next = 0;
        std::string_view nextName = {};
    };
    void switched(Timestamp time, const Switch &event, std::uint64_t offset);

    struct Wake {
        std::int32_t cpu = 0; // where the waker runs
        std::int32_t waker = kWhoeverRan;
        std::int32_t wakee = 0;
        bool fromInterrupt = false; // then the thread that runs there has nothing to do with it
    };
    void woken(Timestamp time, const Wake &event, std::uint64_t offset);

    // Why a thread that cannot be interrupted waited; `caller` may be empty.
    void blocked(Timestamp time, std::int32_t tid, bool forInput, std::string_view caller,
                 std::uint64_t offset);

    // Other events: the axis reaches as far as they do.
    void seen(Timestamp time) { m_last = std::max(m_last, time.time_since_epoch().count()); }

    // Once, before that of the trace builder.
    Result<> finish(JobContext &job);

private:
    enum class Kind : std::uint8_t { Switch, Wake, Blocked };
    struct Row {
        std::int64_t time;
        std::uint64_t offset;
        std::int32_t tid;   // next; wakee; blocked
        std::int32_t other; // prev; waker
        std::uint32_t text; // StringId of next's name; index of m_callers
        std::uint16_t cpu;
        Kind kind;
        std::uint8_t detail; // ThreadState of prev; from an interrupt; for input
    };
    static_assert(sizeof(Row) == 32);

    struct Cpu {
        std::int32_t tid = kWhoeverRan;
        StringId name;
        std::int64_t since = 0;
    };
    struct Task {
        ThreadState state = ThreadState::Unknown;
        std::int64_t since = 0;
        std::uint64_t offset = 0;
        // Why it is, or lately was, blocked: told while it is being woken, so the state waits.
        bool hasReason = false, forInput = false;
        std::uint32_t caller = 0; // index of m_callers
        bool waits = false;       // a state that has ended, but may get its reason yet
        std::int64_t waitBegin = 0, waitEnd = 0;
        bool woken = false;
        std::int64_t wokenAt = 0;
        TrackId wokenFrom;
    };

    void add(Row row, std::int32_t cpu);
    void playSwitch(const Row &row);
    void playWake(const Row &row);
    void playBlocked(const Row &row);
    void leaveCpu(Cpu &cpu, std::uint16_t number, const Row &row, std::uint8_t flags);
    void change(std::int32_t tid, ThreadState state, const Row &row, std::uint8_t flags = 0);
    std::string argsOf(const Task &task, ThreadState state) const;
    void emitWait(std::int32_t tid, Task &task);
    void emit(std::int32_t tid, const Task &task, std::int64_t end, std::uint8_t flags);

    RecordSink &m_sink;
    TraceBuilder &m_trace;
    TaskTracks &m_tasks;
    std::uint64_t m_maxRows;
    std::vector<Row> m_rows;
    std::int64_t m_last = INT64_MIN;
    std::vector<std::string> m_callers{std::string()};
    std::unordered_map<std::string, std::uint32_t> m_callerIndex;
    std::unordered_map<std::uint16_t, Cpu> m_cpus;
    std::unordered_map<std::int32_t, Task> m_states;
};

} // namespace flamewright
