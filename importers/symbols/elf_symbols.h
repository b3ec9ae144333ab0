#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace flamewright {

class ElfFile;

struct NamedRange {
    enum class Binding : std::uint8_t { Weak, Local, Global };
    std::uint64_t begin = 0;
    std::uint64_t end = 0; // half open; == begin: not known
    std::string_view name; // mangled; lives as long as what it came from
    Binding binding = Binding::Local;
};

// Functions by address. Aliases and sizes are settled as perf does it, so that its reports and
// ours have the same names: of several symbols at one address the one with a size, not weak,
// global, with fewer leading underscores, with the longer name; a symbol without a size reaches
// to the next one.
class SymbolTable {
public:
    void add(const NamedRange &symbol) { m_symbols.push_back(symbol); }
    // Call once after the last add(). A symbol without a size reaches to the next one, but no
    // further than `maxGuess`; the last one to the end of the next page.
    void finish(std::uint64_t maxGuess = UINT64_MAX);
    // The innermost symbol around the address.
    const NamedRange *find(std::uint64_t address) const;
    std::size_t size() const { return m_symbols.size(); }

private:
    std::vector<NamedRange> m_symbols;
    std::vector<std::uint64_t> m_reach; // the largest end of the symbols up to this one
};

// Function symbols of .symtab, or of .dynsym where there is none. Names point into the file. False
// when there is a table that cannot be read to its end.
[[nodiscard]] bool addElfSymbols(const ElfFile &file, SymbolTable &table);

// One entry of a procedure linkage table; shown as "name@plt".
struct PltEntry {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::string_view name;
};
// Sorted; empty unless one of `addresses` (sorted) lies in a linkage table: reading them costs a
// look at every relocation.
std::vector<PltEntry> pltEntries(const ElfFile &file, std::span<const std::uint64_t> addresses);

} // namespace flamewright
