#include "importers/trace/thread_state.h"

#include "importers/text/number_text.h"

#include <array>

namespace flamewright {

std::string_view threadStateName(ThreadState state)
{
    switch (state) {
    case ThreadState::Unknown: return "Unknown";
    case ThreadState::Running: return "Running";
    case ThreadState::Runnable:
    case ThreadState::Preempted: return "Runnable";
    case ThreadState::Sleeping: return "Sleeping";
    case ThreadState::Uninterruptible: return "Uninterruptible";
    case ThreadState::Idle: return "Idle";
    case ThreadState::Stopped: return "Stopped";
    case ThreadState::Traced: return "Traced";
    case ThreadState::Parked: return "Parked";
    case ThreadState::Exited: return "Exited";
    }
    return "Unknown";
}

ThreadState threadStateFromText(std::string_view text)
{
    if (text.empty())
        return ThreadState::Unknown;
    if (const auto bits = parseUnsigned(text))
        return threadStateFromBits(*bits, StateBits::Before414); // newer ones print letters
    switch (text.front()) {
    case 'R':
        return text.find('+') == std::string_view::npos ? ThreadState::Runnable
                                                        : ThreadState::Preempted;
    case 'W': return ThreadState::Runnable; // being woken
    case 'S': return ThreadState::Sleeping;
    case 'D':
    case 'K': return ThreadState::Uninterruptible;
    case 'I': return ThreadState::Idle;
    case 'T': return ThreadState::Stopped;
    case 't': return ThreadState::Traced;
    case 'P': return ThreadState::Parked;
    case 'X':
    case 'x':
    case 'Z': return ThreadState::Exited;
    default: return ThreadState::Unknown;
    }
}

// include/linux/sched.h and include/trace/events/sched.h of the kernel. The bits that are the same in
// both come first; a state is the lowest bit that is set.
ThreadState threadStateFromBits(std::uint64_t bits, StateBits layout)
{
    using enum ThreadState;
    constexpr std::array<ThreadState, 9> kBefore{Sleeping, Uninterruptible, Stopped,
                                                 Traced,   Exited,          Exited,
                                                 Exited,   Uninterruptible, Unknown};
    constexpr std::array<ThreadState, 9> kSince{
        Sleeping, Uninterruptible, Stopped, Traced, Exited, Exited, Parked, Idle, Preempted};
    if (bits == 0)
        return Runnable;
    const auto &table = layout == StateBits::Since414 ? kSince : kBefore;
    const auto bit = static_cast<std::size_t>(__builtin_ctzll(bits));
    if (bit < table.size())
        return table[bit];
    // What text prints with a plus: a bit above all states.
    return layout == StateBits::Before414 && bit >= 10 && bit <= 12 ? Preempted : Unknown;
}

} // namespace flamewright
