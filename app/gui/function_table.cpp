#include "app/gui/function_table.h"

#include "app/gui/figures.h"
#include "app/gui/function_delegate.h"
#include "app/gui/plain_label.h"
#include "app/gui/profile_model.h"
#include "app/gui/settings.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QScopedValueRollback>
#include <QTableView>
#include <QVBoxLayout>

namespace flamewright {
namespace {

constexpr int kRowHeight = 24;

QString headerKey()
{
    return QStringLiteral("layout/functions");
}

} // namespace

FunctionTable::FunctionTable(ProfileModel &profile, Settings &settings, QWidget *parent)
    : QWidget(parent),
      m_profile(profile),
      m_settings(settings),
      m_view(new QTableView(this)),
      m_count(new PlainLabel(TextStyle::Caption, TextTone::Secondary, this))
{
    setObjectName(QStringLiteral("tablePane"));
    setAttribute(Qt::WA_StyledBackground);
    m_head = new QWidget(this);
    auto *head = new QHBoxLayout(m_head);
    head->setContentsMargins(16, 6, 16, 4);
    head->addStretch(1);
    head->addWidget(m_count);

    m_view->setObjectName(QStringLiteral("functionTable"));
    m_view->setAccessibleName(tr("Functions"));
    m_view->setModel(&m_model);
    m_view->setItemDelegate(new FunctionDelegate(m_view));
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setShowGrid(false);
    m_view->setWordWrap(false);
    m_view->setTabKeyNavigation(false);
    m_view->setMouseTracking(true);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setDefaultSectionSize(kRowHeight);
    m_view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    auto *header = m_view->horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsMovable(true);
    header->setMinimumSectionSize(56);
    header->setSectionResizeMode(QHeaderView::Interactive);
    header->setSectionResizeMode(FunctionTableModel::Function, QHeaderView::Stretch);
    const int widths[] = {280, 120, 76, 76, 76, 80, 84};
    for (int column = 0; column < FunctionTableModel::ColumnCount; ++column)
        m_view->setColumnWidth(column, widths[column]);
    if (const auto state = m_settings.bytes(headerKey()); !state.isEmpty())
        header->restoreState(state);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(FunctionTableModel::Self, Qt::DescendingOrder);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_head);
    layout->addWidget(m_view, 1);

    connect(&profile, &ProfileModel::profileChanged, this, &FunctionTable::profileMoved);
    connect(&profile, &ProfileModel::searchChanged, this, &FunctionTable::searchMoved);
    connect(&profile, &ProfileModel::selectionChanged, this, &FunctionTable::selectionMoved);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &FunctionTable::rowChosen);
    connect(m_view, &QTableView::activated, this, [this](const QModelIndex &index) {
        Q_EMIT activated(m_model.functionAt(index.row()));
    });
    profileMoved();
}

QWidget *FunctionTable::takeCount()
{
    m_head->hide();
    return m_count;
}

FunctionTable::~FunctionTable()
{
    m_settings.setBytes(headerKey(), m_view->horizontalHeader()->saveState());
}

void FunctionTable::profileMoved()
{
    {
        const QScopedValueRollback guard(m_following, true);
        m_model.setProfile(m_profile.profile(), m_profile.valueStyle());
    }
    selectionMoved();
    describe();
}

void FunctionTable::searchMoved()
{
    {
        const QScopedValueRollback guard(m_following, true);
        m_model.setSearch(m_profile.search());
    }
    selectionMoved();
    describe();
}

void FunctionTable::selectionMoved()
{
    const QScopedValueRollback guard(m_following, true);
    const auto function = m_profile.selection().function;
    if (m_model.functionAt(m_view->currentIndex().row()) == function && function.raw != 0)
        return;
    const auto row = function.raw == 0 ? -1 : m_model.rowOf(function);
    if (row < 0) {
        m_view->selectionModel()->clear();
        return;
    }
    m_view->selectRow(row);
    m_view->scrollTo(m_model.index(row, 0));
}

void FunctionTable::rowChosen()
{
    if (m_following)
        return;
    const auto function = m_model.functionAt(m_view->currentIndex().row());
    if (function.raw != 0)
        m_profile.selectFunction(function);
}

void FunctionTable::describe()
{
    if (!m_profile.profile()) {
        m_count->setPlain({});
        return;
    }
    const auto all = static_cast<int>(m_profile.profile()->table.size());
    if (m_profile.search())
        m_count->setPlain(tr("%1 of %2 functions").arg(grouped(m_model.rowCount()), grouped(all)));
    else
        m_count->setPlain(tr("%1 functions").arg(grouped(all)));
}

} // namespace flamewright
