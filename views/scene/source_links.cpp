#include "views/scene/source_links.h"

#include <algorithm>
#include <array>
#include <vector>

namespace flamewright {
namespace {

constexpr std::string_view kFile = "{file}", kLine = "{line}";
constexpr std::string_view kLocal = "file://";
constexpr std::string_view kLocalPattern = "file:///{file}#L{line}";
constexpr std::array<std::string_view, 3> kSchemes = {"https://", "http://", kLocal};
constexpr std::size_t kMostBytes = 2000; // of an address: more than browsers take everywhere

bool isUnreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

// RFC 3986 without those that mean something where addresses are written: ( ) ' in PDF, in CSS.
bool isOfAddress(char c)
{
    return isUnreserved(c) ||
           std::string_view("%/:?#[]@!$&*+,;=").find(c) != std::string_view::npos;
}

std::string_view schemeOf(std::string_view address)
{
    for (const auto scheme : kSchemes) {
        if (address.starts_with(scheme))
            return scheme;
    }
    return {};
}

// "../a//b/./c d" as "a/b/c%20d": never above where it is put, nothing but a path.
std::string encodedPath(std::string_view path)
{
    std::vector<std::string_view> parts;
    while (!path.empty()) {
        const auto end = std::min(path.find_first_of("/\\"), path.size());
        const auto part = path.substr(0, end);
        path.remove_prefix(std::min(end + 1, path.size()));
        if (part == "..") {
            if (!parts.empty())
                parts.pop_back();
        } else if (!part.empty() && part != ".") {
            parts.push_back(part);
        }
    }
    std::string out;
    for (const auto part : parts) {
        if (!out.empty())
            out += '/';
        for (const auto c : part) {
            const auto byte = static_cast<unsigned char>(c);
            if (isUnreserved(c))
                out += c;
            else
                out.append({'%', "0123456789ABCDEF"[byte >> 4], "0123456789ABCDEF"[byte & 15]});
        }
    }
    return out;
}

void replaceAll(std::string &text, std::string_view what, std::string_view by)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

} // namespace

SourceLinks SourceLinks::toFiles()
{
    SourceLinks out;
    out.m_pattern = kLocalPattern;
    return out;
}

Result<SourceLinks> SourceLinks::of(std::string_view pattern)
{
    const auto bad = [&](const std::string &why) {
        return fail(Errc::Usage, "'" + std::string(pattern) + "' is no pattern for links: " + why +
                                     "; write https://host/{file}#L{line}");
    };
    const auto scheme = schemeOf(pattern);
    if (scheme.empty())
        return bad("it begins with none of https://, http:// and file://");
    const auto host = pattern.substr(scheme.size());
    const auto hostEnd = host.find('/');
    if (hostEnd == std::string_view::npos || (hostEnd == 0) != (scheme == kLocal))
        return bad("there is no host and path after " + std::string(scheme));
    if (host.substr(0, hostEnd).find_first_of("{}?#") != std::string_view::npos)
        return bad("the host cannot depend on the file");
    if (pattern.find(kFile) == std::string_view::npos)
        return bad("there is no {file} in it");
    SourceLinks out;
    out.m_pattern = pattern;
    auto rest = out.m_pattern;
    replaceAll(rest, kFile, "f");
    replaceAll(rest, kLine, "1");
    if (!isSafeAddress(rest))
        return bad("it holds characters that an address cannot have");
    return out;
}

std::string SourceLinks::addressOf(const FunctionInfo &function) const
{
    auto file = std::string_view(function.file);
    // Runtimes of scripts name files by their address.
    if (file.starts_with(kLocal))
        file.remove_prefix(kLocal.size());
    const bool local = m_pattern.starts_with(kLocal);
    if (m_pattern.empty() || file.empty() || (local && !file.starts_with('/')))
        return {};
    const auto path = encodedPath(file);
    if (path.empty())
        return {};
    auto out = m_pattern;
    // An unknown line is no place in the file.
    if (const auto fragment = out.find('#'); function.line == 0 && fragment != std::string::npos &&
                                             out.find(kLine, fragment) != std::string::npos)
        out.resize(fragment);
    replaceAll(out, kLine, std::to_string(std::max(function.line, 1u)));
    replaceAll(out, kFile, path); // last: what a path holds is no placeholder
    return isSafeAddress(out) ? out : std::string();
}

bool isSafeAddress(std::string_view address)
{
    return !schemeOf(address).empty() && address.size() <= kMostBytes &&
           std::all_of(address.begin(), address.end(), isOfAddress);
}

} // namespace flamewright
