#pragma once

#include "analysis/compare/profile_diff.h"
#include "tests/views/drawn_profile.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// Differences of profiles drawn as text (see drawn_profile.h), made by hand: trees are joined by
// path, and a node has evidence of a change if it differs by a tenth and 10 samples at least.
namespace flamewright {

class DrawnDiff {
public:
    DrawnDiff(const std::shared_ptr<const Profile> &base,
              const std::shared_ptr<const Profile> &cand, Normalisation normalisation = {})
    {
        m_diff->measure = base->measure;
        m_diff->unit = base->unit;
        m_diff->normalisation = std::move(normalisation);
        m_diff->method = "by hand";
        m_diff->functions.push_back({});
        m_functions[{"", ""}] = 0;
        add(*base, &Node::base);
        add(*cand, &Node::cand);
        flatten();
        judge();
    }
    std::shared_ptr<const ProfileDiff> build() { return std::move(m_diff); }

private:
    struct Sums {
        std::int64_t self = 0, total = 0, selfSamples = 0, totalSamples = 0;
    };
    struct Node {
        std::uint32_t function = 0, parent = 0;
        std::uint8_t inlined = 0;
        Sums base, cand;
        std::map<std::pair<std::uint32_t, std::uint8_t>, std::uint32_t> children;
    };

