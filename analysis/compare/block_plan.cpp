#include "analysis/compare/block_plan.h"

#include <algorithm>
#include <random>

namespace flamewright {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
// A fiftieth of the time; but a second where that leaves a half of them. There is nothing to be
// learned of a pause from blocks that are shorter than it.
constexpr std::int64_t kMostBlocks = 50, kFewBlocks = 25;
constexpr std::int64_t kShortestBlock = 20'000'000, kUsualBlock = kSecondNs;
constexpr std::int64_t kLeastBlocks = 20;
// Requests without times, as many groups as they are put into.
constexpr std::size_t kGroups = 256;
constexpr std::size_t kMostCells = 1024; // about, of all runs

std::int64_t blockFor(std::int64_t time)
{
    return std::max({time / kMostBlocks, std::min(kUsualBlock, time / kFewBlocks), kShortestBlock});
}

// Requests that follow one another must not be dealt out in turn: groups would be too much alike.
std::size_t scattered(std::size_t row)
{
    auto x = static_cast<std::uint64_t>(row) + 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return static_cast<std::size_t>((x ^ (x >> 31)) % kGroups);
}

} // namespace

BlockPlan::BlockPlan(std::span<const LoadRows> runs, unsigned rounds, std::uint64_t seed)
    : m_rounds(rounds)
{
    cut(runs);
    if (runs.size() > 1)
        m_withinRounds = std::max(rounds / 4, 50u);
    draw(seed);
}

void BlockPlan::cut(std::span<const LoadRows> runs)
{
    for (const auto &rows : runs) {
        const auto first = rows.firstTimed();
        // Of some with times and some without, those without would be in no block.
        m_byTime = m_byTime && first == 0 && !rows.empty() &&
                   rows.begin.back() - rows.begin.front() >= kLeastBlocks * kShortestBlock;
    }
    const std::size_t perBlock = runs.size() > 5 ? 1 : runs.size() > 2 ? 2 : 4;
    for (const auto &rows : runs) {
        Run run{.firstCell = m_cells};
        if (m_byTime) {
            const auto time = rows.begin.back() - rows.begin.front();
            const auto block = blockFor(time);
            run.perBlock = perBlock;
            run.origin = rows.begin.front();
            run.length = block / static_cast<std::int64_t>(perBlock);
            // The last cell may not be whole; the requests in it are drawn with the others'.
            run.cells = static_cast<std::size_t>(time / run.length);
            m_blockNs = std::max(m_blockNs, block);
            m_allSeconds +=
                static_cast<double>(run.cells) * (static_cast<double>(run.length) / kSecondNs);
        } else {
            run.cells = std::max<std::size_t>(
                std::min({rows.size(), kGroups, kMostCells / runs.size()}), 1);
        }
        for (std::size_t cell = 0; cell < run.cells; ++cell)
            m_blockOf.push_back(static_cast<std::uint32_t>(
                m_blocks + std::min(cell / run.perBlock, run.cells / run.perBlock - 1)));
        m_blocks += run.cells / run.perBlock;
        m_cells += run.cells;
        m_runs.push_back(run);
    }
}

std::size_t BlockPlan::cellIn(const Run &run, std::size_t row, std::int64_t begin)
{
    if (run.length == 0)
        return scattered(row) % run.cells;
    return std::min(static_cast<std::size_t>((begin - run.origin) / run.length), run.cells - 1);
}

void BlockPlan::draw(std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    const auto all = m_rounds + m_withinRounds;
    m_weights.assign(std::size_t{all} * m_cells, 0);
    m_seconds.assign(all, 0);
    for (unsigned round = 0; round < all; ++round) {
        auto *weights = m_weights.data() + round * m_cells;
        for (std::size_t i = 0; i < m_runs.size(); ++i) {
            const auto which = round < m_rounds && m_runs.size() > 1 ? random() % m_runs.size() : i;
            const auto &run = m_runs[which];
            const auto blocks = run.cells / run.perBlock;
            for (std::size_t block = 0; block < blocks; ++block) {
                // Circular, so that the ends of the test are drawn as often as its middle.
                const auto first = random() % run.cells;
                for (std::size_t k = 0; k < run.perBlock; ++k)
                    ++weights[run.firstCell + (first + k) % run.cells];
            }
            m_seconds[round] += static_cast<double>(blocks * run.perBlock) *
                                (static_cast<double>(run.length) / kSecondNs);
        }
    }
}

} // namespace flamewright
