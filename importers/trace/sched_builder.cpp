#include "importers/trace/sched_builder.h"

#include "importers/json_text.h"

#include <algorithm>
#include <string>

namespace flamewright {
namespace {

constexpr std::int32_t kIdle = 0; // the thread of a CPU that has nothing to do
constexpr std::int32_t kMaxCpu = 0xffff;
constexpr std::int32_t kMaxTid = 1 << 22;     // of Linux on 64 bits
constexpr std::size_t kMaxCallers = 1u << 16; // names of functions; others go without
constexpr std::size_t kMaxCallerBytes = 256;
constexpr unsigned kRowsPerCheck = 4096;

Timestamp at(std::int64_t ns)
{
    return Timestamp(Duration(ns));
}

// Times of a hostile file may be further apart than a length can say.
Duration lengthOf(std::int64_t begin, std::int64_t end)
{
    std::int64_t out = 0;
    if (__builtin_sub_overflow(end, begin, &out))
        return Duration(INT64_MAX);
    return Duration(out);
}

bool isAsleep(ThreadState state)
{
    return state != ThreadState::Running && state != ThreadState::Runnable &&
           state != ThreadState::Preempted;
}

} // namespace

void SchedBuilder::add(Row row, std::int32_t cpu)
{
    seen(at(row.time));
    if (cpu < 0 || cpu > kMaxCpu) {
        m_sink.note(Severity::DataLoss, "sched_bad_cpu", row.offset,
                    "no machine has a CPU of this number");
        return;
    }
    if (row.tid > kMaxTid || row.other > kMaxTid) {
        m_sink.note(Severity::DataLoss, "sched_bad_tid", row.offset,
                    "Linux has no threads of this number");
        return;
    }
    if (m_rows.size() >= m_maxRows) {
        m_sink.note(Severity::DataLoss, "sched_too_many", row.offset,
                    "events of the scheduler beyond what is kept in memory were left out");
        return;
    }
    row.cpu = static_cast<std::uint16_t>(cpu);
    m_rows.push_back(row);
}

void SchedBuilder::switched(Timestamp time, const Switch &event, std::uint64_t offset)
{
    add({time.time_since_epoch().count(), offset, event.next, event.prev,
         m_sink.string(event.nextName).raw, 0, Kind::Switch,
         static_cast<std::uint8_t>(event.prevState)},
        event.cpu);
}

void SchedBuilder::woken(Timestamp time, const Wake &event, std::uint64_t offset)
{
    add({time.time_since_epoch().count(), offset, event.wakee, event.waker, 0, 0, Kind::Wake,
         static_cast<std::uint8_t>(event.fromInterrupt)},
        event.cpu);
}

void SchedBuilder::blocked(Timestamp time, std::int32_t tid, bool forInput, std::string_view caller,
                           std::uint64_t offset)
{
    const auto key = caller.substr(0, kMaxCallerBytes);
    std::uint32_t index = 0;
    if (const auto it = m_callerIndex.find(std::string(key)); it != m_callerIndex.end()) {
        index = it->second;
    } else if (!key.empty() && m_callers.size() < kMaxCallers) {
        index = static_cast<std::uint32_t>(m_callers.size());
        m_callers.emplace_back(key);
        m_callerIndex.emplace(std::string(key), index);
    }
    add({time.time_since_epoch().count(), offset, tid, 0, index, 0, Kind::Blocked,
         static_cast<std::uint8_t>(forInput)},
        0);
}

std::string SchedBuilder::argsOf(const Task &task, ThreadState state) const
{
    if (state == ThreadState::Preempted)
        return "{\"preempted\":true}";
    if (state != ThreadState::Uninterruptible || !task.hasReason)
        return {};
    std::string args = "{\"caller\":";
    appendJsonString(args, m_callers[task.caller]);
    return args + (task.forInput ? ",\"iowait\":true}" : ",\"iowait\":false}");
}

void SchedBuilder::emit(std::int32_t tid, const Task &task, std::int64_t end, std::uint8_t flags)
{
    if (task.state == ThreadState::Exited)
        return; // there is no thread any more
    m_trace.state(m_tasks.thread(tid), at(task.since), lengthOf(task.since, end),
                  m_sink.string(threadStateName(task.state)), argsOf(task, task.state), task.offset,
                  flags);
}

void SchedBuilder::emitWait(std::int32_t tid, Task &task)
{
    if (!task.waits)
        return;
    constexpr auto kState = ThreadState::Uninterruptible;
    m_trace.state(m_tasks.thread(tid), at(task.waitBegin), lengthOf(task.waitBegin, task.waitEnd),
                  m_sink.string(threadStateName(kState)), argsOf(task, kState), task.offset);
    task.waits = task.hasReason = false;
}

// Ends the state that the thread is in and begins another.
void SchedBuilder::change(std::int32_t tid, ThreadState state, const Row &row, std::uint8_t flags)
{
    if (tid == kIdle)
        return;
    const auto [it, isNew] = m_states.try_emplace(tid);
    auto &task = it->second;
    if (!isNew) {
        emitWait(tid, task);
        if (task.state == ThreadState::Uninterruptible && flags == 0) {
            task.waits = true;
            task.waitBegin = task.since;
            task.waitEnd = row.time;
        } else {
            emit(tid, task, row.time, flags);
        }
    }
    task.state = state;
    task.since = row.time;
    task.offset = row.offset;
}

void SchedBuilder::leaveCpu(Cpu &cpu, std::uint16_t number, const Row &row, std::uint8_t flags)
{
    if (cpu.tid > kIdle)
        m_trace.state(m_tasks.cpu(number), at(cpu.since), lengthOf(cpu.since, row.time), cpu.name,
                      "{\"tid\":" + std::to_string(cpu.tid) + "}", row.offset, flags);
}

void SchedBuilder::playSwitch(const Row &row)
{
    auto &cpu = m_cpus[row.cpu];
    const auto prev = row.other == kWhoeverRan ? cpu.tid : row.other;
    if (cpu.tid != kWhoeverRan && cpu.tid != prev) {
        m_sink.note(Severity::Notice, "sched_lost_switch", row.offset,
                    "another thread leaves the CPU than the one that was put on it: the trace has "
                    "lost events");
        leaveCpu(cpu, row.cpu, row, kSliceNoEnd);
        if (const auto it = m_states.find(cpu.tid);
            it != m_states.end() && it->second.state == ThreadState::Running)
            change(cpu.tid, ThreadState::Unknown, row, kSliceNoEnd);
    } else {
        leaveCpu(cpu, row.cpu, row, 0);
    }
    if (prev > kIdle)
        change(prev, static_cast<ThreadState>(row.detail), row);
    cpu = {row.tid, StringId{row.text}, row.time};
    if (row.tid <= kIdle)
        return;
    change(row.tid, ThreadState::Running, row);
    auto &task = m_states[row.tid];
    if (task.woken) {
        task.woken = false;
        m_sink.add(Flow{.begin = at(task.wokenAt),
                        .length = lengthOf(task.wokenAt, row.time),
                        .from = task.wokenFrom,
                        .to = m_tasks.thread(row.tid),
                        .name = m_sink.string("wakeup")});
    }
}

void SchedBuilder::playWake(const Row &row)
{
    if (row.tid <= kIdle)
        return;
    const auto it = m_states.find(row.tid);
    if (it != m_states.end() && !isAsleep(it->second.state))
        return; // it had not left yet, or has been woken before
    change(row.tid, ThreadState::Runnable, row);
    const auto cpu = m_cpus.find(row.cpu);
    auto waker = row.other;
    if (waker == kWhoeverRan && cpu != m_cpus.end())
        waker = cpu->second.tid;
    auto &task = m_states[row.tid];
    task.woken = true;
    task.wokenAt = row.time;
    task.wokenFrom =
        row.detail != 0 || waker <= kIdle ? m_tasks.cpu(row.cpu) : m_tasks.thread(waker);
}

void SchedBuilder::playBlocked(const Row &row)
{
    const auto it = m_states.find(row.tid);
    if (it == m_states.end() ||
        (!it->second.waits && it->second.state != ThreadState::Uninterruptible))
        return;
    it->second.hasReason = true;
    it->second.forInput = row.detail != 0;
    it->second.caller = row.text;
}

Result<> SchedBuilder::finish(JobContext &job)
{
    const auto earlier = [](const Row &a, const Row &b) { return a.time < b.time; };
    if (!std::is_sorted(m_rows.begin(), m_rows.end(), earlier))
        std::stable_sort(m_rows.begin(), m_rows.end(), earlier);
    unsigned untilCheck = kRowsPerCheck;
    for (const auto &row : m_rows) {
        switch (row.kind) {
        case Kind::Switch: playSwitch(row); break;
        case Kind::Wake: playWake(row); break;
        case Kind::Blocked: playBlocked(row); break;
        }
        if (--untilCheck == 0) {
            untilCheck = kRowsPerCheck;
            FW_TRY(job.checkpoint());
        }
    }
    m_rows = {};
    // What has no end lasts until the end of the trace; in order of numbers, so that the result is
    // always the same.
    std::vector<std::int32_t> tids;
    for (const auto &entry : m_states)
        tids.push_back(entry.first);
    std::sort(tids.begin(), tids.end());
    for (const auto tid : tids) {
        auto &task = m_states[tid];
        emitWait(tid, task);
        emit(tid, task, m_last, kSliceNoEnd);
    }
    std::vector<std::uint16_t> cpus;
    for (const auto &entry : m_cpus)
        cpus.push_back(entry.first);
    std::sort(cpus.begin(), cpus.end());
    for (const auto number : cpus)
        leaveCpu(m_cpus[number], number, {.time = m_last, .offset = 0}, kSliceNoEnd);
    return job.checkpoint();
}

} // namespace flamewright
