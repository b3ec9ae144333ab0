#include "importers/symbols/elf_symbols.h"

#include "importers/symbols/elf_file.h"

#include <algorithm>
#include <cstring>
#include <elf.h>
#include <gelf.h>
#include <libelf.h>
#include <unordered_map>

namespace flamewright {
namespace {

constexpr std::uint64_t kMaxSymbols = 32u << 20;
constexpr std::size_t kMaxNameBytes = 64u << 10;

std::size_t underscores(std::string_view name)
{
    return std::min(name.find_first_not_of('_'), name.size());
}

// Whether `a` names the address better than `b`, which begins at the same one.
bool isBetter(const NamedRange &a, const NamedRange &b)
{
    const bool aSized = a.end > a.begin, bSized = b.end > b.begin;
    if (aSized != bSized)
        return aSized;
    if (a.binding != b.binding)
        return a.binding > b.binding;
    if (const auto x = underscores(a.name), y = underscores(b.name); x != y)
        return x < y;
    return a.name.size() > b.name.size();
}

// Marks of assemblers ("$x", "$d") that are no functions.
bool isMappingSymbol(std::string_view name)
{
    return name.size() >= 2 && name[0] == '$' && std::strchr("atdxp", name[1]) != nullptr &&
           (name.size() == 2 || name[2] == '.');
}

struct Section {
    Elf_Scn *section = nullptr;
    GElf_Shdr header{};
};

Section sectionOfType(Elf *elf, std::uint32_t type)
{
    Section out;
    while ((out.section = elf_nextscn(elf, out.section)) != nullptr) {
        if (gelf_getshdr(out.section, &out.header) != nullptr && out.header.sh_type == type)
            break;
    }
    return out;
}

// Text of a string table, cut to what is sane; empty when it is not there.
std::string_view stringAt(Elf *elf, std::size_t table, std::size_t offset)
{
    const char *text = elf_strptr(elf, table, offset);
    return text != nullptr ? std::string_view(text, strnlen(text, kMaxNameBytes))
                           : std::string_view();
}

bool isCodeSection(Elf *elf, std::size_t index)
{
    GElf_Shdr header;
    auto *section = elf_getscn(elf, index);
    return section != nullptr && gelf_getshdr(section, &header) != nullptr &&
           (header.sh_flags & SHF_EXECINSTR) != 0;
}

std::uint64_t countOf(const GElf_Shdr &header)
{
    return header.sh_entsize == 0 ? 0 : std::min(header.sh_size / header.sh_entsize, kMaxSymbols);
}

// Which symbol a relocation of a .got slot is for, by the slot's address.
using Slots = std::unordered_map<std::uint64_t, std::string_view>;

void addSlots(Elf *elf, const Section &relocations, Slots &slots,
              std::vector<Slots::value_type> *order)
{
    auto *symbolSection = elf_getscn(elf, relocations.header.sh_link);
    GElf_Shdr symbolHeader;
    if (symbolSection == nullptr || gelf_getshdr(symbolSection, &symbolHeader) == nullptr ||
        (symbolHeader.sh_type != SHT_DYNSYM && symbolHeader.sh_type != SHT_SYMTAB))
        return;
    auto *symbols = elf_getdata(symbolSection, nullptr);
    auto *data = elf_getdata(relocations.section, nullptr);
    const auto count = countOf(relocations.header);
    for (std::uint64_t i = 0; i < count; ++i) {
        const int at = static_cast<int>(i);
        std::uint64_t info = 0, slot = 0;
        GElf_Rela rela;
        GElf_Rel rel;
        if (relocations.header.sh_type == SHT_RELA) {
            if (gelf_getrela(data, at, &rela) == nullptr)
                break;
            info = rela.r_info;
            slot = rela.r_offset;
        } else {
            if (gelf_getrel(data, at, &rel) == nullptr)
                break;
            info = rel.r_info;
            slot = rel.r_offset;
        }
        GElf_Sym symbol;
        std::string_view name;
        if (GELF_R_SYM(info) != 0 &&
            gelf_getsym(symbols, static_cast<int>(GELF_R_SYM(info)), &symbol) != nullptr)
            name = stringAt(elf, symbolHeader.sh_link, symbol.st_name);
        if (order != nullptr)
            order->emplace_back(slot, name);
        if (!name.empty())
            slots.emplace(slot, name);
    }
}

// x86-64: every entry jumps through its slot: ff 25 disp32. Where in the entry differs.
void readJumps(const Section &plt, Elf_Data *code, const Slots &slots, std::vector<PltEntry> &out)
{
    const auto *bytes = static_cast<const unsigned char *>(code->d_buf);
    const std::size_t step = plt.header.sh_entsize == 8 ? 8 : 16;
    for (std::size_t at = 0; at + step <= code->d_size; at += step) {
        for (std::size_t i = at; i + 6 <= at + step; ++i) {
            if (bytes[i] != 0xff || bytes[i + 1] != 0x25)
                continue;
            std::int32_t distance = 0;
            std::memcpy(&distance, bytes + i + 2, sizeof distance);
            const auto slot = plt.header.sh_addr + i + 6 +
                              static_cast<std::uint64_t>(static_cast<std::int64_t>(distance));
            if (const auto it = slots.find(slot); it != slots.end())
                out.push_back(
                    {plt.header.sh_addr + at, plt.header.sh_addr + at + step, it->second});
            break;
        }
    }
}

struct PltShape {
    std::uint64_t header, entry;
};

// The machines whose .plt has one entry for each of .rela.plt, in that order.
PltShape pltShape(std::uint16_t machine)
{
    switch (machine) {
    case EM_AARCH64: return {32, 16};
    case EM_ARM: return {20, 12};
    case EM_386: return {16, 16};
    case EM_S390: return {32, 32};
    case EM_RISCV: return {32, 16};
    default: return {0, 0};
    }
}

} // namespace

void SymbolTable::finish(std::uint64_t maxGuess)
{
    std::stable_sort(m_symbols.begin(), m_symbols.end(),
                     [](const NamedRange &a, const NamedRange &b) { return a.begin < b.begin; });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < m_symbols.size(); ++i) {
        if (kept > 0 && m_symbols[kept - 1].begin == m_symbols[i].begin) {
            if (isBetter(m_symbols[i], m_symbols[kept - 1]))
                m_symbols[kept - 1] = m_symbols[i];
        } else {
            m_symbols[kept++] = m_symbols[i];
        }
    }
    m_symbols.resize(kept);
    m_reach.clear();
    m_reach.reserve(kept);
    std::uint64_t reach = 0;
    for (std::size_t i = 0; i < kept; ++i) {
        auto &s = m_symbols[i];
        if (s.end <= s.begin) {
            const auto page =
                (s.begin | 0xfff) < UINT64_MAX - 0x1000 ? (s.begin | 0xfff) + 0x1001 : UINT64_MAX;
            s.end = i + 1 < kept ? m_symbols[i + 1].begin : page;
            s.end = s.begin + std::min(s.end - s.begin, maxGuess);
        }
        reach = std::max(reach, s.end);
        m_reach.push_back(reach);
    }
}

