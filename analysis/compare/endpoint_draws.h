#pragma once

#include "analysis/compare/block_plan.h"
#include "analysis/load_rows.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace flamewright {

// The requests of one endpoint on one side, run after run and in order of time.
struct EndpointSample {
    std::vector<std::int64_t> latency; // of the requests whose latencies are compared
    std::vector<std::uint32_t> cell;   // of the plan, of the same requests
    std::vector<std::size_t> runEnds;  // in `latency`
    // By cell: those requests, their latencies added up, and all requests of which how many failed.
    std::vector<double> count, sum, all, failed;
    std::vector<std::uint64_t> runRequests, runFailed;
    std::uint64_t requests = 0, failures = 0; // of all
    std::uint64_t blocks = 0, allBlocks = 0;  // with those requests, and with any
    // What all latencies are multiples of, a power of ten: the tool's clock tells no less.
    std::int64_t resolution = 1;
};

// `order` holds the rows of each run that belong to the endpoint, ascending; none: every row, and
// failures are compared too.
EndpointSample endpointSample(std::span<const LoadRows> runs, const BlockPlan &plan,
                              std::span<const std::span<const std::uint32_t>> order);

// A figure of each round; NaN where nothing was drawn.
struct FigureDraws {
    std::vector<double> rounds, within; // as in BlockPlan
};
struct EndpointDraws {
    std::vector<FigureDraws> quantiles; // in the order that was asked for
    FigureDraws mean, perSecond, errorShare;
};
// `perMyriads` ascend. Values of large samples come from a histogram: each is within a 2048th of one
// that was measured, within a 128th in the worst case (many runs of very different latencies).
EndpointDraws drawEndpoint(const EndpointSample &sample, const BlockPlan &plan,
                           std::span<const unsigned> perMyriads);

} // namespace flamewright
