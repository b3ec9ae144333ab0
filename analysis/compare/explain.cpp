#include "analysis/compare/explain.h"

#include "analysis/compare/comparison.h"
#include "analysis/compare/load_diff.h"
#include "analysis/compare/operation_match.h"
#include "analysis/compare/trace_diff.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr std::size_t kMostExplained = 10; // endpoints
constexpr unsigned kTailOf = 9'900;        // the percentile that is explained
constexpr std::size_t kLeastLikes = 3;     // traces of each side
constexpr double kMostLonger = 1.5;        // than the percentile, or shorter

bool isKnown(const Change &change)
{
    return change.base && change.cand;
}

std::string callsText(double calls)
{
    return calls >= 9.95 ? formatCount(std::llround(calls)) : formatNumber(calls);
}

const Change *p99Of(const EndpointChange &endpoint)
{
    for (std::size_t i = 0; i < kPercentiles.size(); ++i) {
        if (kPercentiles[i].perMyriad == kTailOf && isKnown(endpoint.percentiles[i]))
            return &endpoint.percentiles[i];
    }
    return nullptr;
}

// What traces of about this length spent their time with, by call of the root.
struct Likes {
    std::vector<double> ns, calls; // means
    std::size_t traces = 0;
};

// Of those that are not much longer or shorter the nearest: where a recording has traces of all
// loads, these are what such requests are like.
Likes tracesLike(const ChosenTraces &all, double length, std::size_t calls)
{
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < all.lengths.size(); ++i) {
        const auto own = static_cast<double>(all.lengths[i]);
        if (own <= length * kMostLonger && own * kMostLonger >= length)
            order.push_back(i);
    }
    const auto farFrom = [&](std::uint32_t i) {
        return std::abs(static_cast<double>(all.lengths[i]) - length);
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return farFrom(a) < farFrom(b); });
    const auto most = std::max(kLeastLikes, all.lengths.size() / 20);
    order.resize(std::min(order.size(), most));
    Likes out{std::vector<double>(calls, 0), std::vector<double>(calls, 0), order.size()};
    std::vector<std::uint8_t> taken(all.lengths.size(), 0);
    for (const auto i : order)
        taken[i] = 1;
    const auto n = static_cast<double>(std::max<std::size_t>(order.size(), 1));
    for (const auto &part : all.parts) {
        if (taken[part.trace] == 0)
            continue;
        out.ns[part.call] += static_cast<double>(part.ns) / n;
        out.calls[part.call] += part.calls / n;
    }
    return out;
}

// nullopt: there is nothing to break down, or there are no such traces.
std::optional<Explanation> explained(const EndpointChange &endpoint, const RootChange &root)
{
    const auto *p99 = p99Of(endpoint);
    if (p99 == nullptr)
        return std::nullopt;
    const auto base = tracesLike(root.baseChosen, *p99->base, root.calls.size());
    const auto cand = tracesLike(root.candChosen, *p99->cand, root.calls.size());
    if (std::min(base.traces, cand.traces) < kLeastLikes)
        return std::nullopt;
    Explanation out;
    out.of = "p99 of " + endpoint.name;
    out.unit = "ns";
    out.base = *p99->base;
    out.cand = *p99->cand;
    double sum = 0;
    for (std::size_t i = 0; i < root.calls.size(); ++i) {
        if (base.ns[i] == 0 && cand.ns[i] == 0)
            continue;
        out.parts.push_back(
            {root.calls[i].name, root.calls[i].service, base.ns[i], cand.ns[i],
             callsText(base.calls[i]) + " calls before, " + callsText(cand.calls[i]) + " after"});
    }
    std::stable_sort(out.parts.begin(), out.parts.end(), [](const auto &a, const auto &b) {
        return std::abs(a.delta()) > std::abs(b.delta());
    });
    for (const auto &part : out.parts)
        sum += part.delta();
    out.remainder = out.cand - out.base - sum;
    const auto count = [](std::size_t n) { return formatCount(static_cast<std::int64_t>(n)); };
    out.method = "time on the critical path by operation, the mean of those traces of " +
                 root.name + " that took about as long as the p99 (" + count(base.traces) +
                 " and " + count(cand.traces) +
                 ", at most half as long again, of all that was recorded); the remainder is what "
                 "they differ by from it";
    return out;
}

} // namespace

void explainAcross(Comparison &comparison)
{
    for (auto &section : comparison.sections) {
        if (!section.load)
            continue;
        std::size_t done = 0;
        for (const auto &endpoint : section.load->endpoints) {
            for (const auto &other : comparison.sections) {
                if (!other.traces || done == kMostExplained)
                    continue;
                std::vector<std::string> names;
                for (const auto &root : other.traces->roots)
                    names.push_back(root.name);
                const auto at = operationOf(endpoint.name, names);
                if (!at)
                    continue;
                if (auto made = explained(endpoint, other.traces->roots[*at])) {
                    section.explanations.push_back(std::move(*made));
                    ++done;
                    break;
                }
            }
        }
    }
}

} // namespace flamewright
