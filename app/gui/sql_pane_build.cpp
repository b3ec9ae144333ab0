#include "app/gui/chip_button.h"
#include "app/gui/icons.h"
#include "app/gui/plain_label.h"
#include "app/gui/ready_queries.h"
#include "app/gui/sql_cell_delegate.h"
#include "app/gui/sql_editor.h"
#include "app/gui/sql_pane.h"
#include "app/gui/text.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

// What SqlPane is made of.
namespace flamewright {
namespace {

constexpr std::size_t kSuggestions = 3;

void makeMenuButton(QToolButton *button, QMenu *menu)
{
    button->setMenu(menu);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setIcon(glyphIcon(Glyph::Down));
    button->setIconSize({10, 10});
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setLayoutDirection(Qt::RightToLeft);
}

} // namespace

QWidget *SqlPane::buildHeader()
{
    auto *header = new QWidget(this);
    header->setObjectName(QStringLiteral("viewHeader"));
    header->setAttribute(Qt::WA_StyledBackground);
    header->setFixedHeight(40);
    m_run = new QPushButton(tr("Run"), header);
    m_run->setObjectName(QStringLiteral("sqlRun"));
    m_run->setProperty("primary", true);
    setPlainToolTip(m_run, tr("Run the selection, or the statement at the caret (Ctrl+Enter)"));
    m_stop = textChip(tr("Stop"), tr("Stop, and show the rows found so far (Esc)"), header);
    m_ready = textChip(tr("Ready queries"), tr("Queries that work in every session"), header);
    m_past =
        textChip(tr("History"), tr("Statements that were run (Up in an empty editor)"), header);
    m_csv = textChip(tr("Export CSV…"), tr("Write all rows of the answer to a file"), header);
    m_copyButton = textChip(tr("Copy"), tr("Copy the selected cells with titles (Ctrl+C)"), header);
    auto *ready = new QMenu(m_ready);
    auto *past = new QMenu(m_past);
    makeMenuButton(m_ready, ready);
    makeMenuButton(m_past, past);
    fillReadyMenu();
    connect(past, &QMenu::aboutToShow, this, &SqlPane::fillHistoryMenu);
    connect(m_run, &QPushButton::clicked, this, &SqlPane::run);
    connect(m_stop, &QToolButton::clicked, this, &SqlPane::stop);
    connect(m_csv, &QToolButton::clicked, this, &SqlPane::chooseExportFile);
    connect(m_copyButton, &QToolButton::clicked, this, [this] {
        if (m_table->selectionModel()->selection().isEmpty())
            m_table->selectAll();
        copy();
    });
    auto *row = new QHBoxLayout(header);
    row->setContentsMargins(16, 0, 16, 1);
    row->setSpacing(8);
    row->addWidget(m_run);
    row->addWidget(m_stop);
    row->addSpacing(4);
    row->addWidget(m_ready);
    row->addWidget(m_past);
    row->addStretch(1);
    row->addWidget(m_copyButton);
    row->addWidget(m_csv);
    return header;
}

QWidget *SqlPane::buildAnswer()
{
    auto *answer = new QWidget(this);
    answer->setObjectName(QStringLiteral("tablePane"));
    answer->setAttribute(Qt::WA_StyledBackground);
    m_messageBox = new QWidget(answer);
    m_messageBox->setObjectName(QStringLiteral("sqlMessage"));
    m_message = new PlainLabel(TextStyle::Body, TextTone::Error, m_messageBox);
    m_message->setWrapping(true);
    auto *inset = new QHBoxLayout(m_messageBox);
    inset->setContentsMargins(16, 6, 16, 6);
    inset->addWidget(m_message);
    m_messageBox->hide();

    m_table = new QTableView(answer);
    m_table->setObjectName(QStringLiteral("sqlTable"));
    m_table->setAccessibleName(tr("Answer"));
    m_table->setModel(&m_model);
    m_table->setItemDelegate(new SqlCellDelegate(m_table));
    m_table->setSelectionMode(QAbstractItemView::ContiguousSelection);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setMouseTracking(true);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(24);
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    auto *titles = m_table->horizontalHeader();
    titles->setHighlightSections(false);
    titles->setSectionsMovable(true);
    titles->setMinimumSectionSize(40);
    titles->setStretchLastSection(false);
    titles->setSortIndicatorClearable(true);
    titles->setSortIndicator(-1, Qt::AscendingOrder);
    m_table->setSortingEnabled(true);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    auto *copyAction = new QAction(tr("Copy with titles"), m_table);
    connect(copyAction, &QAction::triggered, this, &SqlPane::copy);
    auto *exportAction = new QAction(tr("Export CSV…"), m_table);
    connect(exportAction, &QAction::triggered, this, &SqlPane::chooseExportFile);
    m_table->installEventFilter(this);
    m_table->addActions({copyAction, exportAction});

    m_summary = new PlainLabel(TextStyle::Caption, TextTone::Secondary, answer);
    m_summary->setObjectName(QStringLiteral("sqlSummary"));
    m_summary->setContentsMargins(16, 4, 16, 6);

    auto *column = new QVBoxLayout(answer);
    column->setContentsMargins(0, 1, 0, 0); // the line above
    column->setSpacing(0);
    column->addWidget(m_messageBox);
    column->addWidget(m_table, 1);
    column->addWidget(buildEmpty(answer), 1);
    column->addWidget(m_summary);
    return answer;
}

QWidget *SqlPane::buildEmpty(QWidget *parent)
{
    m_emptyPage = new QWidget(parent);
    m_emptyPage->setObjectName(QStringLiteral("sqlEmpty"));
    m_emptyTitle = new PlainLabel(TextStyle::Title, TextTone::Secondary, m_emptyPage);
    m_emptyTitle->setAlignment(Qt::AlignCenter);
    m_empty = new PlainLabel(TextStyle::Body, TextTone::Secondary, m_emptyPage);
    m_empty->setWrapping(true);
    m_empty->setAlignment(Qt::AlignCenter);
    m_suggestions = new QWidget(m_emptyPage);
    auto *row = new QHBoxLayout(m_suggestions);
    row->setContentsMargins(0, 8, 0, 0);
    row->setSpacing(8);
    row->addStretch(1);
    // The first ready queries; the menu above has all of them.
    for (const auto &query : readyQueries().first(kSuggestions)) {
        const auto title = QCoreApplication::translate("ReadyQueries", query.title);
        auto *button = new QPushButton(title, m_suggestions);
        button->setAccessibleName(tr("Run: %1").arg(title));
        connect(button, &QPushButton::clicked, this,
                [this, id = QString::fromLatin1(query.id)] { runReady(id); });
        row->addWidget(button);
    }
    row->addStretch(1);
    auto *column = new QVBoxLayout(m_emptyPage);
    column->setContentsMargins(48, 0, 48, 0);
    column->setSpacing(8);
    column->addStretch(2);
    column->addWidget(m_emptyTitle);
    column->addWidget(m_empty);
    column->addWidget(m_suggestions);
    column->addStretch(3);
    return m_emptyPage;
}

void SqlPane::shareRoom()
{
    constexpr int kWhole = 10'000; // only the proportion counts
    const auto editor = static_cast<int>(m_editorShare * kWhole);
    m_split->setSizes({editor, kWhole - editor});
}

void SqlPane::build()
{
    setObjectName(QStringLiteral("pane"));
    setAttribute(Qt::WA_StyledBackground);
    m_split = new QSplitter(Qt::Vertical, this);
    auto *header = buildHeader();
    m_split->addWidget(m_editor);
    m_split->addWidget(buildAnswer());
    m_split->setObjectName(QStringLiteral("sqlSplit"));
    m_split->setHandleWidth(1);
    m_split->setChildrenCollapsible(false);
    // Without stretch factors both grow in proportion.
    shareRoom();
    connect(m_split, &QSplitter::splitterMoved, this, [this] {
        const auto sizes = m_split->sizes();
        m_editorShare = static_cast<double>(sizes[0]) / std::max(1, sizes[0] + sizes[1]);
        Q_EMIT stateChanged();
    });
    m_editor->setMinimumHeight(72);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(header);
    column->addWidget(m_split, 1);
    setFocusProxy(m_editor);
}

void SqlPane::fillReadyMenu()
{
    for (const auto &query : readyQueries()) {
        const auto id = QString::fromLatin1(query.id);
        m_ready->menu()->addAction(QCoreApplication::translate("ReadyQueries", query.title), this,
                                   [this, id] { runReady(id); });
    }
}

void SqlPane::fillHistoryMenu()
{
    auto *menu = m_past->menu();
    menu->clear();
    if (m_history.isEmpty()) {
        menu->addAction(tr("No statement was run yet"))->setEnabled(false);
        return;
    }
    constexpr int kWidth = 420;
    for (auto at = m_history.crbegin(); at != m_history.crend(); ++at) {
        const auto shown = elided(menu->fontMetrics(), at->simplified(), Qt::ElideRight, kWidth);
        // An & in SQL is an &.
        menu->addAction(QString(shown).replace(QLatin1Char('&'), QStringLiteral("&&")), this,
                        [this, sql = *at] {
                            m_editor->setFromHistory(sql);
                            m_editor->setFocus();
                        });
    }
}

bool SqlPane::eventFilter(QObject *watched, QEvent *event)
{
    // The table's own Ctrl+C copies one cell without its title.
    if (watched == m_table && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent *>(event)->matches(QKeySequence::Copy)) {
        copy();
        return true;
    }
    return ViewPane::eventFilter(watched, event);
}

void SqlPane::chooseExportFile()
{
    if (m_answeredSql.empty())
        return;
    auto *dialog = new QFileDialog(this, tr("Export the answer as CSV"), {}, tr("CSV (*.csv)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    connect(dialog, &QFileDialog::fileSelected, this, &SqlPane::exportCsv);
    dialog->open();
}

} // namespace flamewright
