#pragma once

#include "capture/session/record_sink.h"
#include "importers/perf_data/address_space.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace flamewright {

// What a MMAP or MMAP2 record says.
struct PerfMmap {
    std::int32_t pid = -1, tid = -1;
    std::uint64_t start = 0, length = 0, pageOffset = 0;
    std::uint32_t flags = 0;
    std::string_view buildId = {}; // hex
    std::string_view name;
};

// Lower-case hex of a build id; empty when it is all zeros.
std::string perfBuildIdText(const std::byte *bytes, std::size_t size);

// Decides which module a mapping belongs to and which kind of address its frames get. A module
// enters the capture when the first frame lies in it: processes map much that never runs.
class PerfModules {
public:
    explicit PerfModules(RecordSink &sink) : m_sink(sink) {}

    PerfMap ofUser(const PerfMmap &mmap);
    PerfMap ofKernel(const PerfMmap &mmap, bool guest);
    PerfMap ofKsymbol(std::uint64_t address, std::uint32_t length, std::string_view name);
    // The name of PerfMap::symbol.
    std::string_view symbol(std::uint32_t index) const { return m_symbols[index - 1]; }
    // Kernel addresses outside of everything that was said to be mapped: kallsyms may know them.
    std::uint32_t anyKernel();
    std::uint32_t vsyscall();

    // The capture's id of PerfMap::module.
    ModuleId idOf(std::uint32_t module);

    // Build ids by path, which come after the samples in files. Those that a MMAP2 record gave
    // stay.
    void setBuildId(std::string_view name, std::string_view buildId);

private:
    struct Known {
        ModuleDesc desc; // its text is in m_index
        ModuleId id;     // 0: not in the capture yet
    };
    std::uint32_t module(const ModuleDesc &desc);

    RecordSink &m_sink;
    std::vector<Known> m_modules; // [index - 1]
    // By name, build id, pid, base and kind.
    std::map<std::tuple<std::string, std::string, std::int64_t, std::uint64_t, ModuleKind>,
             std::uint32_t>
        m_index;
    // Modules in the capture that have no build id, by the name that build-id records use.
    std::unordered_map<std::string, std::vector<ModuleId>> m_unidentified;
    std::unordered_map<std::string, std::string> m_buildIds;
    std::vector<std::string> m_symbols;
    std::uint32_t m_kernel = 0, m_vsyscall = 0;
};

} // namespace flamewright
