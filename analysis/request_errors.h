#pragma once

#include "analysis/load_rows.h"

#include <cstdint>
#include <vector>

namespace flamewright {

// Requests that failed in the same way: same status and same words.
struct RequestError {
    std::uint32_t status = 0; // index of LoadRows::statuses
    std::uint32_t error = 0;  // index of LoadRows::errors; 0: not said
    std::uint64_t count = 0;
    std::int64_t firstNs = LoadRows::kUntimed; // when the first and the last of them were sent
    std::int64_t lastNs = LoadRows::kUntimed;
    std::vector<std::uint32_t> groups; // they happened in, most errors first
};

// All failures of some requests, most frequent first; ties in order of status and words.
std::vector<RequestError> requestErrors(const LoadRows &rows);

} // namespace flamewright
