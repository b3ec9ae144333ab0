#include "views/scene/picture_heading.h"

#include "capture/base/capture_text.h"

#include <cmath>

namespace flamewright {
namespace {

constexpr float kChip = 16, kBetweenSides = 24;
constexpr float kSidesTop = 50;

// "[A] before.data · 2026-11-20 14:02 UTC": the letter on the side's colour. The date stays whole
// where the name has to give way. Returns the width.
float paintSide(char letter, Rgba color, const PictureSide &side, PointF at, float room,
                const Palette &colors, const TextMetrics &metrics, DisplayList &out)
{
    out.fillRect({at.x, at.y, kChip, kChip}, color, 4);
    const std::string_view name(&letter, 1);
    const auto wide = metrics.width(name, FontRole::Strong);
    const auto white = contrastRatio(colors.surface1, color) > contrastRatio(colors.text1, color)
                           ? colors.surface1
                           : colors.text1;
    out.text({std::round(at.x + (kChip - wide) / 2), at.y}, name, white, FontRole::Strong, wide);
    const auto date = side.date.empty() ? std::string() : " \u00b7 " + side.date;
    const auto dateWidth = metrics.width(date, FontRole::Body);
    auto x = at.x + kChip + 6;
    const auto left = room - kChip - 6;
    const bool dated = dateWidth > 0 && dateWidth < left * 0.7f;
    float width = 0;
    const auto shown = elided(CaptureText(side.name).toDisplay(), FontRole::Strong,
                              left - (dated ? dateWidth : 0), metrics, &width);
    out.text({x, at.y}, shown, colors.text1, FontRole::Strong, width);
    x += width;
    if (dated) {
        out.text({x, at.y}, date, colors.text2, FontRole::Body, dateWidth);
        x += dateWidth;
    }
    return x - at.x;
}

} // namespace

void paintPictureHeading(std::string_view title, std::string_view subtitle,
                         const PictureSides &sides, SizeF size, Theme theme,
                         const TextMetrics &metrics, DisplayList &out)
{
    paintPictureHeading(title, subtitle, size, theme, metrics, out);
    const auto &colors = palette(theme);
    const auto room = size.width - 2 * kPictureMargin;
    // Each may have what the other does not need.
    const auto half = (room - kBetweenSides) / 2;
    const auto used = paintSide('A', colors.sideA, sides.base, {kPictureMargin, kSidesTop}, half,
                                colors, metrics, out);
    paintSide('B', colors.sideB, sides.cand, {kPictureMargin + used + kBetweenSides, kSidesTop},
              room - used - kBetweenSides, colors, metrics, out);
}

void paintPictureHeading(std::string_view title, std::string_view subtitle, SizeF size, Theme theme,
                         const TextMetrics &metrics, DisplayList &out)
{
    const auto &colors = palette(theme);
    out.fillRect({0, 0, size.width, size.height}, colors.surface0);
    const auto line = [&](std::string_view text, FontRole font, Rgba color, float y) {
        float width = 0;
        const auto shown = elided(CaptureText(text).toDisplay(), font,
                                  size.width - 2 * kPictureMargin, metrics, &width);
        out.text({kPictureMargin, y}, shown, color, font, width);
    };
    line(title, FontRole::Title, colors.text1, 8);
    line(subtitle, FontRole::Body, colors.text2, 28);
}

float paintPictureHeading(std::string_view title, std::string_view subtitle,
                          const std::optional<PictureSides> &sides, SizeF size, Theme theme,
                          const TextMetrics &metrics, DisplayList &out)
{
    if (sides)
        paintPictureHeading(title, subtitle, *sides, size, theme, metrics, out);
    else
        paintPictureHeading(title, subtitle, size, theme, metrics, out);
    return headingHeight(sides.has_value());
}

} // namespace flamewright
