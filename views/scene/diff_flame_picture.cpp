#include "views/scene/diff_flame_picture.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace flamewright {
namespace {

constexpr float kLeastGraph = 120, kLegendMargin = 10;

std::string widthText(DiffWidth width)
{
    switch (width) {
    case DiffWidth::Larger: return "width: the larger of A and B";
    case DiffWidth::Base: return "width: A (what only B has is a hair wide)";
    case DiffWidth::Cand: return "width: B (what only A has is a hair wide)";
    }
    return {};
}

LegendFlow::Swatch presenceSwatch(FramePresence presence, Theme theme)
{
    return [presence, theme](RectF box, const Palette &colors, DisplayList &out) {
        const auto look = frameColors({}, colors.noEvidence, theme);
        out.fillRect(box, look.fill, 2);
        paintPresence(presence, true, box, look, colors, out);
    };
}

} // namespace

LegendFlow diffFlameLegend(const DiffFlameView &view, Theme theme, const TextMetrics &metrics)
{
    const auto &colors = palette(theme);
    LegendFlow out(metrics);
    const auto *diff = view.diff();
    if (!diff)
        return out;
    const auto per = diff->normalisation.words();
    out.text("colour: change of " + std::string(nameOf(view.color())) +
             (per.empty() ? std::string(", as measured") : ", " + per));
    std::vector<LegendFlow::Step> steps;
    for (auto shade = -kChangeShades; shade <= kChangeShades; ++shade) {
        const auto as = static_cast<ChangeShade>(shade);
        if (shade != 0)
            steps.push_back({std::string(shadeText(as)), changeColor(as, colors)});
    }
    out.scale("\u2193 improved", std::move(steps), "regressed \u2191");
    out.key(std::string(shadeText(0)), colors.noEvidence);
    out.newLine();
    out.text(widthText(view.width()));
    out.key("gone: only in A", presenceSwatch(FramePresence::OnlyBase, theme));
    out.key("new: only in B", presenceSwatch(FramePresence::OnlyCand, theme));
    return out;
}

FlamePicture diffFlamePicture(const std::shared_ptr<const ProfileDiff> &diff,
                              const DiffFlamePictureOptions &options, const TextMetrics &metrics)
{
    DiffFlameView view(std::make_shared<const DiffFlameData>(diff, options.by, options.layout));
    view.setColor(options.color);
    view.setReadable(options.readable);
    view.setAnnotated(options.annotated);
    view.setValueStyle(options.style);
    view.setSearch(options.search);
    view.setLinks(options.links);

    FlamePicture out;
    out.size.width = std::max(options.width, 200.0f);
    const auto inner = out.size.width - 2 * kPictureMargin;
    const auto legend = diffFlameLegend(view, options.theme, metrics);
    const auto footer = legend.height(inner) + 2 * kLegendMargin;
    const auto chrome = kComparedHeading + footer;
    const auto wanted = std::max(view.contentHeight(), kLeastGraph) + chrome;
    const auto height = options.height > 0 ? options.height : std::min(wanted, options.maxHeight);
    out.size.height = std::ceil(std::max(height, chrome + 40));

    paintPictureHeading(options.title, options.subtitle, options.sides, out.size, options.theme,
                        metrics, out.list);
    const SizeF graph{inner, out.size.height - chrome};
    DisplayList frames;
    view.paint({.size = graph, .scrollY = view.restingScroll(graph.height), .scale = options.scale},
               options.theme, metrics, frames);
    out.list.append(frames, {kPictureMargin, kComparedHeading});
    const auto top = kComparedHeading + graph.height + kLegendMargin;
    legend.paint({kPictureMargin, top}, inner, options.theme, out.list);
    const auto row = static_cast<float>(tokens::k_row_frame);
    const auto hidden = std::ceil(std::max(view.contentHeight() - graph.height, 0.0f) / row);
    if (hidden > 0) {
        const auto text = formatCount(static_cast<std::int64_t>(hidden)) + " deeper rows not shown";
        const auto width = metrics.width(text, FontRole::Caption);
        out.list.text({out.size.width - kPictureMargin - width, top - kLegendMargin}, text,
                      palette(options.theme).warn, FontRole::Caption, width);
    }
    return out;
}

} // namespace flamewright
