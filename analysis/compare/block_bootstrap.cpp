#include "analysis/compare/block_bootstrap.h"

#include "analysis/compare/student_t.h"

#include <algorithm>
#include <cmath>
#include <math.h> // lgamma_r
#include <numeric>
#include <random>

namespace flamewright {
namespace {

constexpr std::size_t kMostCells = 400;
constexpr double kTail = 0.025;
constexpr double kLeastBlocks = 12; // blocks are not made so long that there are fewer

// The mean rank of the units of each cell; ties have one rank.
std::vector<double> rankLevels(std::span<const std::int64_t> level, std::size_t cells)
{
    std::vector<std::size_t> order(level.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return std::pair(level[a], a) < std::pair(level[b], b);
    });
    std::vector<double> sums(cells, 0), counts(cells, 0);
    for (std::size_t i = 0; i < order.size();) {
        auto next = i;
        while (next < order.size() && level[order[next]] == level[order[i]])
            ++next;
        const auto rank = static_cast<double>(i + next) / 2;
        for (; i < next; ++i) {
            const auto cell = BlockBootstrap::cellOf(order[i], level.size());
            sums[cell] += rank;
            counts[cell] += 1;
        }
    }
    for (std::size_t i = 0; i < cells; ++i)
        sums[i] /= counts[i];
    return sums;
}

// In how many cells there is as much to learn as in one independent one: the sum of the
// correlations, as long as pairs of neighbouring lags add something (Geyer 1992).
double correlationTime(const std::vector<double> &series)
{
    const auto n = series.size();
    double mean = 0, variance = 0;
    for (const auto value : series)
        mean += value;
    mean /= static_cast<double>(n);
    for (const auto value : series)
        variance += (value - mean) * (value - mean);
    if (!(variance > 0))
        return 1;
    const auto correlation = [&](std::size_t lag) {
        double sum = 0;
        for (std::size_t i = 0; i + lag < n; ++i)
            sum += (series[i] - mean) * (series[i + lag] - mean);
        return sum / variance;
    };
    double out = 1 + 2 * (n > 1 ? correlation(1) : 0);
    for (std::size_t lag = 2; lag + 1 < n / 2; lag += 2) {
        const auto pair = correlation(lag) + correlation(lag + 1);
        if (pair <= 0)
            break;
        out += 2 * pair;
    }
    return std::max(out, 1.0);
}

double deviation(const std::vector<double> &values)
{
    const auto n = static_cast<double>(values.size());
    double mean = 0, sum = 0;
    for (const auto value : values)
        mean += value;
    mean /= n;
    for (const auto value : values)
        sum += (value - mean) * (value - mean);
    return std::sqrt(sum / (n - 1));
}

// Between which the middle 95 % of the draws lie, further away from the value by `widen`.
ChangeInterval intervalOf(std::vector<double> draws, double value, double widen)
{
    const auto at = [&](double share) {
        const auto last = static_cast<double>(draws.size() - 1);
        const auto index = static_cast<std::size_t>(share * last + 0.5);
        std::nth_element(draws.begin(), draws.begin() + static_cast<std::ptrdiff_t>(index),
                         draws.end());
        return draws[index];
    };
    const auto low = at(kTail), high = at(1 - kTail);
    return {value + std::min(low - value, 0.0) * widen,
            value + std::max(high - value, 0.0) * widen};
}

// No test can be surer than one that exchanges blocks between the sides.
double smallestP(double baseBlocks, double candBlocks)
{
    int sign = 0;
    const auto logFactorial = [&sign](double n) { return ::lgamma_r(n + 1, &sign); };
    return std::min(1.0, 2 * std::exp(logFactorial(baseBlocks) + logFactorial(candBlocks) -
                                      logFactorial(baseBlocks + candBlocks)));
}

} // namespace

std::size_t BlockBootstrap::cellsOf(std::size_t units)
{
    return std::min(units, kMostCells);
}

std::size_t BlockBootstrap::cellOf(std::size_t unit, std::size_t units)
{
    return units <= kMostCells ? unit : unit * kMostCells / units;
}

BlockBootstrap::BlockBootstrap(std::span<const std::int64_t> level, unsigned rounds,
                               std::uint64_t seed)
    : m_cells(cellsOf(level.size())),
      m_rounds(rounds)
{
    if (m_cells == 0)
        return;
    const auto cells = static_cast<double>(m_cells);
    const auto alike = correlationTime(rankLevels(level, m_cells));
    const auto wanted = std::max(std::cbrt(cells), alike > 1.5 ? 2 * alike : 1.0);
    m_block =
        static_cast<std::size_t>(std::max(1.0, std::floor(std::min(wanted, cells / kLeastBlocks))));
    m_weights.assign(m_cells * rounds, 0);
    std::mt19937_64 random(seed);
    for (unsigned round = 0; round < rounds; ++round) {
        auto *weights = &m_weights[round * m_cells];
        for (std::size_t drawn = 0; drawn < m_cells; drawn += m_block) {
            // The bias of a modulo is 400 of 2^64.
            auto cell = static_cast<std::size_t>(random() % m_cells);
            const auto length = std::min(m_block, m_cells - drawn);
            for (std::size_t i = 0; i < length; ++i) {
                weights[cell] += 1;
                cell = cell + 1 == m_cells ? 0 : cell + 1;
            }
        }
    }
}

