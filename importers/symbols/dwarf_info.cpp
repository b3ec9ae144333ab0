#include "importers/symbols/dwarf_info.h"

#include "importers/symbols/die_walk.h"
#include "importers/symbols/elf_file.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <libelf.h>

namespace flamewright {
namespace {

constexpr std::size_t kMaxUnitRanges = 1u << 24; // of all units together
constexpr std::size_t kMaxDieRanges = 1u << 16;  // of one entry
constexpr std::size_t kMaxFunctions = 1u << 23;  // of one unit
constexpr std::size_t kMaxInlined = 1u << 20;    // inlined calls of one function, visited
constexpr std::size_t kMaxChain = 256;
constexpr std::size_t kMaxFileBytes = 4096;

// Ranges with something behind them, which may nest and overlap.
template <class T>
class RangeIndex {
public:
    void add(DieRange range, T value) { m_items.push_back({range, value, 0}); }
    std::size_t size() const { return m_items.size(); }
    void finish()
    {
        std::stable_sort(m_items.begin(), m_items.end(), [](const Item &a, const Item &b) {
            return a.range.begin < b.range.begin;
        });
        std::uint64_t reach = 0;
        for (auto &item : m_items)
            item.reach = reach = std::max(reach, item.range.end);
    }
    // Calls `each` with what is around the address, innermost first, until it returns true.
    template <class Each>
    bool find(std::uint64_t address, Each each) const
    {
        constexpr int kMaxSteps = 64;
        auto it = std::upper_bound(
            m_items.begin(), m_items.end(), address,
            [](std::uint64_t a, const Item &item) { return a < item.range.begin; });
        for (int step = 0; it != m_items.begin() && step < kMaxSteps; ++step) {
            --it;
            if (it->range.end > address && each(it->value))
                return true;
            if (it->reach <= address)
                break;
        }
        return false;
    }

private:
    struct Item {
        DieRange range;
        T value;
        std::uint64_t reach; // largest end up to here
    };
    std::vector<Item> m_items;
};

// An ELF file with a .debug_line of one byte: what stands in for a missing supplementary file, which
// libdw would otherwise look for by itself wherever the file says.
std::string emptyDwarfImage()
{
    static constexpr char kNames[] = "\0.debug_line\0.shstrtab";
    Elf64_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    header.e_type = ET_DYN;
    header.e_machine = EM_X86_64;
    header.e_version = EV_CURRENT;
    header.e_ehsize = sizeof header;
    header.e_shentsize = sizeof(Elf64_Shdr);
    header.e_shnum = 3;
    header.e_shstrndx = 2;
    header.e_shoff = sizeof header + 32;
    Elf64_Shdr sections[3]{};
    sections[1].sh_name = 1;
    sections[1].sh_type = SHT_PROGBITS;
    sections[1].sh_offset = sizeof header; // the leading 0 of the names
    sections[1].sh_size = 1;
    sections[2].sh_name = 13;
    sections[2].sh_type = SHT_STRTAB;
    sections[2].sh_offset = sizeof header;
    sections[2].sh_size = sizeof kNames;
    std::string image(header.e_shoff + sizeof sections, '\0');
    std::memcpy(image.data(), &header, sizeof header);
    std::memcpy(image.data() + sizeof header, kNames, sizeof kNames);
    std::memcpy(image.data() + header.e_shoff, sections, sizeof sections);
    return image;
}

// libdw 0.188 reads strings of these sections up to a 0 without looking where the section ends. To be
// asked after dwarf_begin_elf, which unpacks compressed sections in place.
bool stringsEnd(Elf *elf)
{
    std::size_t names = 0;
    if (elf_getshdrstrndx(elf, &names) != 0)
        return false;
    for (Elf_Scn *section = nullptr; (section = elf_nextscn(elf, section)) != nullptr;) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) == nullptr || header.sh_type == SHT_NOBITS ||
            header.sh_size == 0)
            continue;
        const char *text = elf_strptr(elf, names, header.sh_name);
        const std::string_view name = text != nullptr ? text : "";
        if (name != ".debug_str" && name != ".debug_line_str" && name != ".zdebug_str" &&
            name != ".zdebug_line_str")
            continue;
        const auto *data = elf_getdata(section, nullptr);
        if (data == nullptr || data->d_buf == nullptr || data->d_size == 0 ||
            static_cast<const char *>(data->d_buf)[data->d_size - 1] != '\0')
            return false;
    }
    return true;
}

