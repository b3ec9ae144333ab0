#include "analysis/load_timeline.h"

#include "analysis/order_statistics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace flamewright {
namespace {

constexpr double kLeastPixels = 4; // of a bin
// Requests that are wanted in a bin, and how many bins there are at least whatever that makes of it:
// p99 in many of them, or at least p95 in some.
struct Wanted {
    double inBin, leastBins;
};
constexpr std::array<Wanted, 2> kWanted{{{200, 60}, {50, 24}}};
constexpr std::size_t kMostBins = 100'000;
constexpr std::int64_t kLatest = INT64_MAX / 2; // so that the end of the last bin is a number, too
constexpr std::int64_t kSoon = 50;
constexpr std::size_t kErrorKinds = 4; // with a colour of their own; more are others

std::int64_t roundBin(double least)
{
    std::int64_t unit = 1;
    while (static_cast<double>(unit) * 10 <= least && unit < 100'000'000'000'000'000)
        unit *= 10;
    for (const std::int64_t times : {1, 2, 5}) {
        if (static_cast<double>(unit * times) >= least)
            return unit * times;
    }
    return unit * 10;
}

std::int64_t endOf(const LoadRows &rows, std::size_t i)
{
    return saturatingAdd(rows.begin[i], std::max<std::int64_t>(rows.latency[i], 0));
}

// Which series a group belongs to.
struct Grouping {
    std::vector<std::uint32_t> seriesOf; // by group
    std::size_t series = 1;
};

Grouping groupingOf(const LoadRows &rows, const TimelineQuestion &question, LoadTimeline &out)
{
    Grouping to;
    to.seriesOf.assign(rows.groups.size(), 0);
    if (!question.grouped) {
        out.series.resize(1);
        return to;
    }
    std::vector<std::uint64_t> counts(rows.groups.size(), 0);
    for (const auto group : rows.group)
        ++counts[group];
    std::vector<std::uint32_t> order(counts.size());
    std::iota(order.begin(), order.end(), 0u);
    std::erase_if(order, [&](std::uint32_t g) { return counts[g] == 0; });
    if (question.order == SeriesOrder::ByCount)
        std::stable_sort(order.begin(), order.end(),
                         [&](std::uint32_t a, std::uint32_t b) { return counts[a] > counts[b]; });
    const auto most = std::max<std::size_t>(question.most, 1);
    const auto own = order.size() > most ? most - 1 : order.size();
    out.othersGroups = order.size() - own;
    to.series = std::max<std::size_t>(own + (out.othersGroups > 0 ? 1 : 0), 1);
    out.series.resize(to.series);
    for (std::size_t i = 0; i < order.size(); ++i) {
        to.seriesOf[order[i]] = static_cast<std::uint32_t>(std::min(i, own));
        if (i < own) {
            out.series[i].name = rows.groups[order[i]];
            out.series[i].group = order[i];
        }
    }
    return to;
}

// Requests of one series under way, by bin: each adds the part of a bin that it covers.
class Overlap {
public:
    Overlap(std::int64_t beginNs, std::int64_t binNs, std::size_t bins)
        : m_begin(beginNs),
          m_bin(binNs),
          m_partial(bins, 0),
          m_steps(bins + 1, 0)
    {}
    void add(std::int64_t begin, std::int64_t end)
    {
        const auto last = m_begin + m_bin * static_cast<std::int64_t>(m_partial.size());
        begin = std::clamp(begin, m_begin, last);
        end = std::clamp(end, m_begin, last);
        if (begin >= end)
            return;
        const auto from = static_cast<std::size_t>((begin - m_begin) / m_bin);
        const auto to = static_cast<std::size_t>((end - 1 - m_begin) / m_bin);
        const auto edge = [&](std::size_t bin) {
            return m_begin + m_bin * static_cast<std::int64_t>(bin);
        };
        if (from == to) {
            m_partial[from] += static_cast<double>(end - begin);
            return;
        }
        m_partial[from] += static_cast<double>(edge(from + 1) - begin);
        m_partial[to] += static_cast<double>(end - edge(to));
        m_steps[from + 1] += 1; // whole bins between them
        m_steps[to] -= 1;
    }
    // In nanoseconds of requests.
    std::vector<double> take()
    {
        std::int64_t whole = 0;
        for (std::size_t i = 0; i < m_partial.size(); ++i) {
            whole += m_steps[i];
            m_partial[i] += static_cast<double>(whole) * static_cast<double>(m_bin);
        }
        return std::move(m_partial);
    }

private:
    std::int64_t m_begin, m_bin;
    std::vector<double> m_partial;
    std::vector<std::int64_t> m_steps;
};

std::int64_t percentileOf(std::span<const std::int64_t> values, unsigned perMyriad)
{
    const auto rank = nearestRank(perMyriad, values.size());
    if (rank >= values.size())
        return TimelineSeries::kTooFew;
    const std::uint64_t ranks[] = {rank};
    return valuesAtRanks(values, ranks).front();
}

// Latencies of a bin are complete when the next bin begins: rows are in order of time.
class Percentiles {
public:
    explicit Percentiles(TimelineSeries &series, std::size_t bins) : m_series(series)
    {
        for (auto &column : series.percentiles)
            column.assign(bins, TimelineSeries::kTooFew);
    }
    void add(std::size_t bin, std::int64_t latency)
    {
        if (bin != m_bin)
            flush();
        m_bin = bin;
        m_values.push_back(latency);
    }
    void flush()
    {
        if (!m_values.empty()) {
            for (std::size_t p = 0; p < kTimelinePercentiles.size(); ++p)
                m_series.percentiles[p][m_bin] =
                    percentileOf(m_values, kTimelinePercentiles[p].perMyriad);
        }
        m_values.clear();
    }

private:
    TimelineSeries &m_series;
    std::size_t m_bin = 0;
    std::vector<std::int64_t> m_values;
};

// Why a failed request failed, for people: its error, or else its status.
struct ErrorKinds {
    std::vector<std::size_t> kindOf; // by error, then by status; index of `errors`
    std::size_t errors = 0;          // of the rows
    std::size_t of(const LoadRows &rows, std::size_t i) const
    {
        return rows.error[i] != 0 ? kindOf[rows.error[i]] : kindOf[errors + rows.status[i]];
    }
};

ErrorKinds errorKindsOf(const LoadRows &rows, std::size_t bins, LoadTimeline &out)
{
    ErrorKinds kinds;
    kinds.errors = rows.errors.size();
    std::vector<std::uint64_t> counts(rows.errors.size() + rows.statuses.size(), 0);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows.failed[i] != 0)
            ++counts[rows.error[i] != 0 ? rows.error[i] : kinds.errors + rows.status[i]];
    }
    std::vector<std::size_t> order(counts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::erase_if(order, [&](std::size_t k) { return counts[k] == 0; });
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return counts[a] > counts[b]; });
    const auto own = order.size() > kErrorKinds + 1 ? kErrorKinds : order.size();
    kinds.kindOf.assign(counts.size(), own);
    for (std::size_t i = 0; i < order.size(); ++i) {
        kinds.kindOf[order[i]] = std::min(i, own);
        if (i > own) {
            out.errors.back().total += counts[order[i]];
            continue;
        }
        LoadTimeline::Errors errors;
        errors.count.assign(bins, 0);
        errors.total = counts[order[i]];
        if (i == own)
            errors.othersKinds = order.size() - own;
        else
            errors.name = order[i] < kinds.errors ? rows.errors[order[i]]
                                                  : rows.statuses[order[i] - kinds.errors];
        out.errors.push_back(std::move(errors));
    }
    return kinds;
}

