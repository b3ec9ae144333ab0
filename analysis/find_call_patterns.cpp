#include "analysis/service_map.h"
#include "analysis/span_detectors.h"
#include "analysis/span_sequence.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <map>

// Calls that go to and fro too often, and calls that are many at once.
namespace flamewright {
namespace {

constexpr std::int64_t kChattyCalls = 10; // median of a trace
constexpr std::size_t kLeastTraces = 10;  // or
constexpr std::int64_t kVeryChatty = 50;  // of one trace
constexpr std::uint64_t kWide = 10;       // children at the same time
constexpr std::size_t kLeastParents = 3;  // or
constexpr std::uint64_t kVeryWide = 50;   // of one parent

std::string number(std::uint64_t n)
{
    return formatCount(static_cast<std::int64_t>(n));
}

void addTime(const SpanRows &rows, std::uint32_t row, SpanFinding &out)
{
    out.begin = std::min(out.begin, rows.begin[row]);
    out.end = std::max(out.end, rows.endOf(row));
}

} // namespace

std::vector<SpanFinding> findChattyServices(const SpanEvidence &in)
{
    const auto &rows = in.rows;
    const auto targets = callTargets(rows, in.forest, in.attributes);
    const auto nameOfTarget = [&](std::uint32_t target) -> const std::string & {
        return target < rows.services.size() ? rows.services[target]
                                             : targets.peers[target - rows.services.size()];
    };
    struct Trace {
        std::uint32_t root = 0;
        std::int64_t calls = 0;
        std::int64_t ns = 0;
    };
    // By root operation, caller and callee.
    std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, std::vector<Trace>> found;
    std::map<std::pair<std::uint32_t, std::uint32_t>, Trace> pairs; // of one trace
    for (std::uint32_t trace = 0; trace < in.forest.traces(); ++trace) {
        const auto root = in.forest.rootOf(trace);
        pairs.clear();
        for (const auto row : in.forest.rowsOf(trace)) {
            if (targets.of[row] == kNoRow)
                continue;
            auto &pair = pairs[{rows.service[row], targets.of[row]}];
            ++pair.calls;
            pair.ns = saturatingAdd(pair.ns, rows.length[row]);
        }
        for (const auto &[pair, calls] : pairs)
            found[{in.index.of[root], pair.first, pair.second}].push_back(
                {root, calls.calls, calls.ns});
    }
    std::vector<SpanFinding> out;
    for (const auto &[key, traces] : found) {
        std::vector<std::int64_t> counts;
        double ns = 0, all = 0;
        SpanFinding finding;
        finding.begin = INT64_MAX;
        finding.end = INT64_MIN;
        auto most = traces.front();
        for (const auto &trace : traces) {
            counts.push_back(trace.calls);
            ns += static_cast<double>(std::min(trace.ns, rows.length[trace.root]));
            all += static_cast<double>(rows.length[trace.root]);
            addTime(rows, trace.root, finding);
            if (trace.calls > most.calls)
                most = trace;
        }
        const auto median = percentileOf(counts, 5'000), p95 = percentileOf(counts, 9'500);
        const bool often = median >= kChattyCalls && traces.size() >= kLeastTraces;
        if (!often && p95 < kVeryChatty)
            continue;
        const auto &[operation, from, to] = key;
        finding.kind = "chatty_services";
        finding.where = in.index.keys[operation];
        finding.share = shareOf(ns, all);
        finding.severity = severityOf(finding.share);
        finding.sentence = shortName(rows.services[from]) + " calls " +
                           shortName(nameOfTarget(to)) + " " + formatCount(median) +
                           " times per trace of " + operationName(rows, finding.where) + " (p95 " +
                           formatCount(p95) + "): " + formatShare(ns, all) +
                           " of its time; n = " + number(traces.size()) + ".";
        finding.figures = {{"calls_p50", static_cast<double>(median)},
                           {"calls_p95", static_cast<double>(p95)},
                           {"calls_ns", ns},
                           {"share", finding.share},
                           {"traces", static_cast<double>(traces.size())}};
        finding.texts = {{"service", rows.services[finding.where.service]},
                         {"operation", rows.names[finding.where.name]},
                         {"from", rows.services[from]},
                         {"to", nameOfTarget(to)}};
        for (const auto row : in.forest.rowsOf(rows.trace[most.root])) {
            if (rows.service[row] == from && targets.of[row] == to &&
                finding.spans.size() < kExampleSpans)
                finding.spans.push_back(row);
        }
        out.push_back(std::move(finding));
    }
    return out;
}

std::vector<SpanFinding> findFanOut(const SpanEvidence &in)
{
    const auto &rows = in.rows;
    const auto steps = clockSteps(rows);
    struct Found {
        std::vector<std::int64_t> widths;
        std::vector<std::uint32_t> parents;
        std::uint32_t widest = 0; // row
        std::int64_t width = 0;
    };
    std::map<std::pair<std::uint32_t, std::uint32_t>, Found>
        found; // by parent's and child's operation
    std::map<std::uint32_t, std::vector<std::uint32_t>> same;
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
        const auto children = in.forest.childrenOf(row);
        if (children.size() < kWide)
            continue;
        same.clear();
        for (const auto child : children)
            same[in.index.of[child]].push_back(child);
        for (const auto &[operation, calls] : same) {
            const auto width = static_cast<std::int64_t>(
                mostAtOnce(rows, calls, steps[rows.service[calls.front()]]));
            if (width < static_cast<std::int64_t>(kWide))
                continue;
            auto &one = found[{in.index.of[row], operation}];
            one.widths.push_back(width);
            one.parents.push_back(row);
            if (width > one.width) {
                one.width = width;
                one.widest = row;
            }
        }
    }
    std::vector<SpanFinding> out;
    for (const auto &[key, one] : found) {
        if (one.parents.size() < kLeastParents && one.width < static_cast<std::int64_t>(kVeryWide))
            continue;
        SpanFinding finding;
        finding.kind = "fan_out";
        finding.where = in.index.keys[key.first];
        finding.begin = INT64_MAX;
        finding.end = INT64_MIN;
        double slowest = 0, all = 0;
        for (const auto parent : one.parents) {
            addTime(rows, parent, finding);
            // Which the others are waited for with.
            std::int64_t longest = 0;
            for (const auto child : in.forest.childrenOf(parent)) {
                if (in.index.of[child] == key.second)
                    longest = std::max(longest, std::min(rows.length[child], rows.length[parent]));
            }
            slowest += static_cast<double>(longest);
            all += static_cast<double>(rows.length[parent]);
        }
        finding.share = shareOf(slowest, all);
        // Parallel calls are no fault by themselves.
        finding.severity = SpanFinding::Severity::Info;
        const auto &call = in.index.keys[key.second];
        const auto median = percentileOf(one.widths, 5'000), most = one.width;
        finding.sentence = operationName(rows, finding.where) + " has " + formatCount(median) +
                           " calls of \"" + shortName(rows.names[call.name]) +
                           "\" open at the same time (most " + formatCount(most) +
                           "); the slowest takes " + formatShare(slowest, all) +
                           " of its time; n = " + number(one.parents.size()) + ".";
        finding.figures = {{"parallel_p50", static_cast<double>(median)},
                           {"parallel_max", static_cast<double>(most)},
                           {"slowest_ns", slowest},
                           {"share", finding.share},
                           {"n", static_cast<double>(one.parents.size())}};
        finding.texts = {{"service", rows.services[finding.where.service]},
                         {"operation", rows.names[finding.where.name]},
                         {"call_service", rows.services[call.service]},
                         {"call", rows.names[call.name]}};
        finding.spans.push_back(one.widest);
        for (const auto child : in.forest.childrenOf(one.widest)) {
            if (in.index.of[child] == key.second && finding.spans.size() < kExampleSpans)
                finding.spans.push_back(child);
        }
        out.push_back(std::move(finding));
    }
    return out;
}

} // namespace flamewright
