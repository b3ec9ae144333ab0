#include "app/cli/trace_picture.h"

#include "app/trace_study.h"
#include "capture/base/format_value.h"
#include "views/scene/service_map_view.h"
#include "views/scene/waterfall_view.h"

#include <algorithm>

namespace flamewright {
namespace {

constexpr std::string_view kWaterfall = "waterfall", kServiceMap = "service-map";
constexpr std::string_view kDot = " \u00b7 ";

std::string number(std::uint64_t n, const char *one, const char *many)
{
    return formatCount(static_cast<std::int64_t>(n)) + ' ' + (n == 1 ? one : many);
}

std::string captureName(const OpenedCapture &opened)
{
    const auto &captures = opened.captures();
    return captures.size() == 1 ? captures.front().desc.name
                                : std::to_string(captures.size()) + " captures";
}

Result<Picture> waterfallOf(const TraceStudy &study, const OpenedCapture &opened,
                            const PictureRequest &request, const TextMetrics &metrics)
{
    FW_ASSIGN(const auto trace, traceOf(study, request.trace));
    const auto &rows = study.rows();
    const auto root = study.forest.rootOf(trace);
    auto data = std::make_shared<const Waterfall>(waterfall(rows, study.forest, trace));
    auto subtitle = formatDuration(data->rootNs) + std::string(kDot) +
                    number(data->spans.size(), "span", "spans") + " of " +
                    number(data->services.size(), "service", "services");
    if (data->failed > 0)
        subtitle += std::string(kDot) + number(data->failed, "failed", "failed");
    subtitle += std::string(kDot) + (request.trace.empty() ? "the slowest trace, " : "trace ") +
                data->trace + std::string(kDot) + captureName(opened);
    auto made = waterfallPicture(
        data, ServiceColors(rows.services),
        {.title = rows.names[rows.name[root]] + " in " + rows.services[rows.service[root]],
         .subtitle = subtitle,
         .theme = request.theme,
         .width = request.size.width,
         .height = request.size.height,
         .scale = request.scale,
         .annotated = request.annotated},
        metrics);
    return Picture{std::move(made.list), made.size};
}

Picture serviceMapOf(const TraceStudy &study, const OpenedCapture &opened,
                     const PictureRequest &request, const TextMetrics &metrics)
{
    const auto &rows = study.rows();
    const auto map =
        std::make_shared<const ServiceMap>(serviceMap(rows, study.forest, study.attributes));
    std::uint64_t traces = 0;
    for (std::uint32_t trace = 0; trace < study.forest.traces(); ++trace)
        traces += study.forest.rootOf(trace) != kNoRow ? 1 : 0;
    auto subtitle =
        number(rows.size(), "span", "spans") + " in " + number(traces, "trace", "traces");
    if (map->unnamedCalls > 0)
        subtitle += std::string(kDot) + number(map->unnamedCalls, "call", "calls") +
                    " to peers without a name";
    if (!request.subtitle.empty())
        subtitle += std::string(kDot) + request.subtitle;
    auto made = serviceMapPicture(map, ServiceColors(rows.services),
                                  {.title = "Services" + std::string(kDot) + captureName(opened),
                                   .subtitle = subtitle,
                                   .theme = request.theme,
                                   .width = request.size.width,
                                   .height = request.size.height,
                                   .scale = request.scale,
                                   .annotated = request.annotated},
                                  metrics);
    return {std::move(made.list), made.size};
}

} // namespace

std::vector<std::string> tracePictureViews()
{
    return {std::string(kWaterfall), std::string(kServiceMap)};
}

bool isTracePicture(const std::string &view)
{
    return view == kWaterfall || view == kServiceMap;
}

Result<Picture> tracePicture(VerbRun &run, const OpenedCapture &opened, const Scope &scope,
                             const PictureRequest &request, const TextMetrics &metrics)
{
    const bool map = request.view == kServiceMap;
    FW_ASSIGN(const auto reader, opened.session().reader());
    FW_ASSIGN(const auto study,
              traceStudy(*reader, scope, map ? WithAttributes::Yes : WithAttributes::No, run.job));
    if (study.rows().empty())
        return fail(Errc::Usage, "there are no spans: this is not a distributed trace");
    if (map)
        return serviceMapOf(study, opened, request, metrics);
    return waterfallOf(study, opened, request, metrics);
}

} // namespace flamewright
