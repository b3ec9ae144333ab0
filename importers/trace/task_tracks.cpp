#include "importers/trace/task_tracks.h"

namespace flamewright {
namespace {

constexpr std::size_t kMaxTasks = 1u << 20;

} // namespace

void TaskTracks::nameThread(std::int32_t tid, std::string_view name)
{
    if (name.empty() || isFull(tid))
        return;
    auto &task = m_threads[tid];
    if (task.name == name)
        return;
    task.name = name;
    if (task.track.raw != 0)
        m_sink.renameTrack(task.track, name);
    if (task.pid != tid)
        return;
    // A process without a name of its own is called like its first thread.
    const auto process = m_processes.find(tid);
    if (process != m_processes.end() && process->second.name.empty() &&
        process->second.track.raw != 0)
        m_sink.renameTrack(process->second.track, name);
}

// What is said of more tasks than a capture may have tracks is forgotten.
bool TaskTracks::isFull(std::int32_t tid) const
{
    return m_threads.size() >= kMaxTasks && !m_threads.contains(tid);
}

void TaskTracks::nameProcess(std::int32_t pid, std::string_view name)
{
    if (name.empty() || (m_processes.size() >= kMaxTasks && !m_processes.contains(pid)))
        return;
    auto &process = m_processes[pid];
    process.name = name;
    if (process.track.raw != 0)
        m_sink.renameTrack(process.track, name);
}

void TaskTracks::setProcess(std::int32_t tid, std::int32_t pid)
{
    if (pid >= 0 && !isFull(tid))
        m_threads[tid].pid = pid;
}

std::int32_t TaskTracks::processOf(std::int32_t tid) const
{
    const auto it = m_threads.find(tid);
    return it == m_threads.end() ? -1 : it->second.pid;
}

TrackId TaskTracks::process(std::int32_t pid)
{
    auto &process = m_processes[pid];
    if (process.track.raw != 0)
        return process.track;
    auto name = process.name;
    const auto first = m_threads.find(pid);
    if (name.empty() && first != m_threads.end())
        name = first->second.name;
    if (name.empty())
        name = std::to_string(pid);
    process.track = m_sink.track({.kind = TrackKind::Process, .name = name, .pid = pid});
    return process.track;
}

TrackId TaskTracks::thread(std::int32_t tid)
{
    auto &task = m_threads[tid];
    if (task.track.raw != 0)
        return task.track;
    const auto parent = task.pid >= 0 ? process(task.pid) : TrackId();
    task.track = m_sink.track({.kind = TrackKind::Thread,
                               .name = task.name.empty() ? std::to_string(tid) : task.name,
                               .pid = task.pid,
                               .tid = tid,
                               .parent = parent});
    return task.track;
}

TrackId TaskTracks::thread(std::int32_t pid, std::int32_t tid, std::string_view name)
{
    const auto known = processOf(tid);
    if (known < 0 || known == pid) {
        setProcess(tid, pid);
        nameThread(tid, name);
        return thread(tid);
    }
    return m_sink.track({.kind = TrackKind::Thread,
                         .name = name.empty() ? std::to_string(tid) : std::string(name),
                         .pid = pid,
                         .tid = tid,
                         .parent = process(pid)});
}

TrackId TaskTracks::cpu(std::int32_t cpu)
{
    return m_sink.track({.kind = TrackKind::Cpu, .name = "CPU " + std::to_string(cpu)});
}

TrackId TaskTracks::interrupts(std::int32_t cpu)
{
    const auto parent = this->cpu(cpu);
    return m_sink.track(
        {.kind = TrackKind::Cpu, .name = "CPU " + std::to_string(cpu) + " irq", .parent = parent});
}

} // namespace flamewright
