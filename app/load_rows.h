#pragma once

#include "analysis/latency_report.h"
#include "analysis/load_rows.h"
#include "analysis/scope.h"
#include "capture/base/job.h"
#include "capture/base/result.h"
#include "capture/session/session.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

enum class LatencyBy : std::uint8_t { Endpoint, Status, Phase, Worker, Capture, Tag };

// What requests of a load test are put together by.
struct LoadQuestion {
    LatencyBy by = LatencyBy::Endpoint;
    std::string tag;                          // of Tag: the name of a label
    bool patterns = false;                    // endpoints that differ in ids only are one group
    std::vector<std::string> endpoints;       // only these names; empty: all
    bool transactions = false, parts = false; // besides requests, which they count again
    friend bool operator==(const LoadQuestion &, const LoadQuestion &) = default;
};

// "endpoint", "status", "phase", "worker", "capture" or "tag:NAME". Errc::Usage otherwise.
Result<LoadQuestion> loadQuestion(std::string_view by);

// Phases and captures have a time of their own, other groups go on beside each other.
RateOver rateOver(LatencyBy by);

// The requests that a scope lets through, as columns. Captures with the same names are added up.
// Errc::Corrupt as scan(); an empty answer where the captures hold no requests.
Result<LoadRows> loadRows(SessionReader &reader, const Scope &scope, const LoadQuestion &question,
                          JobContext &job);

// The names of the labels that requests of these captures have, sorted: what Tag can be asked for.
Result<std::vector<std::string>> loadTags(SessionReader &reader, const Scope &scope,
                                          JobContext &job);

} // namespace flamewright
