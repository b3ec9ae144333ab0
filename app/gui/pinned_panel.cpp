#include "app/gui/pinned_panel.h"

#include "app/gui/pinned_findings.h"
#include "app/gui/plain_label.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>

namespace flamewright {
namespace {

constexpr int kLeastHeight = 72; // more would not leave the captures room at 800 pixels

} // namespace

PinnedPanel::PinnedPanel(PinnedFindings &findings, const std::vector<ViewKind> &views,
                         QWidget *parent)
    : QWidget(parent),
      m_findings(findings),
      m_model(findings, views),
      m_list(new QListView(this)),
      m_pin(new QPushButton(tr("Pin this view"), this)),
      m_present(new QPushButton(tr("Present"), this)),
      m_report(new QPushButton(tr("Report…"), this)),
      m_undo(new QPushButton(tr("Undo remove"), this)),
      m_hint(new PlainLabel(TextStyle::Body, TextTone::Secondary, this))
{
    setObjectName(QStringLiteral("pane"));
    setAttribute(Qt::WA_StyledBackground);
    m_pin->setProperty("link", true);
    m_undo->setProperty("link", true);
    m_list->setObjectName(QStringLiteral("pinnedFindings"));
    m_list->setAccessibleName(tr("Pinned findings"));
    m_list->setModel(&m_model);
    m_list->setItemDelegate(new PinnedDelegate(*m_list));
    m_list->setMouseTracking(true);
    m_list->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::DoubleClicked);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setResizeMode(QListView::Adjust);
    m_list->installEventFilter(this);
    m_list->setMinimumHeight(kLeastHeight);
    m_hint->setWrapping(true);
    m_hint->setContentsMargins(16, 4, 16, 12);
    m_hint->setPlain(tr("Press P to pin what a view shows: a sentence with its figures, the "
                        "picture, and the way back to it. Findings become a report or a "
                        "presentation."));
    auto *buttons = new QHBoxLayout;
    buttons->setContentsMargins(8, 4, 8, 8);
    buttons->setSpacing(8);
    buttons->addWidget(m_present);
    buttons->addWidget(m_report);
    buttons->addStretch(1);
    buttons->addWidget(m_undo);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_hint);
    column->addWidget(m_list, 1);
    column->addLayout(buttons);
    connect(m_pin, &QPushButton::clicked, this, &PinnedPanel::pinRequested);
    connect(m_present, &QPushButton::clicked, this,
            [this] { Q_EMIT presentRequested(std::max(current(), 0)); });
    connect(m_report, &QPushButton::clicked, this, &PinnedPanel::reportRequested);
    connect(m_undo, &QPushButton::clicked, this, [this] { m_findings.undoRemove(); });
    const auto restore = [this](const QModelIndex &index) {
        Q_EMIT restoreRequested(static_cast<std::size_t>(index.row()));
    };
    connect(m_list, &QListView::clicked, this, restore);
    connect(m_list, &QListView::customContextMenuRequested, this, &PinnedPanel::openMenu);
    connect(&m_model, &PinnedModel::modelReset, this, &PinnedPanel::follow);
    connect(&m_model, &PinnedModel::dataChanged, m_list, &QListView::doItemsLayout,
            Qt::QueuedConnection); // another sentence wraps otherwise
    follow();
}

QWidget *PinnedPanel::pinButton() const
{
    return m_pin;
}

int PinnedPanel::current() const
{
    return m_list->currentIndex().isValid() ? m_list->currentIndex().row() : -1;
}

void PinnedPanel::edit(std::size_t at)
{
    const auto index = m_model.index(static_cast<int>(at));
    m_list->setCurrentIndex(index);
    m_list->scrollTo(index);
    m_list->setFocus(Qt::OtherFocusReason);
    m_list->edit(index);
}

void PinnedPanel::follow()
{
    const bool any = m_model.rowCount() > 0;
    m_hint->setVisible(!any);
    m_present->setEnabled(any);
    m_undo->setVisible(m_findings.canUndoRemove());
}

void PinnedPanel::moveCurrent(int by)
{
    const auto to = current() + by;
    if (current() < 0 || to < 0 || to >= m_model.rowCount())
        return;
    m_findings.move(static_cast<std::size_t>(current()), static_cast<std::size_t>(to));
    m_list->setCurrentIndex(m_model.index(to));
}

void PinnedPanel::removeCurrent()
{
    const auto at = current();
    if (at < 0)
        return;
    m_findings.remove(static_cast<std::size_t>(at));
    m_list->setCurrentIndex(m_model.index(std::min(at, m_model.rowCount() - 1)));
}

void PinnedPanel::openMenu(const QPoint &at)
{
    const auto index = m_list->indexAt(at).isValid() ? m_list->indexAt(at) : m_list->currentIndex();
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (index.isValid()) {
        m_list->setCurrentIndex(index);
        const auto row = static_cast<std::size_t>(index.row());
        menu->addAction(tr("&Show in its view"), this,
                        [this, row] { Q_EMIT restoreRequested(row); });
        menu->addAction(tr("&Edit the sentence"), this, [this, row] { edit(row); });
        if (index.data(PinnedModel::EditedRole).toBool())
            menu->addAction(tr("&Back to what was written"), this,
                            [this, row] { m_findings.resetSentence(row); });
        menu->addAction(tr("Move &up"), this, [this] { moveCurrent(-1); });
        menu->addAction(tr("Move &down"), this, [this] { moveCurrent(1); });
        menu->addAction(tr("&Present from here"), this,
                        [this, row] { Q_EMIT presentRequested(static_cast<int>(row)); });
        menu->addAction(tr("&Remove"), this, &PinnedPanel::removeCurrent);
        menu->addSeparator();
    }
    if (m_findings.canUndoRemove())
        menu->addAction(tr("&Undo remove"), this, [this] { m_findings.undoRemove(); });
    menu->addAction(tr("&Pin this view"), this, &PinnedPanel::pinRequested);
    menu->popup(m_list->viewport()->mapToGlobal(at));
}

bool PinnedPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_list && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool alt = key->modifiers() & Qt::AltModifier;
        if (key->key() == Qt::Key_Delete) {
            removeCurrent();
            return true;
        }
        if (alt && (key->key() == Qt::Key_Up || key->key() == Qt::Key_Down)) {
            moveCurrent(key->key() == Qt::Key_Up ? -1 : 1);
            return true;
        }
        if ((key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) && current() >= 0 &&
            m_list->hasFocus()) {
            Q_EMIT restoreRequested(static_cast<std::size_t>(current()));
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void PinnedPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_list->doItemsLayout(); // sentences wrap otherwise
}

} // namespace flamewright
