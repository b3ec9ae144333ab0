#include "importers/perf_data/processes.h"

namespace flamewright {
namespace {

// Hostile files: maps in memory, maps moved or copied in all, threads.
constexpr std::uint64_t kMaxMapsHeld = 4u << 20;
constexpr std::uint64_t kMaxWork = 1'000'000'000;
constexpr std::size_t kMaxThreads = 4u << 20;

} // namespace

bool PerfProcesses::isFull(std::int32_t tid) const
{
    return m_threads.size() >= kMaxThreads && m_threads.find(tid) == m_threads.end();
}

PerfProcess &PerfProcesses::process(std::int32_t pid)
{
    const auto [it, added] = m_processes.try_emplace(pid);
    auto &process = it->second;
    if (added) {
        process.pid = pid;
        process.space = std::make_shared<PerfAddressSpace>();
        process.generation = m_nextGeneration++;
    }
    return process;
}

PerfThread &PerfProcesses::thread(std::int32_t pid, std::int32_t tid)
{
    if (m_lastThread != nullptr && m_lastThread->tid == tid && m_lastThread->pid == pid)
        return *m_lastThread;
    auto &thread = m_threads[tid];
    if (thread.process == nullptr || thread.pid != pid) {
        // New, or the id belongs to somebody else now.
        thread = {};
        thread.pid = pid;
        thread.tid = tid;
        thread.process = &process(pid);
        if (pid == 0 && tid == 0)
            thread.comm = "swapper";
    }
    m_lastThread = &thread;
    return thread;
}

TrackId PerfProcesses::trackOf(PerfThread &thread)
{
    if (thread.track.raw != 0)
        return thread.track;
    // As perf names threads that never told their name.
    const auto nameOf = [](const PerfThread &t) {
        return t.comm.empty() ? ":" + std::to_string(t.tid) : t.comm;
    };
    const auto name = nameOf(thread);
    auto &process = *thread.process;
    if (process.track.raw == 0) {
        const auto leader = m_threads.find(thread.pid);
        const auto known = leader != m_threads.end() && leader->second.pid == thread.pid &&
                           !leader->second.comm.empty();
        const auto processName = known ? leader->second.comm : name;
        process.track = m_sink.track(
            {.kind = TrackKind::Process, .name = processName, .pid = thread.pid, .tid = -1});
        m_sink.renameTrack(process.track, processName);
    }
    thread.track = m_sink.track({.kind = TrackKind::Thread,
                                 .name = name,
                                 .pid = thread.pid,
                                 .tid = thread.tid,
                                 .parent = process.track});
    m_sink.renameTrack(thread.track, name);
    return thread.track;
}

void PerfProcesses::setComm(PerfThread &thread, std::string_view name)
{
    thread.comm = name;
    if (thread.track.raw != 0)
        m_sink.renameTrack(thread.track, name);
    if (thread.tid == thread.pid && thread.process->track.raw != 0)
        m_sink.renameTrack(thread.process->track, name);
}

void PerfProcesses::comm(std::int32_t pid, std::int32_t tid, std::string_view name, bool exec)
{
    if (isFull(tid)) {
        ++m_dropped;
        return;
    }
    auto &changed = thread(pid, tid);
    setComm(changed, name);
    if (exec) {
        dropSpace(*changed.process);
        changed.process->space = std::make_shared<PerfAddressSpace>();
        changed.process->generation = m_nextGeneration++;
    }
}

void PerfProcesses::fork(std::int32_t pid, std::int32_t ppid, std::int32_t tid, std::int32_t ptid,
                         bool byPerf)
{
    if (isFull(tid)) {
        ++m_dropped;
        return;
    }
    const auto parent = m_threads.find(ptid);
    const auto name = parent != m_threads.end() && parent->second.pid == ppid ? parent->second.comm
                                                                              : std::string();
    auto &child = m_threads[tid];
    child = {};
    child.pid = pid;
    child.tid = tid;
    child.process = &process(pid);
    child.comm = name;
    m_lastThread = nullptr;
    if (pid == ppid || byPerf)
        return;
    // A new process, though its id may have been used before: the track goes on.
    auto &born = *child.process;
    dropSpace(born);
    born.space = process(ppid).space;
    born.generation = m_nextGeneration++;
}

void PerfProcesses::dropSpace(PerfProcess &process)
{
    if (process.space.use_count() == 1)
        m_mapsHeld -= process.space->size();
    process.space.reset();
}

PerfAddressSpace *PerfProcesses::writableSpace(PerfProcess &process)
{
    if (process.space.use_count() > 1) {
        const auto size = process.space->size();
        if (m_mapsHeld + size > kMaxMapsHeld || m_work + size > kMaxWork)
            return nullptr;
        process.space = std::make_shared<PerfAddressSpace>(*process.space);
        m_mapsHeld += size;
        m_work += size;
    }
    return m_mapsHeld < kMaxMapsHeld && m_work < kMaxWork ? process.space.get() : nullptr;
}

void PerfProcesses::mapUser(const PerfMmap &mmap)
{
    if (isFull(mmap.tid)) {
        ++m_dropped;
        return;
    }
    auto &owner = *thread(mmap.pid, mmap.tid).process;
    auto *const space = writableSpace(owner);
    if (space == nullptr) {
        ++m_dropped;
        return;
    }
    const auto before = space->size();
    if (!space->insert(m_modules.ofUser(mmap), m_work))
        ++m_dropped;
    m_mapsHeld += space->size() - before;
    owner.generation = m_nextGeneration++;
}

void PerfProcesses::mapKernel(const PerfMmap &mmap, bool guest)
{
    auto &space = guest ? m_guestKernel : m_kernel;
    if (m_work >= kMaxWork || !space.insert(m_modules.ofKernel(mmap, guest), m_work))
        ++m_dropped;
    m_kernelGeneration = m_nextGeneration++;
}

void PerfProcesses::ksymbol(std::uint64_t address, std::uint32_t length, std::string_view name,
                            bool gone)
{
    if (m_work >= kMaxWork) {
        ++m_dropped;
        return;
    }
    const auto map = m_modules.ofKsymbol(address, length, name);
    if (gone)
        m_kernel.erase(map.start, map.end, m_work);
    else if (!m_kernel.insert(map, m_work))
        ++m_dropped;
    m_kernelGeneration = m_nextGeneration++;
}

} // namespace flamewright
