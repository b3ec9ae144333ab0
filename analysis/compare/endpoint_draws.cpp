#include "analysis/compare/endpoint_draws.h"

#include "analysis/latency_buckets.h"
#include "analysis/order_statistics.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace flamewright {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kCoarsest = 1'000'000'000;
// Up to here every value is looked at in every round: exact, and as fast as a table.
constexpr std::size_t kScanned = 20'000;
constexpr std::size_t kLargestTable = 16'000'000;   // of counts
constexpr unsigned kFinest = 11, kCoarsestBits = 7; // LatencyBuckets::bits

// Sorted values, and which cell each is of.
class SortedValues {
public:
    SortedValues(const EndpointSample &sample)
    {
        std::vector<std::uint32_t> order(sample.latency.size());
        std::iota(order.begin(), order.end(), 0u);
        std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
            return sample.latency[a] < sample.latency[b];
        });
        for (const auto i : order) {
            m_values.push_back(sample.latency[i]);
            m_cells.push_back(sample.cell[i]);
        }
    }
    // The values at `ranks` (from 1, ascending, at most the weights' total).
    void at(std::span<const std::uint64_t> ranks, std::span<const std::uint32_t> weights,
            std::vector<double> &out) const
    {
        std::uint64_t sum = 0;
        std::size_t next = 0;
        for (const auto rank : ranks) {
            while (sum < rank)
                sum += weights[m_cells[next++]];
            out.push_back(static_cast<double>(m_values[next - 1]));
        }
    }

private:
    std::vector<std::int64_t> m_values;
    std::vector<std::uint32_t> m_cells;
};

// How many values of each cell are at most of a bucket: table[bucket * cells + cell], of the buckets
// that are in use.
class CountedValues {
public:
    CountedValues(const EndpointSample &sample, std::size_t cells) : m_cells(cells)
    {
        LatencyBuckets buckets{kFinest};
        std::vector<std::uint32_t> index;
        for (;;) {
            index = use(sample, buckets);
            if (m_values.size() * cells <= kLargestTable || buckets.bits == kCoarsestBits)
                break;
            --buckets.bits;
        }
        m_table.assign(m_values.size() * cells, 0);
        for (std::size_t i = 0; i < sample.latency.size(); ++i)
            ++m_table[index[buckets.of(sample.latency[i])] * cells + sample.cell[i]];
        for (std::size_t i = cells; i < m_table.size(); ++i)
            m_table[i] += m_table[i - cells];
    }
    void at(std::span<const std::uint64_t> ranks, std::span<const std::uint32_t> weights,
            std::vector<double> &out) const
    {
        std::size_t low = 0;
        for (const auto rank : ranks) {
            auto high = m_values.size() - 1;
            while (low < high) {
                const auto middle = (low + high) / 2;
                if (weighted(middle, weights) >= rank)
                    high = middle;
                else
                    low = middle + 1;
            }
            out.push_back(m_values[low]);
        }
    }

private:
    // Numbers the buckets that have values, and what stands for each: its one value, or the middle
    // of its least and its largest.
    std::vector<std::uint32_t> use(const EndpointSample &sample, LatencyBuckets buckets)
    {
        struct Range {
            std::int64_t low = INT64_MAX, high = 0;
        };
        std::vector<Range> ranges(buckets.count());
        for (const auto latency : sample.latency) {
            const auto value = std::max<std::int64_t>(latency, 0);
            auto &range = ranges[buckets.of(value)];
            range.low = std::min(range.low, value);
            range.high = std::max(range.high, value);
        }
        std::vector<std::uint32_t> index(ranges.size(), 0);
        m_values.clear();
        for (std::size_t i = 0; i < ranges.size(); ++i) {
            if (ranges[i].low > ranges[i].high)
                continue;
            index[i] = static_cast<std::uint32_t>(m_values.size());
            m_values.push_back(static_cast<double>(ranges[i].low) / 2 +
                               static_cast<double>(ranges[i].high) / 2);
        }
        return index;
    }
    std::uint64_t weighted(std::size_t bucket, std::span<const std::uint32_t> weights) const
    {
        const auto *row = &m_table[bucket * m_cells];
        const auto *weight = weights.data();
        std::uint64_t sum = 0;
        for (std::size_t cell = 0; cell < m_cells; ++cell)
            sum += std::uint64_t{row[cell]} * weight[cell];
        return sum;
    }

    std::size_t m_cells;
    std::vector<double> m_values; // of the buckets in use, ascending
    std::vector<std::uint32_t> m_table;
};

double weightedSum(const std::vector<double> &values, std::span<const std::uint32_t> weights)
{
    double out = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
        out += values[i] * weights[i];
    return out;
}

