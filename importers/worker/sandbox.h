#pragma once

#include <cstdint>
#include <string>
#include <vector>

// What a worker does to itself before it looks at the first foreign byte, in this order. Each
// step may be missing in the kernel; then the others still hold and isolation() says so.
namespace flamewright {

struct SandboxRules {
    std::uint64_t memoryLimitBytes = 0; // of address space; 0: none
    std::uint64_t cpuSeconds = 0;       // 0: none
    // Symbol workers: files may be opened below these, for reading. Import workers: none at all.
    bool opensFiles = false;
    std::vector<std::string> readable;
};

class Sandbox {
public:
    // Resource limits, no core dumps, no environment, no descriptors beyond 4, low priority.
    void limitResources(const SandboxRules &rules);
    // Landlock: this thread and those it starts from now on.
    void restrictFiles(const SandboxRules &rules);
    // seccomp: every thread of the process.
    void filterSystemCalls(const SandboxRules &rules);

    // "seccomp, Landlock 7, limits", or what is left of it: "limits (no seccomp, no Landlock)".
    std::string isolation() const;
    bool hasSeccomp() const { return m_seccomp; }
    int landlockVersion() const { return m_landlock; } // 0: none

private:
    bool m_seccomp = false;
    int m_landlock = 0;
};

} // namespace flamewright
