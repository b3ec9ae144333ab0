#include "app/cli/tracks_picture.h"

#include "app/cli/capture_flags.h"
#include "app/track_source.h"
#include "capture/base/format_value.h"
#include "views/scene/tracks_picture.h"

#include <algorithm>

namespace flamewright {
namespace {

constexpr std::string_view kDot = " \u00b7 ";

std::string counted(std::uint64_t n, const char *one, const char *many)
{
    return formatCount(static_cast<std::int64_t>(n)) + " " + (n == 1 ? one : many);
}

// "1.5s..2s", "..200ms", "3s..": counted from the first time.
Result<std::pair<std::int64_t, std::int64_t>> rangeOf(const TraceSet &set, const std::string &text)
{
    const auto dots = text.find("..");
    if (dots == std::string::npos)
        return fail(Errc::Usage, "'" + text +
                                     "' is not a range of time: write 1.5s..2s, 3s.. or "
                                     "..200ms");
    std::pair out{set.begin, set.end};
    if (dots > 0) {
        FW_ASSIGN(const auto from, parseDuration(text.substr(0, dots)));
        out.first = saturatingAdd(set.begin, from);
    }
    if (dots + 2 < text.size()) {
        FW_ASSIGN(const auto to, parseDuration(text.substr(dots + 2)));
        out.second = saturatingAdd(set.begin, to);
    }
    if (out.first >= out.second)
        return fail(Errc::Usage, "'" + text + "' ends before it begins");
    return out;
}

// How far the file's levels do not go, its slices are read.
Result<> addDetail(SessionReader &reader, TracksView &view, double pixels, JobContext &job)
{
    const auto &window = view.window();
    for (std::uint32_t i = 0; i < view.set().captures.size(); ++i) {
        const auto &capture = view.set().captures[i];
        if (!capture.wantsDetail(window.length / pixels))
            continue;
        FW_ASSIGN(auto rows, loadDetail(reader, capture.id, capture.onClock(window.begin),
                                        capture.onClock(window.end()), kMostDetailRows, job));
        view.setDetail(i, std::move(rows));
    }
    return {};
}

} // namespace

Result<Picture> timelinePicture(VerbRun &run, const OpenedCapture &opened, const Scope &scope,
                                const PictureRequest &request, const TextMetrics &metrics)
{
    FW_ASSIGN(const auto reader, opened.session().reader());
    std::vector<CaptureId> captures;
    for (const auto &capture : opened.captures())
        captures.push_back(capture.id);
    FW_ASSIGN(const auto set, loadTraces(*reader, captures, run.job));
    if (set->empty())
        return fail(Errc::Usage, "a timeline shows slices and counters of traces, and there are "
                                 "none: a profile can be drawn as chart or heatmap, a load test "
                                 "as over-time");
    TracksView view(set);
    TracksPictureOptions options{.theme = request.theme,
                                 .width = request.size.width,
                                 .height = request.size.height,
                                 .scale = request.scale,
                                 .annotated = request.annotated,
                                 .filter = request.tracks};
    if (!request.time.empty()) {
        FW_ASSIGN(options.range, rangeOf(*set, request.time));
        view.setWindow(view.around(options.range->first, options.range->second, 0));
    } else if (!scope.times.empty()) {
        const auto &range = scope.times.front();
        const auto &first = set->captures.front();
        options.range = {std::max(set->begin, first.onAxis(range.begin.time_since_epoch().count())),
                         std::min(set->end, first.onAxis(range.end.time_since_epoch().count()))};
        view.setWindow(view.around(options.range->first, options.range->second, 0));
    }
    if (!scope.search.empty()) {
        FW_ASSIGN(auto found, findSlices(*reader, *set, scope.search, run.job));
        options.subtitle = scope.search + ": " + counted(found.count, "slice", "slices") + " of ";
        view.setMatches(std::make_shared<const SliceMatches>(std::move(found)));
    }
    const auto plot = view.layout({.size = {request.size.width, 400}}).plotWidth;
    FW_TRY(addDetail(*reader, view, static_cast<double>(plot * request.scale), run.job));
    std::uint64_t slices = 0;
    for (const auto &capture : set->captures)
        slices += capture.sliceCount;
    options.title = set->captures.size() == 1
                        ? set->captures.front().name
                        : counted(set->captures.size(), "capture", "captures");
    options.subtitle += counted(slices, "slice", "slices") + std::string(kDot) +
                        counted(set->nodes.size(), "track", "tracks");
    if (set->axis == TraceSet::Axis::Together)
        options.subtitle +=
            std::string(kDot) + "not all have a wall clock: drawn as if they had begun together";
    for (const auto &capture : set->captures) {
        if (capture.samples && capture.samples->step() > 1)
            options.subtitle += std::string(kDot) + "sample ticks: one in " +
                                formatCount(static_cast<std::int64_t>(capture.samples->step()));
    }
    auto made = tracksPicture(std::move(view), options, metrics);
    return Picture{std::move(made.list), made.size};
}

} // namespace flamewright
