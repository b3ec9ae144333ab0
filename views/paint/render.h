#pragma once

#include "capture/base/result.h"
#include "views/scene/display_list.h"
#include "views/scene/theme.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

class QImage;

namespace flamewright {

inline constexpr float kMaxPictureSide = 32000; // device pixels
inline constexpr float kMaxPdfSide = 19200;     // pixels: 200 inches, what PDF readers accept

enum class PictureFormat : std::uint8_t { Png, Svg, Pdf };

// By the extension of the name, in any case: ".png", ".svg" or ".pdf".
Result<PictureFormat> pictureFormat(const std::filesystem::path &path);

// Writes the picture as what its name says. `scale` is device pixels per pixel of the list, for
// PNG: 2 for print and high-resolution screens. `title` is what a reader shows for a document.
Result<> renderFile(const DisplayList &list, SizeF size, Theme theme, float scale,
                    const std::filesystem::path &path, std::string_view title = {});

// The picture as pixels, painted by QPainter without a window; needs a QGuiApplication
// ("offscreen" will do).
Result<QImage> renderImage(const DisplayList &list, SizeF size, Theme theme, float scale);

Result<> renderPng(const DisplayList &list, SizeF size, float scale, Theme theme,
                   const std::filesystem::path &path);

// As SVG. Needs no QGuiApplication.
Result<> renderSvg(const DisplayList &list, SizeF size, Theme theme,
                   const std::filesystem::path &path);

// One page of the size of the picture, 96 pixels an inch; text stays text and its fonts are
// inside. Needs a QGuiApplication.
Result<> renderPdf(const DisplayList &list, SizeF size, Theme theme,
                   const std::filesystem::path &path, std::string_view title = {});

} // namespace flamewright
