#pragma once

#include "analysis/load_rows.h"

#include <cstdint>
#include <optional>

namespace flamewright {

// A closed test asks less while the server is slow, so that the slow time is under-represented
// (coordinated omission).
struct OmissionEvidence {
    std::int64_t slowNs = 0;       // how long it was slow: answers took more than twice as long
    double slowRate = 0, rate = 0; // requests sent per second then, and otherwise
    double slowLatencyNs = 0, latencyNs = 0; // mean latency of the requests under way
    double omitted = 0;                      // requests that were not sent for it
};

// Whether there are enough requests to look: twenty steps of time with fifty each.
bool canShowOmission(std::size_t requests);

// Of one capture (index of rows.captures) whose model is known to be closed: steps of time in which
// the requests under way took more than twice as long as usual, and fewer than three quarters as
// many were sent, by the workers that were there. Told where it matters: 1 % of the requests are
// missing, or 0.05 % where answers took ten times as long, which is the tail that is looked for.
std::optional<OmissionEvidence> omissionEvidence(const LoadRows &rows, std::uint8_t capture);

} // namespace flamewright
