#pragma once

#include "views/scene/display_list.h"

#include <algorithm>
#include <array>
#include <cmath>

// What people see: colours as the colour-blind see them, and how far apart two colours are.
namespace flamewright {

enum class Vision : std::uint8_t { Normal, Deuteranopia, Protanopia, Tritanopia };

using Vector3 = std::array<double, 3>;
using Matrix3 = std::array<Vector3, 3>;

inline Vector3 times(const Matrix3 &m, const Vector3 &v)
{
    Vector3 out{};
    for (std::size_t i = 0; i < 3; ++i)
        out[i] = m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2];
    return out;
}

// Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
inline const Matrix3 &matrixOf(Vision vision)
{
    static constexpr Matrix3 kNormal{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    static constexpr Matrix3 kDeuteranopia{{{0.367322, 0.860646, -0.227968},
                                            {0.280085, 0.672501, 0.047413},
                                            {-0.011820, 0.042940, 0.968881}}};
    static constexpr Matrix3 kProtanopia{{{0.152286, 1.052583, -0.204868},
                                          {0.114503, 0.786281, 0.099216},
                                          {-0.003882, -0.048116, 1.051998}}};
    static constexpr Matrix3 kTritanopia{{{1.255528, -0.076749, -0.178779},
                                          {-0.078411, 0.930809, 0.147602},
                                          {0.004733, 0.691367, 0.303900}}};
    switch (vision) {
    case Vision::Normal: return kNormal;
    case Vision::Deuteranopia: return kDeuteranopia;
    case Vision::Protanopia: return kProtanopia;
    case Vision::Tritanopia: return kTritanopia;
    }
    return kNormal;
}

// Oklab (Ottosson 2020) of a colour as it is seen; lightness first, all times 100.
inline Vector3 seen(Rgba color, Vision vision)
{
    Vector3 rgb{};
    for (std::size_t i = 0; i < 3; ++i) {
        const auto v = static_cast<double>(color.value >> (24 - 8 * i) & 0xff) / 255;
        rgb[i] = v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    }
    rgb = times(matrixOf(vision), rgb);
    for (auto &v : rgb)
        v = std::clamp(v, 0.0, 1.0);
    auto lms = times({{{0.4122214708, 0.5363325363, 0.0514459929},
                       {0.2119034982, 0.6806995451, 0.1073969566},
                       {0.0883024619, 0.2817188376, 0.6299787005}}},
                     rgb);
    for (auto &v : lms)
        v = std::cbrt(v) * 100;
    return times({{{0.2104542553, 0.7936177850, -0.0040720468},
                   {1.9779984951, -2.4285922050, 0.4505937099},
                   {0.0259040371, 0.7827717662, -0.8086757660}}},
                 lms);
}

// About 2 is the least that a trained eye sees.
inline double distance(Rgba a, Rgba b, Vision vision)
{
    const auto p = seen(a, vision), q = seen(b, vision);
    return std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

} // namespace flamewright
