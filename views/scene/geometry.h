#pragma once

#include <cstdint>

namespace flamewright {

struct PointF {
    float x = 0, y = 0;
};
struct SizeF {
    float width = 0, height = 0;
};
struct RectF {
    float x = 0, y = 0, width = 0, height = 0;
    constexpr float right() const { return x + width; }
    constexpr float bottom() const { return y + height; }
    constexpr bool contains(PointF p) const
    {
        return p.x >= x && p.x < right() && p.y >= y && p.y < bottom();
    }
};
// 0xRRGGBBAA
struct Rgba {
    std::uint32_t value = 0;
    friend constexpr bool operator==(Rgba, Rgba) = default;
};

} // namespace flamewright
