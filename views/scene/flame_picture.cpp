#include "views/scene/flame_picture.h"

#include "capture/base/format_value.h"
#include "views/scene/flame_legend.h"
#include "views/scene/flame_view.h"
#include "views/scene/picture_heading.h"
#include "views/scene/sandwich_view.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr float kFooter = 36;
constexpr float kLeastGraph = 120;

// Draws the legend and whatever has to be said about what is not shown.
void footer(const FlamePictureOptions &options, const FlameLegend &legend, std::uint32_t hiddenRows,
            SizeF size, const TextMetrics &metrics, DisplayList &out)
{
    const auto &colors = palette(options.theme);
    const auto y = size.height - 26;
    auto right = size.width - kPictureMargin;
    if (hiddenRows > 0) {
        // Rows of a chart are other threads too, those of a sandwich callers.
        const bool deeper =
            options.layout != FlameLayout::Chart && options.layout != FlameLayout::Sandwich;
        const auto text =
            formatCount(hiddenRows) + (deeper ? " deeper" : " more") + " rows not shown";
        const auto width = metrics.width(text, FontRole::Caption);
        out.text({right - width, y}, text, colors.warn, FontRole::Caption, width);
        right -= width + kPictureMargin;
    }
    paintLegend(legend, {kPictureMargin, y}, right - kPictureMargin, options.theme, metrics, out);
}

} // namespace

FlamePicture flamePicture(const std::shared_ptr<const Profile> &profile,
                          const FlamePictureOptions &options, const TextMetrics &metrics)
{
    const bool sandwich = options.layout == FlameLayout::Sandwich && options.callers;
    FlameView flame(sandwich ? nullptr : profile, options.layout);
    flame.setTimeOrigin(options.timeOriginNs);
    SandwichView both = sandwich ? SandwichView(options.callers, profile) : SandwichView();
    const auto prepare = [&](auto &scene) {
        scene.setColorScheme(options.scheme);
        scene.setReadable(options.readable);
        scene.setValueStyle(options.style);
        scene.setSearch(options.search);
        scene.setAnnotated(options.annotated);
        scene.setLinks(options.links);
    };
    prepare(flame);
    prepare(both);
    const FlameScene &view = sandwich ? static_cast<const FlameScene &>(both) : flame;

    FlamePicture out;
    const auto chrome = kPictureHeading + kFooter;
    const auto wanted = std::max(view.contentHeight(), kLeastGraph) + chrome;
    const auto height = options.height > 0 ? options.height : std::min(wanted, options.maxHeight);
    out.size = {std::max(options.width, 200.0f), std::ceil(std::max(height, chrome + 40))};

    paintPictureHeading(options.title, options.subtitle, out.size, options.theme, metrics,
                        out.list);

    const auto row = static_cast<float>(tokens::k_row_frame);
    const SizeF graph{out.size.width - 2 * kPictureMargin, out.size.height - chrome};
    DisplayList frames;
    view.paint({.size = graph, .scrollY = view.restingScroll(graph.height), .scale = options.scale},
               options.theme, metrics, frames);
    out.list.append(frames, {kPictureMargin, kPictureHeading});
    const auto hidden = std::ceil(std::max(view.contentHeight() - graph.height, 0.0f) / row);
    const bool searching = !options.search.functions.empty();
    FlameLegend legend;
    if (sandwich) {
        legend = flameLegend(*profile, both.callees().coloring(), searching, options.theme);
        addEntries(
            flameLegend(*options.callers, both.callers().coloring(), searching, options.theme),
            legend);
    } else if (profile) {
        legend = flameLegend(*profile, flame.coloring(), searching, options.theme);
    }
    footer(options, legend, static_cast<std::uint32_t>(hidden), out.size, metrics, out.list);
    return out;
}

} // namespace flamewright
