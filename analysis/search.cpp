#include "analysis/search.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <regex>
#include <string>

namespace flamewright {
namespace {

// A longer name is matched by its beginning only: std::regex recurses per character.
constexpr std::size_t kMaxRegexSubject = 4096;

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool containsFolded(std::string_view text, std::string_view foldedNeedle)
{
    return std::search(text.begin(), text.end(), foldedNeedle.begin(), foldedNeedle.end(),
                       [](char a, char b) { return lower(a) == b; }) != text.end();
}

// "/re/" or "/re/i"; nullopt: plain text.
struct RegexText {
    std::string expression;
    bool ignoreCase;
};
std::optional<RegexText> asRegex(std::string_view pattern)
{
    if (pattern.size() < 3 || pattern.front() != '/')
        return std::nullopt;
    const bool ignoreCase = pattern.ends_with("/i");
    if (!ignoreCase && !pattern.ends_with('/'))
        return std::nullopt;
    const auto tail = ignoreCase ? 2u : 1u;
    if (pattern.size() <= 1 + tail)
        return std::nullopt;
    return RegexText{std::string(pattern.substr(1, pattern.size() - 1 - tail)), ignoreCase};
}

// Marks entries from `first` on by a text of theirs: the expression sees `subject` of an entry, plain
// text is tried by `plain`.
template <class Subject, class Plain>
Result<std::vector<std::uint8_t>> matchText(std::size_t count, std::size_t first,
                                            std::string_view pattern, Subject subject, Plain plain)
{
    std::vector<std::uint8_t> hits(count, 0);
    if (pattern.empty())
        return hits;
    if (const auto text = asRegex(pattern)) {
        try {
            auto flags = std::regex::ECMAScript | std::regex::optimize;
            if (text->ignoreCase)
                flags |= std::regex::icase;
            const std::regex expression(text->expression, flags);
            for (std::size_t i = first; i < hits.size(); ++i) {
                const auto name = subject(i).substr(0, kMaxRegexSubject);
                hits[i] = std::regex_search(name.begin(), name.end(), expression);
            }
        } catch (const std::regex_error &e) {
            return fail(Errc::Usage,
                        std::string("the regular expression is not valid: ") + e.what());
        }
        return hits;
    }
    std::string needle(pattern);
    std::transform(needle.begin(), needle.end(), needle.begin(), lower);
    for (std::size_t i = first; i < hits.size(); ++i)
        hits[i] = plain(i, needle);
    return hits;
}

constexpr std::string_view kAtModule = " @";

} // namespace

std::string exactPattern(const FunctionInfo &function)
{
    return "=" + function.name + std::string(kAtModule) + function.module;
}

Result<std::vector<std::uint8_t>> matchFunctions(const Profile &profile, std::string_view pattern)
{
    if (pattern.starts_with('=')) {
        // Names may hold the separator as well, so the whole text is tried as a name first.
        const auto exact = pattern.substr(1);
        std::vector<std::uint8_t> hits(profile.functions.size(), 0);
        for (std::size_t i = 1; i < hits.size(); ++i) {
            const auto &f = profile.functions[i];
            const auto cut = f.name.size() + kAtModule.size();
            hits[i] = exact == f.name || (exact.size() == cut + f.module.size() &&
                                          exact.substr(0, f.name.size()) == f.name &&
                                          exact.substr(f.name.size(), 2) == kAtModule &&
                                          exact.substr(cut) == f.module);
        }
        return hits;
    }
    const auto &functions = profile.functions;
    return matchText(
        functions.size(), 1, pattern,
        [&](std::size_t i) { return std::string_view(functions[i].name); },
        [&](std::size_t i, std::string_view needle) {
            return containsFolded(functions[i].name, needle) ||
                   containsFolded(functions[i].module, needle);
        });
}

Result<std::vector<std::uint8_t>> matchModules(const Profile &profile, std::string_view pattern)
{
    if (pattern.starts_with('=')) {
        std::vector<std::uint8_t> hits(profile.functions.size(), 0);
        for (std::size_t i = 1; i < hits.size(); ++i)
            hits[i] = profile.functions[i].module == pattern.substr(1);
        return hits;
    }
    const auto &functions = profile.functions;
    return matchText(
        functions.size(), 1, pattern,
        [&](std::size_t i) { return std::string_view(functions[i].module); },
        [&](std::size_t i, std::string_view needle) {
            return containsFolded(functions[i].module, needle);
        });
}

Result<std::vector<std::uint8_t>> matchNames(std::span<const std::string> names,
                                             std::string_view pattern)
{
    if (pattern.starts_with('=')) {
        std::vector<std::uint8_t> hits(names.size(), 0);
        for (std::size_t i = 0; i < names.size(); ++i)
            hits[i] = names[i] == pattern.substr(1);
        return hits;
    }
    return matchText(
        names.size(), 0, pattern, [&](std::size_t i) { return std::string_view(names[i]); },
        [&](std::size_t i, std::string_view needle) { return containsFolded(names[i], needle); });
}

Result<SearchResult> searchProfile(const Profile &profile, std::string_view pattern,
                                   std::uint32_t underNode)
{
    SearchResult out;
    FW_ASSIGN(out.functions, matchFunctions(profile, pattern));
    out.functionCount = static_cast<std::uint32_t>(
        std::count(out.functions.begin(), out.functions.end(), std::uint8_t{1}));
    const auto &tree = profile.tree;
    out.nodes.assign(tree.size(), 0);
    for (std::uint32_t node = 0; node < tree.size(); ++node) {
        out.nodes[node] = out.functions[tree.function[node].raw];
        out.nodeCount += out.nodes[node];
    }
    // The topmost match of each path carries the whole subtree; what is below counts no more.
    if (underNode >= tree.size())
        return out;
    for (auto node = underNode; node < tree.subtreeEnd[underNode];) {
        if (!out.nodes[node]) {
            ++node;
            continue;
        }
        out.total = saturatingAdd(out.total, tree.total[node]);
        out.samples = saturatingAdd(out.samples, tree.totalSamples[node]);
        node = tree.subtreeEnd[node];
    }
    return out;
}

} // namespace flamewright
