#include "analysis/span_detectors.h"
#include "analysis/span_sequence.h"
#include "analysis/wait_names.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <map>

// Time in which nothing happens: before the first call, and for something to become free.
namespace flamewright {
namespace {

constexpr std::size_t kLeastSpans = 20;
constexpr double kLeastShare = 0.1; // of the time of the spans it is about

std::string lowerCase(std::string_view text)
{
    std::string out(text);
    for (auto &c : out)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

struct Found {
    std::vector<std::int64_t> waits; // ns
    std::vector<std::uint32_t> rows;
    double ns = 0, all = 0; // waited, of the parents
    std::int64_t begin = INT64_MAX, end = INT64_MIN;
    void add(const SpanRows &spans, std::uint32_t row, std::int64_t waited, std::int64_t of)
    {
        waits.push_back(waited);
        rows.push_back(row);
        ns += static_cast<double>(waited);
        all += static_cast<double>(of);
        begin = std::min(begin, spans.begin[row]);
        end = std::max(end, spans.endOf(row));
    }
    // The longest first.
    std::vector<std::uint32_t> examples() const
    {
        std::vector<std::size_t> order(rows.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        const auto most = std::min(order.size(), kExampleSpans);
        std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(most),
                          order.end(), [&](std::size_t a, std::size_t b) {
                              return std::pair(waits[b], rows[a]) < std::pair(waits[a], rows[b]);
                          });
        std::vector<std::uint32_t> out;
        for (std::size_t i = 0; i < most; ++i)
            out.push_back(rows[order[i]]);
        return out;
    }
};

SpanFinding findingOf(const SpanEvidence &in, const Found &found, OperationKey where)
{
    SpanFinding out;
    out.where = where;
    out.share = shareOf(found.ns, found.all);
    out.severity = severityOf(out.share);
    const auto p = percentilesOf(found.waits);
    out.figures = {{"wait_ns", found.ns},
                   {"wait_p50_ns", static_cast<double>(p[0])},
                   {"wait_p95_ns", static_cast<double>(p[2])},
                   {"wait_max_ns", static_cast<double>(p[4])},
                   {"share", out.share},
                   {"n", static_cast<double>(found.rows.size())}};
    out.texts = {{"service", in.rows.services[where.service]},
                 {"operation", in.rows.names[where.name]}};
    out.spans = found.examples();
    out.begin = found.begin;
    out.end = found.end;
    return out;
}

std::string percentileText(const Found &found)
{
    const auto p = percentilesOf(found.waits);
    return formatDuration(p[0]) + " at p50, " + formatDuration(p[2]) + " at p95";
}

} // namespace

std::vector<SpanFinding> findQueueingDelay(const SpanEvidence &in)
{
    const auto &rows = in.rows;
    const auto steps = clockSteps(rows);
    std::map<std::uint32_t, Found> found; // by operation
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
        const auto kind = rows.kind[row];
        const auto children = in.forest.childrenOf(row);
        if ((kind != SliceKind::SpanServer && kind != SliceKind::SpanConsumer) || children.empty())
            continue;
        const auto first = std::min(rows.begin[children.front()], rows.endOf(row));
        const auto gap = std::max<std::int64_t>(first - rows.begin[row], 0);
        // What the clock cannot tell from nothing is nothing.
        found[in.index.of[row]].add(rows, row, gap < steps[rows.service[row]] * 2 ? 0 : gap,
                                    rows.length[row]);
    }
    std::vector<SpanFinding> out;
    for (const auto &[operation, one] : found) {
        if (one.rows.size() < kLeastSpans || shareOf(one.ns, one.all) < kLeastShare)
            continue;
        auto finding = findingOf(in, one, in.index.keys[operation]);
        finding.kind = "queueing_delay";
        finding.sentence =
            operationName(rows, finding.where) +
            " does nothing that is recorded until its first call: " + percentileText(one) + ", " +
            formatShare(one.ns, one.all) +
            " of its time; n = " + formatCount(static_cast<std::int64_t>(one.rows.size())) + ".";
        out.push_back(std::move(finding));
    }
    return out;
}

std::vector<SpanFinding> findLockWaits(const SpanEvidence &in)
{
    const auto &rows = in.rows;
    std::vector<std::uint8_t> waits(in.index.size(), 0);
    for (std::size_t i = 0; i < in.index.size(); ++i)
        waits[i] = isWait(rows.names[in.index.keys[i].name]) ? 1 : 0;
    // By the operation that waits and what it waits in.
    std::map<std::pair<std::uint32_t, std::uint32_t>, Found> found;
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
        const auto parent = in.forest.parent[row];
        if (waits[in.index.of[row]] == 0 || parent == kNoRow)
            continue;
        const auto begin = std::max(rows.begin[row], rows.begin[parent]);
        const auto end = std::min(rows.endOf(row), rows.endOf(parent));
        found[{in.index.of[parent], in.index.of[row]}].add(
            rows, row, std::max<std::int64_t>(end - begin, 0), rows.length[parent]);
    }
    std::vector<SpanFinding> out;
    for (const auto &[key, one] : found) {
        if (one.rows.size() < kLeastSpans || shareOf(one.ns, one.all) < kLeastShare)
            continue;
        auto finding = findingOf(in, one, in.index.keys[key.first]);
        const auto &wait = in.index.keys[key.second];
        finding.kind = "lock_wait";
        finding.texts.emplace_back("wait", rows.names[wait.name]);
        finding.sentence =
            operationName(rows, finding.where) + " waits in \"" + shortName(rows.names[wait.name]) +
            "\" for " + percentileText(one) + ": " + formatShare(one.ns, one.all) +
            " of its time; n = " + formatCount(static_cast<std::int64_t>(one.rows.size())) +
            " waits.";
        out.push_back(std::move(finding));
    }
    return out;
}

