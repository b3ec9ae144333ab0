#include "app/gui/findings_pane.h"

#include "app/gui/figures.h"
#include "app/gui/load_table.h"
#include "app/gui/pane_parts.h"
#include "app/gui/plain_label.h"
#include "app/gui/sentence_delegate.h"
#include "app/gui/trace_columns.h"
#include "app/gui/trace_model.h"

#include <QHeaderView>
#include <QTableView>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kWidths[] = {72, 150, 400};
constexpr int kLeastSentence = 240;

} // namespace

FindingsPane::FindingsPane(const ViewContext &context, QWidget *parent)
    : ViewPane(parent),
      m_context(context),
      m_view(new QTableView(this)),
      m_summary(nullptr),
      m_none(emptyLabel(this))
{
    auto *header = paneHeader(this, m_summary);
    m_view->setObjectName(QStringLiteral("findingsTable"));
    m_view->setAccessibleName(tr("Findings"));
    m_view->setModel(&m_model);
    setUpLoadTable(*m_view, CellDelegate::kRowHeight);
    m_view->setItemDelegate(new SentenceDelegate(*m_view, kFindingSentence));
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->horizontalHeader()->setSortIndicator(-1, Qt::DescendingOrder); // the weightiest first
    copyRowsOf(*m_view, [this] { return data(); });
    fillPane(this, header, {m_view, m_none});
    setFocusProxy(m_view);
    connect(m_view, &QTableView::clicked, this,
            [this](const QModelIndex &index) { choose(index.row(), false); });
    connect(m_view, &QTableView::activated, this,
            [this](const QModelIndex &index) { choose(index.row(), true); });
    connect(&context.traces, &TraceModel::studyChanged, this, &FindingsPane::follow);
    connect(&context.traces, &TraceModel::busyChanged, this, &FindingsPane::follow);
    follow();
}

bool FindingsPane::isSettled() const
{
    return !m_context.traces.busy();
}

const SpanFinding *FindingsPane::selected() const
{
    const auto &study = m_context.traces.study();
    const auto index = m_view->currentIndex();
    if (!study || study->findings.empty())
        return nullptr;
    const auto row = index.isValid() ? m_model.rowAt(index.row()) : 0u;
    return row < study->findings.size() ? &study->findings[row] : nullptr;
}

std::string FindingsPane::sentence() const
{
    const auto *finding = selected();
    return finding ? finding->sentence : std::string();
}

QString FindingsPane::severity() const
{
    const auto *finding = selected();
    if (finding == nullptr)
        return {};
    const auto name = nameOf(finding->severity);
    return QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
}

void FindingsPane::follow()
{
    const auto &study = m_context.traces.study();
    const bool any = study && !study->findings.empty();
    m_view->setVisible(any);
    m_none->setVisible(!any);
    m_none->setPlain(study && !study->rows().empty()
                         ? tr("Nothing stands out: no repeated calls, retries, waits or slow "
                              "groups with enough evidence.")
                         : noTracesText(m_context.traces));
    m_seen = 0;
    if (!any) {
        m_model.setRows(0, {});
        m_summary->setPlain({});
        return;
    }
    const bool first = m_model.columnCount() == 0;
    m_model.setRows(study->findings.size(), findingColumns(study));
    if (first) {
        for (int column = 0; column < m_model.columnCount(); ++column)
            m_view->setColumnWidth(column, kWidths[column]);
        stretchColumn(*m_view, kFindingSentence, kLeastSentence);
    }
    const auto count = std::ssize(study->findings);
    m_summary->setPlain(count == 1 ? tr("1 finding") : tr("%1 findings").arg(grouped(count)));
}

void FindingsPane::choose(int shown, bool open)
{
    const auto &study = m_context.traces.study();
    if (!study || shown < 0 || shown >= m_model.rowCount())
        return;
    const auto row = m_model.rowAt(shown);
    const auto &spans = study->findings[row].spans;
    if (spans.empty())
        return;
    m_seen = row == m_last && m_seen < spans.size() ? m_seen : 0;
    m_last = row;
    m_context.traces.chooseSpan(spans[m_seen++]);
    if (open)
        Q_EMIT viewRequested(QStringLiteral("traces"));
}

} // namespace flamewright
