#include "analysis/compare/rename_suggestions.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>

namespace flamewright {
namespace {

constexpr std::size_t kMostLookedAt = 150; // of each side
constexpr std::size_t kMostNeighbours = 64;
constexpr std::size_t kMostNameBytes = 256;
constexpr double kLeastLikeness = 0.6;

struct Candidate {
    std::uint32_t function = 0;
    double share = 0; // of its side's total
    std::vector<std::uint32_t> callers, callees, pairs;
};

double jaccard(const std::vector<std::uint32_t> &a, const std::vector<std::uint32_t> &b)
{
    std::size_t both = 0;
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        if (a[i] == b[j]) {
            ++both;
            ++i;
            ++j;
        } else {
            ++(a[i] < b[j] ? i : j);
        }
    }
    const auto all = a.size() + b.size() - both;
    return all == 0 ? 0 : static_cast<double>(both) / static_cast<double>(all);
}

void makeSet(std::vector<std::uint32_t> &values)
{
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

// Pairs of neighbouring letters: names that differ in little share most of them.
std::vector<std::uint32_t> letterPairs(std::string_view name)
{
    std::vector<std::uint32_t> out;
    name = name.substr(0, kMostNameBytes);
    for (std::size_t i = 0; i + 1 < name.size(); ++i)
        out.push_back(static_cast<std::uint32_t>(static_cast<unsigned char>(name[i])) << 8 |
                      static_cast<unsigned char>(name[i + 1]));
    makeSet(out);
    return out;
}

std::string_view fileName(const FunctionInfo &info)
{
    const auto slash = info.file.find_last_of('/');
    return std::string_view(info.file).substr(slash == std::string::npos ? 0 : slash + 1);
}

std::vector<Candidate> onlyOn(const ProfileUnion &both, std::uint8_t side,
                              const std::vector<ProfileUnion::Run> &runs)
{
    std::vector<Candidate> out;
    double whole = 0;
    for (const auto &run : runs)
        whole += static_cast<double>(run.total[0].value);
    for (std::uint32_t f = 1; f < both.functions.size(); ++f) {
        // "(anonymous)", "[deferred]": names of very many.
        const auto &name = both.functions[f].name;
        if (both.sides[f] != side || both.functions[f].unresolved || name.empty() ||
            name.front() == '(' || name.front() == '[')
            continue;
        double total = 0;
        for (const auto &run : runs)
            total += static_cast<double>(run.total[f].value);
        out.push_back({.function = f, .share = whole > 0 ? total / whole : 0});
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const Candidate &a, const Candidate &b) { return a.share > b.share; });
    if (out.size() > kMostLookedAt)
        out.resize(kMostLookedAt);
    return out;
}

// Who calls whom, for those that are looked at.
void findNeighbours(const ProfileUnion &both, std::vector<Candidate> &of)
{
    std::unordered_map<std::uint32_t, std::size_t> at;
    for (std::size_t i = 0; i < of.size(); ++i)
        at.emplace(of[i].function, i);
    const auto &tree = both.tree;
    for (std::size_t node = 1; node < tree.size(); ++node) {
        const auto function = tree.function[node], caller = tree.function[tree.parent[node]];
        if (const auto found = at.find(function);
            found != at.end() && of[found->second].callers.size() < kMostNeighbours)
            of[found->second].callers.push_back(caller);
        if (const auto found = at.find(caller);
            found != at.end() && of[found->second].callees.size() < kMostNeighbours)
            of[found->second].callees.push_back(function);
    }
    for (auto &one : of) {
        makeSet(one.callers);
        makeSet(one.callees);
        one.pairs = letterPairs(both.functions[one.function].name);
    }
}

RenameSuggestion compareTwo(const ProfileUnion &both, const Candidate &base, const Candidate &cand)
{
    const auto &f = both.functions[base.function], &g = both.functions[cand.function];
    RenameSuggestion out{.base = base.function, .cand = cand.function};
    if (f.name == g.name) {
        out.likeness = 0.95;
        out.why = "same name in another module";
        return out;
    }
    const auto name = jaccard(base.pairs, cand.pairs);
    const auto callers = jaccard(base.callers, cand.callers);
    const bool leaves = base.callees.empty() && cand.callees.empty();
    const auto callees = leaves ? 0 : jaccard(base.callees, cand.callees);
    const bool sameFile = !f.file.empty() && fileName(f) == fileName(g);
    const auto larger = std::max(base.share, cand.share);
    const auto size = larger > 0 ? std::min(base.share, cand.share) / larger : 0;
    const auto place = leaves ? 0.25 * callers : 0.2 * callers + 0.25 * callees;
    out.likeness = (leaves ? 0.5 : 0.35) * name + place + 0.1 * size + (sameFile ? 0.15 : 0);
    if (leaves && callers > 0.5)
        out.why = "same callers";
    else if (callers > 0.5 && callees > 0.5)
        out.why = "same callers and callees";
    if (name > 0.5)
        out.why += out.why.empty() ? "similar name" : ", similar name";
    if (sameFile)
        out.why += out.why.empty() ? "same file" : ", same file";
    return out;
}

} // namespace

std::vector<RenameSuggestion> renameSuggestions(const ProfileUnion &both)
{
    auto base = onlyOn(both, ProfileUnion::kInBase, both.base);
    auto cand = onlyOn(both, ProfileUnion::kInCand, both.cand);
    std::vector<RenameSuggestion> all, out;
    if (base.empty() || cand.empty())
        return out;
    findNeighbours(both, base);
    findNeighbours(both, cand);
    for (const auto &one : base) {
        for (const auto &other : cand) {
            auto found = compareTwo(both, one, other);
            if (found.likeness >= kLeastLikeness && !found.why.empty())
                all.push_back(std::move(found));
        }
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const RenameSuggestion &a, const RenameSuggestion &b) {
                         return a.likeness > b.likeness;
                     });
    // Each function once, with the one it is likest to.
    std::vector<std::uint8_t> taken(both.functions.size(), 0);
    for (auto &one : all) {
        if (taken[one.base] || taken[one.cand])
            continue;
        taken[one.base] = taken[one.cand] = 1;
        out.push_back(std::move(one));
    }
    return out;
}

} // namespace flamewright
