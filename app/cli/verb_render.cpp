#include "app/cli/capture_flags.h"
#include "app/cli/compare_render.h"
#include "app/cli/gui_application.h"
#include "app/cli/load_picture.h"
#include "app/cli/picture.h"
#include "app/cli/verbs.h"
#include "app/present/compare_picture.h"
#include "views/paint/paint_qt.h"
#include "views/paint/render.h"

#include <charconv>

namespace flamewright {
namespace {

struct Flags {
    std::string view, output, size = "1600x0", theme = "light", colors = "name", function,
                              link = "file";
    float scale = 1;
    bool readable = false;
    std::string by; // of load tests
    std::string trace;
    std::vector<std::string> limits;
    LoadQuestion question;
    bool includeFailures = false, log = false, linear = false;
    std::string time, tracks; // of traces
};

constexpr float kMinSide = 100, kMaxSide = 30000;

Result<SizeF> parseSize(const std::string &text)
{
    const auto bad = fail(Errc::Usage, "'" + text +
                                           "' is not a size: write 1600x900, or 1600x0 "
                                           "for as high as the picture needs");
    unsigned width = 0, height = 0;
    const auto *end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, width);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != 'x')
        return bad;
    const auto second = std::from_chars(first.ptr + 1, end, height);
    if (second.ec != std::errc() || second.ptr != end)
        return bad;
    const SizeF size{static_cast<float>(width), static_cast<float>(height)};
    if (size.width < kMinSide || size.width > kMaxSide || size.height > kMaxSide ||
        (size.height > 0 && size.height < kMinSide))
        return bad;
    return size;
}

Theme themeOf(const std::string &name)
{
    return name == "dark" ? Theme::Dark : name == "print" ? Theme::Print : Theme::Light;
}

// What was chosen of the capture: "1 s to 2 s \u00b7 node \u00b7 hide:libuv".
std::string chosen(const CaptureFlags &flags)
{
    std::vector<std::string> parts;
    if (!flags.from.empty() || !flags.to.empty())
        parts.push_back((flags.from.empty() ? "start" : flags.from) + " to " +
                        (flags.to.empty() ? "end" : flags.to));
    parts.insert(parts.end(), flags.threads.begin(), flags.threads.end());
    parts.insert(parts.end(), flags.transforms.begin(), flags.transforms.end());
    std::string out;
    for (const auto &part : parts)
        out += (out.empty() ? "" : " \u00b7 ") + part;
    return out;
}

// "file", "none" or a pattern.
Result<SourceLinks> linksOf(const std::string &flag)
{
    if (flag == "none")
        return SourceLinks();
    if (flag == "file")
        return SourceLinks::toFiles();
    return SourceLinks::of(flag);
}

Result<LoadPictureOptions> loadOptions(const Flags &flags)
{
    LoadPictureOptions out{.question = flags.question,
                           .grouped = !flags.by.empty(),
                           .includeFailures = flags.includeFailures};
    if (out.grouped) {
        FW_ASSIGN(const auto by, loadQuestion(flags.by));
        out.question.by = by.by;
        out.question.tag = by.tag;
    }
    for (const auto &text : flags.limits) {
        FW_ASSIGN(const auto limit, latencyLimit(text));
        out.limits.push_back(limit);
    }
    if (flags.log || flags.linear)
        out.scale = flags.log ? ScaleChoice::Logarithmic : ScaleChoice::Linear;
    return out;
}

Result<Picture> drawn(VerbRun &run, const CaptureFlags &capture, const CompareRenderFlags &sides,
                      const PictureRequest &request, const TextMetrics &metrics)
{
    if (isComparePicture(request.view))
        return sides.picture(run, capture, request, metrics);
    if (!sides.cand.empty())
        return fail(Errc::Usage, "'" + request.view + "' is a view of one capture");
    FW_ASSIGN(const auto opened, capture.open(run));
    FW_ASSIGN(const auto scope, capture.scope(opened));
    return picture(run, opened, scope, request, metrics);
}

