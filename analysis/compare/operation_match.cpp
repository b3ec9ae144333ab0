#include "analysis/compare/operation_match.h"

#include "analysis/url_pattern.h"

#include <algorithm>
#include <array>

namespace flamewright {
namespace {

constexpr std::array<std::string_view, 9> kMethods{"GET",  "POST",    "PUT",   "DELETE", "PATCH",
                                                   "HEAD", "OPTIONS", "TRACE", "CONNECT"};
constexpr std::size_t kLeastLetters = 6; // of words that are taken for the same thing
constexpr std::string_view kAny = "{}";

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowerText(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

struct Route {
    std::string method;             // empty: any
    std::vector<std::string> parts; // kAny: any
    bool hasPath = false;
};

std::string partOf(std::string_view part)
{
    const bool stands = part.front() == ':' || part.front() == '{' || part.front() == '<' ||
                        part.front() == '[' || part == "*";
    const auto pattern = urlPattern("/" + std::string(part));
    return stands || pattern == "/{n}" || pattern == "/{id}" ? std::string(kAny) : lowerText(part);
}

Route routeOf(std::string_view name)
{
    Route out;
    if (const auto space = name.find(' '); space != std::string_view::npos) {
        std::string method(name.substr(0, space));
        for (auto &c : method)
            c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        if (std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end()) {
            out.method = method;
            name.remove_prefix(space + 1);
        }
    }
    if (const auto scheme = name.find("://"); scheme != std::string_view::npos) {
        const auto path = name.find('/', scheme + 3);
        name = path == std::string_view::npos ? std::string_view("/") : name.substr(path);
    }
    name = name.substr(0, name.find_first_of("?#"));
    out.hasPath = name.find('/') != std::string_view::npos;
    while (!name.empty()) {
        const auto slash = name.find('/');
        const auto part = name.substr(0, slash);
        if (!part.empty())
            out.parts.push_back(partOf(part));
        if (slash == std::string_view::npos)
            break;
        name.remove_prefix(slash + 1);
    }
    return out;
}

// How well they match; 0: not at all.
int likeness(const Route &endpoint, const Route &operation)
{
    if (!endpoint.method.empty() && !operation.method.empty() &&
        endpoint.method != operation.method)
        return 0;
    if (!operation.hasPath)
        return endpoint.parts == operation.parts && !endpoint.parts.empty() ? 4 : 0;
    if (!endpoint.hasPath) { // "product": of what does not stand for something
        std::vector<std::string> fixed;
        for (const auto &part : operation.parts) {
            if (part != kAny)
                fixed.push_back(part);
        }
        return fixed.size() == 1 && endpoint.parts == fixed ? 1 : 0;
    }
    if (endpoint.parts.size() != operation.parts.size())
        return 0;
    bool exact = true;
    for (std::size_t i = 0; i < endpoint.parts.size(); ++i) {
        if (endpoint.parts[i] == operation.parts[i])
            continue;
        if (endpoint.parts[i] != kAny && operation.parts[i] != kAny)
            return 0;
        exact = false;
    }
    return exact ? 3 : 2;
}

} // namespace

std::optional<std::size_t> operationOf(std::string_view endpoint,
                                       std::span<const std::string> operations)
{
    const auto same = std::find(operations.begin(), operations.end(), endpoint);
    if (same != operations.end())
        return static_cast<std::size_t>(same - operations.begin());
    const auto route = routeOf(endpoint);
    std::optional<std::size_t> best;
    int most = 0;
    for (std::size_t i = 0; i < operations.size(); ++i) {
        const auto like = likeness(route, routeOf(operations[i]));
        if (like == most)
            best.reset();
        if (like > most) {
            best = i;
            most = like;
        }
    }
    return best;
}

std::vector<std::string> wordsOfName(std::string_view name)
{
    std::vector<std::string> out;
    std::string word;
    const auto end = [&] {
        if (!word.empty())
            out.push_back(std::move(word));
        word.clear();
    };
    char before = '\0';
    for (const char c : name) {
        const bool small = c >= 'a' && c <= 'z', large = c >= 'A' && c <= 'Z';
        if (large && before >= 'a' && before <= 'z')
            end();
        if (small || large)
            word += lower(c);
        else
            end();
        before = c;
    }
    end();
    return out;
}

bool isNamedLike(std::string_view function, std::string_view operation)
{
    const auto all = wordsOfName(function), wanted = wordsOfName(operation);
    std::size_t letters = 0;
    for (const auto &word : wanted)
        letters += word.size();
    return letters >= kLeastLetters &&
           std::search(all.begin(), all.end(), wanted.begin(), wanted.end()) != all.end();
}

} // namespace flamewright
