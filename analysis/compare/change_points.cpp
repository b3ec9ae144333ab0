#include "analysis/compare/change_points.h"

#include "analysis/compare/student_t.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

namespace flamewright {
namespace {

// Distances of all pairs of a window as sums over rectangles.
class Distances {
public:
    explicit Distances(std::span<const double> values)
        : m_width(values.size() + 1),
          m_sums(m_width * m_width, 0)
    {
        for (std::size_t i = 0; i < values.size(); ++i) {
            double row = 0;
            for (std::size_t j = 0; j < values.size(); ++j) {
                row += std::abs(values[i] - values[j]);
                m_sums[(i + 1) * m_width + j + 1] = m_sums[i * m_width + j + 1] + row;
            }
        }
    }
    // Between [a, b) and [c, d).
    double between(std::size_t a, std::size_t b, std::size_t c, std::size_t d) const
    {
        return at(b, d) - at(a, d) - at(b, c) + at(a, c);
    }
    double within(std::size_t a, std::size_t b) const { return between(a, b, a, b) / 2; }

private:
    double at(std::size_t i, std::size_t j) const { return m_sums[i * m_width + j]; }

    std::size_t m_width;
    std::vector<double> m_sums;
};

struct Split {
    std::size_t index = 0;
    double gain = 0;
};

// The best place to split [begin, end), at least two values. What lies behind `until` is left out of
// the comparison, so that a second change does not blur the first.
Split bestSplit(const Distances &distances, std::size_t begin, std::size_t end)
{
    Split best{begin + 1, -1};
    for (auto at = begin + 1; at < end; ++at) {
        const auto n = static_cast<double>(at - begin);
        const auto left = distances.within(begin, at);
        for (auto until = at + 1; until <= end; ++until) {
            const auto m = static_cast<double>(until - at);
            auto gain = 2 / (m + n) * distances.between(begin, at, at, until);
            if (n > 1)
                gain -= 2 * m / (m + n) / (n - 1) * left;
            if (m > 1)
                gain -= 2 * n / (m + n) / (m - 1) * distances.within(at, until);
            if (gain > best.gain)
                best = {at, gain};
        }
    }
    return best;
}

struct Moments {
    double mean = 0, variance = 0; // over n, as Hunter has it: its published points depend on it
};
Moments momentsOf(std::span<const double> values)
{
    Moments out;
    const auto n = static_cast<double>(values.size());
    for (const auto value : values)
        out.mean += value / n;
    for (const auto value : values)
        out.variance += (value - out.mean) * (value - out.mean) / n;
    return out;
}

ChangePoint tested(std::span<const double> series, std::size_t begin, std::size_t index,
                   std::size_t end)
{
    const auto left = momentsOf(series.subspan(begin, index - begin));
    const auto right = momentsOf(series.subspan(index, end - index));
    ChangePoint out{index, left.mean, right.mean, index - begin, end - index};
    const auto n = static_cast<double>(out.beforeCount), m = static_cast<double>(out.afterCount);
    const auto degrees = n + m - 2;
    if (degrees <= 0 || left.mean == right.mean)
        return out; // of two values nobody knows how much they vary
    const auto pooled = ((n - 1) * left.variance + (m - 1) * right.variance) / degrees;
    const auto error = std::sqrt(pooled * (1 / n + 1 / m));
    out.p = error > 0 ? studentTwoSided((right.mean - left.mean) / error, degrees) : 0;
    return out;
}

// The nearest of `ends` around an index, which are in ascending order.
ChangePoint testedAmong(std::span<const double> series, const std::set<std::size_t> &ends,
                        std::size_t index)
{
    const auto above = ends.upper_bound(index);
    const auto below = ends.lower_bound(index);
    return tested(series, below == ends.begin() ? 0 : *std::prev(below), index,
                  above == ends.end() ? series.size() : *above);
}

// Of one window, from the best split on, until the best one that is left is none.
std::set<std::size_t> splitsOf(std::span<const double> window, double maxP)
{
    const Distances distances(window);
    std::set<std::size_t> out;
    while (true) {
        std::optional<Split> best;
        auto begin = std::size_t{0};
        const auto consider = [&](std::size_t end) {
            if (end - begin > 1) {
                const auto split = bestSplit(distances, begin, end);
                if (!best || split.gain > best->gain)
                    best = split;
            }
            begin = end;
        };
        for (const auto end : out)
            consider(end);
        consider(window.size());
        if (!best || !(testedAmong(window, out, best->index).p <= maxP))
            return out;
        out.insert(best->index);
    }
}

// Which to take away; nullopt: all are good.
std::optional<std::size_t> weakest(const std::vector<ChangePoint> &points,
                                   const ChangePointOptions &options)
{
    const auto byP =
        std::max_element(points.begin(), points.end(),
                         [](const ChangePoint &a, const ChangePoint &b) { return a.p < b.p; });
    if (byP->p >= options.maxP)
        return static_cast<std::size_t>(byP - points.begin());
    const auto bySize = std::min_element(
        points.begin(), points.end(),
        [](const ChangePoint &a, const ChangePoint &b) { return a.magnitude() < b.magnitude(); });
    if (bySize->magnitude() > options.minMagnitude)
        return std::nullopt;
    return static_cast<std::size_t>(bySize - points.begin());
}

} // namespace

double ChangePoint::magnitude() const
{
    const auto back = after == 0 ? 0 : before / after - 1;
    return std::max(std::abs(ratio()), std::abs(back));
}

std::vector<ChangePoint> changePoints(std::span<const double> series,
                                      const ChangePointOptions &options)
{
    const auto window = std::clamp<std::size_t>(options.window, 2, kMostWindow);
    const auto p = options.maxP;
    const auto firstP = p < 0.05 ? 10 * p : p < 0.5 ? 2 * p : p;
    std::set<std::size_t> weak;
    for (std::size_t start = 0; start < series.size();) {
        const auto length = std::min(window, series.size() - start);
        std::size_t last = 0;
        for (const auto index : splitsOf(series.subspan(start, length), firstP)) {
            last = start + index;
            weak.insert(last);
        }
        start = std::max(last, start + window / 2);
    }
    std::vector<ChangePoint> out;
    for (const auto index : weak)
        out.push_back(testedAmong(series, weak, index));
    while (!out.empty()) {
        const auto gone = weakest(out, options);
        if (!gone)
            break;
        weak.erase(out[*gone].index);
        out.erase(out.begin() + static_cast<std::ptrdiff_t>(*gone));
        const auto first = options.strict && *gone > 0 ? *gone - 1 : *gone;
        const auto end = std::min(out.size(), options.strict ? *gone + 1 : *gone + 2);
        for (auto i = first; i < end; ++i)
            out[i] = testedAmong(series, weak, out[i].index);
    }
    for (auto &one : out)
        one = testedAmong(series, weak, one.index);
    return out;
}

} // namespace flamewright
