#include "importers/symbols/address_text.h"

#include "importers/symbols/elf_symbols.h"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace flamewright {
namespace {

constexpr std::size_t kMaxEntries = 1u << 24;
constexpr std::size_t kMaxNameBytes = 64u << 10;
// How far a kernel symbol may reach: the last one of a module is not followed by anything of it.
constexpr std::uint64_t kMaxGap = 256u << 10;

// The next line without its end; false at the end of the text.
bool nextLine(std::string_view &text, std::string_view &line)
{
    if (text.empty())
        return false;
    const auto end = text.find('\n');
    line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!line.empty() && line.back() == '\r')
        line.remove_suffix(1);
    return true;
}

// A field up to white space; leaves what follows the white space.
std::string_view takeField(std::string_view &line)
{
    const auto end = std::min(line.find_first_of(" \t"), line.size());
    const auto field = line.substr(0, end);
    line.remove_prefix(end);
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    return field;
}

bool parseHex(std::string_view field, std::uint64_t &value)
{
    if (field.substr(0, 2) == "0x")
        field.remove_prefix(2);
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value, 16);
    return error == std::errc() && end == field.data() + field.size() && !field.empty();
}

struct MapEntry {
    std::uint64_t begin, end;
    std::string_view name;
};

struct KernelLine {
    std::uint64_t address = 0;
    char type = 0;
    std::string_view name, module;
};

bool parseKernelLine(std::string_view line, KernelLine &out)
{
    const auto address = takeField(line);
    const auto type = takeField(line);
    out.name = takeField(line);
    out.module = line;
    if (!parseHex(address, out.address) || type.size() != 1 || out.name.empty())
        return false;
    out.type = type[0];
    if (out.module.size() >= 2 && out.module.front() == '[' && out.module.back() == ']')
        out.module = out.module.substr(1, out.module.size() - 2);
    else
        out.module = {};
    return true;
}

} // namespace

TextAnswer findInPerfMap(std::string_view text, std::span<const std::uint64_t> addresses)
{
    TextAnswer out;
    out.names.resize(addresses.size());
    std::vector<MapEntry> entries;
    for (std::string_view line; nextLine(text, line);) {
        const auto start = takeField(line);
        const auto size = takeField(line);
        std::uint64_t begin = 0, length = 0, end = 0;
        if (!parseHex(start, begin) || !parseHex(size, length) || line.empty() ||
            __builtin_add_overflow(begin, length, &end) || entries.size() >= kMaxEntries) {
            ++out.badLines;
            continue;
        }
        // Only what hits: maps have 100,000 lines for a hundred addresses asked.
        const auto hit = std::lower_bound(addresses.begin(), addresses.end(), begin);
        if (hit != addresses.end() && *hit < end)
            entries.push_back({begin, end, line.substr(0, kMaxNameBytes)});
    }
    // From the last line to the first, each address is given away once: `next` jumps over those
    // already given, so that lines that cover everything cost no more than others.
    std::vector<std::uint32_t> next(addresses.size() + 1);
    std::iota(next.begin(), next.end(), 0u);
    const auto firstFree = [&next](std::uint32_t i) {
        while (next[i] != i) {
            next[i] = next[next[i]];
            i = next[i];
        }
        return i;
    };
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
        const auto from = std::lower_bound(addresses.begin(), addresses.end(), entry->begin);
        auto i = firstFree(static_cast<std::uint32_t>(from - addresses.begin()));
        for (; i < addresses.size() && addresses[i] < entry->end; i = firstFree(i)) {
            out.names[i] = entry->name;
            next[i] = i + 1;
        }
    }
    return out;
}

NamedPlace placeInName(std::string_view name)
{
    // "...name /path/file.js:12:3" or "...name file:///path/file.mjs:12:3"
    const auto number = [](std::string_view digits, std::uint32_t &value) {
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return error == std::errc() && end == digits.data() + digits.size() && !digits.empty();
    };
    const auto space = name.rfind(' ');
    if (space == std::string_view::npos)
        return {};
    auto place = name.substr(space + 1);
    std::uint32_t last = 0, line = 0;
    auto colon = place.rfind(':');
    if (colon == std::string_view::npos || !number(place.substr(colon + 1), last))
        return {};
    place = place.substr(0, colon);
    colon = place.rfind(':');
    if (colon != std::string_view::npos && number(place.substr(colon + 1), line))
        place = place.substr(0, colon);
    else
        line = last; // no column
    if (place.empty() || place.find_first_of("/.") == std::string_view::npos)
        return {};
    return {place, line};
}

KernelText inspectKallsyms(std::string_view text)
{
    KernelText out;
    std::uint64_t seen = 0, start = 0;
    bool any = false;
    for (std::string_view line; nextLine(text, line);) {
        KernelLine symbol;
        if (!parseKernelLine(line, symbol))
            continue;
        any = true;
        seen |= symbol.address;
        if (symbol.name == "_text" && symbol.module.empty())
            out.anchor = symbol.address;
        if (symbol.name == "_stext" && symbol.module.empty())
            start = symbol.address;
    }
    out.hidden = any && seen == 0;
    if (out.anchor == 0)
        out.anchor = start;
    return out;
}

TextAnswer findInKallsyms(std::string_view text, std::uint64_t shift,
                          std::span<const std::uint64_t> addresses)
{
    TextAnswer out;
    out.names.resize(addresses.size());
    SymbolTable table;
    for (std::string_view line; nextLine(text, line);) {
        KernelLine symbol;
        if (!parseKernelLine(line, symbol)) {
            out.badLines += line.empty() ? 0 : 1;
            continue;
        }
        const char lower = static_cast<char>(symbol.type | 0x20);
        if ((lower != 't' && lower != 'w') || symbol.address == 0 ||
            (shift != 0 && !symbol.module.empty()) || table.size() >= kMaxEntries)
            continue;
        NamedRange range;
        range.begin = range.end = symbol.address + (symbol.module.empty() ? shift : 0);
        range.name = symbol.name.substr(0, kMaxNameBytes);
        range.binding = lower == 'w'           ? NamedRange::Binding::Weak
                        : symbol.type == lower ? NamedRange::Binding::Local
                                               : NamedRange::Binding::Global;
        table.add(range);
    }
    table.finish(kMaxGap);
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        if (const auto *found = table.find(addresses[i]))
            out.names[i] = found->name;
    }
    return out;
}

} // namespace flamewright
