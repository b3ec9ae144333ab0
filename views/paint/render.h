#pragma once

#include "capture/base/result.h"
#include "views/scene/display_list.h"
#include "views/scene/theme.h"

#include <filesystem>

namespace flamewright {

inline constexpr float kMaxPictureSide = 32000; // device pixels

// A picture file, painted by QPainter without a window; needs a QGuiApplication ("offscreen" will
// do). `scale` is device pixels per pixel of the list: 2 for print and high-resolution screens.
Result<> renderPng(const DisplayList &list, SizeF size, float scale, Theme theme,
                   const std::filesystem::path &path);

// The same as SVG. Needs no QGuiApplication.
Result<> renderSvg(const DisplayList &list, SizeF size, Theme theme,
                   const std::filesystem::path &path);

} // namespace flamewright
