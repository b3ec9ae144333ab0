#pragma once

#include "analysis/compare/load_diff.h"
#include "made_load.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

// Load tests of two endpoints to be compared with each other, for tests.
namespace flamewright {

// What a made server is like.
struct MadeServer {
    std::int64_t length = 60 * kSecond;
    double perSecond = 100; // of each endpoint
    double slower = 1;      // POST /checkout
    double level = 1;       // everything
    double failing = 0.01;  // of GET /cart
    bool bursts = true;
};

// Latencies depend on each other: an AR(1) process moves all of them, and now and then everything
// takes long for a while. As a garbage collector and a neighbour would do it.
inline LoadRows madeTest(unsigned seed, const MadeServer &of = {})
{
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    std::exponential_distribution<double> calm(1 / 3e9), burst(1 / 2e8);
    std::uniform_real_distribution<double> uniform;
    double level = 0;
    std::int64_t until = 0;
    bool slow = true;
    std::vector<MadeRequest> requests;
    std::vector<std::uint32_t> group;
    const auto gap = static_cast<std::int64_t>(1e9 / of.perSecond / 2);
    // Half of it is gone after a fifth of a second.
    const auto kept = std::exp2(-static_cast<double>(gap) / 2e8);
    for (std::int64_t at = 0; at < of.length; at += gap) {
        while (at >= until) {
            slow = !slow;
            until += static_cast<std::int64_t>(slow ? burst(random) : calm(random)) + 1;
        }
        level = level * kept + 0.15 * std::sqrt(1 - kept * kept) * normal(random);
        const auto checkout = uniform(random) < 0.5;
        auto latency = 2e7 * of.level * std::exp(level + 0.3 * normal(random));
        latency *= (checkout ? of.slower : 1) * (slow && of.bursts ? 3 : 1);
        requests.push_back({.begin = at,
                            .latency = static_cast<std::int64_t>(latency),
                            .failed = !checkout && uniform(random) < of.failing});
        group.push_back(checkout ? 1 : 0);
    }
    auto rows = madeRows(requests);
    rows.group = group;
    rows.groups = {"GET /cart", "POST /checkout"};
    return rows;
}

inline LoadDiff diffPair(const LoadRows &base, const LoadRows &cand, LoadDiffOptions options = {})
{
    return diffLoads({&base, 1}, {&cand, 1}, options);
}

// nullptr: there is none of the name.
inline const EndpointChange *endpointOf(const LoadDiff &of, const std::string &name)
{
    const auto it = std::find_if(of.endpoints.begin(), of.endpoints.end(),
                                 [&](const EndpointChange &one) { return one.name == name; });
    return it == of.endpoints.end() ? nullptr : &*it;
}

inline std::vector<const Change *> changesOf(const EndpointChange &of)
{
    std::vector<const Change *> out;
    for (const auto &percentile : of.percentiles)
        out.push_back(&percentile);
    out.insert(out.end(), {&of.mean, &of.throughput, &of.errorShare});
    return out;
}

inline bool isCalled(const Change &of)
{
    return of.verdict == Verdict::Regressed || of.verdict == Verdict::Improved;
}

} // namespace flamewright
