#include "views/scene/tracks_picture.h"

#include "views/scene/picture_heading.h"

#include <algorithm>

namespace flamewright {
namespace {

constexpr float kMostHeight = 6000, kLeastHeight = 120;

} // namespace

TracksPicture tracksPicture(TracksView view, const TracksPictureOptions &options,
                            const TextMetrics &metrics)
{
    view.setAnnotated(options.annotated);
    view.setBare(true);
    if (!options.filter.empty()) {
        auto choices = view.choices();
        choices.filter = options.filter;
        view.setChoices(std::move(choices));
    }
    if (options.range)
        view.setWindow(view.around(options.range->first, options.range->second, 0));
    Viewport viewport{.size = {options.width - 2 * kPictureMargin, kLeastHeight},
                      .scale = options.scale};
    TracksPicture out;
    out.size = {options.width, options.height};
    if (options.height <= 0) {
        const auto above = view.layout(viewport).tracks.y;
        const auto needed = static_cast<float>(std::min(view.contentHeight(), 1e5)) + above;
        viewport.size.height = std::clamp(needed, kLeastHeight, kMostHeight);
        out.size.height = viewport.size.height + kPictureHeading + kPictureMargin;
    } else {
        viewport.size.height =
            std::max(options.height - kPictureHeading - kPictureMargin, kLeastHeight);
    }
    auto subtitle = options.subtitle;
    const auto cut = view.mostScroll(viewport);
    if (cut > 0)
        subtitle += (subtitle.empty() ? "" : " \u00b7 ") +
                    std::string("more tracks below than this picture shows");
    paintPictureHeading(options.title, subtitle, out.size, options.theme, metrics, out.list);
    DisplayList list;
    view.paint(viewport, options.theme, metrics, list);
    out.list.append(list, {kPictureMargin, kPictureHeading});
    return out;
}

} // namespace flamewright
