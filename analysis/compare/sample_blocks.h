#pragma once

#include "analysis/compare/profile_diff.h"

#include <cstdint>
#include <vector>

namespace flamewright {

// The value that the samples of one node had in one stretch of time, self.
struct BlockedWeight {
    std::uint32_t block = 0, node = 0;
    std::int64_t value = 0;
};

// Into how many stretches a run's time is cut. Neighbours are put together to kCoarserBlocks and
// kCoarsestBlocks: where one stretch depends on the one before it, longer ones vary more.
inline constexpr std::uint32_t kSampleBlocks = 40;
inline constexpr std::uint32_t kCoarserBlocks = 20, kCoarsestBlocks = 10;

// By function; recursion is counted once in total. Blocks and nodes that are not there are left out.
SampleBlocks sampleBlocks(const Profile &profile, std::uint32_t blocks,
                          std::vector<BlockedWeight> weights);

// The variance of the sum of a series of blocks, as that of as many independent ones, and how many
// degrees of freedom it has: the largest of those of kCoarserBlocks and of kCoarsestBlocks.
struct BlockVariance {
    double variance = 0, freedom = 0; // 0: too few blocks
};
BlockVariance blockVariance(const std::vector<double> &series);

} // namespace flamewright
