#include "analysis/intervals.h"

#include <algorithm>
#include <cmath>

namespace flamewright {

Interval wilson(std::int64_t hits, std::int64_t n, double z)
{
    if (n <= 0)
        return {};
    const auto count = static_cast<double>(n);
    const auto seen = static_cast<double>(std::clamp<std::int64_t>(hits, 0, n));
    const auto share = seen / count;
    const auto z2 = z * z;
    const auto scale = 1 + z2 / count;
    const auto centre = (share + z2 / (2 * count)) / scale;
    const auto half = z / scale * std::sqrt(share * (1 - share) / count + z2 / (4 * count * count));
    // The ends are exact at the borders; rounding must not move them.
    return {hits <= 0 ? 0 : std::max(0.0, centre - half),
            hits >= n ? 1 : std::min(1.0, centre + half)};
}

} // namespace flamewright
