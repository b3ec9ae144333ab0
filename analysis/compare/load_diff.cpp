#include "analysis/compare/load_diff.h"

#include "analysis/compare/compared_side.h"
#include "analysis/compare/endpoint_change.h"
#include "analysis/compare/mean_parts.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <numeric>
#include <thread>

namespace flamewright {
namespace {

constexpr std::size_t kP99 = 3;
static_assert(kPercentiles[kP99].perMyriad == 9900);

// Which endpoints are compared, in which order.
struct Endpoints {
    std::vector<std::string> names; // of both sides
    std::vector<std::uint32_t> compared;
};

Endpoints endpointsOf(ComparedSide &base, ComparedSide &cand, const LoadDiffOptions &options,
                      LoadDiff &out)
{
    Endpoints endpoints;
    std::map<std::string, std::uint32_t, std::less<>> ids;
    for (auto *side : {&base, &cand})
        side->number(ids);
    endpoints.names.resize(ids.size());
    for (const auto &[name, id] : ids)
        endpoints.names[id] = name;
    const auto before = base.countRequests(ids.size()), after = cand.countRequests(ids.size());
    for (const auto &[name, id] : ids) { // by name
        if (before[id] + after[id] == 0)
            continue;
        if (before[id] == 0)
            out.onlyCand.push_back(name);
        else if (after[id] == 0)
            out.onlyBase.push_back(name);
        else if (std::min(before[id], after[id]) < options.least)
            out.tooFew.push_back(name);
        else
            endpoints.compared.push_back(id);
    }
    std::stable_sort(endpoints.compared.begin(), endpoints.compared.end(),
                     [&](std::uint32_t a, std::uint32_t b) {
                         return before[a] + after[a] > before[b] + after[b];
                     });
    if (endpoints.compared.size() > options.most) {
        out.notTested = endpoints.compared.size() - options.most;
        endpoints.compared.resize(options.most);
    }
    return endpoints;
}

// Requests of all endpoints, successes and failures apart.
std::vector<MeanPart> partsOf(const Endpoints &endpoints, const ComparedSide &base,
                              const ComparedSide &cand)
{
    const auto before = base.sums(endpoints.names.size()),
               after = cand.sums(endpoints.names.size());
    std::vector<MeanPair> pairs;
    for (std::size_t id = 0; id < endpoints.names.size(); ++id) {
        for (const bool failures : {false, true}) {
            const auto at = 2 * id + (failures ? 1 : 0);
            pairs.push_back({endpoints.names[id], failures, before[at], after[at]});
        }
    }
    return meanParts(pairs);
}

void addTail(const Endpoints &endpoints, const ComparedSide &base, const ComparedSide &cand,
             LoadDiff &out)
{
    const auto &p99 = out.endpoints.front().percentiles[kP99];
    if (!p99.difference || !p99.base)
        return;
    out.tailNs = std::llround(*p99.base);
    const auto size = endpoints.names.size();
    const auto before = base.slower(size, out.tailNs), after = cand.slower(size, out.tailNs);
    for (std::size_t id = 0; id < size; ++id) {
        if (before[id] + after[id] > 0)
            out.tailParts.push_back({endpoints.names[id], before[id], after[id]});
    }
    std::stable_sort(out.tailParts.begin(), out.tailParts.end(),
                     [](const TailPart &a, const TailPart &b) {
                         return std::max(a.base, a.cand) > std::max(b.base, b.cand);
                     });
}

// Whether all requests are those of the one endpoint that there is: one question, not two.
bool saysItTwice(const LoadDiff &diff)
{
    if (diff.endpoints.size() != 2)
        return false;
    const auto &all = diff.endpoints[0].mean, &one = diff.endpoints[1].mean;
    return all.baseCount == one.baseCount && all.candCount == one.candCount;
}

constexpr std::size_t kTellingRuns = 3;
// By kPercentiles.
constexpr std::array<double, kPercentiles.size()> kTailNoise{1, 2, 2, 3, 4, 4};

// A figure, and what it is judged by.
struct Judged {
    Change *change;
    Better better;
    double noise;
};

void judgeAll(LoadDiff &diff, bool noisyTails)
{
    const auto twice = saysItTwice(diff);
    std::vector<Judged> all;
    const auto noise = diff.rules.noise;
    for (auto &endpoint : diff.endpoints) {
        if (twice && &endpoint == &diff.endpoints.front())
            continue;
        for (std::size_t i = 0; i < kPercentiles.size(); ++i)
            all.push_back({&endpoint.percentiles[i], Better::Lower,
                           noise * (noisyTails ? kTailNoise[i] : 1)});
        all.push_back({&endpoint.mean, Better::Lower, noise});
        all.push_back({&endpoint.throughput, Better::Higher, noise});
        all.push_back({&endpoint.errorShare, Better::Lower, noise});
    }
    std::vector<double> p;
    for (const auto &one : all) {
        if (one.change->p && one.change->verdict != Verdict::NotEnoughData)
            p.push_back(*one.change->p);
    }
    const auto adjusted = holmAdjusted(p);
    std::size_t next = 0;
    for (const auto &one : all) {
        auto &change = *one.change;
        if (change.p && change.verdict != Verdict::NotEnoughData)
            change.adjustedP = adjusted[next++];
        const auto why = change.why;
        judge(change, one.better, {diff.rules.alpha, one.noise});
        if (!change.p && !why.empty())
            change.why = why;
    }
    if (twice) {
        const auto name = diff.endpoints[0].name;
        diff.endpoints[0] = diff.endpoints[1];
        diff.endpoints[0].name = name;
    }
}

std::string sideWords(const BlockPlan &plan)
{
    if (!plan.byTime())
        return "single requests";
    auto out = "blocks of " + formatDuration(plan.blockNs());
    if (plan.runs() > 1)
        out = formatCount(static_cast<std::int64_t>(plan.runs())) + " runs and " + out + " of each";
    return out;
}

std::string methodOf(const BlockPlan &base, const BlockPlan &cand, const VerdictRules &rules,
                     bool noisyTails)
{
    return "95 % intervals of differences and ratios from " + formatCount(base.rounds()) +
           " rounds of a moving-block bootstrap that draws " + sideWords(base) +
           " of the baseline and " + sideWords(cand) +
           " of the candidate, widened for the number of blocks and runs by Student's t, and where "
           "the difference of two single runs changes in the course of them by that too; of error "
           "shares by Newcombe's method with as many fewer requests as blocks vary more than "
           "chance. "
           "Percentiles are exact (nearest rank). p is adjusted over all figures (Holm); changes "
           "within " +
           formatShare(rules.noise, 1) + " are called no evidence" +
           (noisyTails ? " (of tails up to four times as much: so much two runs differ)." : ".");
}

} // namespace

double usualLoadNoise(std::size_t baseRuns, std::size_t candRuns)
{
    const auto runs = std::min(baseRuns, candRuns);
    // Of one run each, so much that at most one verdict in twenty is wrong: measured over runs of one
    // server on a machine with neighbours, where means differed by a fifth from run to run.
    return runs >= 5 ? 0.02 : runs >= 3 ? 0.03 : runs == 2 ? 0.1 : 0.2;
}

LoadDiff diffLoads(std::span<const LoadRows> baseRuns, std::span<const LoadRows> candRuns,
                   const LoadDiffOptions &options)
{
    LoadDiff out{.rules = options.rules, .rounds = options.rounds};
    ComparedSide base(baseRuns), cand(candRuns);
    out.baseRequests = base.requests();
    out.candRequests = cand.requests();
    if (base.requests() == 0 || cand.requests() == 0)
        return out;
    const auto endpoints = endpointsOf(base, cand, options, out);
    // Swapping the sides swaps the figures and changes nothing else.
    const auto seed = base.seed();
    base.plan(options.rounds, seed);
    cand.plan(options.rounds, cand.seed() == seed ? seed + 1 : cand.seed());
    base.sort(endpoints.compared, endpoints.names.size());
    cand.sort(endpoints.compared, endpoints.names.size());

    // The largest first, so that the others are done meanwhile.
    out.endpoints.resize(endpoints.compared.size() + 1);
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (auto i = next++; i < out.endpoints.size() && !options.stop.stop_requested();
             i = next++) {
            auto &endpoint = out.endpoints[i];
            if (i == 0)
                endpoint = endpointChange(base, cand, std::nullopt);
            else
                endpoint = endpointChange(base, cand, static_cast<std::uint32_t>(i - 1));
            endpoint.name = i == 0 ? "*" : endpoints.names[endpoints.compared[i - 1]];
        }
    };
    {
        const auto cores = options.threads > 0 ? options.threads
                                               : std::max(std::thread::hardware_concurrency(), 1u);
        std::vector<std::jthread> others;
        for (std::size_t i = 1; i < std::min<std::size_t>(cores, out.endpoints.size()); ++i)
            others.emplace_back(work);
        work();
    }
    out.stopped = options.stop.stop_requested();
    if (out.stopped)
        return out;
    const auto noisyTails = options.noisyTails && std::min(base.runs(), cand.runs()) < kTellingRuns;
    judgeAll(out, noisyTails);
    out.baseBlockNs = base.plan().blockNs();
    out.candBlockNs = cand.plan().blockNs();
    out.meanParts = partsOf(endpoints, base, cand);
    for (const auto &part : out.meanParts) {
        out.mixEffectNs += part.mixNs;
        out.endpointEffectNs += part.endpointNs;
    }
    addTail(endpoints, base, cand, out);
    out.method = methodOf(base.plan(), cand.plan(), options.rules, noisyTails);
    return out;
}

} // namespace flamewright
