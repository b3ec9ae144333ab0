#pragma once

#include "capture/session/records.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace flamewright {

// A mapped range [start, end) and how an address in it is written down.
struct PerfMap {
    std::uint64_t start = 0, end = 0;
    // Added to the run-time address to get FrameDesc::address, modulo 2^64: pgoff - start for
    // files, 0 where run-time addresses are kept.
    std::uint64_t bias = 0;
    std::uint32_t module = 0; // PerfModules::idOf
    FrameKind kind = FrameKind::Unknown;
    std::uint32_t symbol = 0; // PerfModules::symbol: KSYMBOL names the whole range
};

// The maps of one process, or of the kernel: sorted, never overlapping. A new map replaces what
// it covers, as mmap does.
class PerfAddressSpace {
public:
    // The kernel's default limit of maps for a process, vm.max_map_count.
    static constexpr std::size_t kMaxMaps = 65'530;

    // False when there are too many maps. `work` grows by the number of maps touched.
    bool insert(const PerfMap &map, std::uint64_t &work);
    void erase(std::uint64_t start, std::uint64_t end, std::uint64_t &work);
    const PerfMap *find(std::uint64_t address) const;
    std::size_t size() const { return m_maps.size(); }
    // The lowest mapped address; the highest number there is when nothing is mapped.
    std::uint64_t begin() const { return m_maps.empty() ? UINT64_MAX : m_maps.front().start; }

private:
    std::vector<PerfMap> m_maps;
};

} // namespace flamewright
