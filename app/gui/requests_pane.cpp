#include "app/gui/requests_pane.h"

#include "app/gui/document.h"
#include "app/gui/endpoint_delegate.h"
#include "app/gui/figures.h"
#include "app/gui/load_controls.h"
#include "app/gui/load_table.h"
#include "app/gui/plain_label.h"
#include "app/gui/requests_model.h"
#include "app/gui/view_sentences.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kNameWidth = 180;
constexpr int kWidths[kLoadColumns] = {kNameWidth, 98, 72, 68,  96, 96, 96,
                                       96,         96, 74, 120, 64, 74, 74};
constexpr QLatin1String kSort("sort"), kAscending("ascending");

} // namespace

RequestsPane::RequestsPane(const ViewContext &context, QWidget *parent)
    : ViewPane(parent),
      m_context(context),
      m_controls(new LoadControls(context.load, this)),
      m_view(new QTableView(this)),
      m_remark(new PlainLabel(TextStyle::Body, TextTone::Warn, this)),
      m_footer(new PlainLabel(TextStyle::Caption, TextTone::Secondary, this))
{
    setObjectName(QStringLiteral("pane"));
    setAttribute(Qt::WA_StyledBackground);
    buildTable();
    m_footer->setObjectName(QStringLiteral("requestsFooter"));
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(16, 4, 16, 6);
    foot->addWidget(m_footer);
    m_remark->setObjectName(QStringLiteral("requestsRemark"));
    auto *head = new QHBoxLayout;
    m_remark->setMinimumHeight(30);
    head->setContentsMargins(16, 0, 16, 0);
    head->addWidget(m_remark);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_controls);
    column->addLayout(head);
    column->addWidget(m_view, 1);
    column->addLayout(foot);
    setFocusProxy(m_view);

    connect(&context.load, &RequestsModel::answerChanged, this, &RequestsPane::answerMoved);
    connect(&context.load, &RequestsModel::foundChanged, this, &RequestsPane::foundMoved);
    connect(&context.load, &RequestsModel::findingsChanged, this, &RequestsPane::remark);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &RequestsPane::rowsChosen);
    connect(m_view->horizontalHeader(), &QHeaderView::sortIndicatorChanged, this,
            &ViewPane::stateChanged);
    answerMoved();
    remark();
}

RequestsPane::~RequestsPane() = default;

void RequestsPane::buildTable()
{
    m_view->setObjectName(QStringLiteral("requestsTable"));
    m_view->setAccessibleName(tr("Requests"));
    m_view->setModel(&m_model);
    m_view->setItemDelegate(new EndpointDelegate(m_view));
    setUpLoadTable(*m_view, EndpointDelegate::kRowHeight);
    for (int column = 0; column < kLoadColumns; ++column)
        m_view->setColumnWidth(column, kWidths[column]);
    stretchColumn(*m_view, 0, kNameWidth);
    m_view->sortByColumn(static_cast<int>(LoadColumn::Count), Qt::DescendingOrder);
    m_view->installEventFilter(this);
}

void RequestsPane::answerMoved()
{
    {
        const QScopedValueRollback guard(m_following, true);
        // The same rows, other figures: what was scrolled to stays.
        auto *bar = m_view->verticalScrollBar();
        const auto at = bar->value();
        const auto &answer = m_context.load.answer();
        const bool same = answer && m_model.answer() && answer->base == m_model.answer()->base;
        m_model.setAnswer(answer, m_context.load.valueStyle());
        m_model.setFound(m_context.load.found());
        if (same)
            bar->setValue(at);
    }
    selectChosen();
    describe();
}

void RequestsPane::foundMoved()
{
    {
        const QScopedValueRollback guard(m_following, true);
        if (m_model.answer() == m_context.load.answer())
            m_model.setFound(m_context.load.found());
    }
    selectChosen();
    describe();
}

// What the scope names is selected, whoever named it.
void RequestsPane::selectChosen()
{
    const auto &answer = m_model.answer();
    if (!answer)
        return;
    const QScopedValueRollback guard(m_following, true);
    QItemSelection wanted;
    const auto select = [&](std::uint32_t group) {
        if (const auto row = m_model.rowOf(group); row >= 0)
            wanted.select(m_model.index(row, 0), m_model.index(row, kLoadColumns - 1));
    };
    if (m_context.load.canChoose()) {
        for (std::uint32_t group = 0; group < answer->chosen.size(); ++group) {
            if (answer->chosen[group] != 0)
                select(group);
        }
    } else if (const auto &group = m_context.load.emphasis()) {
        select(*group);
    }
    auto *selection = m_view->selectionModel();
    selection->select(wanted, QItemSelectionModel::ClearAndSelect);
    if (!wanted.isEmpty() && !selection->isSelected(selection->currentIndex()))
        selection->setCurrentIndex(wanted.indexes().front(), QItemSelectionModel::NoUpdate);
}

