#include "analysis/span_detectors.h"
#include "analysis/wait_names.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <map>
#include <tuple>

// Calls that could have been made beside each other, and calls that are made again after failures.
namespace flamewright {
namespace {

constexpr std::size_t kLeastParents = 20;  // with both of two calls
constexpr double kNearlyAlways = 0.95;     // one after the other
constexpr double kLeastSavings = 0.1;      // of the parents' time
constexpr std::size_t kMostCalls = 16;     // different ones of a parent
constexpr std::size_t kLeastRetried = 3;   // parents with calls that were made again; or
constexpr std::uint64_t kManyAttempts = 5; // of one

using Pair = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>; // operations

std::string number(std::uint64_t n)
{
    return formatCount(static_cast<std::int64_t>(n));
}

bool isCall(SliceKind kind)
{
    return kind == SliceKind::SpanClient || kind == SliceKind::Span;
}

// By operation: calls that are made for what comes after them can never run beside it.
std::vector<std::uint8_t> opensTheWay(const SpanEvidence &in)
{
    std::vector<std::uint8_t> out;
    for (const auto &key : in.index.keys) {
        const auto &name = in.rows.names[key.name];
        const auto hasWord = [&](std::string_view word) {
            return name.find(word) != std::string::npos;
        };
        out.push_back(isWait(name) || hasWord("BEGIN") || hasWord("COMMIT") ||
                              hasWord("ROLLBACK") || hasWord("connect")
                          ? 1
                          : 0);
    }
    return out;
}

struct Sequential {
    std::size_t parents = 0, sequential = 0;
    double savings = 0, all = 0; // ns: of the shorter call, of the parents
    std::uint32_t example = kNoRow;
    std::int64_t most = -1;
    std::int64_t begin = INT64_MAX, end = INT64_MIN;
};

// Calls of an operation that is called once, by operation.
std::vector<std::pair<std::uint32_t, std::uint32_t>>
singleCalls(const SpanEvidence &in, const std::vector<std::uint8_t> &leftOut, std::uint32_t parent)
{
    std::vector<std::pair<std::uint32_t, std::uint32_t>> calls, out;
    for (const auto child : in.forest.childrenOf(parent)) {
        if (isCall(in.rows.kind[child]) && leftOut[in.index.of[child]] == 0)
            calls.emplace_back(in.index.of[child], child);
    }
    std::sort(calls.begin(), calls.end());
    for (std::size_t i = 0; i < calls.size(); ++i) {
        const bool again = (i > 0 && calls[i - 1].first == calls[i].first) ||
                           (i + 1 < calls.size() && calls[i + 1].first == calls[i].first);
        if (!again && out.size() < kMostCalls)
            out.push_back(calls[i]);
    }
    return out;
}

std::map<Pair, Sequential> sequentialPairs(const SpanEvidence &in)
{
    const auto &rows = in.rows;
    std::map<Pair, Sequential> out;
    const auto leftOut = opensTheWay(in);
    for (std::uint32_t parent = 0; parent < rows.size(); ++parent) {
        if (in.forest.childrenOf(parent).size() < 2)
            continue;
        const auto calls = singleCalls(in, leftOut, parent);
        for (std::size_t i = 0; i < calls.size(); ++i) {
            for (std::size_t j = i + 1; j < calls.size(); ++j) {
                auto &pair = out[{in.index.of[parent], calls[i].first, calls[j].first}];
                ++pair.parents;
                pair.all += static_cast<double>(rows.length[parent]);
                pair.begin = std::min(pair.begin, rows.begin[parent]);
                pair.end = std::max(pair.end, rows.endOf(parent));
                const auto a = calls[i].second, b = calls[j].second;
                const auto first = rows.begin[a] <= rows.begin[b] ? a : b;
                const auto second = first == a ? b : a;
                if (rows.endOf(first) > rows.begin[second])
                    continue;
                const auto saved = std::min({rows.length[a], rows.length[b], rows.length[parent]});
                ++pair.sequential;
                pair.savings += static_cast<double>(saved);
                if (saved > pair.most) {
                    pair.most = saved;
                    pair.example = parent;
                }
            }
        }
    }
    return out;
}

} // namespace

std::vector<SpanFinding> findSequentialCalls(const SpanEvidence &in)
{
    const auto &rows = in.rows;
    // Of each operation the two calls that would save most.
    std::map<std::uint32_t, std::pair<Pair, Sequential>> best;
    for (const auto &[key, pair] : sequentialPairs(in)) {
        if (pair.parents < kLeastParents ||
            static_cast<double>(pair.sequential) <
                kNearlyAlways * static_cast<double>(pair.parents) ||
            shareOf(pair.savings, pair.all) < kLeastSavings)
            continue;
        auto &one = best[std::get<0>(key)];
        if (pair.savings > one.second.savings)
            one = {key, pair};
    }
    std::vector<SpanFinding> out;
    for (const auto &[operation, one] : best) {
        const auto &[key, pair] = one;
        const auto nameOfCall = [&](std::uint32_t call) {
            return '"' + shortName(rows.names[in.index.keys[call].name]) + '"';
        };
        SpanFinding finding;
        finding.kind = "sequential_calls";
        finding.where = in.index.keys[operation];
        finding.share = shareOf(pair.savings, pair.all);
        // Whether one needs the other's answer is not in the trace.
        finding.severity = SpanFinding::Severity::Info;
        finding.sentence = operationName(rows, finding.where) + " calls " +
                           nameOfCall(std::get<1>(key)) + " and " + nameOfCall(std::get<2>(key)) +
                           " one after the other; side by side, if neither needs the other's "
                           "answer, they would save up to " +
                           formatShare(pair.savings, pair.all) +
                           " of its time; n = " + number(pair.sequential) + " of " +
                           number(pair.parents) + ".";
        finding.figures = {{"savings_ns", pair.savings},
                           {"share", finding.share},
                           {"n", static_cast<double>(pair.sequential)},
                           {"of", static_cast<double>(pair.parents)}};
        finding.texts = {{"service", rows.services[finding.where.service]},
                         {"operation", rows.names[finding.where.name]},
                         {"call", rows.names[in.index.keys[std::get<1>(key)].name]},
                         {"other_call", rows.names[in.index.keys[std::get<2>(key)].name]}};
        finding.spans.push_back(pair.example);
        for (const auto child : in.forest.childrenOf(pair.example)) {
            const auto of = in.index.of[child];
            if (of == std::get<1>(key) || of == std::get<2>(key))
                finding.spans.push_back(child);
        }
        finding.begin = pair.begin;
        finding.end = pair.end;
        out.push_back(std::move(finding));
    }
    return out;
}

std::vector<SpanFinding> findRetryStorms(const SpanEvidence &in)
{
    const auto &rows = in.rows;
    struct Found {
        std::vector<std::int64_t> attempts; // of parents with calls that were made again
        std::uint64_t retries = 0;
        double failedNs = 0, all = 0;
        std::vector<std::uint32_t> example;
        std::int64_t begin = INT64_MAX, end = INT64_MIN;
    };
    std::map<std::pair<std::uint32_t, std::uint32_t>, Found>
        found; // by parent's and call's operation
    std::map<std::uint32_t, std::vector<std::uint32_t>> same;
    for (std::uint32_t parent = 0; parent < rows.size(); ++parent) {
        const auto children = in.forest.childrenOf(parent);
        if (std::none_of(children.begin(), children.end(),
                         [&](std::uint32_t child) { return rows.failed(child); }))
            continue;
        same.clear();
        for (const auto child : children)
            same[in.index.of[child]].push_back(child);
        for (const auto &[operation, calls] : same) {
            // A failure and then, after its end, the same again: in order of begin.
            std::uint64_t retries = 0;
            double failedNs = 0;
            std::int64_t failedEnd = INT64_MAX;
            std::int64_t failedLength = 0;
            for (const auto call : calls) {
                if (failedEnd <= rows.begin[call]) {
                    ++retries;
                    failedNs += static_cast<double>(failedLength);
                    failedEnd = INT64_MAX;
                }
                if (rows.failed(call) && rows.endOf(call) < failedEnd) {
                    failedEnd = rows.endOf(call);
                    failedLength = rows.length[call];
                }
            }
            if (retries == 0)
                continue;
            auto &one = found[{in.index.of[parent], operation}];
            one.attempts.push_back(static_cast<std::int64_t>(calls.size()));
            one.retries += retries;
            one.failedNs += std::min(failedNs, static_cast<double>(rows.length[parent]));
            one.all += static_cast<double>(rows.length[parent]);
            one.begin = std::min(one.begin, rows.begin[parent]);
            one.end = std::max(one.end, rows.endOf(parent));
            if (calls.size() + 1 > one.example.size()) {
                one.example = calls;
                one.example.insert(one.example.begin(), parent);
            }
        }
    }
    std::vector<SpanFinding> out;
    for (const auto &[key, one] : found) {
        const auto most = *std::max_element(one.attempts.begin(), one.attempts.end());
        if (one.attempts.size() < kLeastRetried && static_cast<std::uint64_t>(most) < kManyAttempts)
            continue;
        const auto &call = in.index.keys[key.second];
        SpanFinding finding;
        finding.kind = "retry_storm";
        finding.where = in.index.keys[key.first];
        finding.share = shareOf(one.failedNs, one.all);
        finding.severity = std::max(severityOf(finding.share), SpanFinding::Severity::Warning);
        finding.sentence =
            operationName(rows, finding.where) + " calls \"" + shortName(rows.names[call.name]) +
            "\" again after failures: " + formatCount(percentileOf(one.attempts, 5'000)) +
            " attempts (most " + formatCount(most) + "), " + formatShare(one.failedNs, one.all) +
            " of its time in attempts that failed; n = " + number(one.attempts.size()) + ".";
        finding.figures = {{"attempts_p50", static_cast<double>(percentileOf(one.attempts, 5'000))},
                           {"attempts_max", static_cast<double>(most)},
                           {"retries", static_cast<double>(one.retries)},
                           {"failed_ns", one.failedNs},
                           {"share", finding.share},
                           {"n", static_cast<double>(one.attempts.size())}};
        finding.texts = {{"service", rows.services[finding.where.service]},
                         {"operation", rows.names[finding.where.name]},
                         {"call_service", rows.services[call.service]},
                         {"call", rows.names[call.name]}};
        finding.spans = one.example;
        finding.spans.resize(std::min(finding.spans.size(), kExampleSpans));
        finding.begin = one.begin;
        finding.end = one.end;
        out.push_back(std::move(finding));
    }
    return out;
}

} // namespace flamewright
