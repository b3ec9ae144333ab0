#include "app/gui/diff_plot_kinds.h"

#include "analysis/compare/load_diff.h"
#include "analysis/compare/phase_alignment.h"
#include "app/gui/text.h"
#include "app/load_rows.h"
#include "views/scene/benchmark_dots_view.h"
#include "views/scene/change_dots_view.h"
#include "views/scene/explanation_view.h"
#include "views/scene/over_time_diff_view.h"
#include "views/scene/percentile_diff_view.h"

#include <QCoreApplication>

#include <algorithm>

namespace flamewright {
namespace {

constexpr double kPixelsPerBin = 4;
constexpr std::size_t kLeastBins = 20, kRequestsPerBin = 60; // fewer say nothing of a tail

QString tr(const char *text)
{
    return QCoreApplication::translate("DiffPlots", text);
}

QString endpointTitle(const std::string &name)
{
    return name == "*" ? tr("All requests") : display(name);
}

std::vector<DiffPlotChoice> endpointsOf(const ComparedSection &section)
{
    std::vector<DiffPlotChoice> out;
    for (const auto &endpoint : section.load->endpoints)
        out.push_back({endpoint.name, endpointTitle(endpoint.name)});
    return out;
}

Result<std::unique_ptr<PlotView>> makePercentiles(const DiffPlotQuestion &question, JobContext &)
{
    const auto &diff = question.section->load;
    const auto &all = diff->endpoints;
    const auto at = std::find_if(all.begin(), all.end(), [&](const EndpointChange &one) {
        return one.name == question.options.choice;
    });
    return std::make_unique<PercentileDiffView>(PercentileDiffData{
        .diff = diff,
        .endpoint = at == all.end() ? 0 : static_cast<std::size_t>(at - all.begin()),
        .relative = question.options.relative,
        .limits = {},
        .scale = question.options.scale,
        .style = question.style});
}

// Of several runs the first: phases of one run are beside those of another.
Result<LoadRows> firstRun(const DiffPlotQuestion &question, const std::vector<CaptureId> &captures,
                          JobContext &job)
{
    if (captures.empty())
        return LoadRows{};
    FW_ASSIGN(const auto reader, question.session->reader());
    Scope scope;
    scope.captures = {captures.front()};
    return loadRows(*reader, scope, {}, job);
}

Result<std::unique_ptr<PlotView>> makeOverTime(const DiffPlotQuestion &question, JobContext &job)
{
    FW_ASSIGN(const auto base, firstRun(question, question.base, job));
    FW_ASSIGN(const auto cand, firstRun(question, question.cand, job));
    const auto alignment = alignPhases(base, cand);
    const auto room = static_cast<std::size_t>(question.pixelsWide / kPixelsPerBin);
    const auto bins =
        std::max(kLeastBins, std::min(room, std::min(base.size(), cand.size()) / kRequestsPerBin));
    return std::make_unique<OverTimeDiffView>(OverTimeDiffData{
        .series = std::make_shared<const AlignedSeries>(alignedSeries(base, cand, alignment, bins)),
        .by = alignment.by,
        .limits = {},
        .scale = question.options.scale,
        .style = question.style});
}

std::vector<DiffPlotChoice> explanationsOf(const ComparedSection &section)
{
    std::vector<DiffPlotChoice> out;
    for (const auto &explanation : section.explanations)
        out.push_back({explanation.of, display(explanation.of)});
    return out;
}

Result<std::unique_ptr<PlotView>> makeExplanation(const DiffPlotQuestion &question, JobContext &)
{
    const auto &all = question.section->explanations;
    const auto at = std::find_if(all.begin(), all.end(), [&](const Explanation &one) {
        return one.of == question.options.choice;
    });
    const auto &chosen = at == all.end() ? all.front() : *at;
    // Part of the comparison, which lives as long as the view does.
    return std::make_unique<ExplanationView>(ExplanationData{
        .explanation = std::shared_ptr<const Explanation>(question.comparison, &chosen),
        .style = question.style});
}

Result<std::unique_ptr<PlotView>> makeDots(const DiffPlotQuestion &question, JobContext &)
{
    return std::make_unique<ChangeDotsView>(
        ChangeDotsData{.items = std::shared_ptr<const std::vector<ComparedItem>>(
                           question.comparison, &question.section->items),
                       .style = question.style});
}

Result<std::unique_ptr<PlotView>> makeBenchmarks(const DiffPlotQuestion &question, JobContext &)
{
    const auto nameOf = [](const std::vector<std::string> &captures) {
        return captures.empty() ? std::string() : captures.front();
    };
    return std::make_unique<BenchmarkDotsView>(question.section->benchmarks,
                                               nameOf(question.section->baseCaptures),
                                               nameOf(question.section->candCaptures));
}

} // namespace

DiffPlotKind diffPercentilesKind()
{
    return {.id = QStringLiteral("diff-percentiles"),
            .title = tr("Percentile diff"),
            .fileName = QStringLiteral("percentiles-compared"),
            .of = "load",
            .scales = true,
            .relates = true,
            .nothing = tr("There is no load test with requests on both sides. This view is about "
                          "how long requests took."),
            .has =
                [](const ComparedSection &section) {
                    return section.load && !section.load->endpoints.empty();
                },
            .choices = endpointsOf,
            .make = makePercentiles};
}

DiffPlotKind diffOverTimeKind()
{
    return {.id = QStringLiteral("diff-over-time"),
            .title = tr("Time diff"),
            .fileName = QStringLiteral("over-time-compared"),
            .of = "load",
            .scales = true,
            .nothing = tr("There is no load test with requests on both sides. This view is about "
                          "how they went on beside each other."),
            .has = [](const ComparedSection &section) { return section.load != nullptr; },
            .make = makeOverTime,
            .pictureHeight = 900};
}

DiffPlotKind explanationKind()
{
    return {.id = QStringLiteral("explanation"),
            .title = tr("Explanation"),
            .fileName = QStringLiteral("explanation"),
            .nothing = tr("Nothing of this pair is made of parts that could explain its change."),
            .has = [](const ComparedSection &section) { return !section.explanations.empty(); },
            .choices = explanationsOf,
            .make = makeExplanation};
}

DiffPlotKind diffBenchmarksKind()
{
    return {.id = QStringLiteral("diff-benchmarks"),
            .title = tr("Benchmark diff"),
            .fileName = QStringLiteral("benchmarks-compared"),
            .of = "benchmarks",
            .nothing = tr("There are no benchmarks on both sides. This view is about their runs."),
            .has = [](const ComparedSection &section) { return section.benchmarks != nullptr; },
            .make = makeBenchmarks,
            .pictureHeight = 900};
}

DiffPlotKind changeDotsKind()
{
    return {.id = QStringLiteral("change-dots"),
            .title = tr("At a glance"),
            .fileName = QStringLiteral("changes"),
            .nothing = tr("This pair has no figures that both sides have."),
            .has = [](const ComparedSection &section) { return !section.items.empty(); },
            .make = makeDots,
            .pictureHeight = 900};
}

} // namespace flamewright
