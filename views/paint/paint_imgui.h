#pragma once

#include "views/paint/imgui_fonts.h"
#include "views/scene/display_list.h"

struct ImDrawList;

namespace flamewright {

// Paints into a draw list whose texture is the one of `fonts`. Glyphs are put on whole device
// pixels. Glyphs that the texture lacks are left out and make `fonts` stale.
void paint(const DisplayList &list, ImDrawList &draw, ImGuiFonts &fonts, PointF origin = {});

} // namespace flamewright
