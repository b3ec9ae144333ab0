#pragma once

#include "analysis/compare/verdict.h"
#include "views/scene/theme.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

// The one scale of changes: blue better, red worse, told apart by the colour-blind, grey where there
// is no evidence; three shades each way. The palest pair of the tokens is left out: it is too near
// to the grey.
namespace flamewright {

// -3 to 3: minus better, plus worse, 0 no evidence.
using ChangeShade = std::int8_t;
inline constexpr ChangeShade kChangeShades = 3;

// Shades begin at these ratios of the larger to the smaller side: what doubles is as dark as what
// halves.
inline constexpr std::array kShadeRatios = {1.0, 1.25, 2.0};

// `base` and `cand` in one unit; one that is 0 is as different as can be.
ChangeShade changeShade(Verdict verdict, double base, double cand);
ChangeShade changeShade(const Change &change);

Rgba changeColor(ChangeShade shade, const Palette &colors);
// Of lines and marks on the canvas, where a pale shade would not be seen.
Rgba verdictColor(Verdict verdict, const Palette &colors);

// What a shade stands for: "over 2×", "up to 2×", "up to 1.25×".
std::string_view shadeText(ChangeShade shade);

} // namespace flamewright
