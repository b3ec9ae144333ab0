#pragma once

#include "importers/speedscope/frame_tree.h"

#include <cstdint>
#include <unordered_map>

namespace flamewright {

// Frames that are opened and closed, as stacks that lasted for some time: every stretch between two
// events in which something was open, with the stack that was.
class EventedProfile {
public:
    // What ended with an event; length 0: nothing. In the unit of the events.
    struct Stretch {
        std::uint32_t node = 0; // of the tree
        std::int64_t begin = 0, length = 0;
    };
    struct Oddities {
        std::uint64_t backward = 0;    // events earlier than the one before
        std::uint64_t crossed = 0;     // frames closed while others were open inside
        std::uint64_t closedTwice = 0; // frames closed that were not open
        std::uint64_t neverClosed = 0;
    };

    explicit EventedProfile(FrameTree &tree) : m_tree(tree) {}
    Stretch open(std::uint32_t frame, std::int64_t at);
    Stretch close(std::uint32_t frame, std::int64_t at);
    // Closes what is open.
    Stretch finish(std::int64_t at);
    const Oddities &oddities() const { return m_odd; }

private:
    Stretch advance(std::int64_t at);
    void pop();

    FrameTree &m_tree;
    std::uint32_t m_top = 0; // node of the tree
    std::uint64_t m_depth = 0;
    std::unordered_map<std::uint32_t, std::uint64_t> m_open; // how often a frame is open
    std::int64_t m_now = 0;
    bool m_begun = false;
    Oddities m_odd;
};

} // namespace flamewright