// One round's figures to their lists.
template <class Values>
class Rounds {
public:
    Rounds(const EndpointSample &sample, const Values &values, std::span<const unsigned> perMyriads)
        : m_sample(sample),
          m_values(values),
          m_perMyriads(perMyriads)
    {}
    void add(std::span<const std::uint32_t> weights, double seconds, EndpointDraws &out,
             std::vector<double> FigureDraws::*list)
    {
        const auto count = weightedSum(m_sample.count, weights);
        const auto all = weightedSum(m_sample.all, weights);
        (out.mean.*list).push_back(count > 0 ? weightedSum(m_sample.sum, weights) / count : kNone);
        (out.perSecond.*list).push_back(seconds > 0 ? count / seconds : kNone);
        (out.errorShare.*list)
            .push_back(all > 0 ? weightedSum(m_sample.failed, weights) / all : kNone);
        m_found.clear();
        if (count > 0) {
            m_ranks.clear();
            for (const auto q : m_perMyriads) // counts are whole and below 2^53
                m_ranks.push_back(nearestRank(q, static_cast<std::uint64_t>(count)));
            m_values.at(m_ranks, weights, m_found);
        } else {
            m_found.assign(m_perMyriads.size(), kNone);
        }
        for (std::size_t i = 0; i < m_found.size(); ++i)
            (out.quantiles[i].*list).push_back(m_found[i]);
    }

private:
    const EndpointSample &m_sample;
    const Values &m_values;
    std::span<const unsigned> m_perMyriads;
    std::vector<std::uint64_t> m_ranks;
    std::vector<double> m_found;
};

template <class Values>
EndpointDraws drawFrom(const EndpointSample &sample, const BlockPlan &plan, const Values &values,
                       std::span<const unsigned> perMyriads)
{
    EndpointDraws out;
    out.quantiles.resize(perMyriads.size());
    Rounds rounds(sample, values, perMyriads);
    for (unsigned i = 0; i < plan.rounds(); ++i)
        rounds.add(plan.weights(i), plan.seconds(i), out, &FigureDraws::rounds);
    for (unsigned i = 0; i < plan.withinRounds(); ++i)
        rounds.add(plan.withinWeights(i), plan.withinSeconds(i), out, &FigureDraws::within);
    return out;
}

} // namespace

EndpointSample endpointSample(std::span<const LoadRows> runs, const BlockPlan &plan,
                              std::span<const std::span<const std::uint32_t>> order)
{
    EndpointSample out;
    for (auto *column : {&out.count, &out.sum, &out.all, &out.failed})
        column->assign(plan.cells(), 0);
    std::size_t most = 0;
    for (std::size_t r = 0; r < runs.size(); ++r)
        most += order.empty() ? runs[r].size() : order[r].size();
    out.latency.reserve(most);
    out.cell.reserve(most);
    out.resolution = kCoarsest;
    constexpr std::uint8_t kAny = 1, kCompared = 2;
    std::vector<std::uint8_t> blocks(plan.blocks(), 0);
    for (std::size_t r = 0; r < runs.size(); ++r) {
        const auto &rows = runs[r];
        std::uint64_t failures = 0;
        const auto requests = order.empty() ? rows.size() : order[r].size();
        for (std::size_t k = 0; k < requests; ++k) {
            const auto i = order.empty() ? k : order[r][k];
            const auto cell = plan.cellOf(r, i, rows.begin[i]);
            ++out.all[cell];
            blocks[plan.blockOf(cell)] |= kAny;
            if (rows.failed[i] != 0) {
                ++failures;
                ++out.failed[cell];
                if (!order.empty())
                    continue;
            }
            const auto latency = rows.latency[i];
            blocks[plan.blockOf(cell)] |= kCompared;
            ++out.count[cell];
            out.sum[cell] += static_cast<double>(latency);
            out.latency.push_back(latency);
            out.cell.push_back(cell);
            while (latency % out.resolution != 0)
                out.resolution /= 10;
        }
        out.runEnds.push_back(out.latency.size());
        out.runRequests.push_back(requests);
        out.runFailed.push_back(failures);
        out.requests += requests;
        out.failures += failures;
    }
    for (const auto block : blocks) {
        out.blocks += (block & kCompared) != 0 ? 1 : 0;
        out.allBlocks += (block & kAny) != 0 ? 1 : 0;
    }
    return out;
}

EndpointDraws drawEndpoint(const EndpointSample &sample, const BlockPlan &plan,
                           std::span<const unsigned> perMyriads)
{
    if (sample.latency.size() <= kScanned)
        return drawFrom(sample, plan, SortedValues(sample), perMyriads);
    return drawFrom(sample, plan, CountedValues(sample, plan.cells()), perMyriads);
}

} // namespace flamewright
