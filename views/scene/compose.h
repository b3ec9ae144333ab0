#pragma once

#include "views/scene/display_list.h"

namespace flamewright {

// Appends a list that was drawn at the origin, moved: how views are put together.
void appendMoved(const DisplayList &from, float dx, float dy, DisplayList &out);

} // namespace flamewright
