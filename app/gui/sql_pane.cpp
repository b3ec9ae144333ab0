#include "app/gui/sql_pane.h"

#include "app/gui/document.h"
#include "app/gui/figures.h"
#include "app/gui/freed_elsewhere.h"
#include "app/gui/plain_label.h"
#include "app/gui/ready_queries.h"
#include "app/gui/sql_cell_delegate.h"
#include "app/gui/sql_editor.h"
#include "app/gui/text.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QJsonArray>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kMostHistory = 50, kTickMs = 200;

} // namespace

SqlPane::SqlPane(const Services &services, Document &document, QWidget *parent)
    : ViewPane(parent),
      m_services(services),
      m_document(document),
      m_model(services.jobs),
      m_query(services.jobs),
      m_export(services.jobs),
      m_copy(services.jobs),
      m_editor(new SqlEditor(services.appearance, this))
{
    build();
    m_tick.setInterval(kTickMs);
    connect(&m_tick, &QTimer::timeout, this, &SqlPane::describe);
    connect(m_editor, &SqlEditor::runRequested, this, &SqlPane::run);
    connect(m_editor, &SqlEditor::stopRequested, this, &SqlPane::stop);
    connect(m_editor, &SqlEditor::historyRequested, this, &SqlPane::walkHistory);
    connect(m_editor, &QsciScintilla::textChanged, this, [this] {
        m_messageBox->hide();
        Q_EMIT stateChanged();
    });
    connect(&m_model, &SqlResultModel::sortingBegan, this, &SqlPane::describe);
    connect(&m_model, &SqlResultModel::aboutToReorder, this, &SqlPane::keepSelectionWhole);
    connect(&m_model, &SqlResultModel::sortingEnded, this, [this] {
        describe();
        if (const auto current = m_table->currentIndex(); current.isValid())
            m_table->scrollTo(current);
    });
    const auto styled = [this] {
        m_model.setValueStyle(m_document.valueStyle());
        describe();
    };
    connect(&services.settings, &Settings::valueStyleChanged, this, styled);
    connect(&document, &Document::sessionChanged, this, &SqlPane::sessionMoved);
    styled();
    sessionMoved();
}

SqlPane::~SqlPane() = default;

void SqlPane::sessionMoved()
{
    // The answer is about a session that is no longer there.
    m_query.cancel();
    m_export.cancel();
    ended();
    m_model.setAnswer(nullptr);
    m_answeredSql.clear();
    m_note.clear();
    describe();
}

void SqlPane::run()
{
    const auto session = m_document.session();
    const auto span = m_editor->statement();
    if (!session || span.end <= span.begin) {
        m_message->setPlain(session ? tr("There is no statement at the caret. Type one, or pick a "
                                         "ready query.")
                                    : tr("There is no session yet. Open a capture first."));
        m_messageBox->show();
        return;
    }
    const auto sql = m_editor->sql().substr(span.begin, span.end - span.begin);
    remember(QString::fromStdString(sql));
    m_editor->clearError();
    m_messageBox->hide();
    m_note.clear();
    m_query.start(
        "SQL", [session, sql](JobContext &job) { return runSql(*session, sql, job); },
        [this, sql, offset = span.begin](Result<SqlAnswer> result) {
            answered(std::move(result), sql, offset);
        });
    begun();
}

void SqlPane::begun()
{
    m_since.start();
    m_tick.start();
    m_editor->setRunning(true);
    describe();
}

void SqlPane::ended()
{
    if (busy())
        return;
    m_tick.stop();
    m_editor->setRunning(false);
}

void SqlPane::stop()
{
    // What was found so far is shown.
    m_query.requestStop();
    m_export.requestStop();
}

void SqlPane::answered(Result<SqlAnswer> result, const std::string &sql, std::size_t offset)
{
    ended();
    if (result.has_value()) {
        m_answeredSql = sql;
        m_table->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
        m_model.setAnswer(
            freedIn(m_services.jobs, std::make_shared<const SqlAnswer>(*std::move(result))));
        sizeColumns();
    } else {
        showError(result.error(), sql, offset);
    }
    describe();
}

