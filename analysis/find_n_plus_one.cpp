#include "analysis/span_detectors.h"
#include "analysis/span_sequence.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace flamewright {
namespace {

constexpr std::size_t kLeastCalls = 5;   // under one parent
constexpr std::size_t kLeastParents = 3; // that do it; or
constexpr std::size_t kManyCalls = 10;   // of one parent
constexpr double kLeastInSequence = 0.8; // of the calls: otherwise it is a fan-out

// Who does it, and what: operations, and the pattern of the statement.
using Key = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;

struct Found {
    struct Parent {
        std::uint32_t row = 0;
        std::uint64_t calls = 0;
        std::int64_t ns = 0; // of the calls, within the parent
    };
    std::vector<Parent> parents;
    std::vector<std::uint32_t> example; // the calls of the parent that has most of them
};

class Detector {
public:
    explicit Detector(const SpanEvidence &evidence)
        : m_in(evidence),
          m_statements(evidence.attributes),
          m_steps(clockSteps(evidence.rows)),
          m_lengths(evidence.index.size())
    {}
    std::vector<SpanFinding> run();

private:
    void look(std::uint32_t parent);
    SpanFinding findingOf(const Key &key, const Found &found) const;
    std::string callName(const Key &key) const;

    const SpanEvidence &m_in;
    Statements m_statements;
    std::vector<std::int64_t> m_steps;
    std::vector<std::vector<std::int64_t>> m_lengths; // by operation
    std::map<Key, Found> m_found;
    std::vector<std::pair<Key, std::uint32_t>> m_calls; // of the parent looked at
};

void Detector::look(std::uint32_t parent)
{
    const auto &rows = m_in.rows;
    const auto children = m_in.forest.childrenOf(parent);
    if (children.size() < kLeastCalls)
        return;
    m_calls.clear();
    for (const auto child : children)
        m_calls.push_back(
            {{m_in.index.of[parent], m_in.index.of[child], m_statements.patternOf(child)}, child});
    std::sort(m_calls.begin(), m_calls.end());
    std::vector<std::uint32_t> same;
    for (std::size_t i = 0; i < m_calls.size();) {
        const auto key = m_calls[i].first;
        same.clear();
        for (; i < m_calls.size() && m_calls[i].first == key; ++i)
            same.push_back(m_calls[i].second);
        if (same.size() < kLeastCalls)
            continue;
        auto sequence = inSequence(rows, same, m_steps[rows.service[same.front()]]);
        if (sequence.size() < kLeastCalls ||
            static_cast<double>(sequence.size()) <
                kLeastInSequence * static_cast<double>(same.size()))
            continue;
        std::int64_t ns = 0;
        for (const auto row : sequence) {
            const auto begin = std::max(rows.begin[row], rows.begin[parent]);
            const auto end = std::min(rows.endOf(row), rows.endOf(parent));
            ns = saturatingAdd(ns, std::max<std::int64_t>(end - begin, 0));
        }
        auto &found = m_found[key];
        if (sequence.size() > found.example.size())
            found.example = sequence;
        found.parents.push_back({parent, sequence.size(), std::min(ns, rows.length[parent])});
    }
}

std::string Detector::callName(const Key &key) const
{
    const auto pattern = std::get<2>(key);
    const auto &name = m_in.rows.names[m_in.index.keys[std::get<1>(key)].name];
    return '"' + shortName(pattern != 0 ? m_statements.text(pattern) : name) + '"';
}

SpanFinding Detector::findingOf(const Key &key, const Found &found) const
{
    const auto &rows = m_in.rows;
    const auto caller = std::get<0>(key);
    SpanFinding out;
    out.kind = "n_plus_one";
    out.where = m_in.index.keys[caller];
    // Of all parents, not only of those that do it.
    const auto slow = percentileOf(m_lengths[caller], 9'500);
    double ns = 0, all = 0, slowNs = 0, slowAll = 0;
    std::vector<std::int64_t> counts;
    for (const auto &parent : found.parents) {
        counts.push_back(static_cast<std::int64_t>(parent.calls));
        ns += static_cast<double>(parent.ns);
        all += static_cast<double>(rows.length[parent.row]);
        if (rows.length[parent.row] >= slow)
            slowNs += static_cast<double>(parent.ns);
    }
    for (const auto length : m_lengths[caller])
        slowAll += length >= slow ? static_cast<double>(length) : 0;
    const auto n = found.parents.size();
    const auto median = percentileOf(counts, 5'000), p95 = percentileOf(counts, 9'500);
    out.share = shareOf(ns, all);
    out.severity = severityOf(out.share);
    const auto slowShare = shareOf(slowNs, slowAll);
    const auto &callee = m_in.index.keys[std::get<1>(key)];
    out.sentence = operationName(rows, out.where) + " issues " + formatCount(median) + " \u00d7 " +
                   callName(key) + " one after the other (p95 of the count " + formatCount(p95) +
                   "): " + formatShare(ns, all) + " of its time, " + formatShare(slowNs, slowAll) +
                   " of that of its slowest 5 % (p95 " + formatDuration(slow) +
                   "); n = " + formatCount(static_cast<std::int64_t>(n)) + " of " +
                   formatCount(static_cast<std::int64_t>(m_lengths[caller].size())) + ".";
    const auto traces = [&] {
        std::vector<std::uint32_t> seen;
        for (const auto &parent : found.parents)
            seen.push_back(rows.trace[parent.row]);
        std::sort(seen.begin(), seen.end());
        return std::unique(seen.begin(), seen.end()) - seen.begin();
    }();
    out.figures = {{"calls_p50", static_cast<double>(median)},
                   {"calls_p95", static_cast<double>(p95)},
                   {"calls_ns", ns},
                   {"share", out.share},
                   {"share_from_p95", slowShare},
                   {"p95_ns", static_cast<double>(slow)},
                   {"n", static_cast<double>(n)},
                   {"of", static_cast<double>(m_lengths[caller].size())},
                   {"traces", static_cast<double>(traces)}};
    out.texts = {{"service", rows.services[out.where.service]},
                 {"operation", rows.names[out.where.name]},
                 {"call_service", rows.services[callee.service]},
                 {"call", rows.names[callee.name]}};
    if (const auto pattern = std::get<2>(key); pattern != 0)
        out.texts.emplace_back("statement", m_statements.text(pattern));
    out.begin = INT64_MAX;
    out.end = INT64_MIN;
    for (const auto &parent : found.parents) {
        out.begin = std::min(out.begin, rows.begin[parent.row]);
        out.end = std::max(out.end, rows.endOf(parent.row));
    }
    out.spans = found.example;
    out.spans.insert(out.spans.begin(), m_in.forest.parent[found.example.front()]);
    out.spans.resize(std::min(out.spans.size(), kExampleSpans));
    return out;
}

std::vector<SpanFinding> Detector::run()
{
    for (std::uint32_t row = 0; row < m_in.rows.size(); ++row) {
        m_lengths[m_in.index.of[row]].push_back(m_in.rows.length[row]);
        look(row);
    }
    std::vector<SpanFinding> out;
    for (const auto &[key, found] : m_found) {
        const bool many = std::any_of(found.parents.begin(), found.parents.end(),
                                      [](const auto &one) { return one.calls >= kManyCalls; });
        if (found.parents.size() >= kLeastParents || many)
            out.push_back(findingOf(key, found));
    }
    return out;
}

} // namespace

std::vector<SpanFinding> findNPlusOne(const SpanEvidence &evidence)
{
    return Detector(evidence).run();
}

} // namespace flamewright
