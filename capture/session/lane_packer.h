#pragma once

#include "capture/session/chunk.h"

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace flamewright {

// Gives slices that overlap a lane of their track each: the first that is free when a slice begins,
// the longer one of two that begin together above. Rows come in blocks that are sorted by begin;
// blocks that follow each other in time share lanes, a block that goes back in time may overlap.
class LanePacker {
public:
    // Lanes of one track. What does not fit into them lies on the last: a picture of a thousand
    // lanes is read by nobody.
    static constexpr std::uint32_t kMaxLanes = 1024;
    // Tracks times lanes that are remembered; beyond, all is forgotten and begins anew.
    static constexpr std::size_t kMaxRemembered = 1u << 20;

    // Replaces kFreeLane in `depth`.
    void pack(SliceColumns &rows);

private:
    std::uint32_t laneFor(TrackId track, Timestamp begin, Timestamp end);

    std::unordered_map<TrackId, std::vector<Timestamp>> m_ends; // of each lane's last slice
    std::size_t m_remembered = 0;
};

} // namespace flamewright
