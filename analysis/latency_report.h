#pragma once

#include "analysis/latency.h"
#include "analysis/load_rows.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

struct LatencyReportRow {
    std::uint32_t group = 0; // of the rows
    std::string name;        // as in the capture
    LatencyGroup latency;
    std::optional<double> ratePerSecond; // of all requests of the group
};

// How long the requests of a load test took.
struct LatencyReport {
    LatencySummary all; // every request, failures included
    std::uint64_t errors = 0;
    std::optional<double> ratePerSecond;
    std::optional<std::int64_t> durationNs; // in which there were requests; nullopt: no times
    std::vector<LatencyReportRow> groups;   // with requests; most requests first, then by name
};

// What a group's rate is over.
enum class RateOver : std::uint8_t {
    All, // all of the time: groups went on beside each other
    Own  // its own time: phases and captures come one after the other
};

// In which there were requests: `durationNs` of the report.
std::optional<std::int64_t> requestTime(const LoadRows &rows);

// `together`: failures and successes in one distribution besides. Time that no phase covers does
// not count for a rate: runs that lie days apart are not one long run. Captures count on the wall
// clock where all of them know it, so that what ran at the same time counts once.
LatencyReport latencyReport(const LoadRows &rows, RateOver over, bool together);

} // namespace flamewright
