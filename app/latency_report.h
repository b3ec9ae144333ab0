#pragma once

#include "analysis/latency.h"
#include "analysis/scope.h"
#include "capture/base/job.h"
#include "capture/base/result.h"
#include "capture/session/session.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

enum class LatencyBy : std::uint8_t { Endpoint, Status, Phase, Worker };

struct LatencyQuestion {
    LatencyBy by = LatencyBy::Endpoint;
    std::vector<std::string> endpoints;       // only these; empty: all
    bool includeFailures = false;             // one distribution of both
    bool transactions = false, parts = false; // besides requests, which they count again
};

struct LatencyReportRow {
    std::string name; // as in the capture
    LatencyGroup latency;
    std::optional<double> ratePerSecond; // of all requests of the group
};

// How long the requests of a load test took.
struct LatencyReport {
    LatencySummary all; // every request, failures included
    std::uint64_t errors = 0;
    std::optional<double> ratePerSecond;
    std::optional<std::int64_t> durationNs; // in which there were requests; nullopt: no times
    std::vector<LatencyReportRow> groups;   // most requests first
    std::uint64_t leftOut = 0;              // transactions and parts that were not asked for
    std::uint64_t withoutTime = 0;          // that a time range leaves out
};

// The requests that a scope lets through. Captures with the same names are added up.
Result<LatencyReport> latencyReport(SessionReader &reader, const Scope &scope,
                                    const LatencyQuestion &question, JobContext &job);

} // namespace flamewright
