#include "app/compare/compare.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <tuple>

namespace flamewright {
namespace {

// Words of names that say which side or which run a capture is, not what it is of.
constexpr std::array<std::string_view, 18> kSideWords{
    "before", "after",  "base", "baseline", "cand",  "candidate", "old", "new", "main",
    "master", "branch", "head", "pr",       "patch", "fixed",     "fix", "run", "rerun"};
// Longer numbers are processes, days and counters: they differ between runs of the same thing.
constexpr std::size_t kShortNumber = 3;

std::string kindOf(const CaptureInfo &capture)
{
    // Figures that a tool computed stand beside the samples of Callgrind and the metrics of OTLP.
    if (capture.kind == "load test" && capture.requests == 0) {
        if (capture.samples > 0)
            return "profile";
        if (capture.counters > 0)
            return "metrics";
    }
    if (capture.kind == "load test")
        return "load";
    if (capture.kind == "trace")
        return "traces";
    return capture.kind;
}

bool isNumber(const std::string &word)
{
    return std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string> nameWords(std::string_view name)
{
    std::vector<std::string> out;
    std::string word;
    for (const char c : name) {
        const auto lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        const bool letter = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9') ||
                            static_cast<unsigned char>(lower) >= 0x80;
        if (letter) {
            word += lower;
        } else if (!word.empty()) {
            out.push_back(std::move(word));
            word.clear();
        }
    }
    if (!word.empty())
        out.push_back(std::move(word));
    return out;
}

// A name in two: its words without those of sides, and its short numbers, which may be of a run or
// of what was run. "shop-before.2.jtl" is "shop jtl" and 2.
struct BareName {
    std::string words;
    std::vector<unsigned> numbers;
};
BareName bareName(std::string_view name)
{
    BareName out;
    for (const auto &word : nameWords(name)) {
        if (isNumber(word)) {
            if (word.size() <= kShortNumber)
                out.numbers.push_back(static_cast<unsigned>(std::stoul(word)));
        } else if (std::find(kSideWords.begin(), kSideWords.end(), word) == kSideWords.end()) {
            out.words += (out.words.empty() ? "" : " ") + word;
        }
    }
    return out;
}

// Whether captures whose names differ in numbers only are runs of one thing: they are counted from
// 0 or 1. "wrk-8" and "wrk-48" are not, at any rate.
bool areRuns(const std::set<std::vector<unsigned>> &numbers)
{
    if (numbers.size() < 2)
        return true;
    std::set<std::size_t> differing;
    const auto &first = *numbers.begin();
    for (const auto &one : numbers) {
        if (one.size() != first.size())
            return false;
        for (std::size_t i = 0; i < one.size(); ++i) {
            if (one[i] != first[i])
                differing.insert(i);
        }
    }
    if (differing.size() != 1)
        return false;
    auto expected = first[*differing.begin()];
    if (expected > 1)
        return false;
    for (const auto &one : numbers) { // in order
        if (one[*differing.begin()] != expected++)
            return false;
    }
    return true;
}

// Kind, format, bare name.
using Key = std::tuple<std::string, std::string, std::string>;
using Groups = std::map<Key, std::vector<ComparedCapture>>;

Key keyOf(const CaptureInfo &capture)
{
    return {kindOf(capture), capture.desc.formatId, bareName(capture.desc.name).words};
}

// The groups of a side whose numbers tell things apart.
std::set<Key> numberedThings(const CompareSide &side)
{
    std::map<Key, std::set<std::vector<unsigned>>> numbers;
    for (const auto &one : side.captures)
        numbers[keyOf(one.info)].insert(bareName(one.info.desc.name).numbers);
    std::set<Key> out;
    for (const auto &[key, all] : numbers) {
        if (!areRuns(all))
            out.insert(key);
    }
    return out;
}

// What holds nothing that could be compared.
bool isEmpty(const CaptureInfo &capture)
{
    return capture.kind == "profile" && capture.samples == 0;
}

Groups groupsOf(const CompareSide &side, const std::set<Key> &numbered)
{
    Groups out;
    for (const auto &one : side.captures) {
        if (isEmpty(one.info))
            continue;
        auto key = keyOf(one.info);
        if (numbered.contains(key)) {
            for (const auto number : bareName(one.info.desc.name).numbers)
                std::get<2>(key) += " " + std::to_string(number);
        }
        out[key].push_back(one);
    }
    return out;
}

// What there is of a kind (and format), when it is one thing only.
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

bool shareAWord(const Key &a, const Key &b)
{
    // The last word is the ending of the file.
    auto mine = nameWords(std::get<2>(a)), other = nameWords(std::get<2>(b));
    for (auto *words : {&mine, &other}) {
        if (words->size() > 1)
            words->pop_back();
    }
    return std::any_of(mine.begin(), mine.end(), [&](const std::string &word) {
        return std::find(other.begin(), other.end(), word) != other.end();
    });
}

// How many things of a kind there were on each side at first.
using Counts = std::map<std::string, std::size_t>;
Counts countsOf(const Groups &groups)
{
    Counts out;
    for (const auto &[key, captures] : groups)
        ++out[std::get<0>(key)];
    return out;
}

struct BothCounts {
    Counts base, cand;
    // Nobody names a single file of each kind but to have them compared.
    bool isOneEach(const std::string &kind) const
    {
        const auto mine = base.find(kind), other = cand.find(kind);
        return mine != base.end() && other != cand.end() && mine->second == 1 && other->second == 1;
    }
};

// What is left and is the only one of its kind (and format) on both sides: names may have changed,
// but not altogether where there are other captures of the kind.
void pairRest(Groups &base, Groups &cand, bool sameFormat, const BothCounts &counts,
              std::vector<ComparedPair> &out)
{
    for (auto it = base.begin(); it != base.end();) {
        const auto mine = onlyOneLike(base, it->first, sameFormat);
        const auto other = onlyOneLike(cand, it->first, sameFormat);
        const auto &kind = std::get<0>(it->first);
        if (mine != it || other == cand.end() ||
            !(counts.isOneEach(kind) || (sameFormat && shareAWord(it->first, other->first)))) {
            ++it;
            continue;
        }
        out.push_back({kind, it->second.front().info.desc.name, std::move(it->second),
                       std::move(other->second)});
        cand.erase(other);
        it = base.erase(it);
    }
}

void sayLeft(const Groups &groups, const std::string &side, std::vector<std::string> &out)
{
    for (const auto &[key, captures] : groups) {
        auto line = captures.front().info.desc.name + " (" + std::get<0>(key) + ")";
        if (captures.size() > 1)
            line += " and " + std::to_string(captures.size() - 1) + " like it";
        out.push_back(line + " of " + side + (captures.size() > 1 ? " have" : " has") +
                      " no counterpart");
    }
}

void sayEmpty(const CompareSide &side, std::vector<std::string> &out)
{
    for (const auto &one : side.captures) {
        if (isEmpty(one.info))
            out.push_back(one.info.desc.name + " of " + side.name + " has no samples");
    }
}

// What somebody named as runs is one thing on each side, by kind and format.
void joinRuns(const CompareSide &base, Groups &left, const CompareSide &cand, Groups &right)
{
    if (base.saidRuns == 0 || cand.saidRuns == 0)
        return;
    using Like = std::pair<std::string, std::string>;
    const auto countOf = [](const Groups &groups) {
        std::map<Like, std::size_t> out;
        for (const auto &[key, captures] : groups)
            out[{std::get<0>(key), std::get<1>(key)}] += captures.size();
        return out;
    };
    const auto join = [](Groups &groups, const Like &like) {
        std::vector<ComparedCapture> all;
        for (auto it = groups.begin(); it != groups.end();) {
            if (Like{std::get<0>(it->first), std::get<1>(it->first)} != like) {
                ++it;
                continue;
            }
            all.insert(all.end(), std::make_move_iterator(it->second.begin()),
                       std::make_move_iterator(it->second.end()));
            it = groups.erase(it);
        }
        groups[{like.first, like.second, {}}] = std::move(all);
    };
    const auto others = countOf(right);
    for (const auto &[like, count] : countOf(left)) {
        const auto other = others.find(like);
        if (count != base.saidRuns || other == others.end() || other->second != cand.saidRuns)
            continue;
        join(left, like);
        join(right, like);
    }
}

} // namespace

ComparePlan planOf(const CompareSide &base, const CompareSide &cand)
{
    ComparePlan out;
    // Numbers tell things apart on both sides when they do on one.
    auto numbered = numberedThings(base);
    numbered.merge(numberedThings(cand));
    auto left = groupsOf(base, numbered), right = groupsOf(cand, numbered);
    joinRuns(base, left, cand, right);
    const BothCounts counts{countsOf(left), countsOf(right)};
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
    pairRest(left, right, true, counts, out.pairs);
    pairRest(left, right, false, counts, out.pairs);
    sayLeft(left, base.name, out.left);
    sayLeft(right, cand.name, out.left);
    sayEmpty(base, out.left);
    sayEmpty(cand, out.left);
    return out;
}

} // namespace flamewright
