#include "views/scene/theme.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

// Relative luminance of WCAG 2.2.
double luminance(Rgba color)
{
    const auto channel = [&](int shift) {
        const auto v = static_cast<double>(color.value >> shift & 0xff) / 255;
        return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * channel(24) + 0.7152 * channel(16) + 0.0722 * channel(8);
}

} // namespace

double contrastRatio(Rgba a, Rgba b)
{
    const auto [low, high] = std::minmax({luminance(a), luminance(b)});
    return (high + 0.05) / (low + 0.05);
}

} // namespace flamewright
