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
constexpr unsigned kTailOf = 9'900;        // the percentile that the slowest traces explain

bool isKnown(const Change &change)
{
    return change.base && change.cand;
}

std::string callsNote(double base, double cand)
{
    const auto text = [](double calls) {
        return calls >= 9.95 ? formatCount(std::llround(calls)) : formatNumber(calls);
    };
    return text(base) + " calls before, " + text(cand) + " after";
}

const Change *p99Of(const EndpointChange &endpoint)
{
    for (std::size_t i = 0; i < kPercentiles.size(); ++i) {
        if (kPercentiles[i].perMyriad == kTailOf && isKnown(endpoint.percentiles[i]))
            return &endpoint.percentiles[i];
    }
    return nullptr;
}

std::string tracesText(std::uint64_t base, std::uint64_t cand)
{
    const auto text = [](std::uint64_t n) { return formatCount(static_cast<std::int64_t>(n)); };
    return text(base) + " and " + text(cand);
}

// nullopt: there is nothing to break down.
std::optional<Explanation> explained(const EndpointChange &endpoint, const RootChange &root)
{
    const auto *p99 = p99Of(endpoint);
    const auto &whole = p99 != nullptr ? *p99 : endpoint.mean;
    if (!isKnown(whole))
        return std::nullopt;
    Explanation out;
    out.of = (p99 != nullptr ? "p99 of " : "mean of ") + endpoint.name;
    out.unit = "ns";
    out.base = *whole.base;
    out.cand = *whole.cand;
    for (const auto &call : root.calls) {
        const auto base = p99 != nullptr ? call.baseTail : call.onCriticalPath.base.value_or(0);
        const auto cand = p99 != nullptr ? call.candTail : call.onCriticalPath.cand.value_or(0);
        if (base == 0 && cand == 0)
            continue;
        const auto note = p99 != nullptr
                              ? callsNote(call.baseTailCalls, call.candTailCalls)
                              : callsNote(call.calls.base.value_or(0), call.calls.cand.value_or(0));
        out.parts.push_back({call.name, call.service, base, cand, note});
    }
    std::stable_sort(out.parts.begin(), out.parts.end(), [](const auto &a, const auto &b) {
        return std::abs(a.delta()) > std::abs(b.delta());
    });
    double sum = 0;
    for (const auto &part : out.parts)
        sum += part.delta();
    out.remainder = out.cand - out.base - sum;
    if (p99 != nullptr)
        out.method = "time on the critical path of the slowest traces of " + root.name + " (" +
                     tracesText(root.tail.baseTraces, root.tail.candTraces) +
                     ", from their p95 on) by operation; the remainder is what they differ by from "
                     "the p99 of the load test";
    else
        out.method = "time on the critical path of traces of " + root.name + " (" +
                     tracesText(root.mean.baseCount, root.mean.candCount) +
                     ") by operation; the remainder is what they differ by from the load test";
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
