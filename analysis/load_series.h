#pragma once

#include "analysis/load_rows.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace flamewright {

// What a load test did over time, in equal steps: columns of one length.
struct LoadSeries {
    std::int64_t beginNs = 0;     // of the first step, on the axis of LoadRows
    std::int64_t stepNs = 0;      // 0: no request has a time
    std::vector<double> inFlight; // mean number of requests under way: exact, by their overlap
    std::vector<double> workers;  // that had a request under way; empty when a worker is unknown
    std::vector<double> sentPerSecond, endedPerSecond; // of all requests
    std::vector<double> failedPerSecond;               // of those that ended
    std::size_t size() const { return inFlight.size(); }
};

// Of one capture (index of rows.captures), from its first request to the end of its last, in
// `steps` steps (at least one). Requests without a time are left out; a negative latency is none.
LoadSeries loadSeries(const LoadRows &rows, std::uint8_t capture, std::size_t steps);

} // namespace flamewright
