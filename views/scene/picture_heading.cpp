#include "views/scene/picture_heading.h"

#include "capture/base/capture_text.h"

namespace flamewright {

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

} // namespace flamewright
