#pragma once

#include "analysis/flame_tree.h"
#include "analysis/time_chart.h"
#include "tests/views/drawn_profile.h"
#include "views/scene/flame_view.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <vector>

// What the flame graph must show, found the slow way: every frame of every row, one by one.
namespace flamewright::testing {

struct Place {
    std::int64_t begin = 0, end = 0;
};

// Where each node is, by the definition of its layout. For trees whose values add up.
inline std::vector<Place> naivePlaces(const Profile &profile, FlameLayout layout)
{
    const auto &tree = profile.tree;
    std::vector<Place> out(tree.size());
    if (!tree.begin.empty()) {
        for (std::uint32_t i = 0; i < tree.size(); ++i)
            out[i] = {tree.begin[i], tree.begin[i] + tree.total[i]};
        return out;
    }
    const bool byName = layout == FlameLayout::Icicle || layout == FlameLayout::Flame;
    out[0] = {0, tree.total[0]};
    for (std::uint32_t parent = 0; parent < tree.size(); ++parent) {
        std::vector<std::uint32_t> children;
        for (std::uint32_t i = parent + 1; i < tree.subtreeEnd[parent]; ++i) {
            if (tree.parent[i] == parent)
                children.push_back(i);
        }
        std::stable_sort(children.begin(), children.end(), [&](auto a, auto b) {
            const auto &x = profile.at(a), &y = profile.at(b);
            return byName && std::tie(x.name, x.module) < std::tie(y.name, y.module);
        });
        auto at = out[parent].begin;
        for (const auto child : children) {
            out[child] = {at, at + tree.total[child]};
            at = out[child].end;
        }
    }
    return out;
}

// Random trees with wide and narrow frames, gaps, and zero values.
inline std::shared_ptr<const Profile> randomProfile(unsigned seed, int stacks)
{
    std::mt19937 random(seed);
    DrawnProfile out;
    for (int i = 0; i < stacks; ++i) {
        std::string stack;
        const auto depth = 1 + random() % 9;
        for (unsigned d = 0; d < depth; ++d)
            stack += (d ? ";f" : "f") + std::to_string(random() % (2 + d * 5));
        const auto value = random() % 10 == 0 ? random() % 5000 : random() % 7;
        out.add(stack, value, value);
    }
    return out.build();
}

// Samples of a few threads, some far apart: threads that did not run.
inline std::shared_ptr<const Profile> randomChart(const Profile &profile, unsigned seed, int lanes,
                                                  int samples)
{
    std::mt19937 random(seed);
    SampleSeries series{.beginNs = 1'000'000, .periodNs = 100};
    series.endNs = series.beginNs;
    for (int lane = 0; lane < lanes; ++lane) {
        series.lanes.push_back("thread " + std::to_string(lane));
        auto at = series.beginNs + static_cast<std::int64_t>(random() % 1000);
        for (int i = 0; i < samples; ++i) {
            series.samples.push_back({at, static_cast<std::uint32_t>(lane),
                                      static_cast<std::uint32_t>(random() % profile.tree.size())});
            at += random() % 20 == 0 ? 20'000 : 60 + static_cast<std::int64_t>(random() % 80);
        }
        series.endNs = std::max(series.endNs, at);
    }
    return std::make_shared<const Profile>(chartProfile(profile, series));
}

// Nodes of a merged box, or the one of a box: neighbours in their row, from left to right.
inline std::vector<std::uint32_t> nodesOf(const FlameBox &box, const Profile &profile,
                                          const std::vector<Place> &places)
{
    std::vector<std::uint32_t> row;
    for (std::uint32_t i = 0; i < profile.tree.size(); ++i) {
        if (profile.tree.depth[i] == profile.tree.depth[box.node])
            row.push_back(i);
    }
    std::stable_sort(row.begin(), row.end(), [&](auto a, auto b) {
        return std::pair(places[a].begin, places[a].end) <
               std::pair(places[b].begin, places[b].end);
    });
    const auto first = std::find(row.begin(), row.end(), box.node);
    const auto left = static_cast<std::uint32_t>(row.end() - first);
    return {first, first + std::min(box.count, left)};
}

} // namespace flamewright::testing
