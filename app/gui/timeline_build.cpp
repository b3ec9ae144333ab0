#include "app/gui/cell_delegate.h"
#include "app/gui/chip_button.h"
#include "app/gui/icons.h"
#include "app/gui/load_table.h"
#include "app/gui/plain_label.h"
#include "app/gui/services.h"
#include "app/gui/slice_inspector.h"
#include "app/gui/text.h"
#include "app/gui/timeline_pane.h"
#include "app/gui/wheel_choice.h"
#include "views/qt/flame_widget.h"
#include "views/qt/tracks_widget.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QListView>
#include <QSplitter>
#include <QStackedWidget>
#include <QStyle>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <array>

// How the timeline's tab is put together.
namespace flamewright {
namespace {

constexpr int kHeaderHeight = 40, kBarHeight = 36;
constexpr int kWidths[SliceStatsModel::ColumnCount] = {220, 92, 76, 68, 88, 76, 88, 84, 84, 84, 84};
constexpr int kLeastName = 180;

struct PageName {
    const char *id, *title, *tip;
};
constexpr std::array kPages{
    PageName{"statistics", QT_TRANSLATE_NOOP("TimelinePane", "Statistics"),
             QT_TRANSLATE_NOOP("TimelinePane", "Slices of the chosen time by name")},
    PageName{"slice", QT_TRANSLATE_NOOP("TimelinePane", "Slice"),
             QT_TRANSLATE_NOOP("TimelinePane", "All that is known of the selected slice")},
    PageName{"flame", QT_TRANSLATE_NOOP("TimelinePane", "Flame graph"),
             QT_TRANSLATE_NOOP("TimelinePane", "Nested slices of the chosen time")},
    PageName{"notes", QT_TRANSLATE_NOOP("TimelinePane", "Notes"),
             QT_TRANSLATE_NOOP("TimelinePane", "Notes at times of these traces")},
};

QWidget *bar(const QString &name, int height, QWidget *parent)
{
    auto *out = new QWidget(parent);
    out->setObjectName(name);
    out->setAttribute(Qt::WA_StyledBackground);
    out->setFixedHeight(height);
    return out;
}

} // namespace

void TimelinePane::buildHeader()
{
    m_header = bar(QStringLiteral("viewHeader"), kHeaderHeight, this);
    m_previous = textChip(QStringLiteral("\u2039"), tr("Previous one found  ,"), m_header);
    m_previous->setAccessibleName(tr("Previous one found"));
    m_next = textChip(QStringLiteral("\u203a"), tr("Next one found  ."), m_header);
    m_next->setAccessibleName(tr("Next one found"));
    m_found = new PlainLabel(TextStyle::Body, TextTone::Search, m_header);
    m_found->setObjectName(QStringLiteral("slicesFound"));
    m_field = new QLineEdit(m_header);
    m_field->setObjectName(QStringLiteral("trackFilter"));
    m_field->setPlaceholderText(tr("Filter tracks"));
    m_field->setAccessibleName(tr("Filter tracks by name"));
    m_field->setClearButtonEnabled(true);
    m_field->setMinimumWidth(96);
    m_field->setMaximumWidth(180);
    m_summary = new PlainLabel(TextStyle::Body, TextTone::Secondary, m_header);
    m_summary->setObjectName(QStringLiteral("viewSummary"));
    m_summary->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto *row = new QHBoxLayout(m_header);
    row->setContentsMargins(12, 0, 12, 1);
    row->setSpacing(6);
    row->addWidget(m_field, 2);
    row->addWidget(m_previous);
    row->addWidget(m_next);
    row->addWidget(m_found, 1);
    row->addSpacing(6);
    row->addWidget(m_summary, 4);
    m_field->installEventFilter(this);
    m_previous->hide();
    m_next->hide();
}

void TimelinePane::buildBelow()
{
    m_below = new QWidget(this);
    m_below->setObjectName(QStringLiteral("pane"));
    m_below->setAttribute(Qt::WA_StyledBackground);
    auto *tabs = bar(QStringLiteral("viewHeader"), kBarHeight, m_below);
    auto *row = new QHBoxLayout(tabs);
    row->setContentsMargins(12, 0, 12, 1);
    row->setSpacing(6);
    m_pages = new QStackedWidget(m_below);
    for (const auto &page : kPages) {
        auto *tab = textChip(tr(page.title), tr(page.tip), tabs);
        tab->setObjectName(QString::fromLatin1(page.id));
        tab->setCheckable(true);
        connect(tab, &QToolButton::clicked, this,
                [this, id = QString::fromLatin1(page.id)] { showPage(id); });
        row->addWidget(tab);
        m_tabs.push_back(tab);
    }
    m_footer = new PlainLabel(TextStyle::Body, TextTone::Secondary, tabs);
    m_footer->setObjectName(QStringLiteral("areaSummary"));
    m_footer->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row->addSpacing(6);
    row->addWidget(m_footer, 1);

    m_statsView = new QTableView(m_pages);
    m_statsView->setObjectName(QStringLiteral("sliceStatistics"));
    m_statsView->setAccessibleName(tr("Slices of the chosen time by name"));
    m_statsView->setModel(&m_statsModel);
    m_statsView->setItemDelegate(new CellDelegate(m_statsView));
    setUpLoadTable(*m_statsView, CellDelegate::kRowHeight);
    for (int column = 0; column < SliceStatsModel::ColumnCount; ++column)
        m_statsView->setColumnWidth(column, kWidths[column]);
    stretchColumn(*m_statsView, SliceStatsModel::Name, kLeastName);
    m_statsView->sortByColumn(SliceStatsModel::Total, Qt::DescendingOrder);
    copyRowsOf(*m_statsView, [this] { return data(); });
    m_inspector = new SliceInspector(m_pages);
    m_flame = new FlameWidget(m_pages);
    m_flame->setObjectName(QStringLiteral("areaFlame"));
    m_flame->setAccessibleName(tr("Flame graph of the chosen time"));
    new WheelSwap(m_flame, m_context.services.settings);
    auto *notes = new QWidget(m_pages);
    m_noteList = new QListView(notes);
    m_noteList->setObjectName(QStringLiteral("timelineNotes"));
    m_noteList->setAccessibleName(tr("Notes"));
    m_noteList->setModel(&m_notes);
    m_noteList->setFrameShape(QFrame::NoFrame);
    m_noteList->setEditTriggers(QAbstractItemView::EditKeyPressed);
    m_noteList->installEventFilter(this);
    m_noNotes = new PlainLabel(TextStyle::Body, TextTone::Secondary, notes);
    m_noNotes->setPlain(
        tr("No notes yet. M writes one at the chosen time, or at the selected slice."));
    m_noNotes->setContentsMargins(16, 12, 16, 0);
    auto *column = new QVBoxLayout(notes);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_noNotes);
    column->addWidget(m_noteList, 1);
    for (auto *page : {static_cast<QWidget *>(m_statsView), static_cast<QWidget *>(m_inspector),
                       static_cast<QWidget *>(m_flame), notes})
        m_pages->addWidget(page);
    auto *all = new QVBoxLayout(m_below);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(tabs);
    all->addWidget(m_pages, 1);
    showPage(QStringLiteral("statistics"));
}

void TimelinePane::showPage(const QString &id)
{
    for (std::size_t i = 0; i < kPages.size(); ++i) {
        const bool on = id == QLatin1String(kPages[i].id);
        if (on)
            m_pages->setCurrentIndex(static_cast<int>(i));
        auto *tab = m_tabs[i];
        tab->setChecked(m_pages->currentIndex() == static_cast<int>(i));
        tab->setProperty("active", tab->isChecked());
    }
    for (auto *tab : m_tabs) {
        tab->style()->unpolish(tab);
        tab->style()->polish(tab);
    }
}

} // namespace flamewright
