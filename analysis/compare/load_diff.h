#pragma once

#include "analysis/compare/verdict.h"
#include "analysis/latency.h"
#include "analysis/load_rows.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
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
    std::vector<QuantileShift> shift; // quantiles of which n is too small are left out
    // Mann-Whitney and Cliff's delta (-1: every request of the candidate is faster), where n is
    // small enough for p to say something.
    std::optional<double> rankP, effect;
    std::vector<double> baseRuns, candRuns; // p99 of each run, for a small picture
    // The same of every figure, by run. Runs without such requests have none.
    std::vector<double> baseMeanRuns, candMeanRuns, baseThroughputRuns, candThroughputRuns,
        baseErrorRuns, candErrorRuns;
};

// A part of the mean of "*": requests of an endpoint that succeeded, or that failed.
struct MeanPart {
    std::string endpoint;
    bool failures = false;
    std::uint64_t baseCount = 0, candCount = 0;
    double baseMean = 0, candMean = 0; // ns; of a side without requests: that of the other
    // What of the change of the mean is because there are more or fewer of these requests than
    // before (against the mean of both sides), and because they take another time.
    double mixNs = 0, endpointNs = 0;
};

// How many of an endpoint's requests, failures included, took longer than the baseline's p99 did.
struct TailPart {
    std::string endpoint;
    std::uint64_t base = 0, cand = 0; // slower ones
};

struct LoadDiff {
    std::vector<EndpointChange> endpoints; // [0] is "*"; then by requests, most first
    std::string method;                    // of the intervals, a sentence
    VerdictRules rules;
    unsigned rounds = 0;
    std::int64_t baseBlockNs = 0, candBlockNs = 0; // of the block bootstrap; 0: by request
    // Of "*": what of the change is the mix and what the endpoints (Simpson): means in ns.
    double mixEffectNs = 0, endpointEffectNs = 0;
    std::vector<MeanPart> meanParts; // both effects by endpoint, largest first
    // Of "*", where n is large enough for a p99: who is in the tail. Largest on either side first.
    std::int64_t tailNs = 0; // the baseline's p99
    std::vector<TailPart> tailParts;
    std::uint64_t baseRequests = 0, candRequests = 0; // of all endpoints
    // Of one side only, or too few requests: said, not compared.
    std::vector<std::string> onlyBase, onlyCand, tooFew;
    std::uint64_t notTested = 0; // endpoints beyond the limit
    bool stopped = false;        // before all was done; the rest is not to be used
};

struct LoadDiffOptions {
    VerdictRules rules{.alpha = 0.05, .noise = 0.05};
    // Tails differ more between two runs of one build than medians do: where a side has less than
    // three runs, which would tell, the noise of p90 and p95 is twice the rules', of p99 three times,
    // beyond it four times.
    bool noisyTails = true;
    unsigned rounds = 1000;   // of the bootstrap
    std::uint64_t least = 20; // requests of an endpoint on each side
    std::size_t most = 500;   // endpoints, those with the most requests
    unsigned threads = 0;     // 0: as many as there are cores
    std::stop_token stop;
};

// Relative, what two tests of one build differ by for reasons that are in neither of them. With
// several runs of a side that is measured, and only the rest of it remains.
double usualLoadNoise(std::size_t baseRuns, std::size_t candRuns);

// Each LoadRows is one run. Endpoints have equal names (`group`). The answer does not depend on the
// number of threads.
LoadDiff diffLoads(std::span<const LoadRows> base, std::span<const LoadRows> cand,
                   const LoadDiffOptions &options);

} // namespace flamewright
