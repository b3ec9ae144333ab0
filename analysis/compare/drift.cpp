#include "analysis/compare/drift.h"

#include "analysis/order_statistics.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr std::uint64_t kLeastInPart = 20; // of which there is a mean

} // namespace

RunParts::RunParts(const ComparedSide &side, const EndpointSample &sample,
                   std::span<const unsigned> perMyriads)
{
    const auto &plan = side.plan();
    if (side.runs() != 1 || !plan.byTime() || sample.latency.empty())
        return;
    for (auto *parts : {&m_eighths, &m_quarters}) {
        const std::size_t count = parts == &m_eighths ? 8 : 4;
        parts->resize(count);
        std::size_t at = 0; // cells ascend: rows are in order of time
        for (std::size_t p = 0; p < count; ++p) {
            const auto end = (p + 1) * plan.cells() / count;
            const auto first = at;
            auto &part = (*parts)[p];
            for (; at < sample.cell.size() && sample.cell[at] < end; ++at)
                part.sum += static_cast<double>(sample.latency[at]);
            part.count = at - first;
            if (part.count == 0)
                continue;
            std::vector<std::uint64_t> ranks;
            for (const auto q : perMyriads)
                ranks.push_back(nearestRank(q, part.count));
            part.values =
                valuesAtRanks(std::span(sample.latency).subspan(first, part.count), ranks);
        }
    }
}

template <class Figure>
std::optional<Drift> Drifts::between(Figure figure) const
{
    for (const auto parts : {&RunParts::m_eighths, &RunParts::m_quarters}) {
        const auto &base = m_base.*parts, &cand = m_cand.*parts;
        double mean = 0, squares = 0, n = 0;
        for (std::size_t p = 0; p < std::min(base.size(), cand.size()); ++p) {
            const std::optional<double> before = figure(base[p]), after = figure(cand[p]);
            if (!before || !after || *before <= 0 || *after <= 0)
                break;
            const auto x = std::log(*after / *before), off = x - mean;
            mean += off / ++n;
            squares += off * (x - mean);
        }
        if (n >= 4 && n == static_cast<double>(base.size()))
            return Drift{squares / (n - 1), base.size()};
    }
    return std::nullopt;
}

std::optional<Drift> Drifts::ofQuantile(std::size_t i, unsigned perMyriad) const
{
    return between([&](const RunParts::Part &part) -> std::optional<double> {
        if (!quantileInterval(perMyriad, part.count))
            return std::nullopt;
        return static_cast<double>(part.values[i]);
    });
}

std::optional<Drift> Drifts::ofMean() const
{
    return between([](const RunParts::Part &part) -> std::optional<double> {
        if (part.count < kLeastInPart)
            return std::nullopt;
        return part.sum / static_cast<double>(part.count);
    });
}

std::optional<Drift> Drifts::ofCount() const
{
    return between([](const RunParts::Part &part) -> std::optional<double> {
        if (part.count < kLeastInPart)
            return std::nullopt;
        return static_cast<double>(part.count);
    });
}

} // namespace flamewright
