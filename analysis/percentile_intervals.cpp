#include "analysis/percentile_intervals.h"

#include "analysis/latency_buckets.h"
#include "analysis/order_statistics.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <random>

namespace flamewright {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int64_t kShortestBlock = kSecondNs, kLongestBlock = 10 * kSecondNs;
constexpr std::int64_t kBlocksWanted = 50;
constexpr std::int64_t kMostCells = 512;
constexpr std::uint64_t kSeed = 0x626c6f636b;
constexpr double kTail = 0.025;

constexpr LatencyBuckets kBuckets; // kDrawnError

// Time is cut into cells; a block is `perBlock` of them and begins at any.
struct Cells {
    std::int64_t origin = 0, length = 1;
    std::size_t count = 1, perBlock = 1;
    std::size_t of(std::int64_t begin) const
    {
        return std::min(static_cast<std::size_t>((begin - origin) / length), count - 1);
    }
    std::int64_t blockNs() const { return length * static_cast<std::int64_t>(perBlock); }
};

Cells cellsOf(std::int64_t first, std::int64_t last)
{
    const auto time = last - first;
    Cells out;
    out.origin = first;
    auto block = std::clamp(time / kBlocksWanted, kShortestBlock, kLongestBlock);
    block = std::max(block, time / kMostCells + 1);
    for (const std::int64_t parts : {4, 2, 1}) {
        out.perBlock = static_cast<std::size_t>(parts);
        out.length = block / parts;
        if (time / out.length < kMostCells)
            break;
    }
    // The last cell may not be whole; the requests in it are drawn with the others'.
    out.count = std::max<std::size_t>(static_cast<std::size_t>(time / out.length), 1);
    return out;
}

// How many requests of each cell are at most of a bucket: table[bucket * cells + cell], of the
// buckets that are in use.
class Cumulated {
public:
    Cumulated(const Cells &cells, std::span<const std::int64_t> begin,
              std::span<const std::int64_t> latency)
        : m_cells(cells.count)
    {
        std::vector<std::uint32_t> index(kBuckets.count(), 0);
        for (const auto value : latency)
            index[kBuckets.of(value)] = 1;
        for (std::uint32_t bucket = 0; bucket < kBuckets.count(); ++bucket) {
            if (index[bucket] == 0)
                continue;
            index[bucket] = static_cast<std::uint32_t>(m_buckets.size());
            m_buckets.push_back(bucket);
        }
        m_table.assign(m_buckets.size() * m_cells, 0);
        std::vector<std::uint32_t> counts(m_buckets.size(), 0);
        for (std::size_t i = 0; i < begin.size();) {
            const auto cell = cells.of(begin[i]);
            std::fill(counts.begin(), counts.end(), 0);
            for (; i < begin.size() && cells.of(begin[i]) == cell; ++i)
                ++counts[index[kBuckets.of(latency[i])]];
            std::uint32_t sum = 0;
            for (std::size_t k = 0; k < counts.size(); ++k)
                m_table[k * m_cells + cell] = sum += counts[k];
        }
    }

    bool hasRequests(std::size_t cell) const { return count(m_buckets.size() - 1, cell) > 0; }

    // The nearest-rank percentile when each cell is there `weights` times; the bucket's middle.
    std::int64_t percentile(unsigned perMyriad, const std::vector<std::uint32_t> &weights,
                            std::uint64_t total) const
    {
        const auto rank = nearestRank(perMyriad, total);
        std::size_t low = 0, high = m_buckets.size() - 1;
        while (low < high) {
            const auto middle = (low + high) / 2;
            if (weighted(middle, weights) >= rank)
                high = middle;
            else
                low = middle + 1;
        }
        return kBuckets.middle(m_buckets[low]);
    }
    std::uint64_t total(const std::vector<std::uint32_t> &weights) const
    {
        return weighted(m_buckets.size() - 1, weights);
    }

private:
    std::uint32_t count(std::size_t bucket, std::size_t cell) const
    {
        return m_table[bucket * m_cells + cell];
    }
    std::uint64_t weighted(std::size_t bucket, const std::vector<std::uint32_t> &weights) const
    {
        const auto *row = &m_table[bucket * m_cells];
        const auto *weight = weights.data();
        std::uint64_t sum = 0;
        for (std::size_t cell = 0; cell < m_cells; ++cell)
            sum += std::uint64_t{row[cell]} * weight[cell];
        return sum;
    }

