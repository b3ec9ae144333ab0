#include "app/gui/view_catalogue.h"

#include "app/gui/benchmarks_pane.h"
#include "app/gui/call_tree_pane.h"
#include "app/gui/diff_flame_pane.h"
#include "app/gui/diff_plot_pane.h"
#include "app/gui/diff_table_pane.h"
#include "app/gui/diff_trace_pane.h"
#include "app/gui/errors_pane.h"
#include "app/gui/findings_pane.h"
#include "app/gui/flame_tab.h"
#include "app/gui/functions_tab.h"
#include "app/gui/heat_map_pane.h"
#include "app/gui/operations_pane.h"
#include "app/gui/plot_pane.h"
#include "app/gui/requests_pane.h"
#include "app/gui/service_map_pane.h"
#include "app/gui/side_pane.h"
#include "app/gui/sql_pane.h"
#include "app/gui/timeline_pane.h"
#include "app/gui/tool_figures_pane.h"
#include "app/gui/traces_pane.h"

#include <QCoreApplication>
#include <QJsonArray>

namespace flamewright {
namespace {

QString title(const char *text)
{
    return QCoreApplication::translate("ViewCatalogue", text);
}

template <class Pane>
ViewPane *make(const ViewContext &context, QWidget *parent)
{
    return new Pane(context, parent);
}

ViewPane *makeTables(const ViewContext &context, QWidget *parent)
{
    auto *pane = new CallTreePane(context.services, context.profile, parent);
    QObject::connect(pane, &CallTreePane::showRequested, pane, &ViewPane::flameGraphRequested);
    return pane;
}

ViewPane *makeSql(const ViewContext &context, QWidget *parent)
{
    return new SqlPane(context.services, context.document, parent);
}

ViewKind plot(PlotKind kind, Glyph icon)
{
    auto id = kind.id, name = kind.title;
    return {id, name, icon, Subject::LoadTest,
            [kind = std::move(kind)](const ViewContext &context, QWidget *parent) -> ViewPane * {
                return new PlotPane(kind, context, parent);
            }};
}

ViewKind compared(DiffPlotKind kind, Glyph icon)
{
    auto id = kind.id, name = kind.title;
    return {id, name, icon, std::nullopt,
            [kind = std::move(kind)](const ViewContext &context, QWidget *parent) -> ViewPane * {
                return new DiffPlotPane(kind, context, parent);
            }};
}

} // namespace

std::vector<ViewKind> viewCatalogue()
{
    const auto profile = Subject::Profile, load = Subject::LoadTest;
    return {
        {QStringLiteral("flame"), title(QT_TRANSLATE_NOOP("ViewCatalogue", "Flame graph")),
         Glyph::Icicle, profile, make<FlameTab>},
        {QStringLiteral("timeline"), title(QT_TRANSLATE_NOOP("ViewCatalogue", "Timeline")),
         Glyph::OverTime, Subject::Trace, make<TimelinePane>},
        {QStringLiteral("heatmap"), title(QT_TRANSLATE_NOOP("ViewCatalogue", "Heat map")),
         Glyph::HeatMap, profile, make<HeatMapPane>},
        {QStringLiteral("functions"), title(QT_TRANSLATE_NOOP("ViewCatalogue", "Functions")),
         Glyph::Table, profile, make<FunctionsTab>},
        {QStringLiteral("tables"), title(QT_TRANSLATE_NOOP("ViewCatalogue", "Tables")),
         Glyph::Table, profile, makeTables},
        plot(overTimeKind(), Glyph::OverTime),
        plot(percentilesKind(), Glyph::Curve),
        plot(latencyGridKind(), Glyph::HeatMap),
        plot(histogramKind(), Glyph::Bars),
        plot(loadCurveKind(), Glyph::Levels),
        {QStringLiteral("requests"), title(QT_TRANSLATE_NOOP("ViewCatalogue", "Requests")),
         Glyph::Table, load, make<RequestsPane>},
        {QStringLiteral("errors"), title(QT_TRANSLATE_NOOP("ViewCatalogue", "Errors")),
         Glyph::Warning, load, make<ErrorsPane>},
        {QStringLiteral("figures"), title(QT_TRANSLATE_NOOP("ViewCatalogue", "Tool's figures")),
         Glyph::Table, Subject::ToolFigures, make<ToolFiguresPane>},
        {QStringLiteral("benchmarks"), title(QT_TRANSLATE_NOOP("ViewCatalogue", "Benchmarks")),
         Glyph::Table, Subject::Benchmarks, make<BenchmarksPane>},
        {QStringLiteral("traces"), title(QT_TRANSLATE_NOOP("ViewCatalogue", "Traces")),
         Glyph::Icicle, Subject::Spans, make<TracesPane>},
        {QStringLiteral("operations"), title(QT_TRANSLATE_NOOP("ViewCatalogue", "Operations")),
         Glyph::Table, Subject::Spans, make<OperationsPane>},
        {QStringLiteral("service-map"), title(QT_TRANSLATE_NOOP("ViewCatalogue", "Service map")),
         Glyph::Levels, Subject::Spans, make<ServiceMapPane>},
        {QStringLiteral("findings"), title(QT_TRANSLATE_NOOP("ViewCatalogue", "Findings")),
         Glyph::Warning, Subject::Spans, make<FindingsPane>},
        {QStringLiteral("changes"), title(QT_TRANSLATE_NOOP("ViewCatalogue", "Changes")),
         Glyph::Difference, std::nullopt, make<DiffTablePane>},
        compared(changeDotsKind(), Glyph::Levels),
        compared(explanationKind(), Glyph::Bars),
        {QStringLiteral("diff-flame"), title(QT_TRANSLATE_NOOP("ViewCatalogue", "Flame diff")),
         Glyph::Icicle, std::nullopt, make<DiffFlamePane>},
        compared(diffPercentilesKind(), Glyph::Curve),
        compared(diffOverTimeKind(), Glyph::OverTime),
        compared(diffBenchmarksKind(), Glyph::Levels),
        {QStringLiteral("diff-traces"), title(QT_TRANSLATE_NOOP("ViewCatalogue", "Trace diff")),
         Glyph::Bars, std::nullopt, make<DiffTracePane>},
        {QStringLiteral("side-by-side"), title(QT_TRANSLATE_NOOP("ViewCatalogue", "Side by side")),
         Glyph::Split, std::nullopt, make<SidePane>},
        {QStringLiteral("sql"), title(QT_TRANSLATE_NOOP("ViewCatalogue", "SQL")), Glyph::Table,
         std::nullopt, makeSql},
    };
}

QStringList viewsComparing(const QStringList &kinds)
{
    QStringList out{QStringLiteral("changes")};
    if (!kinds.contains(QStringLiteral("benchmarks")))
        out << QStringLiteral("explanation");
    else
        out << QStringLiteral("diff-benchmarks");
    if (kinds.contains(QStringLiteral("profile")))
        out << QStringLiteral("diff-flame");
    if (kinds.contains(QStringLiteral("load")))
        out << QStringLiteral("diff-percentiles") << QStringLiteral("diff-over-time");
    if (kinds.contains(QStringLiteral("traces")))
        out << QStringLiteral("diff-traces");
    return out << QStringLiteral("side-by-side");
}

QJsonObject viewsFor(Subject subject)
{
    const auto group = [](const QStringList &views) {
        QJsonArray tabs;
        for (const auto &view : views)
            tabs.append(QJsonObject{{QStringLiteral("view"), view}});
        return QJsonObject{{QStringLiteral("tabs"), tabs}};
    };
    if (subject == Subject::Profile)
        return {{QStringLiteral("root"), group({QStringLiteral("flame")})}};
    if (subject == Subject::ToolFigures)
        return {{QStringLiteral("root"), group({QStringLiteral("figures")})}};
    if (subject == Subject::Spans)
        return {{QStringLiteral("root"),
                 group({QStringLiteral("timeline"), QStringLiteral("traces"),
                        QStringLiteral("operations"), QStringLiteral("service-map"),
                        QStringLiteral("findings")})}};
    if (subject == Subject::Trace)
        return {{QStringLiteral("root"), group({QStringLiteral("timeline")})}};
    if (subject == Subject::Benchmarks)
        return {{QStringLiteral("root"), group({QStringLiteral("benchmarks")})}};
    // What happened when above, the figures below.
    const QJsonArray parts{group({QStringLiteral("over-time"), QStringLiteral("percentiles"),
                                  QStringLiteral("heatmap-latency"), QStringLiteral("histogram"),
                                  QStringLiteral("load")}),
                           group({QStringLiteral("requests"), QStringLiteral("errors")})};
    return {{QStringLiteral("root"), QJsonObject{{QStringLiteral("split"), QStringLiteral("down")},
                                                 {QStringLiteral("sizes"), QJsonArray{11, 7}},
                                                 {QStringLiteral("parts"), parts}}}};
}

} // namespace flamewright
