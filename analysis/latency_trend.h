#pragma once

#include "analysis/load_rows.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace flamewright {

// A percentile of each group in equal slices of the time: what a small curve in a table shows.
struct LatencyTrend {
    static constexpr std::int64_t kNone = -1; // no request in the slice

    std::size_t slices = 0;
    std::vector<std::int64_t> values; // group * slices + slice, nearest rank
    std::vector<std::uint8_t> has;    // by group: whether it was asked for

    // Empty for a group without a trend.
    std::span<const std::int64_t> of(std::size_t group) const
    {
        if (group >= has.size() || has[group] == 0)
            return {};
        return std::span(values).subspan(group * slices, slices);
    }
};

// Of the `most` groups with the most requests (the others have none: nobody looks at a hundred
// thousand curves). Untimed requests are in no slice; failures only when asked for.
LatencyTrend latencyTrend(const LoadRows &rows, unsigned perMyriad, bool failures,
                          std::size_t slices, std::size_t most);

} // namespace flamewright
