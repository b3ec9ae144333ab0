#include "importers/symbols/die_walk.h"

#include <algorithm>
#include <cstring>

namespace flamewright {
namespace {

constexpr std::size_t kMaxNameBytes = 64u << 10;
constexpr std::size_t kMaxScopes = 1u << 22; // of one unit
constexpr int kMaxReferences = 16;           // origin of an origin of an origin ...

std::string_view bounded(const char *text)
{
    return text != nullptr ? std::string_view(text, strnlen(text, kMaxNameBytes))
                           : std::string_view();
}

bool follow(Dwarf_Die &die, unsigned attribute)
{
    Dwarf_Attribute memory;
    Dwarf_Die target;
    if (dwarf_attr(&die, attribute, &memory) == nullptr ||
        dwarf_formref_die(&memory, &target) == nullptr)
        return false;
    die = target;
    return true;
}

bool isScope(int tag)
{
    switch (tag) {
    case DW_TAG_namespace:
    case DW_TAG_module:
    case DW_TAG_class_type:
    case DW_TAG_structure_type:
    case DW_TAG_union_type:
    case DW_TAG_interface_type:
    case DW_TAG_enumeration_type: return true;
    default: return false;
    }
}

} // namespace

void appendRanges(Dwarf_Die die, std::vector<DieRange> &out, std::size_t limit)
{
    Dwarf_Addr base = 0, begin = 0, end = 0;
    for (std::ptrdiff_t at = 0; limit > 0 && (at = dwarf_ranges(&die, at, &base, &begin, &end)) > 0;
         --limit) {
        // Linkers leave functions they dropped behind at 0 or at the very end.
        if (begin < end && begin != 0)
            out.push_back({begin, end});
    }
}

std::string DieNames::name(Dwarf_Die die)
{
    for (int i = 0; i < kMaxReferences && follow(die, DW_AT_abstract_origin); ++i) {
    }
    if (const auto it = m_known.find(die.addr); it != m_known.end())
        return it->second;
    std::string text;
    Dwarf_Attribute memory;
    for (const unsigned attribute : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name}) {
        if (text.empty())
            text = bounded(dwarf_formstring(dwarf_attr_integrate(&die, attribute, &memory)));
    }
    if (text.empty()) {
        const auto own = bounded(dwarf_formstring(dwarf_attr_integrate(&die, DW_AT_name, &memory)));
        if (!own.empty())
            text = qualified(die, own);
    }
    m_known.emplace(die.addr, text);
    return text;
}

// Every namespace, class and function of the unit with the one around it.
const DieNames::Unit &DieNames::scopesOf(Dwarf_Die die)
{
    Dwarf_Die root;
    static const Unit none;
    if (dwarf_diecu(&die, &root, nullptr, nullptr) == nullptr)
        return none;
    const auto [it, fresh] = m_units.try_emplace(root.addr);
    if (!fresh)
        return it->second;
    auto &unit = it->second;
    std::vector<std::int64_t> open; // scope at each depth
    walkDies(root, [&](Dwarf_Die &entry, std::size_t depth) {
        const int tag = dwarf_tag(&entry);
        if (unit.size() >= kMaxScopes || !(isScope(tag) || tag == DW_TAG_subprogram))
            return false;
        open.resize(depth, -1);
        unit.push_back({entry.addr, depth == 0 ? -1 : open[depth - 1], entry});
        open.push_back(static_cast<std::int64_t>(unit.size()) - 1);
        return tag != DW_TAG_subprogram;
    });
    return unit;
}

std::string DieNames::qualified(Dwarf_Die die, std::string_view own)
{
    for (int i = 0; i < kMaxReferences && follow(die, DW_AT_specification); ++i) {
    }
    const auto &unit = scopesOf(die);
    const auto found = std::lower_bound(
        unit.begin(), unit.end(), die.addr,
        [](const Scope &scope, const void *address) { return scope.address < address; });
    std::string text(own);
    if (found == unit.end() || found->address != die.addr)
        return text;
    for (auto parent = found->parent; parent >= 0;) {
        auto scope = unit[static_cast<std::size_t>(parent)];
        parent = scope.parent;
        const auto name = bounded(dwarf_diename(&scope.die));
        if (text.size() + name.size() > kMaxNameBytes)
            break;
        if (!name.empty())
            text.insert(0, std::string(name) + "::");
        else if (dwarf_tag(&scope.die) == DW_TAG_namespace)
            text.insert(0, "(anonymous namespace)::");
    }
    return text;
}

} // namespace flamewright
