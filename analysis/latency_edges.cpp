#include "analysis/latency_edges.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr double kMostBins = 4000;
constexpr std::int64_t kLeastLatency = 1;

} // namespace

std::vector<double> latencyEdges(std::int64_t least, std::int64_t most, std::int64_t tickNs,
                                 bool log, double count)
{
    const auto tick = static_cast<double>(std::max<std::int64_t>(tickNs, 1));
    const auto half = tickNs > 1 ? tick / 2 : 0;
    count = std::clamp(count, 1.0, kMostBins);
    std::vector<double> out;
    const auto high = static_cast<double>(std::max(most, kLeastLatency));
    if (!log) {
        const auto width = std::ceil(std::max(high / count, tick) / tick - 1e-9) * tick;
        out.push_back(0);
        for (auto edge = width - half; out.back() <= high; edge += width)
            out.push_back(edge);
        return out;
    }
    const auto low = static_cast<double>(std::max(least, kLeastLatency));
    const auto ratio = std::pow(std::max(high / low, 2.0), 1 / count);
    out.push_back(std::max(std::floor((low - half) / tick) * tick + half, low / 2));
    double ticks = 1;
    while (out.back() <= high) {
        ticks = std::max(ticks, std::floor(out.back() * (ratio - 1) / tick + 0.5));
        out.push_back(out.back() + ticks * tick);
    }
    return out;
}

} // namespace flamewright
