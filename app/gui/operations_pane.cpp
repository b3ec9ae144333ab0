#include "app/gui/operations_pane.h"

#include "app/gui/cell_delegate.h"
#include "app/gui/figures.h"
#include "app/gui/load_table.h"
#include "app/gui/pane_parts.h"
#include "app/gui/plain_label.h"
#include "app/gui/text.h"
#include "app/gui/trace_columns.h"
#include "app/gui/trace_model.h"

#include <QHeaderView>
#include <QTableView>
#include <QVBoxLayout>

namespace flamewright {
namespace {

constexpr int kWidths[] = {100, 200, 64, 58, 60, 72, 72, 72, 76, 60};
constexpr int kLeastName = 150;

} // namespace

OperationsPane::OperationsPane(const ViewContext &context, QWidget *parent)
    : ViewPane(parent),
      m_context(context),
      m_view(new QTableView(this)),
      m_summary(nullptr),
      m_none(emptyLabel(this))
{
    auto *header = paneHeader(this, m_summary);
    m_view->setObjectName(QStringLiteral("operationsTable"));
    m_view->setAccessibleName(tr("Operations"));
    m_view->setModel(&m_model);
    m_view->setItemDelegate(new CellDelegate(m_view));
    setUpLoadTable(*m_view, CellDelegate::kRowHeight);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    copyRowsOf(*m_view, [this] { return data(); });
    fillPane(this, header, {m_view, m_none});
    setFocusProxy(m_view);
    const auto clicked = [this](const QModelIndex &index) { choose(index.row()); };
    connect(m_view, &QTableView::clicked, this, clicked);
    connect(m_view, &QTableView::activated, this, clicked);
    connect(&context.traces, &TraceModel::studyChanged, this, &OperationsPane::follow);
    connect(&context.traces, &TraceModel::busyChanged, this, &OperationsPane::follow);
    follow();
}

bool OperationsPane::isSettled() const
{
    return !m_context.traces.busy();
}

void OperationsPane::follow()
{
    const auto &study = m_context.traces.study();
    const bool any = study && !study->rows().empty();
    m_view->setVisible(any);
    m_none->setVisible(!any);
    m_none->setPlain(noTracesText(m_context.traces));
    if (!any) {
        m_model.setRows(0, {});
        m_summary->setPlain({});
        return;
    }
    const bool first = m_model.columnCount() == 0;
    m_model.setRows(study->table.operations.size(),
                    operationColumns(study, m_context.traces.valueStyle()));
    if (first) {
        for (int column = 0; column < m_model.columnCount(); ++column)
            m_view->setColumnWidth(column, kWidths[column]);
        stretchColumn(*m_view, kOperationName, kLeastName);
        m_view->sortByColumn(kOperationSelf, Qt::DescendingOrder);
    }
    const auto &table = study->table;
    const auto count = [](std::uint64_t n) { return grouped(static_cast<std::int64_t>(n)); };
    m_summary->setPlain(tr("%1 spans of %2 traces in %3 services, %4 failed")
                            .arg(count(table.spans), count(table.traces), count(table.services),
                                 count(table.errors)));
}

void OperationsPane::choose(int shown)
{
    const auto &study = m_context.traces.study();
    if (!study || shown < 0 || shown >= m_model.rowCount())
        return;
    m_context.traces.chooseOperation(study->table.operations[m_model.rowAt(shown)].key);
}

QString OperationsPane::summary() const
{
    return m_summary->plain();
}

} // namespace flamewright
