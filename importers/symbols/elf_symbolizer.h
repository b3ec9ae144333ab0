#pragma once

#include "importers/symbols/symbolizer.h"

#include <memory>

namespace flamewright {

// Names addresses of every ModuleKind from files: ELF symbol tables and DWARF (elfutils),
// kallsyms, perf-PID.map. Reads only below the roots of `search`, never the network, and keeps
// nothing open between queries. Hostile files are normal input: what cannot be read becomes a note
// and an unnamed address, never an error; only cancelling ends a query early.
std::unique_ptr<Symbolizer> makeElfSymbolizer(const SymbolSearch &search);

} // namespace flamewright
