#pragma once

#include "app/cli/verb.h"
#include "app/load_summaries.h"

#include <ostream>
#include <span>

namespace flamewright {

// Latencies as tools summed them up, for captures without requests of their own: what the tool did
// not say is left out. The text has the percentiles of `latency`, others are in the table summary.
void printToolLatencies(std::ostream &out, std::span<const CaptureFigures> captures);
// {"groups": [...]} as of requests, with "aggregate": true, the tool's method and all percentiles
// that it gave: {"quantiles": {"0.75": ns}}. Figures it did not give are null.
void writeToolLatencies(std::ostream &out, std::span<const CaptureFigures> captures);

} // namespace flamewright
