#include "app/gui/saved_scopes_panel.h"

#include "app/gui/plain_label.h"
#include "app/gui/saved_scopes.h"
#include "app/gui/scope_controller.h"
#include "app/gui/text.h"

#include <QKeyEvent>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>

namespace flamewright {

QString scopeInWords(const Scope &scope)
{
    const auto counted = [](const QString &one, const QString &many, std::size_t n) {
        return n == 1 ? one : many.arg(n);
    };
    QStringList parts;
    if (!scope.search.empty())
        parts << SavedScopesPanel::tr("search %1").arg(display(scope.search));
    if (!scope.times.empty())
        parts << counted(SavedScopesPanel::tr("1 time range"),
                         SavedScopesPanel::tr("%1 time ranges"), scope.times.size());
    if (!scope.tracks.empty())
        parts << counted(SavedScopesPanel::tr("1 thread or process"),
                         SavedScopesPanel::tr("%1 threads or processes"), scope.tracks.size());
    for (const auto &transform : scope.transforms)
        parts << display(toText(transform));
    if (!scope.measure.empty())
        parts << display(scope.measure);
    return parts.isEmpty() ? SavedScopesPanel::tr("Everything") : parts.join(QStringLiteral(" · "));
}

SavedScopesModel::SavedScopesModel(SavedScopes &scopes, QObject *parent)
    : QAbstractListModel(parent),
      m_scopes(scopes)
{
    connect(&scopes, &SavedScopes::changed, this, &SavedScopesModel::follow);
    connect(&scopes, &SavedScopes::restored, this, &SavedScopesModel::follow);
    follow();
}

void SavedScopesModel::follow()
{
    beginResetModel();
    m_rows = static_cast<int>(m_scopes.all().size());
    endResetModel();
}

int SavedScopesModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_rows;
}

QVariant SavedScopesModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_rows)
        return {};
    const auto &saved = m_scopes.all()[static_cast<std::size_t>(index.row())];
    const auto name = display(saved.name.toStdString());
    switch (role) {
    case Qt::DisplayRole: return name;
    case Qt::EditRole: return saved.name;
    case Qt::ToolTipRole: return plainToolTip(name + QLatin1Char('\n') + scopeInWords(saved.scope));
    case Qt::AccessibleTextRole: return name + QStringLiteral(", ") + scopeInWords(saved.scope);
    default: return {};
    }
}

bool SavedScopesModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    return role == Qt::EditRole && index.isValid() &&
           m_scopes.rename(static_cast<std::size_t>(index.row()), value.toString());
}

Qt::ItemFlags SavedScopesModel::flags(const QModelIndex &index) const
{
    return QAbstractListModel::flags(index) | Qt::ItemIsEditable;
}

SavedScopesPanel::SavedScopesPanel(SavedScopes &scopes, ScopeController &scope, QWidget *parent)
    : QWidget(parent),
      m_scopes(scopes),
      m_scope(scope),
      m_model(scopes),
      m_list(new QListView(this)),
      m_save(new QPushButton(tr("Save current"), this)),
      m_hint(new PlainLabel(TextStyle::Body, TextTone::Secondary, this))
{
    setObjectName(QStringLiteral("pane"));
    setAttribute(Qt::WA_StyledBackground);
    m_save->setProperty("link", true);
    m_save->setAccessibleName(tr("Save the current scope"));
    connect(m_save, &QPushButton::clicked, this, &SavedScopesPanel::saveCurrent);
    m_list->setObjectName(QStringLiteral("savedScopes"));
    m_list->setAccessibleName(tr("Saved scopes"));
    m_list->setModel(&m_model);
    m_list->setEditTriggers(QAbstractItemView::EditKeyPressed);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->setUniformItemSizes(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->installEventFilter(this);
    m_hint->setWrapping(true);
    m_hint->setContentsMargins(16, 4, 16, 12);
    m_hint->setPlain(tr("Times, threads, search and filters that you come back to."));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_hint);
    column->addWidget(m_list, 1);
    connect(m_list, &QListView::activated, this,
            [this](const QModelIndex &index) { apply(index.row()); });
    connect(m_list, &QListView::customContextMenuRequested, this, &SavedScopesPanel::openMenu);
    connect(&m_model, &SavedScopesModel::modelReset, this, &SavedScopesPanel::follow);
    follow();
}

QWidget *SavedScopesPanel::saveButton() const
{
    return m_save;
}

void SavedScopesPanel::follow()
{
    m_hint->setVisible(m_model.rowCount() == 0);
}

QString SavedScopesPanel::proposedName() const
{
    return scopeInWords(m_scope.scope()).left(60);
}

void SavedScopesPanel::saveCurrent()
{
    m_scopes.add(proposedName(), m_scope.scope());
    const auto index = m_model.index(m_model.rowCount() - 1);
    m_list->setCurrentIndex(index);
    m_list->setFocus(Qt::OtherFocusReason);
    m_list->edit(index);
}

void SavedScopesPanel::apply(int row)
{
    if (row >= 0 && row < m_model.rowCount())
        m_scope.setScope(m_scopes.all()[static_cast<std::size_t>(row)].scope);
}

void SavedScopesPanel::openMenu(const QPoint &at)
{
    const auto index = m_list->indexAt(at).isValid() ? m_list->indexAt(at) : m_list->currentIndex();
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (index.isValid()) {
        const auto row = static_cast<std::size_t>(index.row());
        menu->addAction(tr("&Apply"), this, [this, index] { apply(index.row()); });
        menu->addAction(tr("&Overwrite with the current scope"), this,
                        [this, row] { m_scopes.overwrite(row, m_scope.scope()); });
        menu->addAction(tr("&Rename"), this, [this, index] { m_list->edit(index); });
        menu->addAction(tr("&Delete"), this, [this, row] { m_scopes.remove(row); });
        menu->addSeparator();
    }
    menu->addAction(tr("&Save the current scope"), this, &SavedScopesPanel::saveCurrent);
    menu->popup(m_list->viewport()->mapToGlobal(at));
}

bool SavedScopesPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_list && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent *>(event)->key() == Qt::Key_Delete &&
        m_list->currentIndex().isValid()) {
        m_scopes.remove(static_cast<std::size_t>(m_list->currentIndex().row()));
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace flamewright
