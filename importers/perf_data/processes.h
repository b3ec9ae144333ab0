#pragma once

#include "capture/session/record_sink.h"
#include "importers/perf_data/address_space.h"
#include "importers/perf_data/modules.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace flamewright {

struct PerfProcess {
    std::int32_t pid = -1;
    // Shared with a forked child until one of the two maps something.
    std::shared_ptr<PerfAddressSpace> space;
    std::uint32_t generation = 0; // changes whenever `space` does; unique over all processes
    TrackId track;
};

struct PerfThread {
    std::int32_t pid = -1, tid = -1;
    std::string comm; // empty: nobody told
    PerfProcess *process = nullptr;
    TrackId track; // made with the first sample
};

// Who runs and what is mapped where, as the records tell in the order of time.
class PerfProcesses {
public:
    PerfProcesses(RecordSink &sink, PerfModules &modules) : m_sink(sink), m_modules(modules) {}

    PerfThread &thread(std::int32_t pid, std::int32_t tid);
    // The track of the thread, below that of its process. Only what has samples gets one.
    TrackId trackOf(PerfThread &thread);

    void comm(std::int32_t pid, std::int32_t tid, std::string_view name, bool exec);
    // `byPerf`: a process that was there before, made known by perf; its maps follow.
    void fork(std::int32_t pid, std::int32_t ppid, std::int32_t tid, std::int32_t ptid,
              bool byPerf);
    void mapUser(const PerfMmap &mmap);
    void mapKernel(const PerfMmap &mmap, bool guest);
    void ksymbol(std::uint64_t address, std::uint32_t length, std::string_view name, bool gone);

    const PerfAddressSpace &kernel() const { return m_kernel; }
    const PerfAddressSpace &guestKernel() const { return m_guestKernel; }
    // True in the upper half, and (32-bit kernels) behind where the kernel's maps begin.
    bool isKernelAddress(std::uint64_t address) const
    {
        return address >> 63 != 0 || address >= m_kernel.begin();
    }
    std::uint32_t kernelGeneration() const { return m_kernelGeneration; }
    // Maps and threads that were beyond the limits and are missing.
    std::uint64_t dropped() const { return m_dropped; }

private:
    PerfProcess &process(std::int32_t pid);
    PerfAddressSpace *writableSpace(PerfProcess &process);
    void dropSpace(PerfProcess &process);
    void setComm(PerfThread &thread, std::string_view name);
    bool isFull(std::int32_t tid) const;

    RecordSink &m_sink;
    PerfModules &m_modules;
    std::unordered_map<std::int32_t, PerfThread> m_threads; // by tid
    std::unordered_map<std::int32_t, PerfProcess> m_processes;
    PerfThread *m_lastThread = nullptr;
    PerfAddressSpace m_kernel, m_guestKernel;
    std::uint32_t m_kernelGeneration = 1; // process generations follow
    std::uint32_t m_nextGeneration = 2;
    std::uint64_t m_work = 0, m_mapsHeld = 0, m_dropped = 0;
};

} // namespace flamewright
