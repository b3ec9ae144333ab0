#pragma once

#include "capture/base/job.h"
#include "capture/base/result.h"
#include "capture/session/dimensions.h"
#include "capture/session/records.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

// Naming addresses. Importers store module and address; afterwards the unique addresses of each
// module are resolved here (in the symboliser worker) and written back as frames. Adding symbols
// later is the same step again.
namespace flamewright {

struct SymbolAddress {
    std::uint64_t address = 0;  // meaning by ModuleKind
    bool returnAddress = false; // look up address - 1: the call, not what follows it
    friend auto operator<=>(const SymbolAddress &, const SymbolAddress &) = default;
};

// All addresses of one module, sorted, unique.
struct SymbolQuery {
    ModuleRow module;
    std::vector<SymbolAddress> addresses;
};

struct ResolvedFrame {
    std::string function; // demangled
    std::string file;
    std::uint32_t line = 0;
    SymbolSource source = SymbolSource::None;
};

// Answers in the order of the query's addresses: address i has frames [end[i-1], end[i]),
// innermost first; none when nobody knows the address.
struct SymbolAnswer {
    std::vector<std::uint32_t> end;
    std::vector<ResolvedFrame> frames;
    std::string usedFile; // where the symbols came from, for provenance; empty: nowhere
    std::vector<ImportNote> notes;
};

// Where symbols may be looked for.
struct SymbolSearch {
    std::vector<std::filesystem::path> directories; // --symbols, in order, before everything else
    bool useSystem = true; // the module's own path, /usr/lib/debug, ~/.debug, /tmp/perf-PID.map
    std::filesystem::path
        kallsyms; // a file to use for kernel addresses; empty: look in directories
    std::filesystem::path cacheDirectory; // answers by build id; empty: no cache
    // Whose ~/.debug; empty: $HOME. A worker, which has no environment, is told by its parent.
    std::filesystem::path home;
    // Build id of this machine's kernel, as runningKernelBuildId() says: captures of it have their
    // names from /proc/kallsyms. Empty: not looked at. A worker, which cannot see it, is told.
    std::string runningKernel;
};

// Every directory that resolving with `search` may read below: what a sandbox has to allow, for
// reading only. With useSystem these are the directories of the root directory except /proc, /sys,
// /dev, /run and /etc, since programs are profiled wherever they lie; with runningKernel /proc/kallsyms.
std::vector<std::filesystem::path> symbolRoots(const SymbolSearch &search);

class Symbolizer {
public:
    virtual ~Symbolizer() = default;
    virtual Result<SymbolAnswer> resolve(const SymbolQuery &query, JobContext &job) = 0;
};

// Frames of `dimensions` that have an address and were not named by the capture itself, grouped by
// module: what there is to ask.
std::vector<SymbolQuery> symbolQueries(const Dimensions &dimensions);

// New frames: row i keeps its id, resolved rows get function, file, line and an inline chain of
// appended rows; unresolved ones read "module+0x1234". `strings` are appended to the capture's.
struct FrameUpdate {
    FrameColumns frames;                        // from row 1
    std::vector<std::string> strings;           // new ones, ids from dimensions.strings.size()
    std::vector<ImportNote> notes;              // "symbols_missing" ...
    std::uint64_t resolved = 0, unresolved = 0; // addresses
};
FrameUpdate applySymbols(const Dimensions &dimensions, const std::vector<SymbolQuery> &queries,
                         const std::vector<SymbolAnswer> &answers);

} // namespace flamewright