    std::size_t m_cells;
    std::vector<std::uint32_t> m_buckets; // in use, ascending
    std::vector<std::uint32_t> m_table;
};

std::uint64_t blocksWithRequests(const Cumulated &table, const Cells &cells)
{
    std::uint64_t out = 0;
    for (std::size_t begin = 0; begin < cells.count; begin += cells.perBlock) {
        bool any = false;
        for (auto cell = begin; cell < std::min(begin + cells.perBlock, cells.count); ++cell)
            any = any || table.hasRequests(cell);
        out += any ? 1 : 0;
    }
    return out;
}

} // namespace

std::optional<BlockDraws> drawPercentiles(std::span<const std::int64_t> begin,
                                          std::span<const std::int64_t> latency,
                                          std::span<const unsigned> perMyriads, unsigned resamples)
{
    assert(std::is_sorted(begin.begin(), begin.end()) && begin.size() == latency.size());
    const auto untimed =
        static_cast<std::size_t>(std::lower_bound(begin.begin(), begin.end(), 0) - begin.begin());
    begin = begin.subspan(untimed);
    latency = latency.subspan(untimed);
    if (begin.size() < kLeastBlocks)
        return std::nullopt;
    const auto cells = cellsOf(begin.front(), begin.back());
    if (cells.count < kLeastBlocks * cells.perBlock)
        return std::nullopt;
    const Cumulated table(cells, begin, latency);
    if (blocksWithRequests(table, cells) < kLeastBlocks)
        return std::nullopt;

    BlockDraws out;
    out.blockNs = cells.blockNs();
    out.blocks = cells.count / cells.perBlock;
    out.values.resize(perMyriads.size());
    std::mt19937_64 random(kSeed);
    std::vector<std::uint32_t> weights(cells.count);
    for (unsigned round = 0; round < resamples; ++round) {
        std::fill(weights.begin(), weights.end(), 0);
        for (std::uint64_t block = 0; block < out.blocks; ++block) {
            // Circular, so that the ends of the test are drawn as often as its middle.
            const auto first = random() % cells.count;
            for (std::size_t i = 0; i < cells.perBlock; ++i)
                ++weights[(first + i) % cells.count];
        }
        const auto total = table.total(weights);
        if (total == 0) // as good as never: a fiftieth of the blocks has requests at least
            continue;
        for (std::size_t i = 0; i < perMyriads.size(); ++i)
            out.values[i].push_back(table.percentile(perMyriads[i], weights, total));
    }
    return out;
}

std::optional<BlockIntervals> blockIntervals(std::span<const std::int64_t> begin,
                                             std::span<const std::int64_t> latency,
                                             unsigned resamples)
{
    std::vector<unsigned> asked;
    std::vector<std::size_t> which;
    for (std::size_t i = 0; i < kPercentiles.size(); ++i) {
        if (!quantileInterval(kPercentiles[i].perMyriad, latency.size()))
            continue;
        asked.push_back(kPercentiles[i].perMyriad);
        which.push_back(i);
    }
    if (asked.empty())
        return std::nullopt;
    auto draws = drawPercentiles(begin, latency, asked, resamples);
    if (!draws)
        return std::nullopt;
    BlockIntervals out;
    out.blockNs = draws->blockNs;
    out.blocks = draws->blocks;
    out.resamples = resamples;
    for (std::size_t i = 0; i < which.size(); ++i)
        out.intervals[which[i]] = middleOf(std::move(draws->values[i]));
    return out;
}

std::optional<LatencyInterval> middleOf(std::vector<std::int64_t> values)
{
    if (values.empty())
        return std::nullopt;
    std::sort(values.begin(), values.end());
    const auto last = static_cast<double>(values.size() - 1);
    return LatencyInterval{values[static_cast<std::size_t>(std::floor(kTail * last))],
                           values[static_cast<std::size_t>(std::ceil((1 - kTail) * last))]};
}

} // namespace flamewright
