#include "views/scene/flame_coloring.h"

#include "analysis/frame_class.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <tuple>
#include <unordered_map>

namespace flamewright {

static constexpr std::size_t kColors = std::tuple_size_v<decltype(FlameColors::groups)>;

FlameColoring::FlameColoring(const Profile &profile, const FlameRows &rows, ColorScheme scheme,
                             const FlameColoring *like)
    : m_scheme(scheme)
{
    m_shade.assign(profile.functions.size(), 0);
    switch (scheme) {
    case ColorScheme::Name:
        for (std::size_t i = 0; i < m_shade.size(); ++i)
            m_shade[i] = nameHash(profile.functions[i].name);
        break;
    case ColorScheme::Module:
    case ColorScheme::Package: findGroups(profile, like); break;
    case ColorScheme::Kind:
        for (std::size_t i = 0; i < m_shade.size(); ++i)
            m_shade[i] = isGarbageCollection(profile.functions[i].name);
        break;
    case ColorScheme::Self:
        m_selfBefore.assign(std::size_t{rows.size()} + 1, 0);
        for (std::uint32_t i = 0; i < rows.size(); ++i) {
            const auto self = static_cast<double>(profile.tree.self[rows.nodeAt(i)]);
            m_selfBefore[i + 1] = m_selfBefore[i] + std::max(self, 0.0);
        }
        break;
    }
}

void FlameColoring::findGroups(const Profile &profile, const FlameColoring *like)
{
    const auto &functions = profile.functions;
    std::unordered_map<std::string_view, std::uint32_t> index;
    std::vector<std::uint32_t> groupOf(functions.size());
    for (std::size_t i = 1; i < functions.size(); ++i) {
        const auto name = m_scheme == ColorScheme::Module ? std::string_view(functions[i].module)
                                                          : packageOf(functions[i]);
        const auto fresh = static_cast<std::uint32_t>(m_groups.size());
        const auto [it, added] = index.try_emplace(name, fresh);
        if (added)
            m_groups.push_back({.name = std::string(name)});
        groupOf[i] = it->second;
    }
    // What is below the outermost frame of a group counts once.
    std::vector<std::uint32_t> outermostEnd(m_groups.size(), 0);
    const auto &tree = profile.tree;
    for (std::uint32_t node = 1; node < tree.size(); ++node) {
        const auto group = groupOf[tree.function[node].raw];
        if (tree.function[node].raw == 0 || node < outermostEnd[group])
            continue;
        outermostEnd[group] = tree.subtreeEnd[node];
        m_groups[group].total = saturatingAdd(m_groups[group].total, tree.total[node]);
    }
    std::vector<std::uint32_t> byWeight(m_groups.size());
    for (std::uint32_t i = 0; i < byWeight.size(); ++i)
        byWeight[i] = i;
    std::sort(byWeight.begin(), byWeight.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::tie(m_groups[b].total, m_groups[a].name) <
               std::tie(m_groups[a].total, m_groups[b].name);
    });
    std::vector<Group> sorted;
    std::vector<std::uint8_t> shadeOf(m_groups.size(), kOtherGroups);
    bool taken[kColors] = {};
    std::unordered_map<std::string_view, std::uint8_t> known;
    if (like) {
        for (const auto &group : like->m_groups) {
            known.emplace(group.name, group.shade);
            if (group.shade != kOtherGroups)
                taken[group.shade] = true;
        }
    }
    for (const auto i : byWeight) {
        auto &group = m_groups[i];
        if (group.total <= 0)
            break; // functions of the table that no frame is of
        const auto free = std::count(std::begin(taken), std::end(taken), false);
        if (const auto it = known.find(group.name); it != known.end()) {
            group.shade = it->second;
        } else if (free > 0 && !group.name.empty()) {
            std::size_t shade = nameHash(group.name) % kColors;
            while (taken[shade])
                shade = (shade + 1) % kColors;
            taken[shade] = true;
            group.shade = static_cast<std::uint8_t>(shade);
        }
        shadeOf[i] = group.shade;
        sorted.push_back(std::move(group));
    }
    for (std::size_t i = 1; i < functions.size(); ++i)
        m_shade[i] = shadeOf[groupOf[i]];
    m_groups = std::move(sorted);
}

void FlameColoring::look(const Profile &profile, const FlameRows &rows, const FlameBox &box,
                         double whole, FrameLook &out) const
{
    out.scheme = m_scheme;
    if (m_scheme == ColorScheme::Self) {
        const auto first = rows.position(box.node);
        const auto self = box.merged() ? m_selfBefore[first + box.count] - m_selfBefore[first]
                                       : static_cast<double>(profile.tree.self[box.node]);
        out.shade = heatStep(self, whole);
        return;
    }
    if (box.merged())
        return;
    const auto shade = m_shade[profile.tree.function[box.node].raw];
    switch (m_scheme) {
    case ColorScheme::Name: out.hash = shade; break;
    case ColorScheme::Module:
    case ColorScheme::Package: out.shade = shade; break;
    case ColorScheme::Kind:
        out.shade = static_cast<std::uint8_t>(
            frameClass(out.kind, out.unresolved, out.inlined, shade != 0));
        break;
    case ColorScheme::Self: break;
    }
}

} // namespace flamewright
