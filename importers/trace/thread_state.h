#pragma once

#include <cstdint>
#include <string_view>

namespace flamewright {

// What a thread does, as the kernel's scheduler tells it.
enum class ThreadState : std::uint8_t {
    Unknown,
    Running,
    Runnable,
    Preempted, // runnable: it had to leave the CPU
    Sleeping,
    Uninterruptible,
    Idle, // of the kernel: sleeps and counts for nothing
    Stopped,
    Traced,
    Parked,
    Exited
};

// As states of the thread's track are called; both kinds of runnable alike.
std::string_view threadStateName(ThreadState state);

// As text prints it: "R+", "S", "D|K", or the number.
ThreadState threadStateFromText(std::string_view text);

// Kernels before 4.14 used other bits.
enum class StateBits : std::uint8_t { Before414, Since414 };
ThreadState threadStateFromBits(std::uint64_t bits, StateBits layout);

} // namespace flamewright
