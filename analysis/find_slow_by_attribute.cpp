#include "analysis/span_detectors.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <math.h> // lgamma_r: std::lgamma writes a global

namespace flamewright {
namespace {

constexpr std::size_t kLeastTraces = 100;
constexpr std::size_t kLeastSlow = 10;
constexpr std::size_t kMostValues = 20;  // a key with more tells traces apart, not kinds of them
constexpr std::size_t kLeastOfValue = 5; // slow traces with it
constexpr double kLeastDifference = 0.1; // of the shares of slow traces
constexpr double kLevel = 0.01;          // after correction

double logFactorial(std::uint64_t n)
{
    int sign = 0;
    return ::lgamma_r(static_cast<double>(n) + 1, &sign);
}

double logChoose(std::uint64_t n, std::uint64_t k)
{
    return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

// Fisher's exact test, one-sided: how likely `hits` or more of `with` are among the `slow` of all
// `n` if the value has nothing to do with it.
double fisher(std::uint64_t hits, std::uint64_t with, std::uint64_t slow, std::uint64_t n)
{
    double p = 0;
    const auto most = std::min(with, slow);
    for (auto k = hits; k <= most; ++k) {
        if (slow - k > n - with)
            continue; // not that many without the value
        p += std::exp(logChoose(with, k) + logChoose(n - with, slow - k) - logChoose(n, slow));
    }
    return std::min(p, 1.0);
}

struct Candidate {
    const SpanAttribute *attribute = nullptr;
    std::uint32_t value = 0;
    std::uint64_t hits = 0, with = 0;
    double p = 1;
};

class Detector {
public:
    Detector(const SpanEvidence &in, OperationKey root, std::vector<std::uint32_t> roots)
        : m_in(in),
          m_root(root),
          m_roots(std::move(roots))
    {}
    std::vector<SpanFinding> run();

private:
    void look(const SpanAttribute &attribute);
    SpanFinding findingOf(const Candidate &found) const;
    bool isSlow(std::uint32_t row) const { return m_in.rows.length[row] >= m_threshold; }

    const SpanEvidence &m_in;
    OperationKey m_root;
    std::vector<std::uint32_t> m_roots;
    std::int64_t m_threshold = 0;
    std::uint64_t m_slow = 0;
    std::vector<Candidate> m_candidates;
};

void Detector::look(const SpanAttribute &attribute)
{
    std::map<std::uint32_t, Candidate> values;
    for (const auto row : m_roots) {
        const auto value = attribute.valueOf(row);
        if (value == SpanAttribute::kNone)
            continue;
        auto &one = values[value];
        one.attribute = &attribute;
        one.value = value;
        ++one.with;
        one.hits += isSlow(row) ? 1 : 0;
        if (values.size() > kMostValues)
            return;
    }
    for (const auto &[value, one] : values) {
        if (one.with < m_roots.size()) // otherwise there is nothing to compare with
            m_candidates.push_back(one);
    }
}

SpanFinding Detector::findingOf(const Candidate &found) const
{
    const auto &rows = m_in.rows;
    const auto n = m_roots.size();
    const auto others = n - found.with, othersSlow = m_slow - found.hits;
    const auto share = shareOf(static_cast<double>(found.hits), static_cast<double>(found.with));
    const auto rest = shareOf(static_cast<double>(othersSlow), static_cast<double>(others));
    std::vector<std::int64_t> lengths, otherLengths;
    SpanFinding out;
    out.begin = INT64_MAX;
    out.end = INT64_MIN;
    double slowNs = 0, all = 0;
    for (const auto row : m_roots) {
        const bool has = found.attribute->valueOf(row) == found.value;
        (has ? lengths : otherLengths).push_back(rows.length[row]);
        out.begin = std::min(out.begin, rows.begin[row]);
        out.end = std::max(out.end, rows.endOf(row));
        all += static_cast<double>(rows.length[row]);
        if (!has || !isSlow(row))
            continue;
        slowNs += static_cast<double>(rows.length[row]);
        if (out.spans.size() < kExampleSpans)
            out.spans.push_back(row);
    }
    const auto median = percentileOf(lengths, 5'000),
               otherMedian = percentileOf(otherLengths, 5'000);
    const auto count = [](std::uint64_t value) {
        return formatCount(static_cast<std::int64_t>(value));
    };
    out.kind = "slow_by_attribute";
    out.where = m_root;
    out.share = shareOf(slowNs, all);
    out.severity = std::max(severityOf(out.share), SpanFinding::Severity::Warning);
    out.sentence = operationName(rows, m_root) + " is slow (from its p95 of " +
                   formatDuration(m_threshold) + " on) in " + formatShare(share, 1) +
                   " of the traces with " + shortName(found.attribute->key) + " = " +
                   shortName(found.attribute->values[found.value]) + ", in " +
                   formatShare(rest, 1) + " of the others; median " + formatDuration(median) +
                   " against " + formatDuration(otherMedian) + "; n = " + count(found.with) +
                   " of " + count(n) + ".";
    out.figures = {{"slow_share", share},
                   {"slow_share_others", rest},
                   {"difference", share - rest},
                   {"p_corrected", found.p},
                   {"p50_ns", static_cast<double>(median)},
                   {"p50_others_ns", static_cast<double>(otherMedian)},
                   {"p95_ns", static_cast<double>(m_threshold)},
                   {"share", out.share},
                   {"n", static_cast<double>(found.with)},
                   {"of", static_cast<double>(n)}};
    out.texts = {{"service", rows.services[m_root.service]},
                 {"operation", rows.names[m_root.name]},
                 {"attribute", found.attribute->key},
                 {"value", found.attribute->values[found.value]}};
    return out;
}

std::vector<SpanFinding> Detector::run()
{
    std::vector<std::int64_t> lengths;
    for (const auto row : m_roots)
        lengths.push_back(m_in.rows.length[row]);
    m_threshold = percentileOf(lengths, 9'500);
    m_slow = static_cast<std::uint64_t>(
        std::count_if(m_roots.begin(), m_roots.end(), [&](auto row) { return isSlow(row); }));
    // Where most are as long as the slow ones (a coarse clock), there are no slow ones.
    if (m_roots.size() < kLeastTraces || m_slow < kLeastSlow || m_slow * 2 > m_roots.size())
        return {};
    for (const auto &attribute : m_in.attributes.keys)
        look(attribute);
    std::vector<SpanFinding> out;
    // Of one key the value that tells most; each value that was looked at is a test (Bonferroni).
    std::map<const SpanAttribute *, Candidate> best;
    for (auto candidate : m_candidates) {
        const auto others = m_roots.size() - candidate.with;
        const auto share =
            shareOf(static_cast<double>(candidate.hits), static_cast<double>(candidate.with));
        const auto rest =
            shareOf(static_cast<double>(m_slow - candidate.hits), static_cast<double>(others));
        if (candidate.hits < kLeastOfValue || share - rest < kLeastDifference)
            continue;
        candidate.p = std::min(1.0, fisher(candidate.hits, candidate.with, m_slow, m_roots.size()) *
                                        static_cast<double>(m_candidates.size()));
        auto &known = best[candidate.attribute];
        if (candidate.p < kLevel && candidate.p < known.p)
            known = candidate;
    }
    // Keys that split the traces alike say the same: the first of them is enough.
    std::vector<std::pair<std::uint64_t, std::uint64_t>> said;
    for (const auto &attribute : m_in.attributes.keys) {
        const auto found = best.find(&attribute);
        if (found == best.end() || found->second.attribute == nullptr)
            continue;
        const std::pair split(found->second.hits, found->second.with);
        if (std::find(said.begin(), said.end(), split) != said.end())
            continue;
        said.push_back(split);
        out.push_back(findingOf(found->second));
    }
    return out;
}

} // namespace

std::vector<SpanFinding> findSlowByAttribute(const SpanEvidence &in)
{
    std::map<std::uint32_t, std::vector<std::uint32_t>> roots; // by operation
    for (std::uint32_t trace = 0; trace < in.forest.traces(); ++trace) {
        if (const auto row = in.forest.rootOf(trace); row != kNoRow)
            roots[in.index.of[row]].push_back(row);
    }
    std::vector<SpanFinding> out;
    for (auto &[operation, rows] : roots) {
        std::sort(rows.begin(), rows.end());
        auto found = Detector(in, in.index.keys[operation], std::move(rows)).run();
        out.insert(out.end(), std::make_move_iterator(found.begin()),
                   std::make_move_iterator(found.end()));
    }
    return out;
}

} // namespace flamewright