Result<ExitCode> render(VerbRun &run, const CaptureFlags &capture, const CompareRenderFlags &sides,
                        const Flags &flags)
{
    FW_ASSIGN(const auto format, pictureFormat(flags.output));
    PictureRequest request{
        .view = flags.view,
        .scheme = colorScheme(flags.colors).value_or(ColorScheme::Name),
        .readable = flags.readable,
        .function = flags.function,
        .theme = themeOf(flags.theme),
        .scale = flags.scale,
        .annotated = format == PictureFormat::Svg,
        .subtitle = chosen(capture),
        .time = flags.time,
        .tracks = flags.tracks,
        .trace = flags.trace,
    };
    FW_ASSIGN(request.size, parseSize(flags.size));
    FW_ASSIGN(request.links, linksOf(flags.link));
    FW_ASSIGN(request.load, loadOptions(flags));

    // Text is measured with the fonts that draw it, so every kind of picture needs Qt's.
    const OffscreenGui gui;
    loadFonts();
    const QtTextMetrics metrics;
    FW_ASSIGN(const auto made, drawn(run, capture, sides, request, metrics));
    FW_TRY(renderFile(made.list, made.size, request.theme, flags.scale, flags.output));
    return ExitCode::Ok;
}

} // namespace

Verb::Work declareRender(CLI::App &command)
{
    auto capture = CaptureFlags::declare(command);
    auto flags = std::make_shared<Flags>();
    std::vector<std::string> views = pictureViews(), schemes;
    for (auto &view : comparePictureViews())
        views.push_back(std::move(view));
    for (const auto scheme : kColorSchemes)
        schemes.emplace_back(nameOf(scheme));
    command
        .add_option(
            "--view", flags->view,
            "flame (root at the bottom), icicle (root on top), inverted (what ran first), "
            "left-heavy, chart (along time), sandwich (callers and callees of --function) "
            "or heatmap (when samples were taken); of traces timeline; of distributed traces "
            "waterfall (one --trace), service-map; of load tests percentiles, over-time, "
            "heatmap-latency, histogram, load; of two sides diff (flame graph of both), "
            "diff-percentiles, diff-over-time, diff-traces, benchmarks, changes, explanation")
        ->required()
        ->check(CLI::IsMember(views));
    command.add_option("--function", flags->function,
                       "Of a sandwich: text, /regex/i or =exact name");
    command.add_option("--color", flags->colors, "name, module, package, kind or self")
        ->check(CLI::IsMember(schemes));
    command.add_flag("--readable", flags->readable,
                     "Short names: without template arguments, allocators, hashes, packages");
    command.add_option("-o,--output", flags->output, "FILE.svg, FILE.png or FILE.pdf")->required();
    command.add_option("--size", flags->size, "WxH in pixels; height 0: as high as needed")
        ->capture_default_str();
    command.add_option("--scale", flags->scale, "Device pixels per pixel of a PNG")
        ->check(CLI::Range(0.5F, 4.0F));
    command.add_option(
        "--trace", flags->trace,
        "Of a waterfall: the id of the trace, or how it begins; the slowest without");
    auto sides = CompareRenderFlags::declare(command);
    command.add_option(
        "CAND", sides->cand,
        "Of two sides, the candidate; without it CAPTURE is a session whose captures "
        "have roles");
    auto &load = *command.add_option_group("Load tests");
    load.add_option("--by", flags->by,
                    "A line for each endpoint, status, phase, worker, capture or tag:NAME");
    load.add_flag("--pattern", flags->question.patterns,
                  "Endpoints that differ in ids only are one group");
    load.add_option("--endpoint", flags->question.endpoints, "Only this endpoint");
    load.add_option("--slo", flags->limits, "A limit to draw: p99:300ms, or 300ms");
    load.add_flag("--include-failures", flags->includeFailures,
                  "Failures and successes in one distribution");
    auto *const log = load.add_flag("--log", flags->log, "Latency on a logarithmic scale");
    load.add_flag("--linear", flags->linear, "Latency on a linear scale")->excludes(log);
    auto &traces = *command.add_option_group("Traces");
    traces.add_option("--time", flags->time, "Of a timeline: 1.5s..2s, 3s.. or ..200ms");
    traces.add_option("--tracks", flags->tracks, "Only tracks whose name has this in it");
    command
        .add_option("--link", flags->link,
                    "Where frames of an SVG or PDF lead: file (their source on this machine), "
                    "none, or a pattern such as https://host/{file}#L{line}")
        ->capture_default_str();
    command.add_option("--theme", flags->theme, "light, dark or print")
        ->check(CLI::IsMember({"light", "dark", "print"}));
    return [capture, sides, flags](VerbRun &run) { return render(run, *capture, *sides, *flags); };
}

} // namespace flamewright
