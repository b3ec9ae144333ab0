#include "app/gui/view_catalogue.h"

#include "app/gui/call_tree_pane.h"
#include "app/gui/flame_tab.h"
#include "app/gui/functions_tab.h"
#include "app/gui/heat_map_pane.h"
#include "app/gui/sql_pane.h"

#include <QCoreApplication>

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

} // namespace

std::vector<ViewKind> viewCatalogue()
{
    return {
        {QStringLiteral("flame"), title(QT_TRANSLATE_NOOP("ViewCatalogue", "Flame graph")),
         Glyph::Icicle, make<FlameTab>},
        {QStringLiteral("heatmap"), title(QT_TRANSLATE_NOOP("ViewCatalogue", "Heat map")),
         Glyph::HeatMap, make<HeatMapPane>},
        {QStringLiteral("functions"), title(QT_TRANSLATE_NOOP("ViewCatalogue", "Functions")),
         Glyph::Table, make<FunctionsTab>},
        {QStringLiteral("tables"), title(QT_TRANSLATE_NOOP("ViewCatalogue", "Tables")),
         Glyph::Table, makeTables},
        {QStringLiteral("sql"), title(QT_TRANSLATE_NOOP("ViewCatalogue", "SQL")), Glyph::Table,
         makeSql},
    };
}

} // namespace flamewright