std::vector<SpanFinding> starvationFindings(const ThreadStates &states)
{
    constexpr std::size_t kLeastStates = 20;
    constexpr double kLeastStarved = 0.2; // of the time in which the thread wanted to run
    constexpr std::int64_t kLeastNs = 1'000'000;
    struct Thread {
        double running = 0, runnable = 0;
        std::vector<std::int64_t> waits;
        std::int64_t begin = INT64_MAX, end = INT64_MIN;
    };
    std::vector<int> kind; // 1: running, 2: runnable
    for (const auto &state : states.states) {
        const auto text = lowerCase(state);
        kind.push_back(text.starts_with("running")                                   ? 1
                       : text.starts_with("runnable") || text.starts_with("preempt") ? 2
                                                                                     : 0);
    }
    std::vector<Thread> threads(states.threads.size());
    for (std::size_t i = 0; i < states.size(); ++i) {
        auto &thread = threads[states.thread[i]];
        const auto is = kind[states.state[i]];
        (is == 1 ? thread.running : thread.runnable) +=
            is == 0 ? 0 : static_cast<double>(states.length[i]);
        if (is == 0)
            continue;
        if (is == 2)
            thread.waits.push_back(states.length[i]);
        thread.begin = std::min(thread.begin, states.begin[i]);
        thread.end = std::max(thread.end, saturatingAdd(states.begin[i], states.length[i]));
    }
    std::vector<SpanFinding> out;
    for (std::size_t i = 0; i < threads.size(); ++i) {
        const auto &thread = threads[i];
        const auto wanted = thread.running + thread.runnable;
        const auto share = shareOf(thread.runnable, wanted);
        if (thread.waits.size() < kLeastStates || share < kLeastStarved ||
            thread.runnable < static_cast<double>(kLeastNs))
            continue;
        const auto p = percentilesOf(thread.waits);
        SpanFinding finding;
        finding.kind = "thread_starvation";
        finding.share = share;
        finding.severity = severityOf(share);
        finding.sentence = shortName(states.threads[i]) + " could have run and had no CPU for " +
                           formatShare(thread.runnable, wanted) +
                           " of the time in which it wanted to: " + formatDuration(p[0]) +
                           " at p50, " + formatDuration(p[2]) + " at p95; n = " +
                           formatCount(static_cast<std::int64_t>(thread.waits.size())) + " waits.";
        finding.figures = {{"runnable_ns", thread.runnable},
                           {"running_ns", thread.running},
                           {"share", share},
                           {"wait_p50_ns", static_cast<double>(p[0])},
                           {"wait_p95_ns", static_cast<double>(p[2])},
                           {"n", static_cast<double>(thread.waits.size())}};
        finding.texts = {{"thread", states.threads[i]}};
        finding.begin = thread.begin;
        finding.end = thread.end;
        out.push_back(std::move(finding));
    }
    return out;
}

} // namespace flamewright
