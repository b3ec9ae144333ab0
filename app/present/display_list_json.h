#pragma once

#include "app/present/pinned_finding.h"
#include "views/scene/display_list.h"

#include <cstddef>
#include <optional>
#include <simdjson.h>
#include <string>

namespace flamewright {

// Pictures as JSON: compact, and read with suspicion.
//
//   {"size": [w, h], "caption": "...", "colors": [rgba, rgba, ...], "ops": [["f", x, y, w, h, c],
//   ...]}
//
// Colours are numbers 0xRRGGBBAA, those of screen and print in turn; ops name a pair of them. A
// picture that is not drawn alike in both media has "print": {"colors": ..., "ops": ...} besides.
//
//   f x y w h c [radius]          filled          p width c x y x y ...   polyline
//   s x y w h c pen [radius]      stroked, pen    t x y w font c text     text
//   l x y dx dy c pen               in 1/16 px    g [x] [y] [c] base64    cells
//   c x y w h, C                  clip            i role title, I         item
//
// Links are not kept: a picture of a stranger's session leads nowhere.
void appendPicture(std::string &out, const PinnedPicture &picture);

// What pictures may have: each of them, and all of a session together.
struct PictureBudget {
    std::size_t commands = 0, textBytes = 0, points = 0, cells = 0;

    // Takes it away; false, and nothing changes, if there is not as much.
    bool take(const PictureBudget &cost);
};
inline constexpr PictureBudget kPictureLimit{200'000, 8u << 20, 1'000'000, 1'000'000};
inline constexpr PictureBudget kAllPicturesLimit{4'000'000, 128u << 20, 16'000'000, 16'000'000};

// nullopt: not such a picture, something impossible in it, or more of it than allowed.
std::optional<PinnedPicture> readPicture(simdjson::dom::element json, PictureBudget &allowed);

} // namespace flamewright
