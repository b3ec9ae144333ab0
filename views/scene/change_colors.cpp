#include "views/scene/change_colors.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace flamewright {

ChangeShade changeShade(Verdict verdict, double base, double cand)
{
    if (verdict != Verdict::Regressed && verdict != Verdict::Improved)
        return 0;
    const auto small = std::min(std::fabs(base), std::fabs(cand));
    const auto large = std::max(std::fabs(base), std::fabs(cand));
    const auto ratio = small > 0 ? large / small : std::numeric_limits<double>::infinity();
    int shade = 0;
    for (const auto from : kShadeRatios)
        shade += ratio >= from ? 1 : 0;
    shade = std::max(shade, 1);
    return static_cast<ChangeShade>(verdict == Verdict::Regressed ? shade : -shade);
}

ChangeShade changeShade(const Change &change)
{
    return changeShade(change.verdict, change.base.value_or(0), change.cand.value_or(0));
}

Rgba changeColor(ChangeShade shade, const Palette &colors)
{
    if (shade == 0)
        return colors.noEvidence;
    const auto &side = shade > 0 ? colors.worse : colors.better;
    const auto step = static_cast<std::size_t>(std::min(std::abs(int{shade}), int{kChangeShades}));
    return side[step];
}

Rgba verdictColor(Verdict verdict, const Palette &colors)
{
    switch (verdict) {
    case Verdict::Regressed: return colors.worse[2];
    case Verdict::Improved: return colors.better[2];
    case Verdict::NoEvidence:
    case Verdict::NotEnoughData: break;
    }
    return colors.text3;
}

std::string_view shadeText(ChangeShade shade)
{
    switch (std::abs(int{shade})) {
    case 0: return "not enough evidence";
    case 1: return "up to 1.25\u00d7";
    case 2: return "up to 2\u00d7";
    default: return "over 2\u00d7";
    }
}

} // namespace flamewright