struct DwarfCloser {
    void operator()(Dwarf *dwarf) const { dwarf_end(dwarf); }
};
using DwarfHandle = std::unique_ptr<Dwarf, DwarfCloser>;

// The addresses of one function and the inlined call each is in.
struct InlineNode {
    Dwarf_Die die;
    std::int32_t parent = -1;
    std::uint16_t depth = 0;
};

class LibdwInfo final : public DwarfInfo {
public:
    LibdwInfo(const ElfFile &file, const ElfFile *alt)
    {
        m_main.reset(dwarf_begin_elf(file.elf(), DWARF_C_READ, nullptr));
        if (m_main && !stringsEnd(file.elf()))
            m_main.reset();
        if (!m_main)
            return;
        auto image = ElfFile::fromMemory(emptyDwarfImage(), "empty");
        if (image.has_value()) {
            m_emptyFile = *std::move(image);
            m_empty.reset(dwarf_begin_elf(m_emptyFile->elf(), DWARF_C_READ, nullptr));
        }
        if (alt != nullptr)
            m_alt.reset(dwarf_begin_elf(alt->elf(), DWARF_C_READ, nullptr));
        if (m_alt && !stringsEnd(alt->elf()))
            m_alt.reset();
        if (!m_empty) {
            m_main.reset(); // rather nothing than a search
            return;
        }
        if (m_alt)
            dwarf_setalt(m_alt.get(), m_empty.get());
        dwarf_setalt(m_main.get(), m_alt ? m_alt.get() : m_empty.get());
    }
    bool valid() const { return m_main != nullptr; }

    Result<DwarfChains> resolve(std::span<const std::uint64_t> addresses, JobContext &job) override;

private:
    struct Hits { // of one unit
        std::size_t unit;
        std::vector<std::uint32_t> addresses; // indexes, ascending
    };
    using Chain = std::vector<DwarfFrame>;

    void indexUnits();
    void addAranges(const std::vector<bool> &hasRanges);
    std::vector<Hits> group(std::span<const std::uint64_t> addresses) const;
    void resolveUnit(std::span<const std::uint64_t> addresses, const Hits &hits,
                     std::vector<Chain> &chains);
    RangeIndex<Dwarf_Die> functionsOf(Dwarf_Die unit, bool nested);
    void resolveFunction(Dwarf_Die unit, Dwarf_Die function,
                         std::span<const std::uint64_t> addresses,
                         std::span<const std::uint32_t> which, std::vector<Chain> &chains);
    const std::string &fileName(Dwarf_Die unit, const char *name);
    Chain chainOf(Dwarf_Die unit, Dwarf_Die function, const std::vector<InlineNode> &nodes,
                  std::int32_t node, std::uint64_t address);

    std::unique_ptr<ElfFile> m_emptyFile; // in the order they are needed by the next
    DwarfHandle m_empty, m_alt, m_main;
    bool m_indexed = false;
    std::vector<Dwarf_Die> m_units;
    RangeIndex<std::size_t> m_unitRanges;
    DieNames m_names;
    std::unordered_map<const char *, std::string> m_files; // of the unit at hand, by libdw's name
    bool m_cut = false;
};

