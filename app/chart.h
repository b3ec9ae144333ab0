#pragma once

#include "analysis/flame_tree.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace flamewright {

// Stacks along time: what chartProfile() made, and what has to be said about it.
struct Chart {
    std::shared_ptr<const Profile> base;    // what Workbench::profile() answers for the same scope
    std::shared_ptr<const Profile> profile; // along time
    std::int64_t beginNs = 0;               // after the first sample of the capture
    std::uint64_t leftOut = 0; // samples that are not drawn, since only every n-th was taken
    std::uint64_t untimed = 0; // samples without a time
};

// More samples are more boxes than can be told apart, and memory for each.
inline constexpr std::size_t kMaxChartSamples = 400'000;

} // namespace flamewright
