#include "analysis/search.h"
#include "app/cli/capture_flags.h"
#include "app/cli/gui_application.h"
#include "app/cli/output_file.h"
#include "app/cli/verbs.h"
#include "capture/base/format_value.h"
#include "views/paint/paint_qt.h"
#include "views/paint/render.h"
#include "views/scene/flame_picture.h"

#include <charconv>

namespace flamewright {
namespace {

struct Flags {
    std::string view, output, size = "1600x0", theme = "light";
    float scale = 1;
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

// The capture's name, or how many there are.
std::string titleOf(std::span<const CaptureInfo> captures)
{
    if (captures.size() == 1)
        return captures.front().desc.name;
    return std::to_string(captures.size()) + " captures";
}

// "cpu-clock: 9.51 s in 11,404 samples · 1 s to 2 s · threads node"
std::string subtitleOf(const Profile &profile, const CaptureFlags &flags, const SearchResult &found)
{
    auto text = profile.measure + ": " + formatValue(profile.total, profile.unit) + " in " +
                formatCount(profile.samples) + " samples";
    if (!flags.from.empty() || !flags.to.empty())
        text += " \u00b7 " + (flags.from.empty() ? "start" : flags.from) + " to " +
                (flags.to.empty() ? "end" : flags.to);
    for (const auto &thread : flags.threads)
        text += " \u00b7 " + thread;
    if (!flags.search.empty())
        text += " \u00b7 " + flags.search + ": " +
                formatShare(static_cast<double>(found.total), static_cast<double>(profile.total));
    return text;
}

Result<ExitCode> render(VerbRun &run, const CaptureFlags &capture, const Flags &flags)
{
    const auto extension = std::filesystem::path(flags.output).extension().string();
    if (extension != ".svg" && extension != ".png")
        return fail(Errc::Usage,
                    "the picture is an .svg or a .png file, not '" + flags.output + "'");
    FW_ASSIGN(auto size, parseSize(flags.size));
    FW_ASSIGN(const auto opened, capture.open(run));
    FW_ASSIGN(const auto scope, capture.scope(opened));
    FW_ASSIGN(const auto profile, run.workbench.profile(opened.session(), scope, run.job));
    FW_ASSIGN(const auto found, searchProfile(*profile, scope.search));

    // Text is measured with the fonts that draw it, so both kinds of picture need Qt's.
    const OffscreenGui gui;
    loadFonts();
    const FlamePictureOptions options{
        .title = titleOf(opened.captures()),
        .subtitle = subtitleOf(*profile, capture, found),
        .layout = flags.view == "flame" ? FlameLayout::Flame : FlameLayout::Icicle,
        .theme = themeOf(flags.theme),
        .width = size.width,
        .height = size.height,
        .scale = flags.scale,
        .annotated = extension == ".svg",
        .search = capture.search.empty() ? SearchResult{} : found,
    };
    const QtTextMetrics metrics;
    const auto picture = flamePicture(profile, options, metrics);
    FW_TRY(writeWhole(flags.output, [&](const std::filesystem::path &path) {
        return extension == ".svg"
                   ? renderSvg(picture.list, picture.size, options.theme, path)
                   : renderPng(picture.list, picture.size, flags.scale, options.theme, path);
    }));
    return ExitCode::Ok;
}

} // namespace

Verb::Work declareRender(CLI::App &command)
{
    auto capture = CaptureFlags::declare(command);
    auto flags = std::make_shared<Flags>();
    command.add_option("--view", flags->view, "flame (root at the bottom) or icicle (root on top)")
        ->required()
        ->check(CLI::IsMember({"flame", "icicle"}));
    command.add_option("-o,--output", flags->output, "FILE.svg or FILE.png")->required();
    command.add_option("--size", flags->size, "WxH in pixels; height 0: as high as needed")
        ->capture_default_str();
    command.add_option("--scale", flags->scale, "Device pixels per pixel of a PNG")
        ->check(CLI::Range(0.5F, 4.0F));
    command.add_option("--theme", flags->theme, "light, dark or print")
        ->check(CLI::IsMember({"light", "dark", "print"}));
    return [capture, flags](VerbRun &run) { return render(run, *capture, *flags); };
}

} // namespace flamewright
