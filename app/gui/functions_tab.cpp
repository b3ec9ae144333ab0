#include "app/gui/functions_tab.h"

#include "app/gui/function_table.h"
#include "app/gui/profile_model.h"
#include "app/gui/text.h"

#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace flamewright {

FunctionsTab::FunctionsTab(const ViewContext &context, QWidget *parent)
    : ViewPane(parent),
      m_profile(context.profile),
      m_table(new FunctionTable(context.profile, context.services.settings, this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_table);
    setFocusProxy(m_table->view());
}

std::function<QString()> FunctionsTab::data() const
{
    const auto &profile = m_profile.profile();
    if (!profile)
        return {};
    return [profile] { return functionsAsText(*profile); };
}

QString functionsAsText(const Profile &profile)
{
    auto rows = profile.table;
    std::stable_sort(rows.begin(), rows.end(),
                     [](const FunctionStat &a, const FunctionStat &b) { return a.self > b.self; });
    auto out = QStringLiteral("function\tmodule\tself\ttotal\tself samples\ttotal samples\n");
    for (const auto &row : rows) {
        const auto &function = profile.functions[row.function.raw];
        // display() leaves no tabs or line breaks in a name.
        const QStringList cells{
            display(function.name),           display(function.module),
            QString::number(row.self),        QString::number(row.total),
            QString::number(row.selfSamples), QString::number(row.totalSamples)};
        out += cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
    }
    return out;
}

} // namespace flamewright
