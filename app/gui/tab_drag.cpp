#include "app/gui/tab_drag.h"

#include "app/gui/tab_drop_overlay.h"
#include "app/gui/tab_group.h"
#include "app/gui/view_pane.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScopedValueRollback>
#include <QTabBar>

#include <utility>

namespace flamewright {
namespace {

// How far out of the bar a tab is pulled before it leaves it: hands are not rulers.
constexpr int kSlack = 8;

} // namespace

TabDrag::TabDrag(QWidget *area, DropAt dropAt)
    : QObject(area),
      m_area(area),
      m_dropAt(std::move(dropAt)),
      m_overlay(new TabDropOverlay(area))
{}

TabDrag::~TabDrag()
{
    end();
}

void TabDrag::watch(TabGroup *group)
{
    group->bar()->installEventFilter(this);
}

bool TabDrag::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::ShortcutOverride:
    case QEvent::KeyPress: {
        // Of the application, while a tab is pressed: Escape is no shortcut then.
        const auto &key = static_cast<const QKeyEvent &>(*event);
        if (!m_group || key.key() != Qt::Key_Escape)
            return false;
        event->accept();
        if (event->type() == QEvent::KeyPress)
            cancel();
        return true;
    }
    case QEvent::MouseButtonPress:
        if (m_group)
            return m_pulled; // another button
        if (auto *bar = qobject_cast<QTabBar *>(watched)) {
            if (auto *group = qobject_cast<TabGroup *>(bar->parentWidget()->parentWidget()))
                press(group, static_cast<const QMouseEvent &>(*event));
        }
        return false;
    case QEvent::MouseMove:
        return m_group && watched == m_group->bar() &&
               move(static_cast<const QMouseEvent &>(*event));
    case QEvent::MouseButtonRelease:
        return m_group && watched == m_group->bar() && !m_letGo &&
               static_cast<const QMouseEvent &>(*event).button() == Qt::LeftButton && release();
    default: return false;
    }
}

void TabDrag::press(TabGroup *group, const QMouseEvent &event)
{
    const auto at = group->bar()->tabAt(event.position().toPoint());
    if (event.button() != Qt::LeftButton || at < 0)
        return;
    m_group = group;
    m_pane = group->tabs()[at].pane;
    m_from = at;
    qApp->installEventFilter(this);
}

int TabDrag::place() const
{
    if (!m_group || !m_pane)
        return -1;
    for (int i = 0; i < m_group->count(); ++i) {
        if (m_group->tabs()[i].pane == m_pane)
            return i;
    }
    return -1;
}

bool TabDrag::move(const QMouseEvent &event)
{
    if (!(event.buttons() & Qt::LeftButton) || place() < 0) {
        end();
        return false;
    }
    const auto at = m_area->mapFromGlobal(event.globalPosition().toPoint());
    if (!m_pulled) {
        const auto *header = m_group->header();
        const QRect bar(header->mapTo(m_area, QPoint()), header->size());
        if (bar.adjusted(-kSlack, -kSlack, kSlack, kSlack).contains(at))
            return false; // the bar's own
        pullOut();
    }
    m_drop = m_dropAt(m_group, at);
    QApplication::changeOverrideCursor(m_drop ? Qt::ClosedHandCursor : Qt::ForbiddenCursor);
    m_overlay->showFor(m_group->bar()->tabText(place()), at, m_drop ? m_drop->mark : QRect());
    return true;
}

void TabDrag::pullOut()
{
    m_pulled = true;
    QApplication::setOverrideCursor(Qt::ClosedHandCursor);
    // The bar would go on moving the tab to and fro below the pointer.
    const QScopedValueRollback guard(m_letGo, true);
    auto *bar = m_group->bar();
    const auto at = QPointF(bar->tabRect(place()).center());
    QMouseEvent over(QEvent::MouseButtonRelease, at, bar->mapToGlobal(at), Qt::LeftButton,
                     Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(bar, &over);
}

bool TabDrag::release()
{
    const bool pulled = m_pulled;
    const QPointer<TabGroup> group = m_group;
    const auto from = place();
    const auto drop = m_drop;
    end();
    if (pulled && group && from >= 0 && drop)
        Q_EMIT dropped(group, from, *drop);
    return pulled;
}

void TabDrag::cancel()
{
    if (const auto now = place(); now >= 0) {
        if (!m_pulled)
            pullOut();
        // The bar may have moved it before it was pulled out.
        m_group->bar()->moveTab(now, m_from);
    }
    end();
}

void TabDrag::end()
{
    if (m_pulled)
        QApplication::restoreOverrideCursor();
    if (m_group)
        qApp->removeEventFilter(this);
    m_overlay->hide();
    m_group.clear();
    m_pane.clear();
    m_pulled = false;
    m_drop.reset();
}

} // namespace flamewright
