#pragma once

#include "analysis/compare/verdict.h"
#include "analysis/latency.h"
#include "analysis/load_rows.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace flamewright {

// The difference of both distributions at one quantile: how much the requests there gained.
struct QuantileShift {
    double quantile = 0;              // 0 to 1
    double base = 0, cand = 0;        // ns
    ChangeInterval difference, ratio; // 95 %: cand - base in ns; cand / base - 1
    // Bands of each side's own quantile, 95 %.
    ChangeInterval baseBand, candBand;
};

// One endpoint (or all of them) on both sides. Successes, unless said otherwise.
struct EndpointChange {
    std::string name;                                    // "*": every request, failures included
    std::array<Change, kPercentiles.size()> percentiles; // ns, in the order of kPercentiles
    Change mean;                                         // ns
    Change throughput;                                   // requests a second
    Change errorShare;                                   // of requests, 0 to 1
    std::vector<QuantileShift> shift;
    // Mann-Whitney and Cliff's delta (-1: every request of the candidate is faster), where n is
    // small enough for p to say something.
    std::optional<double> rankP, effect;
    std::vector<double> baseRuns, candRuns; // p99 of each run, for a small picture
};

struct LoadDiff {
    std::vector<EndpointChange> endpoints; // [0] is "*"; then by requests, most first
    std::string method;                    // of the intervals, a sentence
    VerdictRules rules;
    unsigned rounds = 0;
    std::int64_t baseBlockNs = 0, candBlockNs = 0; // of the block bootstrap; 0: by request
    // Of "*": what of the change is the mix and what the endpoints (Simpson): means in ns.
    double mixEffectNs = 0, endpointEffectNs = 0;
    // Of one side only, or too few requests: said, not compared.
    std::vector<std::string> onlyBase, onlyCand;
};

struct LoadDiffOptions {
    VerdictRules rules{.alpha = 0.05, .noise = 0.05};
    unsigned rounds = 1000;   // of the bootstrap
    std::uint64_t least = 20; // requests of an endpoint on each side
};

// Each LoadRows is one run. Endpoints have equal names (`group`).
LoadDiff diffLoads(std::span<const LoadRows> base, std::span<const LoadRows> cand,
                   const LoadDiffOptions &options);

} // namespace flamewright
