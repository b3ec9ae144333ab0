#pragma once

#include "views/scene/display_list.h"
#include "views/scene/theme.h"

#include <string_view>

namespace flamewright {

inline constexpr float kPictureMargin = 16;
inline constexpr float kPictureHeading = 52; // height of the heading

// How every picture begins that is a document of its own: the ground, a title and what it is
// about, both shortened to the width. Text of captures is made fit to be shown here.
void paintPictureHeading(std::string_view title, std::string_view subtitle, SizeF size, Theme theme,
                         const TextMetrics &metrics, DisplayList &out);

} // namespace flamewright
