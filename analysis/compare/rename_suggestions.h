#pragma once

#include "analysis/compare/profile_union.h"

#include <vector>

namespace flamewright {

// Functions of one side only that look like one of the other side's: by their names, their files,
// who calls them and whom they call. The likest of each, likest first; of very many, the largest.
std::vector<RenameSuggestion> renameSuggestions(const ProfileUnion &both);

} // namespace flamewright
