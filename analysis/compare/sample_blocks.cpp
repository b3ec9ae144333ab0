#include "analysis/compare/sample_blocks.h"

#include <algorithm>

namespace flamewright {
namespace {

constexpr std::size_t kFewestBlocks = 5;

// Of the series with `together` neighbours put into one; what is left at the end is left out.
BlockVariance varianceOf(const std::vector<double> &series, std::size_t together)
{
    const auto count = series.size() / together;
    if (count < kFewestBlocks)
        return {};
    double sum = 0, squares = 0;
    for (std::size_t i = 0; i < count; ++i) {
        double one = 0;
        for (std::size_t k = 0; k < together; ++k)
            one += series[i * together + k];
        sum += one;
        squares += one * one;
    }
    const auto n = static_cast<double>(count);
    const auto spread = std::max(0.0, squares - sum * sum / n);
    const auto covered = n * static_cast<double>(together) / static_cast<double>(series.size());
    return {spread * n / (n - 1) / covered, n - 1};
}

} // namespace

SampleBlocks sampleBlocks(const Profile &profile, std::uint32_t blocks,
                          std::vector<BlockedWeight> weights)
{
    const auto &tree = profile.tree;
    const auto nodes = static_cast<std::uint32_t>(tree.size());
    SampleBlocks out;
    if (blocks == 0)
        return out;
    out.blocks = blocks;
    out.self.assign(profile.functions.size() * blocks, 0);
    out.total = out.self;
    std::sort(weights.begin(), weights.end(), [](const BlockedWeight &a, const BlockedWeight &b) {
        return a.block != b.block ? a.block < b.block : a.node < b.node;
    });
    std::vector<std::int64_t> total(nodes);
    std::vector<std::uint32_t> outermostEnd(profile.functions.size());
    for (std::size_t i = 0; i < weights.size();) {
        const auto block = weights[i].block;
        if (block >= blocks)
            break;
        std::fill(total.begin(), total.end(), 0);
        std::fill(outermostEnd.begin(), outermostEnd.end(), 0u);
        for (; i < weights.size() && weights[i].block == block; ++i) {
            const auto node = weights[i].node;
            if (node >= nodes)
                continue;
            total[node] = saturatingAdd(total[node], weights[i].value);
            auto &self = out.self[std::size_t{tree.function[node].raw} * blocks + block];
            self = saturatingAdd(self, weights[i].value);
        }
        for (auto node = nodes; node-- > 1;)
            total[tree.parent[node]] = saturatingAdd(total[tree.parent[node]], total[node]);
        for (std::uint32_t node = 0; node < nodes; ++node) {
            const auto function = tree.function[node].raw;
            if (node < outermostEnd[function])
                continue;
            outermostEnd[function] = tree.subtreeEnd[node];
            auto &sum = out.total[std::size_t{function} * blocks + block];
            sum = saturatingAdd(sum, total[node]);
        }
    }
    return out;
}

BlockVariance blockVariance(const std::vector<double> &series)
{
    const auto coarser =
        varianceOf(series, std::max<std::size_t>(series.size() / kCoarserBlocks, 1));
    const auto coarsest =
        varianceOf(series, std::max<std::size_t>(series.size() / kCoarsestBlocks, 1));
    return coarsest.variance > coarser.variance ? coarsest : coarser;
}

} // namespace flamewright
