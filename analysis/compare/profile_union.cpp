#include "analysis/compare/profile_union.h"

#include "capture/base/intern_table.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <string_view>

namespace flamewright {
namespace {

constexpr std::size_t kMostRenamed = 1000;

// Functions of both sides by the names they are compared by.
class Functions {
public:
    Functions(ProfileUnion &out, const RenameRules &renames) : m_out(out), m_renames(renames)
    {
        m_out.functions.emplace_back();
        m_keys.emplace_back();
        m_out.sides.push_back(ProfileUnion::kInBase | ProfileUnion::kInCand);
    }

    std::vector<std::uint32_t> add(const Profile &profile, std::uint8_t side)
    {
        std::vector<std::uint32_t> out(profile.functions.size(), 0);
        for (std::size_t i = 1; i < out.size(); ++i)
            out[i] = add(profile.functions[i], side);
        return out;
    }

private:
    struct Key {
        std::string function, module;
    };

    std::uint32_t add(const FunctionInfo &info, std::uint8_t side)
    {
        Key key{functionKey(info), moduleKey(info.module)};
        auto shownModule = info.module;
        if (side == ProfileUnion::kInBase && !info.unresolved) {
            const auto before = key;
            if (m_renames.apply(key.function, key.module)) {
                if (m_out.renamed.size() < kMostRenamed)
                    m_out.renamed.push_back(before.function + " -> " + key.function);
                if (key.module != before.module) {
                    shownModule = key.module;
                    key.module = moduleKey(key.module);
                }
            }
        }
        const std::hash<std::string_view> hash;
        const auto fresh = static_cast<std::uint32_t>(m_keys.size());
        const auto id = m_index.findOrAdd(
            hashMix(hash(key.function), hash(key.module)), fresh, [&](std::uint32_t i) {
                return m_keys[i].function == key.function && m_keys[i].module == key.module;
            });
        if (id == fresh) {
            m_out.functions.push_back(info);
            m_out.functions.back().name = info.unresolved && !key.module.empty()
                                              ? "[no symbol in " + key.module + "]"
                                              : key.function;
            m_out.functions.back().module = shownModule;
            m_out.sides.push_back(0);
            m_keys.push_back(std::move(key));
        }
        auto &known = m_out.functions[id];
        // The candidate's place in the source is the one to be looked at.
        if (side == ProfileUnion::kInCand && !info.file.empty() &&
            (m_out.sides[id] & ProfileUnion::kInCand) == 0) {
            known.file = info.file;
            known.line = info.line;
        }
        m_out.sides[id] |= side;
        return id;
    }

    ProfileUnion &m_out;
    const RenameRules &m_renames;
    std::vector<Key> m_keys;
    InternTable m_index;
};

// Sums of one side by node of the growing tree.
struct SideSums {
    std::vector<std::int64_t> self, selfSamples;
    std::vector<double> chance;
    void resize(std::size_t nodes)
    {
        self.resize(nodes);
        selfSamples.resize(nodes);
        chance.resize(nodes);
    }
};

double chanceOf(std::int64_t value, std::int64_t samples)
{
    const auto x = static_cast<double>(value);
    return value == 0 ? 0 : x * x / static_cast<double>(std::max<std::int64_t>(samples, 1));
}

void add(ProfileUnion::Sums &sums, std::int64_t value, std::int64_t samples, double chance)
{
    sums.value = saturatingAdd(sums.value, value);
    sums.samples = saturatingAdd(sums.samples, samples);
    sums.chance += chance;
}

// The function table of one run, by function of the union.
void sumFunctions(const Profile &profile, std::size_t functions, ProfileUnion::Run &run)
{
    const auto &tree = profile.tree;
    const auto nodes = static_cast<std::uint32_t>(tree.size());
    std::vector<double> chance(nodes);
    for (std::uint32_t i = 0; i < nodes; ++i)
        chance[i] = chanceOf(tree.self[i], tree.selfSamples[i]);
    auto below = chance;
    for (auto i = nodes; i-- > 1;)
        below[tree.parent[i]] += below[i];
    run.self.assign(functions, {});
    run.total.assign(functions, {});
    // As in functionTable(): what begins before this is recursion, and already counted.
    std::vector<std::uint32_t> outermostEnd(functions, 0);
    for (std::uint32_t i = 0; i < nodes; ++i) {
        const auto function = run.functionOf[tree.function[i].raw];
        add(run.self[function], tree.self[i], tree.selfSamples[i], chance[i]);
        if (i < outermostEnd[function])
            continue;
        outermostEnd[function] = tree.subtreeEnd[i];
        add(run.total[function], tree.total[i], tree.totalSamples[i], below[i]);
    }
}

class Tree {
public:
    void add(const Profile &profile, const std::vector<std::uint32_t> &functionOf, SideSums &side)
    {
        const auto &tree = profile.tree;
        std::vector<std::uint32_t> placed(tree.size(), 0);
        for (std::size_t i = 0; i < placed.size(); ++i) {
            if (i > 0)
                placed[i] = child(placed[tree.parent[i]], functionOf[tree.function[i].raw],
                                  tree.inlined[i] != 0);
            side.resize(std::max(side.self.size(), m_parent.size()));
            const auto node = placed[i];
            side.self[node] = saturatingAdd(side.self[node], tree.self[i]);
            side.selfSamples[node] = saturatingAdd(side.selfSamples[node], tree.selfSamples[i]);
            side.chance[node] += chanceOf(tree.self[i], tree.selfSamples[i]);
        }
    }

