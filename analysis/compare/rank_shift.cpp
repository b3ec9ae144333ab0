#include "analysis/compare/rank_shift.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

namespace flamewright {
namespace {

constexpr std::size_t kExact = 50;
constexpr double kTail = 0.025;
constexpr double kNormalTail = 1.959963984540054;

// Doubles in their order as integers: halving a range of these ends after 64 steps, whatever the
// values are.
std::uint64_t ordered(double value)
{
    const auto bits = std::bit_cast<std::uint64_t>(value + 0.0); // -0 is 0
    return (bits >> 63) != 0 ? ~bits : bits | (std::uint64_t{1} << 63);
}
double unordered(std::uint64_t key)
{
    return std::bit_cast<double>((key >> 63) != 0 ? key & ~(std::uint64_t{1} << 63) : ~key);
}

// All op(second, first), which fall as the first rises and rise with the second: how many are at
// most `limit`, and the value at a rank of theirs, without making them.
template <class Op>
class Pairs {
public:
    Pairs(std::span<const double> first, std::span<const double> second, Op op)
        : m_first(first),
          m_second(second),
          m_op(op)
    {}
    std::size_t count() const { return m_first.size() * m_second.size(); }
    std::size_t atMost(double limit) const
    {
        std::size_t out = 0, within = 0;
        for (const auto first : m_first) {
            while (within < m_second.size() && m_op(m_second[within], first) <= limit)
                ++within;
            out += within;
        }
        return out;
    }
    double at(std::size_t rank) const // from 1
    {
        auto low = ordered(m_op(m_second.front(), m_first.back()));
        auto high = ordered(m_op(m_second.back(), m_first.front()));
        while (low < high) {
            const auto middle = low + (high - low) / 2;
            if (atMost(unordered(middle)) >= rank)
                high = middle;
            else
                low = middle + 1;
        }
        return unordered(low);
    }

private:
    std::span<const double> m_first, m_second;
    Op m_op;
};

template <class Op>
RankShift shiftOf(std::span<const double> first, std::span<const double> second, Op op,
                  double (*between)(double, double))
{
    const Pairs pairs(first, second, op);
    const auto n = pairs.count();
    RankShift out;
    const auto upper = pairs.at(n / 2 + 1);
    out.estimate = n % 2 == 1 ? upper : between(pairs.at(n / 2), upper);
    if (const auto rank = shiftRank(first.size(), second.size()); rank > 0)
        out.interval = ChangeInterval{pairs.at(rank), pairs.at(n + 1 - rank)};
    return out;
}

} // namespace

std::size_t shiftRank(std::size_t first, std::size_t second)
{
    const auto n1 = std::min(first, second), n2 = std::max(first, second);
    if (n1 == 0)
        return 0;
    if (n2 > kExact) {
        const auto a = static_cast<double>(n1), b = static_cast<double>(n2);
        const auto rank = a * b / 2 - kNormalTail * std::sqrt(a * b * (a + b + 1) / 12) + 0.5;
        return rank < 1 ? 0 : static_cast<std::size_t>(rank);
    }
    // U is the sum of n1 numbers of 0 to n2 in ascending order: ways[k][u] counts partitions of u into
    // k parts of at most `part`. The half is enough.
    const auto width = n1 * n2 / 2 + 1;
    std::vector<std::vector<double>> ways(n1 + 1, std::vector<double>(width, 0));
    ways[0][0] = 1;
    for (std::size_t part = 1; part <= n2; ++part) {
        for (std::size_t k = 1; k <= n1; ++k) {
            for (auto u = part; u < width; ++u)
                ways[k][u] += ways[k - 1][u - part];
        }
    }
    double all = 1;
    for (std::size_t i = 1; i <= n1; ++i)
        all *= static_cast<double>(n2 + i) / static_cast<double>(i);
    double sum = 0;
    for (std::size_t u = 0; u < width; ++u) {
        for (std::size_t k = 0; k <= n1; ++k)
            sum += ways[k][u];
        if (sum > kTail * all)
            return u;
    }
    return width;
}

RankShift rankShift(std::span<const double> firstSorted, std::span<const double> secondSorted)
{
    return shiftOf(
        firstSorted, secondSorted, [](double b, double a) { return b - a; },
        [](double a, double b) { return a / 2 + b / 2; });
}

std::optional<RankShift> rankRatio(std::span<const double> firstSorted,
                                   std::span<const double> secondSorted)
{
    if (!(firstSorted.front() > 0) || !(secondSorted.front() > 0))
        return std::nullopt;
    auto out = shiftOf(
        firstSorted, secondSorted, [](double b, double a) { return b / a; },
        // Between logarithms it is the geometric mean.
        [](double a, double b) { return std::sqrt(a) * std::sqrt(b); });
    if (!std::isfinite(out.estimate))
        return std::nullopt;
    out.estimate -= 1;
    if (out.interval) {
        if (!std::isfinite(out.interval->high))
            return std::nullopt;
        out.interval = ChangeInterval{out.interval->low - 1, out.interval->high - 1};
    }
    return out;
}

double cliffsDelta(std::span<const double> firstSorted, std::span<const double> secondSorted)
{
    if (firstSorted.empty() || secondSorted.empty())
        return 0;
    double larger = 0, smaller = 0;
    std::size_t below = 0, upTo = 0; // of the second
    for (const auto value : firstSorted) {
        while (below < secondSorted.size() && secondSorted[below] < value)
            ++below;
        upTo = std::max(upTo, below);
        while (upTo < secondSorted.size() && secondSorted[upTo] <= value)
            ++upTo;
        smaller += static_cast<double>(below);
        larger += static_cast<double>(secondSorted.size() - upTo);
    }
    return (larger - smaller) /
           (static_cast<double>(firstSorted.size()) * static_cast<double>(secondSorted.size()));
}

} // namespace flamewright