const NamedRange *SymbolTable::find(std::uint64_t address) const
{
    // Symbols nest at most a few deep; a bound keeps a hostile table from costing more.
    constexpr int kMaxSteps = 64;
    auto i = static_cast<std::size_t>(
        std::upper_bound(m_symbols.begin(), m_symbols.end(), address,
                         [](std::uint64_t a, const NamedRange &s) { return a < s.begin; }) -
        m_symbols.begin());
    for (int step = 0; i > 0 && step < kMaxSteps; ++step) {
        --i;
        if (m_symbols[i].end > address)
            return &m_symbols[i];
        if (m_reach[i] <= address)
            return nullptr;
    }
    return nullptr;
}

bool addElfSymbols(const ElfFile &file, SymbolTable &table)
{
    auto *elf = file.elf();
    auto source = sectionOfType(elf, SHT_SYMTAB);
    if (source.section == nullptr || source.header.sh_size == 0)
        source = sectionOfType(elf, SHT_DYNSYM);
    if (source.section == nullptr)
        return true;
    GElf_Ehdr header;
    auto *data = elf_getdata(source.section, nullptr);
    if (data == nullptr || gelf_getehdr(elf, &header) == nullptr)
        return false;
    const auto count = countOf(source.header);
    for (std::uint64_t i = 1; i < count; ++i) {
        GElf_Sym symbol;
        if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr)
            return false;
        const auto type = GELF_ST_TYPE(symbol.st_info);
        const bool function = type == STT_FUNC || type == STT_GNU_IFUNC;
        const bool label = type == STT_NOTYPE && symbol.st_shndx != SHN_ABS &&
                           GELF_ST_VISIBILITY(symbol.st_other) != STV_HIDDEN &&
                           GELF_ST_VISIBILITY(symbol.st_other) != STV_INTERNAL;
        if (symbol.st_shndx == SHN_UNDEF || symbol.st_name == 0 || !(function || label))
            continue;
        if (label && !(symbol.st_shndx < SHN_LORESERVE && isCodeSection(elf, symbol.st_shndx)))
            continue;
        NamedRange range;
        range.name = stringAt(elf, source.header.sh_link, symbol.st_name);
        if (range.name.empty() || (label && isMappingSymbol(range.name)))
            continue;
        range.begin = symbol.st_value;
        if (header.e_machine == EM_ARM && function)
            range.begin &= ~std::uint64_t{1}; // Thumb
        if (__builtin_add_overflow(range.begin, symbol.st_size, &range.end))
            range.end = range.begin;
        const auto binding = GELF_ST_BIND(symbol.st_info);
        range.binding = binding == STB_WEAK     ? NamedRange::Binding::Weak
                        : binding == STB_GLOBAL ? NamedRange::Binding::Global
                                                : NamedRange::Binding::Local;
        table.add(range);
    }
    return true;
}