// Requests of the series that has the fewest: its line shall not be all gaps.
double fewestRequests(const LoadRows &rows, const Grouping &grouping, bool includeFailures)
{
    std::vector<std::uint64_t> counts(grouping.series, 0);
    for (auto i = rows.firstTimed(); i < rows.size(); ++i) {
        if (includeFailures || rows.failed[i] == 0)
            ++counts[grouping.seriesOf[rows.group[i]]];
    }
    const auto fewest = *std::min_element(counts.begin(), counts.end());
    return std::max(static_cast<double>(fewest), 1.0);
}

std::int64_t binLength(const LoadTimeline &out, const LoadSpan &shown, double pixels,
                       double requests)
{
    const auto span = static_cast<double>(shown.endNs) - static_cast<double>(shown.beginNs);
    const auto whole =
        static_cast<double>(out.whole.endNs) - static_cast<double>(out.whole.beginNs);
    auto least = std::max(span / std::max(pixels, 1.0) * kLeastPixels,
                          span / static_cast<double>(kMostBins));
    for (const auto &wanted : kWanted)
        least = std::max(least, std::min(whole / requests * wanted.inBin, span / wanted.leastBins));
    return roundBin(std::max(least, 1.0));
}

} // namespace

double LoadTimeline::coveredSeconds(std::size_t bin) const
{
    const auto begin = std::max(binBegin(bin), whole.beginNs);
    const auto end = std::min(saturatingAdd(binBegin(bin), binNs), whole.endNs);
    return static_cast<double>(std::max<std::int64_t>(end - begin, 1)) / 1e9;
}

