#pragma once

#include "capture/base/job.h"
#include "capture/base/result.h"
#include "capture/session/session.h"

#include <cstdint>

namespace flamewright {

// What a load test's rows are, counted.
struct RequestTotals {
    std::uint64_t requests = 0, failed = 0; // without what stands for other rows
    std::uint64_t transactions = 0, parts = 0;
    std::uint64_t endpoints = 0; // with requests
    std::uint64_t figures = 0;   // that a tool computed
};

// Reads all requests of a capture and counts its summaries.
Result<RequestTotals> requestTotals(SessionReader &reader, const CaptureInfo &capture,
                                    JobContext &job);

} // namespace flamewright
