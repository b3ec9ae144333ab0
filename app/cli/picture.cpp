#include "app/cli/picture.h"

#include "analysis/callers_tree.h"
#include "analysis/heat_map.h"
#include "analysis/search.h"
#include "app/chart.h"
#include "app/cli/load_picture.h"
#include "app/cli/tracks_picture.h"
#include "app/cli/trace_picture.h"
#include "capture/base/format_value.h"
#include "views/scene/flame_picture.h"
#include "views/scene/heat_map_picture.h"

namespace flamewright {
namespace {

constexpr std::string_view kHeatMap = "heatmap";
constexpr float kHeatMapHeight = 480;

// The capture's name, or how many there are.
std::string titleOf(std::span<const CaptureInfo> captures)
{
    if (captures.size() == 1)
        return captures.front().desc.name;
    return std::to_string(captures.size()) + " captures";
}

std::string separated(const std::string &text)
{
    return text.empty() ? text : " \u00b7 " + text;
}

// What a layout draws, and what has to be said about it.
struct Drawn {
    std::shared_ptr<const Profile> base; // total and search are those of the call tree
    std::shared_ptr<const Profile> profile, callers;
    std::int64_t timeOriginNs = 0;
    std::string remark;
};

Result<FunctionId> centreOf(const Profile &profile, const std::string &pattern)
{
    const auto any = mostInteresting(profile);
    if (any.raw == 0)
        return fail(Errc::Usage, "there is no function in this scope to make a sandwich of");
    if (pattern.empty())
        return any;
    FW_ASSIGN(const auto matches, matchFunctions(profile, pattern));
    FunctionStat best;
    for (const auto &row : profile.table) {
        if (matches[row.function.raw] && (best.function.raw == 0 || row.total > best.total))
            best = row;
    }
    if (best.function.raw == 0)
        return fail(Errc::Usage, "no function matches '" + pattern + "' in this scope");
    return best.function;
}

Result<Drawn> draw(VerbRun &run, const OpenedCapture &opened, const Scope &scope,
                   FlameLayout layout, const std::string &function)
{
    Drawn out;
    if (layout == FlameLayout::Chart) {
        FW_ASSIGN(const auto chart, run.workbench.chart(opened.session(), scope, run.job));
        if (chart.profile->samples == 0 && chart.untimed > 0)
            return fail(Errc::Usage, "the samples of this capture have no times: it can be drawn "
                                     "as icicle, flame, inverted, left-heavy or sandwich");
        out.base = chart.base;
        out.profile = chart.profile;
        out.timeOriginNs = chart.beginNs;
        if (chart.leftOut > 0)
            out.remark =
                formatCount(static_cast<std::int64_t>(chart.leftOut)) + " samples not drawn";
        if (chart.untimed > 0)
            out.remark += (out.remark.empty() ? "" : ", ") +
                          formatCount(static_cast<std::int64_t>(chart.untimed)) + " without a time";
        return out;
    }
    FW_ASSIGN(out.base, run.workbench.profile(opened.session(), scope, run.job));
    out.profile = out.base;
    if (layout == FlameLayout::Inverted) {
        out.profile = std::make_shared<const Profile>(invertedProfile(*out.base));
    } else if (layout == FlameLayout::Sandwich) {
        FW_ASSIGN(const auto centre, centreOf(*out.base, function));
        auto sandwich = sandwichOf(*out.base, centre);
        out.profile = std::move(sandwich.callees);
        out.callers = std::move(sandwich.callers);
    }
    return out;
}

Result<Picture> flame(VerbRun &run, const OpenedCapture &opened, const Scope &scope,
                      FlameLayout layout, const PictureRequest &request, const TextMetrics &metrics)
{
    FW_ASSIGN(const auto drawn, draw(run, opened, scope, layout, request.function));
    FW_ASSIGN(const auto found, searchProfile(*drawn.base, scope.search));
    // "cpu-clock: 9.51 s in 11,404 samples \u00b7 1 s to 2 s \u00b7 thread node"
    auto subtitle = drawn.base->measure + ": " + formatValue(drawn.base->total, drawn.base->unit) +
                    " in " + formatCount(drawn.base->samples) + " samples" +
                    separated(request.subtitle);
    if (!scope.search.empty())
        subtitle += separated(
            scope.search + ": " +
            formatShare(static_cast<double>(found.total), static_cast<double>(drawn.base->total)));
    subtitle += separated(drawn.remark);
    const FlamePictureOptions options{
        .title = titleOf(opened.captures()),
        .subtitle = subtitle,
        .layout = layout,
        .scheme = request.scheme,
        .readable = request.readable,
        .callers = drawn.callers,
        .timeOriginNs = drawn.timeOriginNs,
        .theme = request.theme,
        .width = request.size.width,
        .height = request.size.height,
        .scale = request.scale,
        .annotated = request.annotated,
        .links = request.links,
        .search = scope.search.empty() ? SearchResult{} : found,
    };
    auto made = flamePicture(drawn.profile, options, metrics);
    return Picture{std::move(made.list), made.size};
}

Result<Picture> heatMap(VerbRun &run, const OpenedCapture &opened, const Scope &scope,
                        const PictureRequest &request, const TextMetrics &metrics)
{
    FW_ASSIGN(auto map, run.workbench.heatMap(opened.session(), scope, run.job));
    const auto shown = std::make_shared<const HeatMap>(std::move(map));
    const HeatMapPictureOptions options{
        .title = titleOf(opened.captures()),
        .subtitle = shown->measure + ": " + formatValue(shown->total, shown->unit) +
                    separated(request.subtitle),
        .theme = request.theme,
        .width = request.size.width,
        .height = request.size.height > 0 ? request.size.height : kHeatMapHeight,
        .scale = request.scale,
        .annotated = request.annotated,
        .ranges = scope.times,
    };
    auto made = heatMapPicture({shown, shown->unit, shown->measure}, options, metrics);
    return Picture{std::move(made.list), made.size};
}

} // namespace

std::vector<std::string> pictureViews()
{
    std::vector<std::string> out;
    for (const auto layout : kFlameLayouts)
        out.emplace_back(nameOf(layout));
    out.emplace_back(kHeatMap);
    out.emplace_back(kTimelineView);
    for (auto &view : loadPictureViews())
        out.push_back(std::move(view));
    for (auto &view : tracePictureViews())
        out.push_back(std::move(view));
    return out;
}

Result<Picture> picture(VerbRun &run, const OpenedCapture &opened, const Scope &scope,
                        const PictureRequest &request, const TextMetrics &metrics)
{
    if (request.view == kHeatMap)
        return heatMap(run, opened, scope, request, metrics);
    if (request.view == kTimelineView)
        return timelinePicture(run, opened, scope, request, metrics);
    if (const auto layout = flameLayout(request.view))
        return flame(run, opened, scope, *layout, request, metrics);
    if (isTracePicture(request.view))
        return tracePicture(run, opened, scope, request, metrics);
    return loadPicture(run, opened, scope, request, metrics);
}

} // namespace flamewright