void LibdwInfo::indexUnits()
{
    m_indexed = true;
    std::vector<bool> hasRanges;
    std::vector<DieRange> ranges;
    Dwarf_CU *unit = nullptr;
    Dwarf_Half version = 0;
    std::uint8_t type = 0;
    Dwarf_Die die;
    // No split unit is asked for: libdw would open files by the names in this one.
    while (dwarf_get_units(m_main.get(), unit, &unit, &version, &type, &die, nullptr) == 0) {
        const int tag = dwarf_tag(&die);
        if (tag != DW_TAG_compile_unit && tag != DW_TAG_skeleton_unit)
            continue;
        ranges.clear();
        const auto left = kMaxUnitRanges - m_unitRanges.size();
        if (dwarf_hasattr(&die, DW_AT_ranges) != 0 || dwarf_hasattr(&die, DW_AT_high_pc) != 0)
            appendRanges(die, ranges, left);
        for (const auto &range : ranges)
            m_unitRanges.add(range, m_units.size());
        hasRanges.push_back(!ranges.empty());
        m_units.push_back(die);
        if (m_unitRanges.size() >= kMaxUnitRanges) {
            m_cut = true;
            break;
        }
    }
    addAranges(hasRanges);
    m_unitRanges.finish();
}

// .debug_aranges for units that say nothing themselves: assembler, old compilers.
void LibdwInfo::addAranges(const std::vector<bool> &hasRanges)
{
    if (std::find(hasRanges.begin(), hasRanges.end(), false) == hasRanges.end())
        return;
    std::unordered_map<Dwarf_Off, std::size_t> byOffset;
    for (std::size_t i = 0; i < m_units.size(); ++i) {
        if (!hasRanges[i])
            byOffset.emplace(dwarf_dieoffset(&m_units[i]), i);
    }
    Dwarf_Aranges *table = nullptr;
    std::size_t count = 0;
    if (dwarf_getaranges(m_main.get(), &table, &count) != 0)
        return;
    for (std::size_t i = 0; i < count && m_unitRanges.size() < kMaxUnitRanges; ++i) {
        Dwarf_Addr begin = 0;
        Dwarf_Word length = 0;
        Dwarf_Off offset = 0;
        std::uint64_t end = 0;
        if (dwarf_getarangeinfo(dwarf_onearange(table, i), &begin, &length, &offset) != 0 ||
            begin == 0 || __builtin_add_overflow(begin, length, &end))
            continue;
        if (const auto it = byOffset.find(offset); it != byOffset.end())
            m_unitRanges.add({begin, end}, it->second);
    }
}

std::vector<LibdwInfo::Hits> LibdwInfo::group(std::span<const std::uint64_t> addresses) const
{
    std::unordered_map<std::size_t, std::size_t> slot;
    std::vector<Hits> out;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        m_unitRanges.find(addresses[i], [&](std::size_t unit) {
            const auto [it, fresh] = slot.try_emplace(unit, out.size());
            if (fresh)
                out.push_back({unit, {}});
            out[it->second].addresses.push_back(static_cast<std::uint32_t>(i));
            return true;
        });
    }
    return out;
}

// Functions of a unit by their code. At first only those where compilers put them, in namespaces;
// `nested`: everywhere, for languages with functions in functions.
RangeIndex<Dwarf_Die> LibdwInfo::functionsOf(Dwarf_Die unit, bool nested)
{
    RangeIndex<Dwarf_Die> out;
    std::vector<DieRange> ranges;
    const bool whole = walkDies(unit, [&](Dwarf_Die &die, std::size_t) {
        const int tag = dwarf_tag(&die);
        if (out.size() >= kMaxFunctions)
            return false;
        if (tag == DW_TAG_subprogram &&
            (dwarf_hasattr(&die, DW_AT_low_pc) != 0 || dwarf_hasattr(&die, DW_AT_ranges) != 0)) {
            ranges.clear();
            appendRanges(die, ranges, kMaxDieRanges);
            for (const auto &range : ranges)
                out.add(range, die);
        }
        return nested || tag == DW_TAG_namespace || tag == DW_TAG_module;
    });
    m_cut = m_cut || !whole || out.size() >= kMaxFunctions;
    out.finish();
    return out;
}