LoadTimeline loadTimeline(const LoadRows &rows, const TimelineQuestion &question)
{
    LoadTimeline out;
    out.requests = rows.size();
    out.failuresIncluded = question.includeFailures;
    out.untimed = rows.firstTimed();
    for (const auto failed : rows.failed)
        out.failed += failed;
    const auto first = rows.firstTimed();
    if (first == rows.size())
        return out;
    out.whole.beginNs = std::min(rows.begin[first], kLatest - 1);
    out.whole.endNs = std::clamp(std::max(rows.endNs(), saturatingAdd(rows.begin.back(), 1)),
                                 out.whole.beginNs + 1, kLatest);
    // Where the first request was sent right after the start, the axis begins with 0.
    if (out.whole.beginNs <= out.whole.endNs / kSoon)
        out.whole.beginNs = 0;
    auto shown = question.shown.value_or(out.whole);
    shown.beginNs = std::clamp(shown.beginNs, out.whole.beginNs, out.whole.endNs - 1);
    shown.endNs = std::clamp(shown.endNs, shown.beginNs + 1, out.whole.endNs);
    const auto grouping = groupingOf(rows, question, out);
    out.binNs = binLength(out, shown, question.pixels,
                          fewestRequests(rows, grouping, question.includeFailures));
    // On multiples of the length, so that panning moves bins and does not count them anew.
    out.beginNs = shown.beginNs / out.binNs * out.binNs;
    const auto bins = static_cast<std::size_t>((shown.endNs - 1 - out.beginNs) / out.binNs) + 1;

    const auto kinds = errorKindsOf(rows, bins, out);
    std::vector<Overlap> overlap(grouping.series, Overlap(out.beginNs, out.binNs, bins));
    std::vector<Percentiles> percentiles;
    for (auto &series : out.series) {
        series.count.assign(bins, 0);
        series.failed.assign(bins, 0);
        series.bytesIn.assign(bins, 0);
        series.bytesOut.assign(bins, 0);
        percentiles.emplace_back(series, bins);
    }
    const auto end = out.beginNs + out.binNs * static_cast<std::int64_t>(bins);
    for (auto i = first; i < rows.size() && rows.begin[i] < end; ++i) {
        const auto s = grouping.seriesOf[rows.group[i]];
        overlap[s].add(rows.begin[i], endOf(rows, i));
        if (rows.begin[i] < out.beginNs)
            continue;
        const auto bin = static_cast<std::size_t>((rows.begin[i] - out.beginNs) / out.binNs);
        auto &series = out.series[s];
        ++series.count[bin];
        series.bytesIn[bin] += rows.bytesIn[i];
        series.bytesOut[bin] += rows.bytesOut[i];
        if (rows.failed[i] != 0) {
            ++series.failed[bin];
            ++out.errors[kinds.of(rows, i)].count[bin];
        }
        if (rows.failed[i] == 0 || question.includeFailures)
            percentiles[s].add(bin, rows.latency[i]);
    }
    for (std::size_t s = 0; s < grouping.series; ++s) {
        percentiles[s].flush();
        out.series[s].concurrency = overlap[s].take();
        for (std::size_t bin = 0; bin < bins; ++bin)
            out.series[s].concurrency[bin] /= out.coveredSeconds(bin) * 1e9;
    }
    return out;
}

} // namespace flamewright
