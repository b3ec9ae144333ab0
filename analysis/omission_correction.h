#pragma once

#include "analysis/latency.h"

#include <cstdint>
#include <span>
#include <vector>

namespace flamewright {

// A value that was recorded `count` times.
struct ValueCount {
    std::int64_t value = 0;
    std::uint64_t count = 0;
};

// What a closed test would have measured, had it gone on sending a request every `interval` while
// it waited: for a value v also v - i, v - 2 i, ... down to i, as HdrHistogram's
// recordValueWithExpectedInterval and copyCorrectedForCoordinatedOmission do. A what-if: requests
// that were never sent, on the assumption that the server was as stuck for them. The values are
// counted, not made, so that a stall of a day at an interval of a microsecond is no trouble.
class OmissionCorrection {
public:
    __extension__ using Count = unsigned __int128;

    // interval <= 0: nothing is added.
    OmissionCorrection(std::span<const ValueCount> values, std::int64_t interval);

    Count recorded() const { return m_recorded; }
    Count added() const { return m_added; }
    Count total() const { return m_recorded + m_added; }
    Count countAtMost(std::int64_t value) const;
    // Nearest rank; 0 without values.
    std::int64_t percentile(unsigned perMyriad) const;
    double mean() const;

private:
    Count addedAtMost(std::int64_t value) const;

    std::int64_t m_interval;
    std::vector<ValueCount> m_values; // ascending
    std::vector<Count> m_upTo;        // recorded, by value
    std::size_t m_firstLong = 0;      // of m_values: from here on something is added
    Count m_recorded = 0, m_added = 0;
};

// Latencies as they would have been. `count` is of what is counted then, recorded and added,
// saturating; there are no intervals, because nothing was sampled.
struct CorrectedLatency {
    std::int64_t intervalNs = 0;
    std::uint64_t recorded = 0, added = 0;
    LatencySummary latency;
};
CorrectedLatency correctOmission(std::span<const std::int64_t> latencies, std::int64_t intervalNs);
CorrectedLatency correctOmission(std::span<const ValueCount> values, std::int64_t intervalNs);

} // namespace flamewright