void SqlPane::showError(const Error &error, const std::string &sql, std::size_t offset)
{
    auto message = error.code() == Errc::Cancelled ? tr("Stopped before the first row.")
                                                   : display(error.context() + error.message());
    if (error.code() == Errc::Query) {
        if (const auto span = sqlErrorSpan(sql, error)) {
            m_editor->showError({span->begin + offset, span->end + offset});
            message = tr("Line %1: %2").arg(m_editor->errorLine() + 1).arg(message);
        }
        const auto advice = sqlAdvice(sql, error, sessionTables());
        if (!advice.empty())
            message += QStringLiteral(". ") + display(advice);
    }
    m_message->setPlain(message);
    m_messageBox->show();
}

void SqlPane::remember(const QString &sql)
{
    m_history.removeAll(sql);
    m_history << sql;
    while (m_history.size() > kMostHistory)
        m_history.removeFirst();
    m_historyAt = m_history.size();
    Q_EMIT stateChanged();
}

void SqlPane::walkHistory(int step)
{
    const auto to = std::clamp<qsizetype>(m_historyAt + step, 0, m_history.size());
    if (to == m_historyAt)
        return;
    m_historyAt = to;
    m_editor->setFromHistory(to < m_history.size() ? m_history[to] : QString());
}

void SqlPane::runReady(const QString &id)
{
    for (const auto &query : readyQueries()) {
        if (id == QLatin1String(query.id)) {
            m_editor->setSql(QString::fromUtf8(query.sql));
            run();
        }
    }
}

void SqlPane::exportCsv(const QString &file)
{
    const auto session = m_document.session();
    if (!session || m_answeredSql.empty())
        return;
    m_export.start(
        "export",
        [session, sql = m_answeredSql, file](JobContext &job) {
            return exportSql(*session, sql, file, job);
        },
        [this, file](Result<std::uint64_t> rows) {
            ended();
            if (rows.has_value()) {
                m_note =
                    tr("Wrote %1 rows to %2").arg(grouped(static_cast<std::int64_t>(*rows)), file);
            } else if (rows.error().code() == Errc::Cancelled) {
                m_note = tr("Export stopped, nothing was written");
            } else {
                m_message->setPlain(display(rows.error().text()) +
                                    tr(". Choose another folder or free some space."));
                m_messageBox->show();
            }
            describe();
        });
    begun();
}

void SqlPane::copy()
{
    const auto &selection = m_table->selectionModel()->selection();
    if (selection.isEmpty())
        return;
    int top = INT_MAX, bottom = -1, left = INT_MAX, right = -1;
    for (const auto &range : selection) {
        top = std::min(top, range.top());
        bottom = std::max(bottom, range.bottom());
        left = std::min(left, range.left());
        right = std::max(right, range.right());
    }
    const auto work = m_model.asTsv(top, bottom, left, right);
    // A hundred thousand rows are megabytes of text: made elsewhere.
    m_copy.start(
        "copy", [work](JobContext &) -> Result<QString> { return work(); },
        [](Result<QString> text) {
            if (text.has_value())
                QGuiApplication::clipboard()->setText(*text);
        });
}

void SqlPane::sizeColumns()
{
    constexpr int kLeast = 56, kMost = 420, kRowsLookedAt = 100, kSortArrow = 20;
    auto *header = m_table->horizontalHeader();
    const auto rows = std::min(m_model.rowCount(), kRowsLookedAt);
    for (int column = 0; column < m_model.columnCount(); ++column) {
        auto width = header->sectionSizeHint(column) + kSortArrow;
        for (int row = 0; row < rows; ++row)
            width = std::max(
                width,
                m_table->itemDelegate()->sizeHint({}, m_model.index(row, column)).width() + 2);
        header->resizeSection(column, std::clamp(width, kLeast, kMost));
    }
}

void SqlPane::keepSelectionWhole()
{
    // What is selected is a rectangle, and copied as one. Rows that are put elsewhere would tear it
    // apart: whole columns stay selected, of anything else the current cell.
    auto *selected = m_table->selectionModel();
    const auto &ranges = selected->selection();
    const auto covers = [this](const QItemSelectionRange &range) {
        return range.top() == 0 && range.bottom() == m_model.rowCount() - 1;
    };
    if (!ranges.isEmpty() && !std::all_of(ranges.begin(), ranges.end(), covers))
        selected->select(selected->currentIndex(), QItemSelectionModel::ClearAndSelect);
}

