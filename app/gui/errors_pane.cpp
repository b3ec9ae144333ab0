#include "app/gui/errors_pane.h"

#include "app/gui/cell_delegate.h"
#include "app/gui/figures.h"
#include "app/gui/load_controls.h"
#include "app/gui/load_table.h"
#include "app/gui/plain_label.h"
#include "app/gui/requests_model.h"
#include "app/gui/scope_controller.h"

#include <QHeaderView>
#include <QTableView>
#include <QVBoxLayout>

namespace flamewright {
namespace {

constexpr int kWidths[ErrorModel::ColumnCount] = {96, 240, 76, 76, 80, 80, 200};
constexpr int kLeastMessage = 140;

} // namespace

ErrorsPane::ErrorsPane(const ViewContext &context, QWidget *parent)
    : ViewPane(parent),
      m_context(context),
      m_controls(new LoadControls(context.load, this)),
      m_view(new QTableView(this)),
      m_none(new PlainLabel(TextStyle::Body, TextTone::Secondary, this))
{
    setObjectName(QStringLiteral("pane"));
    setAttribute(Qt::WA_StyledBackground);
    m_controls->hideFailures();
    m_controls->hideSlo();
    m_view->setObjectName(QStringLiteral("errorsTable"));
    m_view->setAccessibleName(tr("Errors"));
    m_view->setModel(&m_model);
    m_view->setItemDelegate(new CellDelegate(m_view));
    setUpLoadTable(*m_view, CellDelegate::kRowHeight);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    for (int column = 0; column < ErrorModel::ColumnCount; ++column)
        m_view->setColumnWidth(column, kWidths[column]);
    stretchColumn(*m_view, ErrorModel::Message, kLeastMessage);
    m_view->sortByColumn(ErrorModel::Count, Qt::DescendingOrder);
    copyRowsOf(*m_view, [this] { return data(); });
    m_none->setAlignment(Qt::AlignCenter);
    m_none->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_controls);
    column->addWidget(m_view, 1);
    column->addWidget(m_none, 1);
    setFocusProxy(m_view);
    connect(m_view, &QTableView::clicked, this,
            [this](const QModelIndex &index) { choose(index.row()); });
    connect(m_view, &QTableView::activated, this,
            [this](const QModelIndex &index) { choose(index.row()); });
    connect(&context.load, &RequestsModel::answerChanged, this, &ErrorsPane::answerMoved);
    answerMoved();
}

void ErrorsPane::answerMoved()
{
    const auto &answer = m_context.load.answer();
    m_model.setAnswer(answer, m_context.load.valueStyle());
    const bool any = m_model.rowCount() > 0;
    m_view->setVisible(any);
    m_none->setVisible(!any);
    if (!answer) {
        m_none->setPlain(m_context.load.error());
        m_controls->setSummary({});
        return;
    }
    const auto failed = static_cast<std::int64_t>(answer->total.latency.failed.count);
    const auto all = static_cast<std::int64_t>(answer->total.latency.count());
    m_none->setPlain(tr("None of %1 requests in the scope failed.").arg(grouped(all)));
    m_controls->setSummary(tr("%1 of %2 requests failed, %3")
                               .arg(grouped(failed), grouped(all), shareText(failed, all)));
}

void ErrorsPane::choose(int row)
{
    const auto &answer = m_model.answer();
    if (!answer || row < 0 || row >= m_model.rowCount())
        return;
    const auto error = m_model.errorAt(row);
    // One step back undoes both.
    auto next = m_context.scope.scope();
    if (error.firstNs != LoadRows::kUntimed)
        next.times = onClocks(*answer->base, error.firstNs, saturatingAdd(error.lastNs, 1));
    if (m_context.load.canChoose())
        next.tracks = m_context.load.tracksOf(error.groups);
    m_context.scope.setScope(std::move(next));
}

std::function<QString()> ErrorsPane::data() const
{
    const auto &answer = m_model.answer();
    if (!answer)
        return {};
    return [answer] { return errorsAsText(*answer); };
}

bool ErrorsPane::isSettled() const
{
    return !m_context.load.busy();
}

} // namespace flamewright
