#pragma once

#include "importers/symbols/dwarf_info.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace flamewright {

// Visits the entries below `root` in file order, depth first. `visit(die, depth)` says whether to
// go into its children; the root's are at depth 0. Every step must lead forward in the file: in
// hostile DWARF the sibling attributes may point anywhere, and a plain walk would visit entries
// again and again. Returns false when kMaxDieDepth cut something off.
template <class Visit>
bool walkDies(Dwarf_Die root, Visit visit)
{
    bool whole = true;
    std::vector<Dwarf_Die> path;
    Dwarf_Die next;
    const void *last = root.addr;
    if (dwarf_child(&root, &next) != 0 || next.addr <= last)
        return true;
    path.push_back(next);
    while (!path.empty()) {
        last = path.back().addr;
        if (visit(path.back(), path.size() - 1) && dwarf_haschildren(&path.back()) == 1) {
            if (path.size() >= kMaxDieDepth) {
                whole = false;
            } else if (dwarf_child(&path.back(), &next) == 0 && next.addr > last) {
                path.push_back(next);
                continue;
            }
        }
        while (!path.empty()) {
            if (dwarf_siblingof(&path.back(), &next) == 0 && next.addr > last) {
                path.back() = next;
                break;
            }
            path.pop_back();
        }
    }
    return whole;
}

// Code ranges of an entry.
struct DieRange {
    std::uint64_t begin, end; // half open, not empty
};
// Appends at most `limit` ranges.
void appendRanges(Dwarf_Die die, std::vector<DieRange> &out, std::size_t limit);

// Names of functions: the linkage name where there is one, else the name with the names of its
// namespaces and classes around it.
class DieNames {
public:
    std::string name(Dwarf_Die die);

private:
    struct Scope {
        const void *address;
        std::int64_t parent; // index, or -1
        Dwarf_Die die;
    };
    using Unit = std::vector<Scope>; // in file order: sorted by address
    const Unit &scopesOf(Dwarf_Die die);
    std::string qualified(Dwarf_Die die, std::string_view own);

    std::unordered_map<const void *, Unit> m_units;        // by address of the unit's entry
    std::unordered_map<const void *, std::string> m_known; // by address of the origin
};

} // namespace flamewright
