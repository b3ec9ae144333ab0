#include "analysis/latency_report.h"

#include <algorithm>
#include <map>

namespace flamewright {
namespace {

constexpr double kNanosPerSecond = 1e9;

std::optional<double> rateOf(std::uint64_t count, std::optional<std::int64_t> ns)
{
    if (!ns || *ns <= 0)
        return std::nullopt;
    return static_cast<double>(count) / (static_cast<double>(*ns) / kNanosPerSecond);
}

// When there were requests: of a phase of a capture, from the first request to the end of the one
// that ends last.
class Spans {
public:
    explicit Spans(const LoadRows &rows)
        : m_rows(rows),
          m_byWall(std::all_of(rows.captures.begin(), rows.captures.end(),
                               [](const auto &c) { return c.startedAtNs.has_value(); }))
    {}

    void add(std::size_t row)
    {
        const auto capture = m_rows.capture[row];
        const auto zero = m_byWall ? *m_rows.captures[capture].startedAtNs : 0;
        const auto begin = saturatingAdd(zero, m_rows.begin[row]);
        const auto end = saturatingAdd(begin, std::max<std::int64_t>(m_rows.latency[row], 0));
        const std::pair key{std::uint32_t{capture}, m_rows.phase[row]};
        if (!m_last || m_last->first != key) // rows of a phase come together
            m_last = &*m_spans.try_emplace(key, begin, end).first;
        auto &span = m_last->second;
        span.first = std::min(span.first, begin);
        span.second = std::max(span.second, end);
    }
    std::optional<std::int64_t> length() const
    {
        if (m_spans.empty())
            return std::nullopt;
        // Clocks that cannot be compared are added up capture by capture.
        std::map<std::uint32_t, std::vector<TimeRange>> spans;
        for (const auto &[of, span] : m_spans)
            spans[m_byWall ? 0 : of.first].push_back(
                {Timestamp{Duration{span.first}}, Timestamp{Duration{span.second}}});
        std::int64_t out = 0;
        for (auto &[clock, of] : spans)
            out = saturatingAdd(out, lengthOfUnion(std::move(of)));
        return out;
    }

private:
    const LoadRows &m_rows;
    bool m_byWall;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::pair<std::int64_t, std::int64_t>>
        m_spans; // by capture and phase
    decltype(m_spans)::value_type *m_last = nullptr;
};

} // namespace

std::optional<std::int64_t> requestTime(const LoadRows &rows)
{
    Spans all(rows);
    for (auto i = rows.firstTimed(); i < rows.size(); ++i)
        all.add(i);
    return all.length();
}

LatencyReport latencyReport(const LoadRows &rows, RateOver over, bool together)
{
    LatencyReport out;
    const auto groups = rows.groups.size();
    const auto table = latencyTable(rows.latency, rows.group, rows.failed, groups, together);
    Spans all(rows);
    std::vector<Spans> own(over == RateOver::Own ? groups : 0, Spans(rows));
    for (auto i = rows.firstTimed(); i < rows.size(); ++i) {
        all.add(i);
        if (over == RateOver::Own)
            own[rows.group[i]].add(i);
    }
    out.all = table.all;
    out.durationNs = all.length();
    out.ratePerSecond = rateOf(table.all.count, out.durationNs);
    for (std::uint32_t i = 0; i < groups; ++i) {
        if (table.groups[i].count() == 0)
            continue;
        auto &row = out.groups.emplace_back();
        row.group = i;
        row.name = rows.groups[i];
        row.latency = table.groups[i];
        out.errors += row.latency.failed.count;
        row.ratePerSecond =
            rateOf(row.latency.count(), over == RateOver::Own ? own[i].length() : out.durationNs);
    }
    std::stable_sort(out.groups.begin(), out.groups.end(), [](const auto &a, const auto &b) {
        const auto left = a.latency.count(), right = b.latency.count();
        return left != right ? left > right : a.name < b.name;
    });
    return out;
}

} // namespace flamewright
