#pragma once

#include "capture/session/record_sink.h"
#include "importers/perf_data/abi.h"
#include "importers/perf_data/processes.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace flamewright {

// One address of a call chain, with the context that the marker before it set.
struct PerfChainEntry {
    std::uint64_t address = 0;
    PerfCpuMode mode = PerfCpuMode::Unknown;
    bool returnAddress = false;
    friend bool operator==(const PerfChainEntry &, const PerfChainEntry &) = default;
};

// Makes stacks of call chains. The hot path of the import: addresses are looked up in a cache by
// (address, maps), and the part of a chain that a thread's last chain also had is not looked up
// at all.
class PerfStacks {
public:
    PerfStacks(RecordSink &sink, PerfProcesses &processes, PerfModules &modules);

    // Appends the addresses of a raw chain (64-bit words, innermost first) to `out`. The cookie of
    // a user part that comes later, if the chain says so.
    std::optional<std::uint64_t> walk(std::span<const std::byte> words, bool swap, PerfCpuMode mode,
                                      std::vector<PerfChainEntry> &out);
    // The sampled address as the chain's first entry. Chains begin with it, except when the CPU
    // reports a more precise one, or when one context is excluded from chains.
    static void setLeaf(std::vector<PerfChainEntry> &chain, std::uint64_t ip, PerfCpuMode mode);

    // The stack of a chain (innermost first) of this thread. `deferred`: the user part is missing,
    // and a marker stands for it.
    StackId intern(PerfThread &thread, std::span<const PerfChainEntry> chain,
                   bool deferred = false);

    // Distinct addresses outside of all known maps.
    std::uint64_t unmapped() const { return m_unmapped; }
    std::uint64_t unknownMarkers() const { return m_unknownMarkers; }

private:
    struct CachedFrame {
        std::uint64_t address = 0;
        std::uint32_t generation = 0; // 0: empty
        std::uint16_t tag = 0;
        FrameId frame;
    };
    struct Recent {
        const PerfThread *thread = nullptr;
        std::uint32_t generation = 0, kernelGeneration = 0;
        bool deferred = false;
        std::vector<PerfChainEntry> chain; // outermost first
        std::vector<StackId> stacks;       // of chain[0..i]
    };

    FrameId frame(PerfThread &thread, const PerfChainEntry &entry);
    FrameId makeFrame(PerfThread &thread, const PerfChainEntry &entry);
    void countUnmapped(FrameId frame);

    RecordSink &m_sink;
    PerfProcesses &m_processes;
    PerfModules &m_modules;
    std::vector<CachedFrame> m_frames;
    std::size_t m_framesMade = 0; // since the cache grew
    std::vector<Recent> m_recent;
    std::vector<bool> m_isUnmapped; // by frame
    std::uint64_t m_unmapped = 0, m_unknownMarkers = 0;
};

} // namespace flamewright
