#include "app/cli/load_picture.h"

#include "app/cli/capture_flags.h"
#include "app/load_summaries.h"
#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"
#include "views/scene/histogram_view.h"
#include "views/scene/latency_grid_view.h"
#include "views/scene/load_curve_view.h"
#include "views/scene/plot_picture.h"
#include "views/scene/timeline_view.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace flamewright {
namespace {

constexpr std::string_view kDot = " \u00b7 ";
constexpr std::string_view kLoadTestKind = "load test"; // of a capture
constexpr std::size_t kMostNames = 3;                   // of captures, in a title
constexpr double kCell = 5; // pixels: a document has a shape for each cell
constexpr double kBar = 14; // pixels of a bin
constexpr float kHeight = 560, kLoadHeight = 760, kTallHeight = 900;

// What all views of a load test are made from.
struct LoadTest {
    LoadRows rows;
    bool grouped = false;
    SeriesOrder order = SeriesOrder::ByCount;
    bool aggregatesOnly = false;
    std::vector<PrintedPercentiles> printed; // by tools
    std::string subtitle;
};

struct LoadView {
    std::string_view name, title;
    float height;
    bool together; // all captures in one, not a line for each
    std::unique_ptr<PlotView> (*make)(const LoadTest &test, const PictureRequest &request);
};

std::unique_ptr<PlotView> percentiles(const LoadTest &test, const PictureRequest &request)
{
    auto curves =
        percentileCurves(test.rows, request.load.includeFailures, kLineColors, test.order);
    return std::make_unique<PercentileView>(
        PercentileData{.curves = std::make_shared<const PercentileCurves>(std::move(curves)),
                       .printed = test.printed,
                       .limits = request.load.limits,
                       .scale = request.load.scale,
                       .aggregatesOnly = test.aggregatesOnly});
}

std::unique_ptr<PlotView> overTime(const LoadTest &test, const PictureRequest &request)
{
    auto timeline = loadTimeline(test.rows, {.pixels = static_cast<double>(request.size.width),
                                             .includeFailures = request.load.includeFailures,
                                             .grouped = test.grouped,
                                             .most = kLineColors,
                                             .order = test.order});
    return std::make_unique<TimelineView>(
        TimelineData{.timeline = std::make_shared<const LoadTimeline>(std::move(timeline)),
                     .limits = request.load.limits,
                     .scale = request.load.scale,
                     .aggregatesOnly = test.aggregatesOnly});
}

std::unique_ptr<PlotView> latencyHeatMap(const LoadTest &test, const PictureRequest &request)
{
    auto grid = latencyGrid(test.rows, {.pixelsWide = static_cast<double>(request.size.width),
                                        .cellPixels = kCell,
                                        .log = request.load.scale != ScaleChoice::Linear,
                                        .includeFailures = request.load.includeFailures});
    return std::make_unique<LatencyGridView>(
        LatencyGridData{.grid = std::make_shared<const LatencyGrid>(std::move(grid)),
                        .limits = request.load.limits,
                        .aggregatesOnly = test.aggregatesOnly});
}

std::unique_ptr<PlotView> histogram(const LoadTest &test, const PictureRequest &request)
{
    auto made = latencyHistogram(test.rows, {.bins = static_cast<double>(request.size.width) / kBar,
                                             .log = request.load.scale != ScaleChoice::Linear,
                                             .includeFailures = request.load.includeFailures,
                                             .order = test.order});
    return std::make_unique<HistogramView>(
        HistogramData{.histogram = std::make_shared<const LatencyHistogram>(std::move(made)),
                      .limits = request.load.limits,
                      .aggregatesOnly = test.aggregatesOnly});
}

std::unique_ptr<PlotView> againstLoad(const LoadTest &test, const PictureRequest &request)
{
    LoadCurveData data{.scale = request.load.scale, .aggregatesOnly = test.aggregatesOnly};
    auto known = capacity(test.rows);
    for (const auto &limit : request.load.limits) {
        std::optional<ObjectiveHeadroom> headroom;
        if (limit.perMyriad)
            headroom = headroomOf(test.rows, known.levels,
                                  {.perMyriad = *limit.perMyriad, .thresholdNs = limit.limitNs});
        data.limits.push_back({limit, headroom});
    }
    data.capacity = std::make_shared<const Capacity>(std::move(known));
    return std::make_unique<LoadCurveView>(std::move(data));
}

constexpr std::array kViews{
    LoadView{"percentiles", "Latency by percentile", kHeight, false, percentiles},
    LoadView{"over-time", "Load test over time", kTallHeight, false, overTime},
    LoadView{"heatmap-latency", "Latency over time", kHeight, true, latencyHeatMap},
    LoadView{"histogram", "Latency distribution", kHeight, false, histogram},
    LoadView{"load", "Throughput and latency against load", kLoadHeight, false, againstLoad},
};

// What is known of a load test in a line: how many, how many failed, how fast, for how long.
std::string figuresOf(const LoadRows &rows)
{
    const auto report = latencyReport(rows, RateOver::All, false);
    const auto count = static_cast<std::int64_t>(report.all.count);
    auto out = formatCount(count) + (count == 1 ? " request" : " requests");
    out += std::string(kDot) + formatCount(static_cast<std::int64_t>(report.errors)) + " failed";
    if (report.errors > 0)
        out +=
            " (" +
            formatShare(static_cast<double>(report.errors), static_cast<double>(report.all.count)) +
            ")";
    if (report.ratePerSecond)
        out += std::string(kDot) + formatRate(*report.ratePerSecond);
    if (report.durationNs)
        out += " in " + formatDuration(*report.durationNs);
    return out;
}

// Of captures that are compared: how many requests and failures each had.
std::string figuresByCapture(const LoadRows &rows)
{
    std::vector<std::uint64_t> count(rows.captures.size(), 0), failed(rows.captures.size(), 0);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        ++count[rows.capture[i]];
        failed[rows.capture[i]] += rows.failed[i];
    }
    std::string out;
    for (std::size_t c = 0; c < count.size(); ++c) {
        out += (c == 0 ? "" : std::string(kDot)) + rows.captures[c].name + ": " +
               formatCount(static_cast<std::int64_t>(count[c])) + " requests, " +
               formatShare(static_cast<double>(failed[c]), static_cast<double>(count[c])) +
               " failed";
    }
    return out;
}

