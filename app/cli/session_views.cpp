#include "app/cli/session_views.h"

#include "app/cli/picture.h"
#include "app/present/build_report.h"
#include "app/present/report_figures.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <cstdint>
#include <span>

namespace flamewright {
namespace {

constexpr std::size_t kCaptures = 20, kCapturesOfSummary = 3, kFunctions = 20;

struct NamedView {
    const char *view, *title;
};

std::span<const NamedView> viewsOf(const CaptureInfo &capture)
{
    static constexpr NamedView kProfile[] = {{"icicle", "Where it went, by call"},
                                             {"heatmap", "When it went"}};
    static constexpr NamedView kLoad[] = {{"percentiles", "Latency by percentile"},
                                          {"over-time", "Latency, rate and errors over time"}};
    static constexpr NamedView kTraces[] = {{"waterfall", "The slowest trace"},
                                            {"service-map", "Who calls whom"}};
    if (capture.requests > 0)
        return kLoad;
    if (capture.kind == "trace")
        return kTraces;
    if (capture.samples > 0)
        return kProfile;
    return {};
}

std::int64_t saturated(std::uint64_t n)
{
    return static_cast<std::int64_t>(std::min<std::uint64_t>(n, INT64_MAX));
}

ReportTable topFunctions(const Profile &profile)
{
    ReportTable out{.title = "Functions by own " + profile.measure};
    out.columns = {"Function", "Self", "Of all", "Total", "Of all"};
    out.numeric = {false, true, true, true, true};
    const auto all = static_cast<double>(profile.total);
    for (std::size_t i = 0; i < std::min(profile.table.size(), kFunctions); ++i) {
        const auto &row = profile.table[i];
        out.rows.push_back({{profile.functions[row.function.raw].name, {}},
                            {formatValue(row.self, profile.unit), {}},
                            {formatShare(static_cast<double>(row.self), all), {}},
                            {formatValue(row.total, profile.unit), {}},
                            {formatShare(static_cast<double>(row.total), all), {}}});
    }
    return out;
}

Result<ReportSection> sectionOf(VerbRun &run, const OpenedCapture &opened,
                                const CaptureInfo &capture, std::size_t most,
                                const TextMetrics &metrics)
{
    ReportSection out{.title = kindTitle(capture.kind) + ": " + capture.desc.name};
    Scope scope;
    scope.captures = {capture.id};
    for (const auto &named : viewsOf(capture).first(std::min(most, viewsOf(capture).size()))) {
        ReportFigure figure{.title = named.title};
        std::string why;
        for (const auto theme : {Theme::Light, Theme::Print, Theme::Dark}) {
            PictureRequest request{.view = named.view,
                                   .readable = true,
                                   .theme = theme,
                                   .size = {kReportFigureWidth, 0},
                                   .annotated = true};
            auto made = picture(run, opened, scope, request, metrics);
            if (!made.has_value()) {
                if (made.error().code() == Errc::Cancelled)
                    return tl::unexpected(std::move(made.error()));
                why = made.error().text();
                break;
            }
            figure.size = made->size;
            (theme == Theme::Light   ? figure.light
             : theme == Theme::Print ? figure.print
                                     : figure.dark) = std::move(made->list);
        }
        if (why.empty())
            out.figures.push_back(std::move(figure));
        else
            out.notes.push_back(std::string(named.title) + ": " + why);
    }
    if (most > 1 && capture.samples > 0 && capture.kind == "profile") {
        FW_ASSIGN(const auto profile, run.workbench.profile(opened.session(), scope, run.job));
        out.tables.push_back(topFunctions(*profile));
    }
    for (const auto &note : capture.meta.notes)
        out.notes.push_back(
            (note.detail.empty() ? note.code : note.detail) +
            (note.count > 1 ? " (" + formatCount(saturated(note.count)) + " times)" : ""));
    return out;
}

} // namespace

Result<std::vector<ReportSection>> viewsOfSession(VerbRun &run, const OpenedCapture &opened,
                                                  ReportTemplate kind, const TextMetrics &metrics)
{
    const bool summary = kind == ReportTemplate::Summary;
    const auto most = summary ? kCapturesOfSummary : kCaptures;
    std::vector<ReportSection> out;
    for (const auto &capture : opened.captures()) {
        if (out.size() == most) {
            out.back().notes.push_back(
                formatCount(static_cast<std::int64_t>(opened.captures().size() - most)) +
                " more captures are not shown.");
            break;
        }
        FW_ASSIGN(auto section, sectionOf(run, opened, capture, summary ? 1 : 2, metrics));
        out.push_back(std::move(section));
    }
    return out;
}

} // namespace flamewright
