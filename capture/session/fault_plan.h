#pragma once

#include <atomic>
#include <cstdint>

namespace flamewright {

// Makes the session's file system calls fail, for tests: the n-th call once or for ever, or every
// write that would take the session's files beyond a capacity. Shared by all connections of a
// session.
struct FaultPlan {
    enum class Kind : std::uint8_t { Io, Full };

    std::atomic<std::int64_t> callsUntilFault{-1}; // counts down; negative: never
    std::atomic<bool> forever{false};
    std::atomic<Kind> kind{Kind::Io};
    std::atomic<std::uint64_t> capacityBytes{0}; // of all files of the session; 0: no limit

    // What happened.
    std::atomic<std::uint64_t> calls{0};
    std::atomic<std::uint64_t> faults{0};
    std::atomic<std::uint64_t> refusedNames{0}; // names that are not the session's
};

} // namespace flamewright
