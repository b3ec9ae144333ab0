#pragma once

#include "capture/base/format_value.h"

#include <cstdint>
#include <optional>
#include <string>

namespace flamewright {

// What somebody promised: a percentile of the latency, or every latency, is at most so long.
struct LatencyLimit {
    std::optional<unsigned> perMyriad; // 9900: p99
    std::int64_t limitNs = 0;
    friend bool operator==(const LatencyLimit &, const LatencyLimit &) = default;
};

// "SLO p99 <= 300 ms", with the sign for it.
std::string limitText(const LatencyLimit &limit, ValueStyle style = {});

} // namespace flamewright
