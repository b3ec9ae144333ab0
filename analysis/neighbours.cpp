#include "analysis/neighbours.h"

#include "capture/base/units.h"

#include <algorithm>
#include <unordered_map>

namespace flamewright {
namespace {

struct Sum {
    std::int64_t total = 0, samples = 0;
    std::uint32_t end = 0; // of the subtree that was counted last
};
using Sums = std::unordered_map<FunctionId, Sum>;

void add(Sum &sum, const FlameTree &tree, std::uint32_t node)
{
    sum.total = saturatingAdd(sum.total, tree.total[node]);
    sum.samples = saturatingAdd(sum.samples, tree.totalSamples[node]);
}

std::vector<Neighbour> ranked(const Sums &sums, const Profile &profile)
{
    std::vector<Neighbour> out;
    out.reserve(sums.size());
    for (const auto &[function, sum] : sums)
        out.push_back({function, sum.total, sum.samples});
    std::sort(out.begin(), out.end(), [&](const Neighbour &a, const Neighbour &b) {
        if (a.total != b.total)
            return a.total > b.total;
        const auto &fa = profile.functions[a.function.raw], &fb = profile.functions[b.function.raw];
        return fa.name != fb.name ? fa.name < fb.name : fa.module < fb.module;
    });
    return out;
}

} // namespace

Neighbours neighboursOf(const Profile &profile, FunctionId function)
{
    const auto &tree = profile.tree;
    Sums callers, callees;
    std::uint32_t outermostEnd = 0;
    for (std::uint32_t node = 1; node < tree.size(); ++node) {
        const auto parent = tree.parent[node];
        if (tree.function[node] == function) {
            if (node >= outermostEnd) {
                outermostEnd = tree.subtreeEnd[node];
                add(callers[tree.function[parent]], tree, node);
            }
        } else if (parent != 0 && tree.function[parent] == function) {
            auto &sum = callees[tree.function[node]];
            if (node >= sum.end) {
                sum.end = tree.subtreeEnd[node];
                add(sum, tree, node);
            }
        }
    }
    return {ranked(callers, profile), ranked(callees, profile)};
}

} // namespace flamewright
