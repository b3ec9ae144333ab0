#pragma once

#include "views/scene/display_list.h"
#include "views/scene/theme.h"

#include <optional>
#include <string>
#include <string_view>

namespace flamewright {

inline constexpr float kPictureMargin = 16;
inline constexpr float kPictureHeading = 52; // height of the heading

// How every picture begins that is a document of its own: the ground, a title and what it is
// about, both shortened to the width. Text of captures is made fit to be shown here.
void paintPictureHeading(std::string_view title, std::string_view subtitle, SizeF size, Theme theme,
                         const TextMetrics &metrics, DisplayList &out);

// A side of a comparison, as every picture of one names it.
struct PictureSide {
    std::string name; // as captured
    std::string date; // "2026-11-20 14:02"; empty: not known
};
struct PictureSides {
    PictureSide base, cand;
};

inline constexpr float kComparedHeading = 76; // height of the heading of a comparison

// The same for a comparison: below the title each side with its letter, colour, name and date.
void paintPictureHeading(std::string_view title, std::string_view subtitle,
                         const PictureSides &sides, SizeF size, Theme theme,
                         const TextMetrics &metrics, DisplayList &out);
// The one that the sides call for; returns its height.
float paintPictureHeading(std::string_view title, std::string_view subtitle,
                          const std::optional<PictureSides> &sides, SizeF size, Theme theme,
                          const TextMetrics &metrics, DisplayList &out);
constexpr float headingHeight(bool compared)
{
    return compared ? kComparedHeading : kPictureHeading;
}

} // namespace flamewright
