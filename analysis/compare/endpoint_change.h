#pragma once

#include "analysis/compare/compared_side.h"
#include "analysis/compare/load_diff.h"

#include <cstdint>
#include <optional>

namespace flamewright {

// All figures of one endpoint (as in ComparedSide::sample), without a name; neither adjusted for
// the number of tests nor judged.
EndpointChange endpointChange(const ComparedSide &base, const ComparedSide &cand,
                              std::optional<std::uint32_t> wanted);

} // namespace flamewright
