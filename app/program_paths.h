#pragma once

#include <filesystem>

namespace flamewright {

// Where this program lies; its helpers lie beside it.
std::filesystem::path programDirectory();
// $XDG_CACHE_HOME/flamewright or ~/.cache/flamewright; empty without a home. Not created.
std::filesystem::path cacheDirectory();
std::filesystem::path symbolCacheDirectory(); // below it

} // namespace flamewright
