#include "app/present/compare_picture.h"

#include "analysis/compare/benchmark_diff.h"
#include "analysis/compare/change_text.h"
#include "analysis/compare/load_diff.h"
#include "analysis/compare/phase_alignment.h"
#include "analysis/compare/profile_diff.h"
#include "analysis/compare/trace_diff.h"
#include "analysis/search.h"
#include "app/compare/change_text.h"
#include "app/load_rows.h"
#include "views/scene/benchmark_dots_view.h"
#include "views/scene/change_dots_view.h"
#include "views/scene/diff_flame_picture.h"
#include "views/scene/explanation_view.h"
#include "views/scene/over_time_diff_view.h"
#include "views/scene/percentile_diff_view.h"
#include "views/scene/plot_picture.h"
#include "views/scene/trace_diff_view.h"

#include <algorithm>
#include <array>

namespace flamewright {
namespace {

constexpr std::string_view kDot = " \u00b7 ";
constexpr float kPercentileHeight = 640, kOverTimeHeight = 820;
// Over time: so that a bin has a tail, as far as there are requests.
constexpr std::size_t kPixelsPerBin = 6, kPerBin = 120, kLeastBins = 12;
constexpr std::size_t kMostChanges = 24, kOfASection = 3;

struct Asked {
    const Comparison &comparison;
    const CompareSources &sources;
    const ComparePictureRequest &request;
    const TextMetrics &metrics;
};

bool isWanted(const ComparedSection &section, const Asked &asked)
{
    return section.title.find(asked.request.section) != std::string::npos;
}

// What shares a picture's life: parts of a comparison that the caller keeps.
template <typename Part>
std::shared_ptr<const Part> borrowed(const Part &part)
{
    return {std::shared_ptr<const Part>(), &part};
}

template <typename Has>
Result<const ComparedSection *> sectionWith(const Asked &asked, Has has, std::string_view what)
{
    for (const auto &section : asked.comparison.sections) {
        if (isWanted(section, asked) && has(section))
            return &section;
    }
    return fail(Errc::Usage,
                "there is nothing to draw: no " + std::string(what) + " on both sides" +
                    (asked.request.section.empty() ? "" : " of '" + asked.request.section + "'"));
}

std::string joined(std::string out, const std::string &more)
{
    if (!more.empty())
        out += (out.empty() ? "" : std::string(kDot)) + more;
    return out;
}

std::string normalised(const ComparedSection &section)
{
    const auto &by = section.normalisation;
    if (by.by == NormaliseBy::Nothing)
        return "as measured";
    return by.source.empty() ? by.words() : by.words() + ": " + by.source;
}

// "p99 850 ms to 220 ms, -74 % (95 % interval -76 to -71 %), improved"
std::string told(const Change &change, std::string_view figure, std::string_view unit)
{
    if (!change.base && !change.cand)
        return {};
    return std::string(figure) + " " + fromToText(change, unit) + ", " + changeText(change, unit) +
           ", " + std::string(wordsOf(change.verdict));
}

// A verdict that is withheld has to be said where colours are grey.
std::string blocked(const Asked &asked)
{
    return asked.comparison.isBlocked() ? "verdicts withheld: the runs are not alike" : "";
}

ComparePicture plotted(PlotView &view, std::string title, const std::string &subtitle, float height,
                       const Asked &asked)
{
    view.setAnnotated(asked.request.annotated);
    const auto &size = asked.request.size;
    auto made = plotPicture(view,
                            {.title = title,
                             .subtitle = joined(subtitle, blocked(asked)),
                             .sides = pictureSides(asked.comparison),
                             .theme = asked.request.theme,
                             .width = size.width,
                             .height = size.height > 0 ? size.height : height,
                             .scale = asked.request.scale},
                            asked.metrics);
    return {std::move(title), std::move(made.list), made.size};
}

Result<ComparePicture> flame(const Asked &asked)
{
    // Of whole sessions, where CPU time goes is what is meant by a flame graph.
    auto found = sectionWith(
        asked,
        [](const ComparedSection &s) {
            return s.profile && s.profile->measure.find("cpu") != std::string::npos;
        },
        "profile");
    if (!found.has_value())
        found = sectionWith(
            asked, [](const ComparedSection &s) { return s.profile != nullptr; }, "profile");
    FW_ASSIGN(const auto *section, std::move(found));
    const auto &diff = section->profile;
    const auto &request = asked.request;
    auto title = section->title + std::string(kDot) + diff->measure;
    DiffFlamePictureOptions options{
        .title = title,
        .subtitle = joined(normalised(*section), blocked(asked)),
        .sides = pictureSides(asked.comparison),
        .layout = request.layout,
        .by = request.width,
        .color = request.color,
        .readable = request.readable,
        .theme = request.theme,
        .width = request.size.width,
        .height = request.size.height,
        .scale = request.scale,
        .annotated = request.annotated,
        .links = request.links,
    };
    if (!request.search.empty()) {
        Profile names; // a search needs no more of it than names
        names.functions = diff->functions;
        FW_ASSIGN(options.search.functions, matchFunctions(names, request.search));
    }
    auto made = diffFlamePicture(diff, options, asked.metrics);
    return ComparePicture{std::move(title), std::move(made.list), made.size};
}

Result<const ComparedSection *> loadSection(const Asked &asked)
{
    return sectionWith(
        asked, [](const ComparedSection &s) { return s.load && !s.load->endpoints.empty(); },
        "load test with requests");
}

Result<ComparePicture> percentiles(const Asked &asked)
{
    FW_ASSIGN(const auto *section, loadSection(asked));
    const auto &endpoints = section->load->endpoints;
    auto at = endpoints.begin();
    if (!asked.request.endpoint.empty()) {
        at = std::find_if(endpoints.begin(), endpoints.end(), [&](const EndpointChange &one) {
            return one.name == asked.request.endpoint;
        });
        if (at == endpoints.end())
            return fail(Errc::Usage,
                        "no endpoint is called '" + asked.request.endpoint + "' on both sides");
    }
    PercentileDiffView view({.diff = section->load,
                             .endpoint = static_cast<std::size_t>(at - endpoints.begin()),
                             .relative = asked.request.relative,
                             .limits = asked.request.limits,
                             .scale = asked.request.latency});
    return plotted(view,
                   "Latency by percentile" + std::string(kDot) +
                       (at->name == "*" ? section->title : at->name),
                   told(at->percentiles[3], "p99", "ns"), kPercentileHeight, asked);
}

// Of several runs the first: phases of one run are beside those of another.
Result<LoadRows> firstRun(const std::vector<ComparedCapture> &captures, JobContext &job)
{
    for (const auto &capture : captures) {
        if (capture.info.requests == 0)
            continue;
        FW_ASSIGN(const auto reader, capture.session->reader());
        return loadRows(*reader, capture.scope, {}, job);
    }
    return LoadRows{};
}

Result<ComparePicture> overTime(const Asked &asked)
{
    FW_ASSIGN(const auto *section, loadSection(asked));
    const auto plan = planOf(asked.sources.base, asked.sources.cand);
    const auto pair =
        std::find_if(plan.pairs.begin(), plan.pairs.end(), [&](const ComparedPair &one) {
            return one.kind == section->kind && one.title == section->title;
        });
    if (pair == plan.pairs.end())
        return fail(Errc::Usage, "the captures of '" + section->title + "' are not there any more");
    FW_ASSIGN(const auto base, firstRun(pair->base, asked.sources.job));
    FW_ASSIGN(const auto cand, firstRun(pair->cand, asked.sources.job));
    const auto alignment = alignPhases(base, cand);
    const auto bins =
        std::clamp(std::min(base.size(), cand.size()) / kPerBin, kLeastBins,
                   static_cast<std::size_t>(asked.request.size.width) / kPixelsPerBin);
    OverTimeDiffView view({.series = std::make_shared<const AlignedSeries>(
                               alignedSeries(base, cand, alignment, bins)),
                           .by = alignment.by,
                           .limits = asked.request.limits,
                           .scale = asked.request.latency});
    const auto subtitle = view.summary();
    return plotted(view, "Load test over time" + std::string(kDot) + section->title, subtitle,
                   kOverTimeHeight, asked);
}

// Where there are several, an item says of which it is.
ComparedItem ofSection(ComparedItem item, const ComparedSection &section, bool several)
{
    if (item.detail.starts_with('/'))
        item.detail = pathTail(item.detail, 1);
    if (several)
        item.detail = joined(std::move(item.detail), section.title);
    return item;
}

Result<ComparePicture> changes(const Asked &asked)
{
    // What tells most of each section before more of one: a few of the first must not hide the rest.
    std::vector<const ComparedSection *> sections;
    std::size_t most = 0;
    for (const auto &section : asked.comparison.sections) {
        if (isWanted(section, asked)) {
            sections.push_back(&section);
            most = std::max(most, section.items.size());
        }
    }
    std::vector<ComparedItem> items;
    const auto each = sections.size() > 1 ? kOfASection : most;
    for (std::size_t from = 0; from < most; from += each) {
        for (const auto *section : sections) {
            const auto end = std::min(from + each, section->items.size());
            for (auto i = from; i < end; ++i)
                items.push_back(ofSection(section->items[i], *section, sections.size() > 1));
        }
    }
    std::stable_partition(items.begin(), items.end(), [](const ComparedItem &item) {
        return item.change.verdict == Verdict::Regressed ||
               item.change.verdict == Verdict::Improved;
    });
    if (items.empty())
        return fail(Errc::Usage, "there is nothing to draw: no figure is on both sides");
    const auto judged = [&](Verdict verdict) {
        const auto count = std::count_if(items.begin(), items.end(), [&](const ComparedItem &item) {
            return item.change.verdict == verdict;
        });
        return formatCount(count) + " " + std::string(wordsOf(verdict));
    };
    const auto subtitle = formatCount(static_cast<std::int64_t>(items.size())) +
                          (items.size() == 1 ? " figure: " : " figures: ") +
                          judged(Verdict::Improved) + ", " + judged(Verdict::Regressed);
    ChangeDotsView view({.items = borrowed(items)});
    return plotted(view, "What changed", subtitle,
                   kComparedHeading + view.wantedHeight(kMostChanges), asked);
}

Result<ComparePicture> explanation(const Asked &asked)
{
    std::vector<const Explanation *> all;
    for (const auto &section : asked.comparison.sections) {
        for (const auto &one : section.explanations) {
            if (isWanted(section, asked))
                all.push_back(&one);
        }
    }
    if (asked.request.pick >= all.size())
        return fail(Errc::Usage, all.empty()
                                     ? "there is nothing to draw: no change is made of "
                                       "parts that could explain it"
                                     : "there are " + std::to_string(all.size()) + " explanations");
    const auto &of = *all[asked.request.pick];
    ExplanationView view({.explanation = borrowed(of)});
    const auto subtitle = figureText(of.base, of.unit, {}) + " to " +
                          figureText(of.cand, of.unit, of.per) + std::string(kDot) + of.method;
    return plotted(view, "What explains it" + std::string(kDot) + of.of, subtitle,
                   kComparedHeading + view.wantedHeight(), asked);
}

Result<ComparePicture> traces(const Asked &asked)
{
    FW_ASSIGN(const auto *section,
              sectionWith(
                  asked,
                  [](const ComparedSection &s) { return s.traces && !s.traces->roots.empty(); },
                  "traces of one operation"));
    const auto &roots = section->traces->roots;
    if (asked.request.pick >= roots.size())
        return fail(Errc::Usage, "there are " + std::to_string(roots.size()) + " operations");
    const auto &root = roots[asked.request.pick];
    auto title = root.name + (root.service.empty() ? "" : " in " + root.service);
    auto made = traceDiffPicture(section->traces, asked.request.pick,
                                 {.title = title,
                                  .subtitle = joined(told(root.mean, "mean", "ns"), blocked(asked)),
                                  .sides = pictureSides(asked.comparison),
                                  .theme = asked.request.theme,
                                  .width = asked.request.size.width,
                                  .height = asked.request.size.height,
                                  .scale = asked.request.scale,
                                  .annotated = asked.request.annotated},
                                 asked.metrics);
    return ComparePicture{std::move(title), std::move(made.list), made.size};
}

Result<ComparePicture> benchmarks(const Asked &asked)
{
    FW_ASSIGN(const auto *section, sectionWith(
                                       asked,
                                       [](const ComparedSection &s) {
                                           return s.benchmarks && !s.benchmarks->benchmarks.empty();
                                       },
                                       "benchmark"));
    BenchmarkDotsView view(section->benchmarks, asked.comparison.base.name,
                           asked.comparison.cand.name);
    return plotted(view, "Benchmarks" + std::string(kDot) + section->title, view.summary(),
                   kComparedHeading + view.contentHeight(), asked);
}

struct CompareView {
    std::string_view name;
    Result<ComparePicture> (*make)(const Asked &asked);
};
// The one list.
constexpr std::array kViews{
    CompareView{"diff", flame},
    CompareView{"diff-percentiles", percentiles},
    CompareView{"diff-over-time", overTime},
    CompareView{"diff-traces", traces},
    CompareView{"benchmarks", benchmarks},
    CompareView{"changes", changes},
    CompareView{"explanation", explanation},
};

const CompareView *viewOf(std::string_view name)
{
    for (const auto &view : kViews) {
        if (view.name == name)
            return &view;
    }
    return nullptr;
}

} // namespace

std::vector<std::string> comparePictureViews()
{
    std::vector<std::string> out;
    for (const auto &view : kViews)
        out.emplace_back(view.name);
    return out;
}

bool isComparePicture(std::string_view view)
{
    return viewOf(view) != nullptr;
}

PictureSides pictureSides(const Comparison &comparison)
{
    return {{comparison.base.name, sideTimeText(comparison.base)},
            {comparison.cand.name, sideTimeText(comparison.cand)}};
}

Result<ComparePicture> comparePicture(const Comparison &comparison, const CompareSources &sources,
                                      const ComparePictureRequest &request,
                                      const TextMetrics &metrics)
{
    const auto *view = viewOf(request.view);
    if (view == nullptr)
        return fail(Errc::Usage, "there is no view '" + request.view + "' of a comparison");
    return view->make({comparison, sources, request, metrics});
}

} // namespace flamewright