    std::uint32_t functionOf(const FunctionInfo &info)
    {
        const auto [it, fresh] = m_functions.try_emplace(
            {info.name, info.module}, static_cast<std::uint32_t>(m_diff->functions.size()));
        if (fresh)
            m_diff->functions.push_back(info);
        return it->second;
    }
    void add(const Profile &profile, Sums Node::*side)
    {
        const auto &tree = profile.tree;
        std::vector<std::uint32_t> to(tree.size(), 0);
        if (m_nodes.empty())
            m_nodes.emplace_back();
        for (std::uint32_t i = 0; i < tree.size(); ++i) {
            if (i > 0) {
                const auto parent = to[tree.parent[i]];
                const auto function = functionOf(profile.at(i));
                const auto [it, fresh] = m_nodes[parent].children.try_emplace(
                    {function, tree.inlined[i]}, static_cast<std::uint32_t>(m_nodes.size()));
                to[i] = it->second;
                if (fresh) {
                    Node node;
                    node.function = function;
                    node.parent = parent;
                    node.inlined = tree.inlined[i];
                    m_nodes.push_back(std::move(node));
                }
            }
            auto &sums = m_nodes[to[i]].*side;
            sums.self += tree.self[i];
            sums.total += tree.total[i];
            sums.selfSamples += tree.selfSamples[i];
            sums.totalSamples += tree.totalSamples[i];
        }
    }
    double larger(const Sums &base, const Sums &cand) const
    {
        return std::max(static_cast<double>(base.total) / m_diff->normalisation.base,
                        static_cast<double>(cand.total) / m_diff->normalisation.cand);
    }
    void flatten()
    {
        auto &tree = m_diff->tree;
        struct Open {
            std::uint32_t node, parent, depth;
        };
        std::vector<Open> open{{0, 0, 0}};
        const auto put = [](DiffTree::Side &side, const Sums &sums) {
            side.self.push_back(sums.self);
            side.total.push_back(sums.total);
            side.selfSamples.push_back(sums.selfSamples);
            side.totalSamples.push_back(sums.totalSamples);
        };
        while (!open.empty()) {
            const auto at = open.back();
            open.pop_back();
            const auto &node = m_nodes[at.node];
            const auto id = static_cast<std::uint32_t>(tree.size());
            tree.function.push_back(node.function);
            tree.parent.push_back(at.parent);
            tree.depth.push_back(at.depth);
            tree.inlined.push_back(node.inlined);
            put(tree.base, node.base);
            put(tree.cand, node.cand);
            std::vector<std::uint32_t> children;
            for (const auto &[key, child] : node.children)
                children.push_back(child);
            std::sort(children.begin(), children.end(), [&](std::uint32_t a, std::uint32_t b) {
                const auto x = larger(m_nodes[a].base, m_nodes[a].cand);
                const auto y = larger(m_nodes[b].base, m_nodes[b].cand);
                return x != y ? x < y
                              : m_diff->functions[m_nodes[a].function].name >
                                    m_diff->functions[m_nodes[b].function].name;
            });
            for (const auto child : children) // the largest is taken first
                open.push_back({child, id, at.depth + 1});
        }
        const auto size = static_cast<std::uint32_t>(tree.size());
        tree.subtreeEnd.resize(size);
        for (std::uint32_t i = size; i-- > 0;) {
            tree.subtreeEnd[i] = std::max(tree.subtreeEnd[i], i + 1);
            if (i > 0)
                tree.subtreeEnd[tree.parent[i]] =
                    std::max(tree.subtreeEnd[tree.parent[i]], tree.subtreeEnd[i]);
        }
    }
    Change changeOf(std::int64_t base, std::int64_t cand, std::int64_t baseSamples,
                    std::int64_t candSamples) const
    {
        Change out;
        if (baseSamples > 0)
            out.base = static_cast<double>(base) / m_diff->normalisation.base;
        if (candSamples > 0)
            out.cand = static_cast<double>(cand) / m_diff->normalisation.cand;
        out.baseCount = static_cast<std::uint64_t>(baseSamples);
        out.candCount = static_cast<std::uint64_t>(candSamples);
        const auto delta = out.delta(), most = std::max(out.base.value_or(0), out.cand.value_or(0));
        if (const auto ratio = out.ratio())
            out.relative = ChangeInterval{*ratio - 0.03, *ratio + 0.03};
        out.difference = ChangeInterval{delta - 0.03 * most, delta + 0.03 * most};
        const bool evident = std::fabs(delta) >= most / 10 && baseSamples + candSamples >= 10;
        if (evident && delta != 0)
            out.verdict = delta > 0 ? Verdict::Regressed : Verdict::Improved;
        else
            out.why = "by hand";
        return out;
    }
    void judge()
    {
        auto &tree = m_diff->tree;
        std::vector<Sums> base(m_diff->functions.size()), cand(m_diff->functions.size());
        for (std::uint32_t i = 0; i < tree.size(); ++i) {
            const auto total = changeOf(tree.base.total[i], tree.cand.total[i],
                                        tree.base.totalSamples[i], tree.cand.totalSamples[i]);
            const auto self = changeOf(tree.base.self[i], tree.cand.self[i],
                                       tree.base.selfSamples[i], tree.cand.selfSamples[i]);
            tree.totalVerdict.push_back(total.verdict);
            tree.selfVerdict.push_back(self.verdict);
            if (i == 0)
                m_diff->whole = total;
            const auto f = tree.function[i];
            base[f].self += tree.base.self[i];
            base[f].selfSamples += tree.base.selfSamples[i];
            cand[f].self += tree.cand.self[i];
            cand[f].selfSamples += tree.cand.selfSamples[i];
            if (i == 0)
                continue;
            bool recursive = false;
            for (auto p = tree.parent[i]; p != 0; p = tree.parent[p])
                recursive = recursive || tree.function[p] == f;
            if (recursive)
                continue;
            base[f].total += tree.base.total[i];
            base[f].totalSamples += tree.base.totalSamples[i];
            cand[f].total += tree.cand.total[i];
            cand[f].totalSamples += tree.cand.totalSamples[i];
        }
        for (std::uint32_t f = 1; f < base.size(); ++f) {
            FunctionChange row;
            row.function = f;
            row.self =
                changeOf(base[f].self, cand[f].self, base[f].selfSamples, cand[f].selfSamples);
            row.total =
                changeOf(base[f].total, cand[f].total, base[f].totalSamples, cand[f].totalSamples);
            m_diff->table.push_back(std::move(row));
        }
        std::stable_sort(m_diff->table.begin(), m_diff->table.end(),
                         [](const FunctionChange &a, const FunctionChange &b) {
                             return std::fabs(a.self.delta()) > std::fabs(b.self.delta());
                         });
    }

    std::shared_ptr<ProfileDiff> m_diff = std::make_shared<ProfileDiff>();
    std::map<std::pair<std::string, std::string>, std::uint32_t> m_functions;
    std::vector<Node> m_nodes;
};

inline std::shared_ptr<const ProfileDiff>
drawnDiff(const std::string &base, const std::string &cand, Normalisation normalisation = {},
          Unit unit = Unit::Count, std::int64_t valuePerSample = 1)
{
    return DrawnDiff(drawn(base, unit, valuePerSample), drawn(cand, unit, valuePerSample),
                     std::move(normalisation))
        .build();
}

} // namespace flamewright
