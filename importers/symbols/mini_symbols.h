#pragma once

#include "importers/symbols/elf_file.h"
#include "importers/symbols/symbolizer.h"

#include <memory>
#include <vector>

namespace flamewright {

// "MiniDebugInfo", what some distributions leave in stripped programs: .gnu_debugdata is an ELF
// file, compressed with xz, whose symbol table has the functions that .dynsym has not. Null when
// there is none; a note says when it could not be read.
// https://sourceware.org/gdb/current/onlinedocs/gdb.html/MiniDebugInfo.html
std::unique_ptr<ElfFile> openMiniSymbols(const ElfFile &program, std::vector<ImportNote> &notes);

} // namespace flamewright