// Names while there are few.
std::string nameOf(const std::vector<CaptureInfo> &captures)
{
    if (captures.size() > kMostNames)
        return std::to_string(captures.size()) + " captures";
    std::string out;
    for (const auto &capture : captures)
        out += (out.empty() ? "" : ", ") + capture.desc.name;
    return out;
}

Result<LoadTest> loadTest(VerbRun &run, const OpenedCapture &opened, const Scope &scope,
                          const PictureRequest &request)
{
    const auto &captures = opened.captures();
    LoadTest out;
    auto question = request.load.question;
    out.grouped = request.load.grouped;
    if (!out.grouped && captures.size() > 1) {
        question.by = LatencyBy::Capture; // they are there to be compared
        out.grouped = true;
    }
    if (out.grouped && question.by == LatencyBy::Capture)
        out.order = SeriesOrder::Given;
    FW_ASSIGN(const auto reader, opened.session().reader());
    FW_ASSIGN(out.rows, loadRows(*reader, scope, question, run.job));
    const bool requests = std::any_of(captures.begin(), captures.end(),
                                      [](const CaptureInfo &c) { return c.requests > 0; });
    const bool loadTests = std::any_of(captures.begin(), captures.end(), [](const CaptureInfo &c) {
        return c.kind == kLoadTestKind;
    });
    if (!requests && !loadTests)
        return fail(Errc::Usage, "there are no requests: this is not a load test");
    out.aggregatesOnly = !requests;
    FW_ASSIGN(const auto figures, loadFigures(*reader, scope, run.job));
    for (const auto &capture : figures) {
        for (const auto &latency : capture.latencies) {
            auto printed = printedPercentiles(latency, capture.name, capture.tool);
            if (printed && out.printed.size() < kLineColors)
                out.printed.push_back(std::move(*printed));
        }
    }
    if (!out.grouped) {
        std::fill(out.rows.group.begin(), out.rows.group.end(), 0u);
        out.rows.groups.assign(1, {});
    }
    if (out.aggregatesOnly)
        out.subtitle = "figures that a tool computed, no requests";
    else if (out.rows.captures.size() > 1)
        out.subtitle = figuresByCapture(out.rows);
    else
        out.subtitle = figuresOf(out.rows);
    if (!request.subtitle.empty())
        out.subtitle += std::string(kDot) + request.subtitle;
    return out;
}

} // namespace

std::vector<std::string> loadPictureViews()
{
    std::vector<std::string> out;
    for (const auto &view : kViews)
        out.emplace_back(view.name);
    return out;
}

Result<LatencyLimit> latencyLimit(const std::string &text)
{
    const auto bad = fail(Errc::Usage, "'" + text + "' is not a limit: write p99:300ms or 300ms");
    LatencyLimit out;
    auto rest = text;
    if (text.starts_with('p')) {
        const auto colon = text.find(':');
        if (colon == std::string::npos)
            return bad;
        double percent = 0;
        const auto *end = text.data() + colon;
        const auto [stop, error] = std::from_chars(text.data() + 1, end, percent);
        if (error != std::errc() || stop != end || !(percent > 0) || !(percent < 100))
            return bad;
        out.perMyriad = static_cast<unsigned>(std::lround(percent * 100));
        rest = text.substr(colon + 1);
    }
    const auto limit = parseDuration(rest);
    if (!limit || *limit <= 0)
        return bad;
    out.limitNs = *limit;
    return out;
}

Result<Picture> loadPicture(VerbRun &run, const OpenedCapture &opened, const Scope &scope,
                            const PictureRequest &request, const TextMetrics &metrics)
{
    const auto *const view = std::find_if(
        kViews.begin(), kViews.end(), [&](const LoadView &v) { return v.name == request.view; });
    if (view == kViews.end())
        return fail(Errc::Usage, "there is no view '" + request.view + "'");
    FW_ASSIGN(const auto test, loadTest(run, opened, scope, request));
    const auto plot = view->make(test, request);
    auto subtitle = test.subtitle;
    if (view->together && test.rows.captures.size() > 1)
        subtitle += std::string(kDot) + "all captures together";
    plot->setAnnotated(request.annotated);
    auto made = plotPicture(
        *plot,
        {.title = std::string(view->title) + std::string(kDot) + nameOf(opened.captures()),
         .subtitle = subtitle,
         .theme = request.theme,
         .width = request.size.width,
         .height = request.size.height > 0 ? request.size.height : view->height,
         .scale = request.scale},
        metrics);
    return Picture{std::move(made.list), made.size};
}

} // namespace flamewright
