#pragma once

#include "importers/symbols/symbolizer.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

// What one file of the symbol cache holds: the answers for some addresses of a module. In bytes:
// "FWSYM003", XXH64 of what follows, then little-endian fields as written by encodeCacheEntry.
struct CacheEntry {
    std::string key;                      // what the file name is a hash of
    std::vector<SymbolAddress> addresses; // sorted
    SymbolAnswer answer;                  // in the order of `addresses`
};

std::string encodeCacheEntry(const CacheEntry &entry);
// Nothing when a single byte is wrong.
std::optional<CacheEntry> decodeCacheEntry(std::string_view bytes);

} // namespace flamewright
