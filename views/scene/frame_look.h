#pragma once

#include "capture/session/records.h"
#include "views/scene/flame_options.h"
#include "views/scene/theme.h"

#include <cstdint>
#include <string_view>

namespace flamewright {

// The colour of a frame, and that of the text on it.
struct FrameLook {
    FrameKind kind = FrameKind::User;
    bool unresolved = false, inlined = false, merged = false;
    bool dimmed = false;   // a caller of the frame zoomed to
    bool match = false;    // found by the search
    bool mismatch = false; // not found by the search
    std::uint8_t hash = 0;
};
struct FrameColors {
    Rgba fill, text;
};
FrameColors frameColors(const FrameLook &look, Theme theme);

// Stable between views, runs and versions: digits do not count, so that "worker-1" and "worker-2"
// look alike.
std::uint8_t nameHash(std::string_view name);

} // namespace flamewright