namespace {

bool anyWithin(const GElf_Shdr &section, std::span<const std::uint64_t> addresses)
{
    const auto it = std::lower_bound(addresses.begin(), addresses.end(), section.sh_addr);
    return it != addresses.end() && *it - section.sh_addr < section.sh_size;
}

} // namespace

std::vector<PltEntry> pltEntries(const ElfFile &file, std::span<const std::uint64_t> addresses)
{
    auto *elf = file.elf();
    std::vector<PltEntry> out;
    std::size_t names = 0;
    GElf_Ehdr header;
    if (elf_getshdrstrndx(elf, &names) != 0 || gelf_getehdr(elf, &header) == nullptr)
        return out;
    std::vector<Section> tables, relocations;
    std::size_t lazy = 0; // which of `relocations` has one entry for each of .plt
    for (Section s; (s.section = elf_nextscn(elf, s.section)) != nullptr;) {
        if (gelf_getshdr(s.section, &s.header) == nullptr)
            continue;
        const auto name = stringAt(elf, names, s.header.sh_name);
        if (s.header.sh_type == SHT_PROGBITS && anyWithin(s.header, addresses) &&
            (name == ".plt" || name == ".plt.sec" || name == ".plt.got"))
            tables.push_back(s);
        if (s.header.sh_type != SHT_RELA && s.header.sh_type != SHT_REL)
            continue;
        if (name == ".rela.plt" || name == ".rel.plt")
            lazy = relocations.size();
        if (name.substr(0, 4) == ".rel")
            relocations.push_back(s);
    }
    if (tables.empty())
        return out;
    Slots slots;
    std::vector<Slots::value_type> inOrder;
    for (std::size_t i = 0; i < relocations.size(); ++i)
        addSlots(elf, relocations[i], slots, i == lazy ? &inOrder : nullptr);
    const auto shape = pltShape(header.e_machine);
    for (const auto &plt : tables) {
        auto *code = elf_getdata(plt.section, nullptr);
        if (code == nullptr || code->d_buf == nullptr)
            continue;
        if (header.e_machine == EM_X86_64) {
            readJumps(plt, code, slots, out);
        } else if (shape.entry != 0 && stringAt(elf, names, plt.header.sh_name) == ".plt") {
            for (std::size_t i = 0; i < inOrder.size(); ++i) {
                const auto begin = plt.header.sh_addr + shape.header + i * shape.entry;
                if (!inOrder[i].second.empty())
                    out.push_back({begin, begin + shape.entry, inOrder[i].second});
            }
        }
    }
    std::sort(out.begin(), out.end(),
              [](const PltEntry &a, const PltEntry &b) { return a.begin < b.begin; });
    return out;
}

} // namespace flamewright
