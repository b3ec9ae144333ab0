#pragma once

#include "importers/load/request_rows.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace flamewright {

// One result of vegeta, in whichever of its three encodings it came. Times are when requests were
// sent, rows stand in the order of the answers.
// https://github.com/tsenart/vegeta: lib/results.go
struct VegetaResult {
    std::int64_t epochNs = 0, latencyNs = 0;
    std::uint64_t code = 0; // 0: there was no answer
    std::uint64_t bytesOut = 0, bytesIn = 0;
    std::string_view error, attack, method, url;
};

// Tells what vegeta calls a success: codes 200 to 399.
inline bool isSuccess(const VegetaResult &r)
{
    return r.code >= 200 && r.code < 400;
}

// As a row of a load test; false when a number cannot be.
inline bool addVegetaResult(RequestRows &rows, const VegetaResult &r, std::uint64_t offset)
{
    if (r.code > UINT16_MAX)
        return false;
    // Before 12.8.0 the target was not written.
    const auto endpoint = r.url.empty() && r.method.empty()
                              ? std::string("(all requests)")
                              : std::string(r.method) + " " + std::string(r.url);
    const auto status = r.code == 0 ? std::string() : std::to_string(r.code);
    rows.add({.beginEpochNs = r.epochNs,
              .latency = Duration{r.latencyNs},
              .endpoint = endpoint,
              .phase = r.attack,
              .status = status,
              .ok = isSuccess(r),
              .error = r.error,
              .bytesIn = r.bytesIn,
              .bytesOut = r.bytesOut},
             offset);
    return true;
}

} // namespace flamewright
