#include "analysis/grouping.h"

#include <algorithm>
#include <unordered_map>

namespace flamewright {
namespace {

constexpr std::uint32_t kNoGroup = UINT32_MAX;

// Which group each function belongs to, by FunctionId::raw; kNoGroup: it is not in the table.
std::vector<std::uint32_t> groupOfFunctions(const Profile &profile, GroupBy by,
                                            std::vector<FunctionGroup> &groups)
{
    std::vector<std::uint32_t> groupOf(profile.functions.size(), kNoGroup);
    std::unordered_map<std::string_view, std::uint32_t> known;
    for (const auto &row : profile.table) {
        const auto &f = profile.functions[row.function.raw];
        const std::string_view name = by == GroupBy::Module ? f.module : f.file;
        const auto [at, fresh] = known.emplace(name, static_cast<std::uint32_t>(groups.size()));
        if (fresh)
            groups.push_back({.name = std::string(name)});
        groupOf[row.function.raw] = at->second;
        groups[at->second].functions.push_back(row);
    }
    return groupOf;
}

} // namespace

std::vector<FunctionGroup> groupFunctions(const Profile &profile, GroupBy by)
{
    std::vector<FunctionGroup> groups;
    const auto groupOf = groupOfFunctions(profile, by, groups);
    const auto &tree = profile.tree;
    // Where the outermost node of a group on the current path ends, by group: what begins before
    // that is in a stack that is already counted.
    std::vector<std::uint32_t> outermostEnd(groups.size(), 0);
    for (std::uint32_t node = 1; node < tree.size(); ++node) {
        const auto id = groupOf[tree.function[node].raw];
        if (id == kNoGroup)
            continue;
        auto &group = groups[id];
        group.self = saturatingAdd(group.self, tree.self[node]);
        group.selfSamples = saturatingAdd(group.selfSamples, tree.selfSamples[node]);
        if (node < outermostEnd[id])
            continue;
        outermostEnd[id] = tree.subtreeEnd[node];
        group.total = saturatingAdd(group.total, tree.total[node]);
        group.totalSamples = saturatingAdd(group.totalSamples, tree.totalSamples[node]);
    }
    std::sort(groups.begin(), groups.end(), [](const FunctionGroup &a, const FunctionGroup &b) {
        if (a.self != b.self)
            return a.self > b.self;
        return a.total != b.total ? a.total > b.total : a.name < b.name;
    });
    return groups;
}

} // namespace flamewright
