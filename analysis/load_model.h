#pragma once

#include "analysis/load_rows.h"
#include "analysis/omission_evidence.h"

#include <cstdint>
#include <optional>
#include <string>

namespace flamewright {

// What makes a load generator send its next request.
enum class LoadModel : std::uint8_t {
    Unknown,
    Closed, // the answer to the last one: a slow server is asked less
    Open,   // the clock, or a new user: a slow server is asked as much
};

// How the next request of a worker follows its last one.
struct WorkerGaps {
    std::uint64_t pairs = 0; // of requests that follow one another in one worker
    // Median from start to start: an expected interval. Where workers are not named, but as many are
    // busy all the time: their number by the rate.
    std::int64_t betweenNs = 0;
    // Median from the end to the next start; 0: less than the clock tells, or than 5 % of betweenNs.
    std::int64_t thinkNs = 0;
    double overlapping = 0; // share of pairs where the next one starts before the end
    // By how much the next start is late when an answer is a nanosecond late (slope of
    // least squares, within its 95 % interval): 1 in a closed loop, 0 on a schedule.
    double slope = 0, slopeLow = 0, slopeHigh = 0;
};

struct LoadModelReport {
    LoadModel model = LoadModel::Unknown;
    std::string reason; // why it is taken for that, or why it cannot be told: a part of a sentence
    WorkerGaps gaps;
    bool omissionLookedFor = false;           // in a closed model, where there are enough requests
    std::optional<OmissionEvidence> omission; // closed, and the rate fell while latency rose
};

// Of one capture (index of rows.captures). Linear in the requests; of more than a
// million pairs every so many is looked at.
LoadModelReport loadModel(const LoadRows &rows, std::uint8_t capture);

} // namespace flamewright
