#include "analysis/call_paths.h"

#include <algorithm>

namespace flamewright {

std::vector<std::uint32_t> pathTo(const FlameTree &tree, std::uint32_t node)
{
    std::vector<std::uint32_t> path;
    for (; node != 0 && node < tree.size(); node = tree.parent[node])
        path.push_back(node);
    std::reverse(path.begin(), path.end());
    return path;
}

std::uint32_t nodeOfCallers(const Profile &profile, std::span<const FunctionId> callers)
{
    const auto &tree = profile.tree;
    auto best = kNoNode;
    std::int64_t bestSelf = 0;
    if (callers.empty())
        return best;
    for (std::uint32_t node = 1; node < tree.size(); ++node) {
        if (tree.function[node] != callers.front())
            continue;
        if (best != kNoNode && tree.self[node] <= bestSelf)
            continue;
        auto at = node;
        std::size_t step = 1;
        for (; step < callers.size(); ++step) {
            at = tree.parent[at];
            if (at == 0 || tree.function[at] != callers[step])
                break;
        }
        if (step == callers.size()) {
            best = at;
            bestSelf = tree.self[node];
        }
    }
    return best;
}

} // namespace flamewright