void LibdwInfo::resolveUnit(std::span<const std::uint64_t> addresses, const Hits &hits,
                            std::vector<Chain> &chains)
{
    auto &unit = m_units[hits.unit];
    m_files.clear();
    auto left = hits.addresses;
    for (const bool nested : {false, true}) {
        const auto functions = functionsOf(unit, nested);
        std::vector<std::uint32_t> missed;
        // Neighbours are mostly in one function: each is walked once for all its addresses.
        std::unordered_map<const void *, std::pair<Dwarf_Die, std::vector<std::uint32_t>>>
            byFunction;
        std::vector<const void *> order;
        for (const auto i : left) {
            const bool found = functions.find(addresses[i], [&](const Dwarf_Die &die) {
                const auto [it, fresh] = byFunction.try_emplace(die.addr);
                if (fresh)
                    order.push_back(die.addr);
                it->second.first = die;
                it->second.second.push_back(i);
                return true;
            });
            if (!found)
                missed.push_back(i);
        }
        for (const auto *key : order) {
            const auto &[die, which] = byFunction.at(key);
            resolveFunction(unit, die, addresses, which, chains);
        }
        left = std::move(missed);
        if (left.empty())
            return;
    }
    // No function around it, in assembler units: the line alone.
    for (const auto i : left) {
        DwarfFrame frame;
        auto *line = dwarf_getsrc_die(&unit, addresses[i]);
        int number = 0;
        const char *file = line != nullptr ? dwarf_linesrc(line, nullptr, nullptr) : nullptr;
        if (file != nullptr && dwarf_lineno(line, &number) == 0 && number > 0) {
            frame.file = fileName(unit, file);
            frame.line = static_cast<std::uint32_t>(number);
            chains[i].push_back(std::move(frame));
        }
    }
}

void LibdwInfo::resolveFunction(Dwarf_Die unit, Dwarf_Die function,
                                std::span<const std::uint64_t> addresses,
                                std::span<const std::uint32_t> which, std::vector<Chain> &chains)
{
    std::vector<InlineNode> nodes;
    std::vector<std::int32_t> nodeOf(which.size(), -1); // of each address: innermost so far
    std::vector<std::int32_t> open;                     // node at each depth of the walk
    std::vector<DieRange> ranges;
    const bool whole = walkDies(function, [&](Dwarf_Die &die, std::size_t depth) {
        const int tag = dwarf_tag(&die);
        const bool inlined = tag == DW_TAG_inlined_subroutine;
        const bool block = tag == DW_TAG_lexical_block || tag == DW_TAG_try_block ||
                           tag == DW_TAG_catch_block || tag == DW_TAG_with_stmt;
        if (!inlined && !block)
            return false;
        open.resize(depth, -1);
        const auto parent = depth == 0 ? -1 : open[depth - 1];
        ranges.clear();
        appendRanges(die, ranges, kMaxDieRanges);
        if (inlined && nodes.size() >= kMaxInlined)
            m_cut = true;
        const auto fresh = static_cast<std::int32_t>(nodes.size());
        bool hit = false;
        for (const auto &range : ranges) {
            auto it = std::lower_bound(
                which.begin(), which.end(), range.begin,
                [&](std::uint32_t i, std::uint64_t begin) { return addresses[i] < begin; });
            for (; it != which.end() && addresses[*it] < range.end; ++it) {
                auto &node = nodeOf[static_cast<std::size_t>(it - which.begin())];
                // A well-nested entry finds its parent there; anything else is damage.
                if (node != parent)
                    continue;
                hit = true;
                if (inlined && nodes.size() < kMaxInlined)
                    node = fresh;
            }
        }
        if (inlined && hit && nodes.size() < kMaxInlined) {
            nodes.push_back({die, parent, 0});
            open.push_back(fresh);
        } else {
            open.push_back(parent);
        }
        return hit;
    });
    m_cut = m_cut || !whole;
    for (std::size_t i = 0; i < which.size(); ++i)
        chains[which[i]] = chainOf(unit, function, nodes, nodeOf[i], addresses[which[i]]);
}