void SqlPane::describe()
{
    const bool running = busy();
    const auto &answer = m_model.answer();
    m_run->setEnabled(!running);
    m_stop->setEnabled(running);
    m_csv->setEnabled(answer && !running);
    m_copyButton->setEnabled(answer && !answer->rows.empty());
    const bool empty = !answer || answer->rows.empty();
    m_table->setVisible(!empty);
    m_emptyPage->setVisible(empty);
    describeEmpty();
    if (running) {
        const auto rows = m_query.busy() ? m_query.progress().done : m_export.progress().done;
        m_summary->setPlain(tr("%1 · %2 · %3 rows · Esc stops")
                                .arg(m_query.busy() ? tr("Running") : tr("Exporting"),
                                     durationText(m_since.nsecsElapsed(), m_document.valueStyle()),
                                     grouped(static_cast<std::int64_t>(rows))));
        return;
    }
    if (!answer) {
        m_summary->setPlain(tr("Read-only: no statement can change the session."));
        return;
    }
    const auto count = static_cast<std::int64_t>(answer->rowCount);
    QStringList parts;
    if (m_model.sorting())
        parts << tr("Sorting");
    if (answer->stopped)
        parts << tr("Stopped: at least %1 rows").arg(grouped(count));
    else
        parts << (count == 1 ? tr("1 row") : tr("%1 rows").arg(grouped(count)));
    parts << durationText(answer->tookNs, m_document.valueStyle());
    if (answer->cut() > 0)
        parts << tr("the first %1 are listed, %2 are not; CSV export writes all")
                     .arg(grouped(static_cast<std::int64_t>(answer->rows.size())),
                          grouped(static_cast<std::int64_t>(answer->cut())));
    if (!m_note.isEmpty())
        parts << m_note;
    m_summary->setPlain(parts.join(QStringLiteral(" · ")));
}

// What can be done here, as long as there is nothing to read.
void SqlPane::describeEmpty()
{
    const bool answered = m_model.answer() != nullptr;
    const bool session = m_document.session() != nullptr;
    m_suggestions->setVisible(session && !answered);
    m_suggestions->setEnabled(!busy());
    if (!session) {
        m_emptyTitle->setPlain(tr("No session yet"));
        m_empty->setPlain(tr("Open a capture or a session; then it can be asked in SQL here."));
    } else if (answered) {
        m_emptyTitle->setPlain(tr("No rows"));
        m_empty->setPlain(tr("The statement is right and its answer has no rows."));
    } else {
        m_emptyTitle->setPlain(tr("Ask this session in SQL"));
        m_empty->setPlain(
            tr("Type a statement above and press Ctrl+Enter; Ctrl+Space completes.\nTables: "
               "sample, stack, frame, capture, measure, track, module, note and more."));
    }
}

QString SqlPane::summary() const
{
    return m_summary->plain();
}

QString SqlPane::message() const
{
    return m_messageBox->isHidden() ? QString() : m_message->plain();
}

QJsonObject SqlPane::state() const
{
    return {{QStringLiteral("sql"), m_editor->text()},
            {QStringLiteral("editorShare"), m_editorShare},
            {QStringLiteral("history"), QJsonArray::fromStringList(m_history)}};
}

void SqlPane::restore(const QJsonObject &state)
{
    // From a session, which is somebody's file: bounded, and nothing is run.
    constexpr qsizetype kMostText = 100'000;
    m_history.clear();
    for (const auto &entry : state.value(QStringLiteral("history")).toArray()) {
        const auto text = entry.toString();
        if (!text.isEmpty() && text.size() <= kMostText && m_history.size() < kMostHistory)
            m_history << text;
    }
    m_historyAt = m_history.size();
    m_editorShare =
        std::clamp(state.value(QStringLiteral("editorShare")).toDouble(kEditorShare), 0.05, 0.95);
    shareRoom();
    m_editor->setSql(state.value(QStringLiteral("sql")).toString().left(kMostText));
}

std::function<QString()> SqlPane::data() const
{
    return m_model.asTsv(0, m_model.rowCount() - 1, 0, m_model.columnCount() - 1);
}

} // namespace flamewright
