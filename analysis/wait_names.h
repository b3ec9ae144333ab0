#pragma once

#include <string_view>

namespace flamewright {

// Whether a span of this name waits for a lock, a connection or a place in a pool, by its words: it
// is no call to anybody.
bool isWait(std::string_view name);

} // namespace flamewright