// Absolute as far as the compiler said where it ran, and without the "../" that differ from unit to
// unit: one file has one name.
const std::string &LibdwInfo::fileName(Dwarf_Die unit, const char *name)
{
    const auto [it, fresh] = m_files.try_emplace(name);
    if (!fresh)
        return it->second;
    const std::string_view text(name, strnlen(name, kMaxFileBytes));
    Dwarf_Attribute memory;
    const char *directory = text.substr(0, 1) == "/"
                                ? nullptr
                                : dwarf_formstring(dwarf_attr(&unit, DW_AT_comp_dir, &memory));
    if (directory != nullptr)
        it->second = std::string(directory, strnlen(directory, kMaxFileBytes)) + '/';
    it->second += text;
    it->second = std::filesystem::path(it->second).lexically_normal().string();
    return it->second;
}

LibdwInfo::Chain LibdwInfo::chainOf(Dwarf_Die unit, Dwarf_Die function,
                                    const std::vector<InlineNode> &nodes, std::int32_t node,
                                    std::uint64_t address)
{
    Chain chain;
    DwarfFrame frame;
    if (auto *line = dwarf_getsrc_die(&unit, address)) {
        int number = 0;
        const char *file = dwarf_linesrc(line, nullptr, nullptr);
        if (file != nullptr && dwarf_lineno(line, &number) == 0 && number > 0) {
            frame.file = fileName(unit, file);
            frame.line = static_cast<std::uint32_t>(number);
        }
    }
    Dwarf_Files *files = nullptr;
    std::size_t fileCount = 0;
    if (node >= 0 && dwarf_getsrcfiles(&unit, &files, &fileCount) != 0)
        files = nullptr;
    for (; node >= 0; node = nodes[static_cast<std::size_t>(node)].parent) {
        auto die = nodes[static_cast<std::size_t>(node)].die;
        frame.function = m_names.name(die);
        if (chain.size() + 1 >= kMaxChain) {
            m_cut = true;
            continue;
        }
        // A nameless one tells nothing; its caller's line takes its place.
        if (!frame.function.empty())
            chain.push_back(std::move(frame));
        frame = {};
        Dwarf_Attribute memory;
        Dwarf_Word file = 0, line = 0;
        if (dwarf_formudata(dwarf_attr(&die, DW_AT_call_line, &memory), &line) == 0 &&
            line <= INT32_MAX)
            frame.line = static_cast<std::uint32_t>(line);
        if (files != nullptr &&
            dwarf_formudata(dwarf_attr(&die, DW_AT_call_file, &memory), &file) == 0 &&
            file < fileCount) {
            if (const char *name = dwarf_filesrc(files, file, nullptr, nullptr))
                frame.file = fileName(unit, name);
        }
    }
    frame.function = m_names.name(function);
    chain.push_back(std::move(frame));
    return chain;
}

Result<DwarfChains> LibdwInfo::resolve(std::span<const std::uint64_t> addresses, JobContext &job)
{
    if (!m_indexed)
        indexUnits();
    std::vector<Chain> chains(addresses.size());
    for (const auto &hits : group(addresses)) {
        FW_TRY(job.checkpoint());
        resolveUnit(addresses, hits, chains);
    }
    DwarfChains out;
    out.cut = m_cut;
    for (auto &chain : chains) {
        for (auto &frame : chain)
            out.frames.push_back(std::move(frame));
        out.end.push_back(static_cast<std::uint32_t>(out.frames.size()));
    }
    return out;
}

} // namespace

std::unique_ptr<DwarfInfo> openDwarf(const ElfFile &file, const ElfFile *alt)
{
    auto info = std::make_unique<LibdwInfo>(file, alt);
    if (!info->valid())
        return nullptr;
    return info;
}

} // namespace flamewright
