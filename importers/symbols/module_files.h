#pragma once

#include "importers/symbols/elf_file.h"
#include "importers/symbols/symbolizer.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

// A place where a file may lie: below a root that the user chose, or on this machine.
struct FilePlace {
    std::filesystem::path root; // empty: `path` is absolute and belongs to this machine
    std::filesystem::path path;
};

// The places of a module's files, best first. Pure: nothing is opened. Also what the cache looks at
// to see whether better files have come.
struct ModulePlaces {
    std::vector<FilePlace> program; // with code
    std::vector<FilePlace> debug;   // separate debug information, by build id or name
};
ModulePlaces modulePlaces(const ModuleRow &module, const SymbolSearch &search);

// Where separate debug information named by a .gnu_debuglink may lie.
std::vector<FilePlace> debugLinkPlaces(const ModuleRow &module, const std::string &name,
                                       const SymbolSearch &search);
// perf-PID.map of a process; kallsyms for a kernel (by build id, then any).
std::vector<FilePlace> perfMapPlaces(std::int64_t pid, const SymbolSearch &search);
inline constexpr auto kOwnKallsyms = "/proc/kallsyms"; // of the kernel that runs now
std::vector<FilePlace> kallsymsPlaces(const ModuleRow &module, const SymbolSearch &search);

Result<RootedFile> openPlace(const FilePlace &place, std::uint64_t maxBytes = kMaxSymbolFileBytes);

// The files of an ELF module. `program` may be missing when only debug information was found.
struct ModuleFiles {
    std::unique_ptr<ElfFile> program;
    std::unique_ptr<ElfFile> debug; // null: what there is, is in `program`
    std::unique_ptr<ElfFile> mini;  // symbols packed into a stripped `program`
    std::unique_ptr<ElfFile> alt;   // what .gnu_debugaltlink of the debug information names
    std::vector<ImportNote> notes;

    const ElfFile *withDebugInfo() const;
    const ElfFile *withSymtab() const;
};
ModuleFiles findModuleFiles(const ModuleRow &module, const SymbolSearch &search);

// The vdso of the running process, when it is the one that was captured.
std::unique_ptr<ElfFile> ownVdso(const std::string &buildId);

// Counts a note; the first detail stays.
void addNote(std::vector<ImportNote> &notes, Severity severity, std::string_view code,
             std::string_view detail, std::uint64_t times = 1);

} // namespace flamewright
