#pragma once

#include "analysis/transforms.h"
#include "views/scene/flame_options.h"

#include <optional>

namespace flamewright {

// Keys of the flame graph that ask for something outside of it, as Qt::Key; `shift` tells upper
// from lower case.

// 1 to 6.
std::optional<FlameLayout> layoutOfKey(int key, bool shift);

// As in the Firefox Profiler where it has the same transform: f focus, F focus subtree, h or m
// hide (merge), d drop, k keep, c collapse subtree, C collapse module, r collapse recursion,
// R direct recursion only, S show from, M keep modules.
std::optional<TransformKind> transformOfKey(int key, bool shift);

} // namespace flamewright
