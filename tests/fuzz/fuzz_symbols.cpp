// ELF and DWARF from memory: every address of the file is asked for.
#include "importers/symbols/demangle.h"
#include "importers/symbols/dwarf_info.h"
#include "importers/symbols/elf_file.h"
#include "importers/symbols/elf_symbols.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

using namespace flamewright;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    auto file =
        ElfFile::fromMemory(std::string(reinterpret_cast<const char *>(data), size), "input");
    if (!file.has_value())
        return 0;
    const auto &elf = **file;
    std::vector<std::uint64_t> addresses;
    for (std::uint64_t offset = 0; offset < std::min<std::size_t>(size, 1u << 15); offset += 5) {
        if (const auto address = elf.virtualAddress(offset))
            addresses.push_back(*address);
    }
    std::sort(addresses.begin(), addresses.end());
    addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
    SymbolTable table;
    (void)addElfSymbols(elf, table);
    table.finish();
    (void)pltEntries(elf, addresses);
    (void)elf.debugLink();
    (void)elf.altLink();
    for (const auto address : addresses) {
        const auto *symbol = table.find(address);
        if (symbol != nullptr && (address < symbol->begin || address >= symbol->end))
            std::abort();
        if (symbol != nullptr && demangle(symbol->name).size() > kMaxDemangledBytes + size)
            std::abort();
    }
    // Compressed sections of a small file may claim to be large ones.
    if (elf.debugBytes() > (64u << 20))
        return 0;
    const auto dwarf = openDwarf(elf, nullptr);
    if (!dwarf)
        return 0;
    JobContext job;
    const auto chains = dwarf->resolve(addresses, job);
    if (!chains.has_value() || chains->end.size() != addresses.size() ||
        !std::is_sorted(chains->end.begin(), chains->end.end()))
        std::abort();
    return 0;
}
