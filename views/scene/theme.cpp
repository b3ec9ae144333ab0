#include "views/scene/theme.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace flamewright {
namespace {

// Linear light of a channel's byte. A table: every box of every frame asks.
std::array<double, 256> linearLight()
{
    std::array<double, 256> out{};
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto v = static_cast<double>(i) / 255;
        out[i] = v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    }
    return out;
}

// Relative luminance of WCAG 2.2.
double luminance(Rgba color)
{
    static const auto light = linearLight();
    const auto channel = [&](int shift) { return light[color.value >> shift & 0xff]; };
    return 0.2126 * channel(24) + 0.7152 * channel(16) + 0.0722 * channel(8);
}

} // namespace

double contrastRatio(Rgba a, Rgba b)
{
    const auto [low, high] = std::minmax({luminance(a), luminance(b)});
    return (high + 0.05) / (low + 0.05);
}

} // namespace flamewright
