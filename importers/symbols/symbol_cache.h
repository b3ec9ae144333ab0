#pragma once

#include "importers/symbols/symbolizer.h"

#include <cstdint>
#include <memory>

namespace flamewright {

struct SymbolCacheLimits {
    std::uint64_t maxBytes = 256u << 20;     // of all entries; the longest unused go first
    std::uint64_t maxEntryBytes = 64u << 20; // a larger answer is not kept
};

// Remembers the answers of `inner` in search.cacheDirectory, one file per module and search:
// <build id>-<hash>. The hash covers where symbols are looked for and size, time and inode of what
// is there, so that new debug information or another kallsyms is seen. Modules without a
// build id are not cached, nor are answers that say that a file could not be read. Runs in the parent, since a symbol worker cannot write. Entries
// are checked (version, checksum, key, every index) and ignored when damaged. Returns `inner` when
// the search has no cache directory; failures to write are not errors.
std::unique_ptr<Symbolizer> makeCachingSymbolizer(std::unique_ptr<Symbolizer> inner,
                                                  const SymbolSearch &search,
                                                  SymbolCacheLimits limits = {});

} // namespace flamewright