    void assemble(SideSums base, SideSums cand, double scale, ProfileUnion &out) const;

private:
    // A function that is inlined on one side and called on the other is the same one.
    std::uint32_t child(std::uint32_t of, std::uint32_t function, bool inlined)
    {
        const auto fresh = static_cast<std::uint32_t>(m_parent.size());
        const auto id =
            m_index.findOrAddKey(bijectiveMix(std::uint64_t{of} << 32 | function), fresh);
        if (id == fresh) {
            m_parent.push_back(of);
            m_function.push_back(function);
            m_inlined.push_back(1);
        }
        m_inlined[id] = m_inlined[id] && inlined;
        return id;
    }

    std::vector<std::uint32_t> m_parent{0}, m_function{0};
    std::vector<std::uint8_t> m_inlined{0};
    InternTable m_index;
};

// Totals from selfs: parents are before their children.
struct Totals {
    std::vector<std::int64_t> total, samples;
    std::vector<double> chance;
    Totals(const SideSums &side, const std::vector<std::uint32_t> &parent)
        : total(side.self),
          samples(side.selfSamples),
          chance(side.chance)
    {
        for (auto i = parent.size(); i-- > 1;) {
            total[parent[i]] = saturatingAdd(total[parent[i]], total[i]);
            samples[parent[i]] = saturatingAdd(samples[parent[i]], samples[i]);
            chance[parent[i]] += chance[i];
        }
    }
};

void Tree::assemble(SideSums base, SideSums cand, double scale, ProfileUnion &out) const
{
    const auto nodes = static_cast<std::uint32_t>(m_parent.size());
    base.resize(nodes);
    cand.resize(nodes);
    const Totals a(base, m_parent), b(cand, m_parent);
    std::vector<double> size(nodes);
    for (std::uint32_t i = 0; i < nodes; ++i)
        size[i] =
            std::max(static_cast<double>(a.total[i]), static_cast<double>(b.total[i]) * scale);
    // Children of each node as one run of an array, then sorted.
    std::vector<std::uint32_t> first(std::size_t{nodes} + 1, 0), child(nodes);
    for (std::uint32_t i = 1; i < nodes; ++i)
        ++first[m_parent[i] + 1];
    std::partial_sum(first.begin(), first.end(), first.begin());
    auto next = first;
    for (std::uint32_t i = 1; i < nodes; ++i)
        child[next[m_parent[i]]++] = i;
    const auto &functions = out.functions;
    for (std::uint32_t i = 0; i < nodes; ++i) {
        std::sort(child.begin() + first[i], child.begin() + first[i + 1],
                  [&](std::uint32_t x, std::uint32_t y) {
                      if (size[x] != size[y])
                          return size[x] > size[y];
                      const auto &f = functions[m_function[x]], &g = functions[m_function[y]];
                      return f.name != g.name ? f.name < g.name : f.module < g.module;
                  });
    }
    auto &tree = out.tree;
    struct Open {
        std::uint32_t from, node, next;
    };
    std::vector<Open> path;
    const auto put = [](DiffTree::Side &side, const SideSums &self, const Totals &total,
                        std::uint32_t i) {
        side.self.push_back(self.self[i]);
        side.selfSamples.push_back(self.selfSamples[i]);
        side.total.push_back(total.total[i]);
        side.totalSamples.push_back(total.samples[i]);
    };
    const auto open = [&](std::uint32_t from, std::uint32_t parent) {
        const auto node = static_cast<std::uint32_t>(tree.size());
        tree.function.push_back(m_function[from]);
        tree.parent.push_back(parent);
        tree.subtreeEnd.push_back(0);
        tree.depth.push_back(static_cast<std::uint32_t>(path.size()));
        tree.inlined.push_back(m_inlined[from]);
        put(tree.base, base, a, from);
        put(tree.cand, cand, b, from);
        out.baseSelfChance.push_back(base.chance[from]);
        out.baseTotalChance.push_back(a.chance[from]);
        out.candSelfChance.push_back(cand.chance[from]);
        out.candTotalChance.push_back(b.chance[from]);
        path.push_back({from, node, first[from]});
    };
    open(0, 0);
    while (!path.empty()) {
        auto &top = path.back();
        if (top.next < first[top.from + 1]) {
            const auto callee = child[top.next++];
            open(callee, top.node);
        } else {
            tree.subtreeEnd[top.node] = static_cast<std::uint32_t>(tree.size());
            path.pop_back();
        }
    }
}

} // namespace

ProfileUnion uniteProfiles(std::span<const ProfileRun> base, std::span<const ProfileRun> cand,
                           const RenameRules &renames, double scale)
{
    ProfileUnion out;
    Functions functions(out, renames);
    Tree tree;
    SideSums baseSums, candSums;
    for (const auto &run : base) {
        out.base.push_back({.functionOf = functions.add(*run.profile, ProfileUnion::kInBase)});
        tree.add(*run.profile, out.base.back().functionOf, baseSums);
    }
    for (const auto &run : cand) {
        out.cand.push_back({.functionOf = functions.add(*run.profile, ProfileUnion::kInCand)});
        tree.add(*run.profile, out.cand.back().functionOf, candSums);
    }
    for (std::size_t i = 0; i < base.size(); ++i)
        sumFunctions(*base[i].profile, out.functions.size(), out.base[i]);
    for (std::size_t i = 0; i < cand.size(); ++i)
        sumFunctions(*cand[i].profile, out.functions.size(), out.cand[i]);
    tree.assemble(std::move(baseSums), std::move(candSums), scale, out);
    return out;
}

} // namespace flamewright
