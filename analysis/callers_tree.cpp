#include "analysis/callers_tree.h"

#include "analysis/growing_tree.h"
#include "analysis/search.h"
#include "analysis/transforms.h"

#include <utility>
#include <vector>

namespace flamewright {
namespace {

// A weight on its way from a frame to the beginning of its stack.
struct Climber {
    std::uint32_t grown; // where it is in the new tree
    std::uint32_t node;  // and in the old one
    std::int64_t value, samples;
};

// Level by level, so that a limit cuts every stack at the same height.
void climb(const Profile &profile, std::vector<Climber> level, std::size_t maxSteps,
           GrowingTree &grown, FunctionId more)
{
    const auto &tree = profile.tree;
    std::size_t steps = 0;
    std::vector<Climber> next;
    while (!level.empty()) {
        steps += level.size();
        const bool enough = steps > maxSteps;
        next.clear();
        for (auto climber : level) {
            const auto caller = tree.parent[climber.node];
            if (caller == 0) {
                grown.addSelf(climber.grown, climber.value, climber.samples);
            } else if (enough) {
                grown.addSelf(grown.child(climber.grown, more, false), climber.value,
                              climber.samples);
            } else {
                climber.grown =
                    grown.child(climber.grown, tree.function[caller], tree.inlined[caller] != 0);
                climber.node = caller;
                next.push_back(climber);
            }
        }
        level.swap(next);
    }
}

Profile started(const Profile &profile)
{
    Profile out;
    out.measure = profile.measure;
    out.unit = profile.unit;
    out.rowsRead = profile.rowsRead;
    out.functions = profile.functions;
    out.functions.push_back({.name = kMoreCallers, .kind = FrameKind::Marker});
    out.table = profile.table;
    return out;
}

Climber startAt(const FlameTree &tree, GrowingTree &grown, std::uint32_t node, std::int64_t value,
                std::int64_t samples)
{
    return {grown.child(0, tree.function[node], tree.inlined[node] != 0), node, value, samples};
}

Profile finished(const Profile &profile, std::vector<Climber> level, std::size_t maxSteps,
                 GrowingTree grown)
{
    auto out = started(profile);
    const FunctionId more{static_cast<std::uint32_t>(profile.functions.size())};
    climb(profile, std::move(level), maxSteps, grown, more);
    grown.assemble(out);
    return out;
}

} // namespace

Profile invertedProfile(const Profile &profile, std::size_t maxSteps)
{
    const auto &tree = profile.tree;
    GrowingTree grown;
    grown.addSelf(0, tree.self[0], tree.selfSamples[0]); // samples without a stack
    std::vector<Climber> level;
    for (std::uint32_t node = 1; node < tree.size(); ++node) {
        if (tree.self[node] != 0 || tree.selfSamples[node] != 0)
            level.push_back(startAt(tree, grown, node, tree.self[node], tree.selfSamples[node]));
    }
    return finished(profile, std::move(level), maxSteps, std::move(grown));
}

Profile callersProfile(const Profile &profile, FunctionId function, std::size_t maxSteps)
{
    const auto &tree = profile.tree;
    GrowingTree grown;
    std::vector<Climber> level;
    std::uint32_t outermostEnd = 0;
    for (std::uint32_t node = 1; node < tree.size(); ++node) {
        if (tree.function[node] != function || node < outermostEnd)
            continue;
        outermostEnd = tree.subtreeEnd[node];
        level.push_back(startAt(tree, grown, node, tree.total[node], tree.totalSamples[node]));
    }
    return finished(profile, std::move(level), maxSteps, std::move(grown));
}

Sandwich sandwichOf(const Profile &profile, FunctionId function)
{
    // Exact patterns are always valid.
    const Transform focus{TransformKind::Focus, exactPattern(profile.functions[function.raw])};
    auto focused = applyTransforms(profile, {&focus, 1});
    auto callees = focused ? *std::move(focused) : Profile{};
    auto callers = callersProfile(profile, function);
    callees.whole = callers.whole = Profile::Whole{profile.total, profile.samples};
    return {std::make_shared<const Profile>(std::move(callers)),
            std::make_shared<const Profile>(std::move(callees))};
}

FunctionId mostInteresting(const Profile &profile)
{
    // Where stacks begin nobody calls: half of the sandwich would be empty.
    std::vector<bool> begins(profile.functions.size());
    const auto &tree = profile.tree;
    for (std::uint32_t node = 1; node < tree.size(); node = tree.subtreeEnd[node])
        begins[tree.function[node].raw] = true;
    FunctionStat best, outermost;
    for (const auto &row : profile.table) {
        auto &place = begins[row.function.raw] ? outermost : best;
        if (row.total < profile.total && row.total > place.total)
            place = row;
    }
    if (best.function.raw == 0)
        best = outermost;
    if (best.function.raw == 0 && !profile.table.empty())
        return profile.table.front().function;
    return best.function;
}

} // namespace flamewright
