#pragma once

#include "app/cli/verb.h"
#include "app/load_summaries.h"

#include <cstdint>
#include <optional>
#include <ostream>
#include <span>

namespace flamewright {

// Latencies as tools summed them up, for captures without requests of their own: what the tool did
// not say is left out. The text has the percentiles of `latency`, others are in the table summary.
// With an interval, what HdrHistogram's correction of coordinated omission makes of its histograms.
void printToolLatencies(std::ostream &out, std::span<const CaptureFigures> captures,
                        std::optional<std::int64_t> correctionIntervalNs = {});
// {"groups": [...]} as of requests, with "aggregate": true, the tool's method and all percentiles
// that it gave: {"quantiles": {"0.75": ns}}. Figures it did not give are null.
void writeToolLatencies(std::ostream &out, std::span<const CaptureFigures> captures,
                        std::optional<std::int64_t> correctionIntervalNs = {});

} // namespace flamewright
