#include "analysis/plateaus.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace flamewright {
namespace {

constexpr std::size_t kShortest = 3;       // of a stretch
constexpr std::size_t kShortestSteady = 5; // of a level
constexpr double kLeastNoise = 0.02;
constexpr double kLeastJump = 0.14; // logarithm of 1.15
constexpr double kLeastDrift = 0.1; // less than this is steady whatever the neighbours are
constexpr double kWholeDrift = 0.2; // where there are no neighbours
constexpr double kMadToDeviation = 1.4826;

double median(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

double medianOf(std::span<const double> values)
{
    return median({values.begin(), values.end()});
}

std::vector<double> logarithms(std::span<const double> series)
{
    const auto most = *std::max_element(series.begin(), series.end());
    // A hundredth of the maximum: what is nearly nothing is all the same.
    const auto floor = most > 0 ? most / 100 : 1;
    std::vector<double> out;
    out.reserve(series.size());
    for (const auto value : series)
        out.push_back(std::log(std::max(value, 0.0) + floor));
    return out;
}

std::vector<double> filtered(const std::vector<double> &values)
{
    std::vector<double> out(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        // Narrower at the ends, to be centred on the value.
        const auto reach = std::min({std::size_t{2}, i, values.size() - 1 - i});
        out[i] = medianOf(std::span(values).subspan(i - reach, 2 * reach + 1));
    }
    return out;
}

double noiseOf(const std::vector<double> &logs)
{
    if (logs.size() < 2)
        return 0;
    std::vector<double> steps;
    for (std::size_t i = 1; i < logs.size(); ++i)
        steps.push_back(std::abs(logs[i] - logs[i - 1]));
    return median(std::move(steps)) * kMadToDeviation / std::sqrt(2.0);
}

// Sums up to each value, for the squared error of any stretch.
class Errors {
public:
    explicit Errors(const std::vector<double> &values) : m_sum{0}, m_squares{0}
    {
        for (const auto value : values) {
            m_sum.push_back(m_sum.back() + value);
            m_squares.push_back(m_squares.back() + value * value);
        }
    }
    double operator()(std::size_t begin, std::size_t end) const
    {
        const auto sum = m_sum[end] - m_sum[begin];
        const auto error =
            m_squares[end] - m_squares[begin] - sum * sum / static_cast<double>(end - begin);
        return std::max(error, 0.0);
    }

private:
    std::vector<double> m_sum, m_squares;
};

// Ends of the stretches of the best partition.
std::vector<std::size_t> bestPartition(const std::vector<double> &values, double penalty)
{
    const auto n = values.size();
    const Errors error(values);
    std::vector<double> cost(n + 1, std::numeric_limits<double>::infinity());
    std::vector<std::size_t> from(n + 1, 0);
    cost[0] = 0;
    for (std::size_t end = kShortest; end <= n; ++end) {
        for (std::size_t begin = 0; begin + kShortest <= end; ++begin) {
            const auto sum = cost[begin] + error(begin, end) + penalty;
            if (sum < cost[end]) {
                cost[end] = sum;
                from[end] = begin;
            }
        }
    }
    std::vector<std::size_t> ends;
    for (auto end = n; end > 0; end = from[end])
        ends.push_back(end);
    std::reverse(ends.begin(), ends.end());
    return ends;
}

struct Stretch {
    std::size_t begin = 0, end = 0;
    double level = 0, noise = 0; // of the logarithms: median, robust standard deviation
};

Stretch stretchOf(const std::vector<double> &logs, std::size_t begin, std::size_t end)
{
    const auto part = std::span(logs).subspan(begin, end - begin);
    Stretch out{begin, end, medianOf(part), 0};
    std::vector<double> off;
    for (const auto value : part)
        off.push_back(std::abs(value - out.level));
    out.noise = median(std::move(off)) * kMadToDeviation;
    return out;
}

// How far two neighbours are from being told apart; at least 1: they are apart.
double distance(const Stretch &a, const Stretch &b)
{
    return std::abs(a.level - b.level) / std::max(kLeastJump, 2 * std::max(a.noise, b.noise));
}

void joinAlike(std::vector<Stretch> &stretches, const std::vector<double> &logs)
{
    while (stretches.size() > 1) {
        std::size_t closest = 0;
        for (std::size_t i = 1; i + 1 < stretches.size(); ++i) {
            if (distance(stretches[i], stretches[i + 1]) <
                distance(stretches[closest], stretches[closest + 1]))
                closest = i;
        }
        if (distance(stretches[closest], stretches[closest + 1]) >= 1)
            return;
        stretches[closest] = stretchOf(logs, stretches[closest].begin, stretches[closest + 1].end);
        stretches.erase(stretches.begin() + static_cast<std::ptrdiff_t>(closest) + 1);
    }
}

// By how much a stretch climbs or falls from its begin to its end.
double drift(const std::vector<double> &logs, const Stretch &stretch)
{
    const auto third = std::max<std::size_t>((stretch.end - stretch.begin) / 3, 1);
    const auto first = medianOf(std::span(logs).subspan(stretch.begin, third));
    const auto last = medianOf(std::span(logs).subspan(stretch.end - third, third));
    return std::abs(last - first) * 1.5; // the middles of the thirds are two thirds apart
}

bool isSteady(const std::vector<Stretch> &stretches, std::size_t i, const std::vector<double> &logs,
              double noise)
{
    const auto length = stretches[i].end - stretches[i].begin;
    if (length < kShortestSteady)
        return false;
    // What noise alone makes of the medians of two thirds does not count.
    const auto climbs =
        drift(logs, stretches[i]) - 4 * noise / std::sqrt(static_cast<double>(length) / 3);
    if (stretches.size() == 1)
        return climbs < kWholeDrift;
    auto jump = std::numeric_limits<double>::infinity();
    if (i > 0)
        jump = std::abs(stretches[i].level - stretches[i - 1].level);
    if (i + 1 < stretches.size())
        jump = std::min(jump, std::abs(stretches[i].level - stretches[i + 1].level));
    return climbs < std::max(kLeastDrift, jump / 2);
}

} // namespace

double relativeNoise(std::span<const double> series)
{
    return series.empty() ? 0 : noiseOf(logarithms(series));
}

std::vector<Plateau> plateaus(std::span<const double> series)
{
    if (series.empty())
        return {};
    const auto raw = logarithms(series);
    const auto logs = filtered(raw);
    const auto noise = noiseOf(raw);
    std::vector<Stretch> stretches;
    if (series.size() < 2 * kShortest) {
        stretches.push_back(stretchOf(logs, 0, series.size()));
    } else {
        const auto least = std::max(noise, kLeastNoise);
        const auto penalty = 4 * least * least * std::log(static_cast<double>(series.size()));
        std::size_t begin = 0;
        for (const auto end : bestPartition(logs, penalty)) {
            stretches.push_back(stretchOf(logs, begin, end));
            begin = end;
        }
        joinAlike(stretches, logs);
    }
    std::vector<Plateau> out;
    for (std::size_t i = 0; i < stretches.size(); ++i) {
        const auto &s = stretches[i];
        out.push_back({s.begin, s.end, medianOf(series.subspan(s.begin, s.end - s.begin)),
                       isSteady(stretches, i, logs, noise)});
    }
    return out;
}

} // namespace flamewright