void RequestsPane::rowsChosen()
{
    if (m_following || !m_model.answer())
        return;
    std::vector<std::uint32_t> groups;
    bool everything = false;
    for (const auto &index : m_view->selectionModel()->selectedRows()) {
        if (const auto group = m_model.groupAt(index.row()))
            groups.push_back(*group);
        else
            everything = true;
    }
    if (everything)
        groups.clear();
    if (m_context.load.canChoose())
        m_context.load.chooseGroups(groups);
    else
        m_context.load.setEmphasis(groups.empty() ? std::nullopt : std::optional(groups.front()));
}

bool RequestsPane::eventFilter(QObject *watched, QEvent *event)
{
    const bool asked = event->type() == QEvent::ShortcutOverride;
    if (watched != m_view || (!asked && event->type() != QEvent::KeyPress))
        return ViewPane::eventFilter(watched, event);
    const auto *key = static_cast<QKeyEvent *>(event);
    const auto &answer = m_model.answer();
    if (key->matches(QKeySequence::Copy)) {
        if (!asked)
            copyRows();
        event->accept();
        return true;
    }
    // Something to undo here; else the window may have something.
    if (key->key() == Qt::Key_Escape && answer &&
        (!answer->chosen.empty() || m_context.load.emphasis())) {
        if (!asked) {
            m_context.load.setEmphasis({});
            m_context.load.chooseGroups({});
            selectChosen();
        }
        event->accept();
        return true;
    }
    return ViewPane::eventFilter(watched, event);
}

void RequestsPane::copyRows()
{
    auto work = data();
    if (work)
        QGuiApplication::clipboard()->setText(work());
}

void RequestsPane::describe()
{
    const auto &answer = m_model.answer();
    if (!answer) {
        m_controls->setSummary(m_context.load.error());
        m_footer->setPlain({});
        return;
    }
    const auto groups = std::ssize(answer->report.groups);
    const auto shown = m_model.rowCount() - 1;
    m_controls->setSummary(
        shown == groups ? (groups == 1 ? tr("1 group") : tr("%1 groups").arg(grouped(groups)))
                        : tr("%1 of %2 groups").arg(grouped(shown), grouped(groups)));
    QStringList parts{answer->choice.failures
                          ? tr("Latencies of all requests, failures included")
                          : tr("Latencies of successes; failures are counted under Errors")};
    parts << tr("below a percentile: its 95 % interval");
    if (answer->base->leftOut > 0)
        parts << tr("%1 transactions and parts of requests left out")
                     .arg(grouped(static_cast<std::int64_t>(answer->base->leftOut)));
    m_footer->setPlain(parts.join(QStringLiteral(" · ")));
}

void RequestsPane::remark()
{
    const auto &all = m_context.load.findings();
    const auto warning = std::find_if(all.begin(), all.end(), [](const LoadFinding &finding) {
        return finding.severity == LoadFinding::Severity::Warning;
    });
    m_remark->setVisible(warning != all.end());
    m_remark->setPlain(warning == all.end()
                           ? QString()
                           : findingText(*warning, m_context.load.whatIf().has_value()));
}

QString RequestsPane::footer() const
{
    return m_footer->plain();
}

std::string RequestsPane::sentence() const
{
    const auto &answer = m_context.load.answer();
    return answer ? loadSentence(*answer, m_context.document.valueStyle()) : std::string();
}

QJsonObject RequestsPane::state() const
{
    return {{kSort, m_model.sortColumn()}, {kAscending, m_model.sortOrder() == Qt::AscendingOrder}};
}

void RequestsPane::restore(const QJsonObject &state)
{
    const auto column = state.value(kSort).toInt(m_model.sortColumn());
    if (column >= 0 && column < kLoadColumns)
        m_view->sortByColumn(column, state.value(kAscending).toBool() ? Qt::AscendingOrder
                                                                      : Qt::DescendingOrder);
}

std::function<QString()> RequestsPane::data() const
{
    const auto &answer = m_model.answer();
    if (!answer)
        return {};
    return [answer] { return requestsAsText(*answer); };
}

bool RequestsPane::isSettled() const
{
    return !m_context.load.busy();
}

} // namespace flamewright
