#include "analysis/compare/function_match.h"

#include <algorithm>
#include <array>
#include <regex>

namespace flamewright {
namespace {

// std::regex recurses for every character.
constexpr std::size_t kMaxSubject = 4096;
constexpr std::string_view kAtModule = " @";
constexpr std::string_view kDeleted = " (deleted)";

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
bool isHexDigit(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::string_view baseName(std::string_view path)
{
    const auto slash = path.find_last_of("/\\");
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

// "-1.2.3", "-4711", "-0123456789abcdef": how long it is; 0: something else.
std::size_t versionLength(std::string_view text)
{
    if (text.size() < 2 || text[0] != '-')
        return 0;
    std::size_t end = 1;
    while (end < text.size() && (isDigit(text[end]) || text[end] == '.'))
        ++end;
    while (end > 1 && text[end - 1] == '.')
        --end; // the extension's
    const auto closes = [&](std::size_t at) {
        return at == text.size() || text[at] == '.' || text[at] == '-';
    };
    if (end > 1 && closes(end))
        return end;
    end = 1;
    while (end < text.size() && isHexDigit(text[end]))
        ++end;
    constexpr std::size_t kShortestHash = 8;
    return end > kShortestHash && closes(end) ? end : 0;
}

// Drops ":line:column" or ":line"; whether there was one.
bool dropPosition(std::string_view &text)
{
    bool dropped = false;
    for (int i = 0; i < 2; ++i) {
        const auto colon = text.rfind(':');
        if (colon == std::string_view::npos || colon + 1 == text.size() ||
            !std::all_of(text.begin() + static_cast<std::ptrdiff_t>(colon) + 1, text.end(),
                         isDigit))
            break;
        text = text.substr(0, colon);
        dropped = true;
    }
    return dropped;
}

} // namespace

std::string moduleKey(std::string_view module)
{
    if (module.ends_with(kDeleted))
        module.remove_suffix(kDeleted.size());
    if (module.starts_with('['))
        return std::string(module);
    module = baseName(module);
    const auto library = module.find(".so.");
    if (library != std::string_view::npos &&
        std::all_of(module.begin() + static_cast<std::ptrdiff_t>(library) + 4, module.end(),
                    [](char c) { return isDigit(c) || c == '.'; }))
        module = module.substr(0, library + 3);
    std::string out;
    for (std::size_t i = 0; i < module.size();) {
        const auto skip = i > 0 ? versionLength(module.substr(i)) : 0;
        if (skip == 0)
            out += module[i];
        i += std::max<std::size_t>(skip, 1);
    }
    return out;
}

std::string functionKey(const FunctionInfo &function)
{
    if (function.unresolved)
        return std::string(kUnresolvedFunction);
    constexpr std::array<std::string_view, 5> kTiers{
        "JS:", "LazyCompile:", "Function:", "Script:", "Eval:"};
    const std::string_view name = function.name;
    const auto tier = std::find_if(kTiers.begin(), kTiers.end(),
                                   [&](std::string_view one) { return name.starts_with(one); });
    if (tier == kTiers.end())
        return function.name;
    auto rest = name.substr(tier->size());
    const auto named = rest.find_first_not_of("*~^+'");
    rest = named == std::string_view::npos ? std::string_view{} : rest.substr(named);
    if (!dropPosition(rest))
        return function.name;
    const auto space = rest.rfind(' ');
    auto file = space == std::string_view::npos ? std::string_view{} : rest.substr(space + 1);
    constexpr std::string_view kOfNode = "node:";
    if (file.starts_with(kOfNode))
        file.remove_prefix(kOfNode.size());
    else
        file = baseName(file);
    const auto called = rest.substr(0, space);
    return "JS:" + (called.empty() ? std::string("(anonymous)") : std::string(called)) +
           (file.empty() ? "" : " ") + std::string(file);
}

struct RenameRules::Rule {
    std::regex expression;
    std::string replacement;
    bool withModule = false;
};

RenameRules::RenameRules() = default;
RenameRules::~RenameRules() = default;
RenameRules::RenameRules(RenameRules &&) noexcept = default;
RenameRules &RenameRules::operator=(RenameRules &&) noexcept = default;

Result<RenameRules> RenameRules::of(const std::vector<std::pair<std::string, std::string>> &rules)
{
    RenameRules out;
    for (const auto &rule : rules) {
        try {
            out.m_rules.push_back({std::regex(rule.first), rule.second,
                                   rule.first.find(kAtModule) != std::string::npos});
        } catch (const std::regex_error &e) {
            return fail(Errc::Usage,
                        "'" + rule.first + "' is not a regular expression: " + e.what());
        }
    }
    return out;
}

bool RenameRules::apply(std::string &function, std::string &module) const
{
    for (const auto &rule : m_rules) {
        const auto subject =
            rule.withModule ? function + std::string(kAtModule) + module : function;
        std::smatch match;
        try {
            if (subject.size() > kMaxSubject || !std::regex_match(subject, match, rule.expression))
                continue;
        } catch (const std::regex_error &) { // too complex for this name
            continue;
        }
        auto text = match.format(rule.replacement);
        const auto at = rule.withModule ? text.rfind(kAtModule) : std::string::npos;
        if (at != std::string::npos) {
            module = text.substr(at + kAtModule.size());
            text.resize(at);
        }
        function = std::move(text);
        return true;
    }
    return false;
}

} // namespace flamewright