double BlockBootstrap::blocks() const
{
    return static_cast<double>(m_cells) / static_cast<double>(m_block);
}

BlockFigure BlockBootstrap::ratio(std::span<const std::int64_t> part,
                                  std::span<const std::int64_t> whole) const
{
    BlockFigure out;
    out.blocks = blocks();
    double parts = 0, wholes = 0;
    // Floats would lose nanoseconds of long sums: the cells' values are taken relative to the mean.
    std::vector<float> above(m_cells), size(m_cells);
    for (std::size_t i = 0; i < m_cells; ++i) {
        parts += static_cast<double>(part[i]);
        wholes += static_cast<double>(whole[i]);
    }
    if (wholes <= 0)
        return out;
    out.value = parts / wholes;
    const auto unit = std::max(std::abs(out.value), 1e-300);
    const auto mean = wholes / static_cast<double>(m_cells);
    for (std::size_t i = 0; i < m_cells; ++i) {
        const auto own = static_cast<double>(whole[i]);
        above[i] =
            static_cast<float>((static_cast<double>(part[i]) - out.value * own) / unit / mean);
        size[i] = static_cast<float>(own / mean);
    }
    out.draws.resize(m_rounds);
    for (unsigned round = 0; round < m_rounds; ++round) {
        const auto *weights = &m_weights[round * m_cells];
        float sum = 0, sizes = 0;
        for (std::size_t i = 0; i < m_cells; ++i) {
            sum += weights[i] * above[i];
            sizes += weights[i] * size[i];
        }
        out.draws[round] = sizes > 0
                               ? std::max(0.0, out.value + static_cast<double>(sum / sizes) * unit)
                               : out.value;
    }
    return out;
}

BlockFigure BlockBootstrap::percentile(std::span<const std::int64_t> sorted,
                                       std::span<const std::uint32_t> cell,
                                       unsigned perMyriad) const
{
    BlockFigure out;
    out.blocks = blocks();
    if (sorted.empty())
        return out;
    const auto n = sorted.size();
    const auto rankOf = [n](double share) {
        return std::ceil(share * static_cast<double>(n) - 1e-9);
    };
    const auto wanted = static_cast<double>(perMyriad) / 10'000;
    const auto rank = static_cast<std::size_t>(std::max(rankOf(wanted), 1.0));
    out.value = static_cast<double>(sorted[rank - 1]);
    std::vector<std::int64_t> below(m_cells, 0), all(m_cells, 0);
    for (std::size_t i = 0; i < n; ++i) {
        ++all[cell[i]];
        below[cell[i]] += i < rank ? 1 : 0;
    }
    const auto shares = ratio(below, all);
    std::size_t beyond = 0;
    out.draws.reserve(m_rounds);
    for (const auto share : shares.draws) {
        const auto at = rankOf(wanted + (shares.value - share));
        beyond += at < 1 || at > static_cast<double>(n) ? 1 : 0;
        const auto index = static_cast<std::size_t>(std::clamp(at, 1.0, static_cast<double>(n)));
        out.draws.push_back(static_cast<double>(sorted[index - 1]));
    }
    if (static_cast<double>(beyond) > kTail * m_rounds)
        out.draws.clear();
    return out;
}

void compareDrawn(Change &change, const std::optional<BlockFigure> &base,
                  const std::optional<BlockFigure> &cand)
{
    if (base)
        change.base = base->value;
    if (cand)
        change.cand = cand->value;
    const auto rounds =
        std::min(base ? base->draws.size() : SIZE_MAX, cand ? cand->draws.size() : SIZE_MAX);
    if ((!base && !cand) || rounds < 2)
        return;
    const auto baseBlocks = base ? base->blocks : cand->blocks;
    const auto candBlocks = cand ? cand->blocks : base->blocks;
    const auto blocks = std::max(std::min(baseBlocks, candBlocks), 2.0);
    const auto few = std::sqrt(blocks / (blocks - 1));
    const auto widen = few * student95(blocks - 1) / 1.959963984540054;
    const auto of = [](const std::optional<BlockFigure> &side, std::size_t round) {
        return side ? side->draws[round] : 0.0;
    };
    std::vector<double> differences(rounds), ratios;
    bool ratio = base && cand && base->value > 0 && cand->value > 0;
    for (std::size_t round = 0; round < rounds; ++round) {
        const auto b = of(base, round), c = of(cand, round);
        differences[round] = c - b;
        ratio = ratio && b > 0 && c > 0;
        if (ratio)
            ratios.push_back(std::log(c / b));
    }
    const auto spread = deviation(differences);
    auto t = change.delta() / (spread * few);
    change.difference = intervalOf(std::move(differences), change.delta(), widen);
    if (ratio) {
        const auto value = std::log(cand->value / base->value);
        t = value / (deviation(ratios) * few);
        const auto logs = intervalOf(std::move(ratios), value, widen);
        change.relative = {std::expm1(logs.low), std::expm1(logs.high)};
    }
    // Where nothing varies and nothing changed (one call in each trace) there is nothing to test.
    if (spread == 0 && change.delta() == 0)
        return;
    change.p = std::max(studentTwoSided(t, blocks - 1), smallestP(baseBlocks, candBlocks));
}

} // namespace flamewright
