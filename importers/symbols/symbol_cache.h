#pragma once

#include "importers/symbols/symbolizer.h"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace flamewright {

struct SymbolCacheLimits {
    std::uint64_t maxBytes = 256u << 20;     // of all entries; the oldest go first
    std::uint64_t maxEntryBytes = 64u << 20; // a larger module is not cached
};

// Remembers the answers of `inner` below `directory`, one file per build id and search. Modules
// without a build id are not cached. Runs in the parent, since a symbol worker cannot write.
// Entries are checked (version, checksum, key) and ignored when damaged.
std::unique_ptr<Symbolizer> makeCachingSymbolizer(std::unique_ptr<Symbolizer> inner,
                                                  const SymbolSearch &search,
                                                  SymbolCacheLimits limits = {});

} // namespace flamewright
