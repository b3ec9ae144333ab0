#include "app/compare/trace_sentences.h"

#include "analysis/span_detectors.h"
#include "analysis/wait_names.h"
#include "app/compare/change_text.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace flamewright {
namespace {

constexpr std::size_t kMostNamed = 3; // operations of one group in a sentence
constexpr std::size_t kMostGroups = 2, kMostParts = 2;
constexpr double kLeastShare = 0.1; // of the change: what is less is not said
constexpr double kManyTimes = 1.5;  // as often: a change of the number of calls worth saying

bool isJudged(const Change &change)
{
    return change.verdict == Verdict::Improved || change.verdict == Verdict::Regressed;
}

// "12", "2.0", "0.98": calls per trace.
std::string callsText(double calls)
{
    if (calls >= 9.95 || calls == 0)
        return formatCount(std::llround(calls));
    const auto tenths = std::llround(calls * 10);
    if (tenths == 0)
        return formatNumber(calls);
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

// "12 times", "once", "not", "0.5 times".
std::string timesText(double calls)
{
    if (calls == 0)
        return "not";
    if (std::abs(calls - 1) < 0.05)
        return "once";
    if (std::abs(calls - 2) < 0.05)
        return "twice";
    return callsText(calls) + " times";
}

std::string percentText(double share)
{
    return std::to_string(std::llround(100 * share)) + " %";
}

std::string callsNote(const CallsChange &call)
{
    const auto base = callsText(call.calls.base.value_or(0));
    return base + (base == "1" || base == "1.0" ? " call before, " : " calls before, ") +
           callsText(call.calls.cand.value_or(0)) + " after";
}

std::string listOf(const std::vector<std::string> &names)
{
    std::string out;
    const auto shown = std::min(names.size(), kMostNamed);
    for (std::size_t i = 0; i < shown; ++i) {
        const bool last = i + 1 == names.size();
        out += (i == 0 ? "" : last ? " and " : ", ") + shortName(names[i]);
    }
    if (names.size() > shown)
        out += " and " + std::to_string(names.size() - shown) + " more";
    return out;
}

// Operations that are called much more or less often, put together where the numbers are the same.
std::vector<std::string> callPhrases(const RootChange &root)
{
    struct Group {
        std::string base, cand;
        double ratio = 1;
        std::vector<std::string> names;
    };
    std::vector<Group> groups;
    for (const auto &call : root.calls) {
        const auto base = call.calls.base.value_or(0), cand = call.calls.cand.value_or(0);
        const auto many = std::max(base, cand), few = std::min(base, cand);
        if (!isJudged(call.calls) || many < kManyTimes * few || many < 0.5)
            continue;
        const auto before = timesText(base), after = timesText(cand);
        const auto same = [&](const Group &group) {
            return group.base == before && group.cand == after;
        };
        auto group = std::find_if(groups.begin(), groups.end(), same);
        if (group == groups.end()) {
            groups.push_back({before, after, many / std::max(few, 0.1), {}});
            group = groups.end() - 1;
        }
        group->names.push_back(call.name);
    }
    std::stable_sort(groups.begin(), groups.end(),
                     [](const Group &a, const Group &b) { return a.ratio > b.ratio; });
    std::vector<std::string> out;
    for (const auto &group : groups) {
        if (out.size() == kMostGroups)
            break;
        out.push_back(listOf(group.names) +
                      (group.names.size() > 1 ? " are each called " : " is called ") + group.base +
                      " before, " + group.cand + " after");
    }
    return out;
}

// The parts that changed most, the same way as the whole.
std::string largestParts(const RootChange &root)
{
    const auto delta = root.mean.delta();
    std::string out;
    std::size_t said = 0;
    for (const auto &call : root.calls) {
        const auto &time = call.onCriticalPath;
        const auto share = time.delta() / delta;
        if (said == kMostParts || !(share >= kLeastShare))
            continue;
        const bool own = call.name == root.name && call.service == root.service;
        out += said > 0 ? ", " : (delta < 0 ? "; of the saved time " : "; of the added time ");
        // Others may have taken back some of it.
        out += (share > 1.005 ? "more than all" : percentText(share)) +
               (said > 0    ? " "
                : delta < 0 ? " was "
                            : " is ") +
               (own ? std::string("its own work")
                    : (isWait(call.name) ? "waiting for " : "") + shortName(call.name)) +
               " (" + sideText(time.base.value_or(0), "ns") + " to " +
               sideText(time.cand.value_or(0), "ns") + (said > 0 ? ")" : " per trace)");
        ++said;
    }
    return out;
}

} // namespace

Explanation explanationOf(const RootChange &root)
{
    Explanation out;
    out.of = "mean of " + root.name;
    out.unit = "ns";
    out.per = "trace";
    out.base = root.mean.base.value_or(0);
    out.cand = root.mean.cand.value_or(0);
    double sum = 0;
    for (const auto &call : root.calls) {
        const auto &time = call.onCriticalPath;
        const auto base = time.base.value_or(0), cand = time.cand.value_or(0);
        sum += cand - base;
        if (base == 0 && cand == 0)
            continue;
        out.parts.push_back({call.name, call.service, base, cand, callsNote(call)});
    }
    out.remainder = out.cand - out.base - sum;
    // Sums of integers that were divided: what is left of that is nothing.
    if (std::abs(out.remainder) < 1e-9 * std::max(out.base, out.cand))
        out.remainder = 0;
    out.method = "time on the critical path of each trace by operation, the mean of all traces";
    return out;
}

std::string sentenceOf(const RootChange &root)
{
    const auto phrases = callPhrases(root);
    const Change *latency = nullptr;
    const char *what = "";
    for (const auto &[change, name] :
         {std::pair{&root.mean, "Mean of "}, std::pair{&root.p50, "Median of "},
          std::pair{&root.p99, "p99 of "}}) {
        if (latency == nullptr && isJudged(*change)) {
            latency = change;
            what = name;
        }
    }
    if (latency == nullptr && phrases.empty())
        return {};
    const auto &change = latency != nullptr ? *latency : root.mean;
    const ComparedItem item{.name = root.name, .unit = "ns", .change = change};
    const auto figures = " from " + sideText(change.base, "ns") + " to " +
                         sideText(change.cand, "ns") + " (" + changeOnly(item) +
                         ", 95 % interval " + intervalOnly(item) + "; " + countsText(change) +
                         " traces)";
    std::string out;
    if (latency == nullptr) {
        out = "In " + shortName(root.name);
        for (const auto &phrase : phrases)
            out += (&phrase == &phrases.front() ? " " : "; ") + phrase;
        return out + "; its mean went" + figures + ", which may be chance.";
    }
    out = what + shortName(root.name) + (change.delta() < 0 ? " fell" : " rose") + figures;
    // What is on critical paths adds up to the mean alone.
    if (root.mean.delta() * change.delta() > 0)
        out += largestParts(root);
    for (const auto &phrase : phrases)
        out += "; " + phrase;
    return out + ".";
}

double weightOf(const TraceDiff &diff, const RootChange &root)
{
    const auto shareOfAll = [](std::uint64_t n, std::uint64_t all) {
        return all > 0 ? static_cast<double>(n) / static_cast<double>(all) : 0;
    };
    return std::abs(root.mean.delta()) *
           (shareOfAll(root.mean.baseCount, diff.baseTraces) +
            shareOfAll(root.mean.candCount, diff.candTraces)) /
           2;
}

} // namespace flamewright
