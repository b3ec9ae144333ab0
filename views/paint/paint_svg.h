#pragma once

#include "views/scene/display_list.h"
#include "views/scene/theme.h"

#include <string>

namespace flamewright {

// A self-contained SVG 1.1 picture: no scripts, no fonts inside. The same list gives the
// same bytes on every machine. Items of the list become groups with a <title>, which browsers show
// as a tooltip, and a class: "frame", "frame match", "frame merged", "frame dimmed". Links become
// <a href> where isSafeAddress() says so.
std::string toSvg(const DisplayList &list, SizeF size, Theme theme);

} // namespace flamewright
