#include "app/compare/compare.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace flamewright {
namespace {

// Words of names that say which side or which run a capture is, not what it is of.
constexpr std::array<std::string_view, 18> kSideWords{
    "before", "after",  "base", "baseline", "cand",  "candidate", "old", "new", "main",
    "master", "branch", "head", "pr",       "patch", "fixed",     "fix", "run", "rerun"};

std::string kindOf(const CaptureInfo &capture)
{
    if (capture.kind == "load test")
        return "load";
    if (capture.kind == "trace")
        return "traces";
    return capture.kind;
}

// The words of a name without those of sides, and without numbers: "shop-before.2.jtl" is
// "shop jtl".
std::string bareName(std::string_view name)
{
    std::string out, word;
    const auto end = [&] {
        const auto number =
            std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (!word.empty() && !number &&
            std::find(kSideWords.begin(), kSideWords.end(), word) == kSideWords.end())
            out += (out.empty() ? "" : " ") + word;
        word.clear();
    };
    for (const char c : name) {
        const auto lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        const bool letter = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9') ||
                            static_cast<unsigned char>(lower) >= 0x80;
        if (letter)
            word += lower;
        else
            end();
    }
    end();
    return out;
}

// Kind, format, bare name.
using Key = std::tuple<std::string, std::string, std::string>;
using Groups = std::map<Key, std::vector<ComparedCapture>>;

Groups groupsOf(const CompareSide &side)
{
    Groups out;
    for (const auto &one : side.captures)
        out[{kindOf(one.info), one.info.desc.formatId, bareName(one.info.desc.name)}].push_back(
            one);
    return out;
}

// What is left of a kind and format, when each side has one thing of it.
Groups::iterator onlyOneLike(Groups &groups, const Key &key, bool sameFormat)
{
    auto found = groups.end();
    for (auto it = groups.begin(); it != groups.end(); ++it) {
        if (std::get<0>(it->first) != std::get<0>(key) ||
            (sameFormat && std::get<1>(it->first) != std::get<1>(key)))
            continue;
        if (found != groups.end())
            return groups.end();
        found = it;
    }
    return found;
}

void pairRest(Groups &base, Groups &cand, bool sameFormat, std::vector<ComparedPair> &out)
{
    for (auto it = base.begin(); it != base.end();) {
        const auto mine = onlyOneLike(base, it->first, sameFormat);
        const auto other = onlyOneLike(cand, it->first, sameFormat);
        if (mine != it || other == cand.end()) {
            ++it;
            continue;
        }
        out.push_back({std::get<0>(it->first), it->second.front().info.desc.name,
                       std::move(it->second), std::move(other->second)});
        cand.erase(other);
        it = base.erase(it);
    }
}

void sayLeft(const Groups &groups, const std::string &side, std::vector<std::string> &out)
{
    for (const auto &[key, captures] : groups) {
        for (const auto &one : captures)
            out.push_back(one.info.desc.name + " (" + std::get<0>(key) + ") of " + side +
                          " has no counterpart");
    }
}

} // namespace

ComparePlan planOf(const CompareSide &base, const CompareSide &cand)
{
    ComparePlan out;
    auto left = groupsOf(base), right = groupsOf(cand);
    for (auto it = left.begin(); it != left.end();) {
        const auto other = right.find(it->first);
        if (other == right.end()) {
            ++it;
            continue;
        }
        out.pairs.push_back({std::get<0>(it->first), it->second.front().info.desc.name,
                             std::move(it->second), std::move(other->second)});
        right.erase(other);
        it = left.erase(it);
    }
    pairRest(left, right, true, out.pairs);
    pairRest(left, right, false, out.pairs);
    sayLeft(left, base.name, out.left);
    sayLeft(right, cand.name, out.left);
    return out;
}

} // namespace flamewright
