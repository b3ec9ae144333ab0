#include "app/cli/compare_render.h"

#include "app/compare/open_sides.h"
#include "app/present/compare_picture.h"

namespace flamewright {
namespace {

Result<std::optional<std::int64_t>> timeOf(const std::string &text)
{
    if (text.empty())
        return std::optional<std::int64_t>();
    FW_ASSIGN(const auto ns, parseDuration(text));
    return std::optional(ns);
}

Result<SidesRequest> sidesOf(const CompareRenderFlags &flags, const CaptureFlags &base)
{
    if (!base.threads.empty())
        return fail(Errc::Usage, "threads of two runs are not the same: a comparison has them all");
    SidesRequest out{.base = base.capture,
                     .cand = flags.cand,
                     .baseRuns = flags.baseRuns,
                     .candRuns = flags.candRuns,
                     .swap = flags.swap,
                     .imports = base.importRequest()};
    FW_ASSIGN(out.beginNs, timeOf(base.from));
    FW_ASSIGN(out.endNs, timeOf(base.to));
    out.scope.measure = base.measure;
    out.scope.inlines = !base.noInlines;
    for (const auto &text : base.transforms) {
        FW_ASSIGN(auto transform, parseTransform(text));
        out.scope.transforms.push_back(std::move(transform));
    }
    return out;
}

} // namespace

std::shared_ptr<CompareRenderFlags> CompareRenderFlags::declare(CLI::App &command)
{
    auto flags = std::make_shared<CompareRenderFlags>();
    auto &group = *command.add_option_group("Comparisons");
    group.add_option("--base-run", flags->baseRuns, "One more run of the baseline");
    group.add_option("--cand-run", flags->candRuns, "One more run of the candidate");
    group
        .add_option("--per", flags->per,
                    "What figures are divided by: auto, nothing, total, wall, cpu, work")
        ->check(CLI::IsMember({"auto", "nothing", "total", "wall", "cpu", "work"}));
    group.add_flag("--confirm", flags->confirm,
                   "Verdicts although the runs differ in what makes figures not comparable");
    group.add_flag("--swap", flags->swap, "A is B and B is A");
    group
        .add_option("--width", flags->width,
                    "Of the flame graph: max (the larger of both sides), a or b")
        ->check(CLI::IsMember({"max", "a", "b"}));
    group.add_option("--change", flags->change, "Its colour: the change of total or self")
        ->check(CLI::IsMember({"total", "self"}));
    group.add_option("--layout", flags->layout, "Its layout: icicle, flame or left-heavy")
        ->check(CLI::IsMember({"icicle", "flame", "left-heavy"}));
    group.add_flag("--relative", flags->relative,
                   "Of percentiles, the relative difference in place of the time");
    group.add_option("--of", flags->section,
                     "Of whole sessions, the pair whose name has this in it");
    group
        .add_option("--pick", flags->pick,
                    "Which explanation, or operation of traces, where there are several")
        ->check(CLI::Range(1, 10000));
    return flags;
}

Result<Picture> CompareRenderFlags::picture(VerbRun &run, const CaptureFlags &base,
                                            const PictureRequest &request,
                                            const TextMetrics &metrics) const
{
    FW_ASSIGN(const auto wanted, sidesOf(*this, base));
    FW_ASSIGN(const auto opened, openSides(run.workbench, wanted, run.job));
    CompareOptions options{
        .patterns = request.load.question.patterns, .measure = base.measure, .confirmed = confirm};
    FW_ASSIGN(options.by, normaliseBy(per));
    FW_ASSIGN(const auto comparison,
              compare(run.workbench, opened.base, opened.cand, options, run.job));
    const auto &endpoints = request.load.question.endpoints;
    FW_ASSIGN(auto made,
              comparePicture(comparison, {opened.base, opened.cand, run.job},
                             {.view = request.view,
                              .theme = request.theme,
                              .size = request.size,
                              .scale = request.scale,
                              .annotated = request.annotated,
                              .section = section,
                              .pick = pick - 1,
                              .layout = flameLayout(layout).value_or(FlameLayout::Icicle),
                              .width = diffWidth(width).value_or(DiffWidth::Larger),
                              .color = diffColor(change).value_or(DiffColor::Total),
                              .readable = request.readable,
                              .search = base.search,
                              .links = request.links,
                              .endpoint = endpoints.empty() ? std::string() : endpoints.front(),
                              .relative = relative,
                              .latency = request.load.scale,
                              .limits = request.load.limits},
                             metrics));
    return Picture{std::move(made.list), made.size};
}

} // namespace flamewright
