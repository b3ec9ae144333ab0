#include "app/gui/tab_group.h"

#include "app/gui/action_registry.h"
#include "app/gui/palette.h"
#include "app/gui/plain_label.h"
#include "app/gui/text.h"
#include "app/gui/view_pane.h"

#include <QAction>
#include <QHBoxLayout>
#include <QMenu>
#include <QMouseEvent>
#include <QPushButton>
#include <QStackedWidget>
#include <QStyle>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace flamewright {
namespace {

constexpr int kHeaderHeight = 37; // with its line

} // namespace

TabGroup::TabGroup(QWidget *parent)
    : QWidget(parent),
      m_header(new QWidget(this)),
      m_bar(new QTabBar(m_header)),
      m_stack(new QStackedWidget(this)),
      m_empty(new QWidget(this))
{
    setObjectName(QStringLiteral("tabGroup"));
    setAttribute(Qt::WA_StyledBackground);
    m_header->setObjectName(QStringLiteral("tabHeader"));
    m_header->setAttribute(Qt::WA_StyledBackground);
    m_header->setFixedHeight(kHeaderHeight);
    m_bar->setObjectName(QStringLiteral("viewTabs"));
    m_bar->setAccessibleName(tr("Open views"));
    m_bar->setDrawBase(false);
    m_bar->setExpanding(false);
    m_bar->setMovable(true);
    m_bar->setUsesScrollButtons(true);
    m_bar->setElideMode(Qt::ElideRight);
    m_bar->setFocusPolicy(Qt::TabFocus);
    m_bar->installEventFilter(this);
    m_add = barButton(Glyph::Add, tr("Open another view"));
    m_split = barButton(Glyph::Split, tr("Split, move or close this view"));
    connect(m_add, &QToolButton::clicked, this, [this] { popUp(m_add, m_openActions); });
    connect(m_split, &QToolButton::clicked, this, [this] { popUp(m_split, m_tabActions); });

    auto *row = new QHBoxLayout(m_header);
    row->setContentsMargins(4, 0, 8, 1);
    row->setSpacing(2);
    row->addWidget(m_bar, 0, Qt::AlignBottom);
    row->addWidget(m_add);
    row->addStretch(1);
    row->addWidget(m_split);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(m_stack, 1);
    column->addWidget(m_empty, 1);

    connect(m_bar, &QTabBar::currentChanged, this, [this](int at) {
        if (at >= 0 && at < count())
            m_stack->setCurrentWidget(m_tabs[at].pane);
        Q_EMIT currentChanged();
    });
    connect(m_bar, &QTabBar::tabMoved, this, [this](int from, int to) {
        m_tabs.move(from, to);
        Q_EMIT moved();
    });
    followCount();
}

QToolButton *TabGroup::barButton(Glyph glyph, const QString &name)
{
    auto *button = new QToolButton(m_header);
    button->setIcon(glyphIcon(glyph));
    button->setIconSize({14, 14});
    button->setFixedSize(26, 26);
    button->setAccessibleName(name);
    button->setFocusPolicy(Qt::TabFocus);
    setPlainToolTip(button, name);
    return button;
}

void TabGroup::popUp(QToolButton *button, const QList<QAction *> &actions)
{
    Q_EMIT touched(); // the actions act on the active group
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions(actions);
    menu->popup(button->mapToGlobal(QPoint(0, button->height() + 4)));
}

int TabGroup::current() const
{
    return m_bar->currentIndex();
}

ViewPane *TabGroup::currentPane() const
{
    const auto at = current();
    return at >= 0 && at < count() ? m_tabs[at].pane : nullptr;
}

void TabGroup::insert(int at, const Tab &tab)
{
    at = std::clamp(at, 0, count());
    m_tabs.insert(at, tab);
    m_stack->addWidget(tab.pane);
    m_bar->insertTab(at, tab.kind->title);
    auto *close = new QToolButton(m_bar);
    close->setProperty("tabClose", true);
    close->setIcon(glyphIcon(Glyph::Close));
    close->setIconSize({10, 10});
    close->setFixedSize(18, 18);
    close->setFocusPolicy(Qt::NoFocus); // there is a key for it
    close->setAccessibleName(tr("Close %1").arg(tab.kind->title));
    setPlainToolTip(close, close->accessibleName());
    connect(close, &QToolButton::clicked, this, [this, pane = tab.pane] {
        for (int i = 0; i < count(); ++i) {
            if (m_tabs[i].pane == pane) {
                Q_EMIT closeRequested(i);
                return;
            }
        }
    });
    m_bar->setTabButton(at, QTabBar::RightSide, close);
    if (current() == at)
        m_stack->setCurrentWidget(tab.pane);
    followCount();
}

TabGroup::Tab TabGroup::take(int at)
{
    const auto tab = m_tabs.takeAt(at);
    m_stack->removeWidget(tab.pane);
    tab.pane->hide();
    m_bar->removeTab(at);
    if (auto *pane = currentPane())
        m_stack->setCurrentWidget(pane);
    followCount();
    return tab;
}

void TabGroup::setCurrent(int at)
{
    m_bar->setCurrentIndex(at);
}

void TabGroup::setMarked(bool marked)
{
    if (m_bar->property("marked").toBool() == marked)
        return;
    m_bar->setProperty("marked", marked);
    m_bar->style()->unpolish(m_bar);
    m_bar->style()->polish(m_bar);
}

void TabGroup::focusView()
{
    if (auto *pane = currentPane())
        pane->setFocus(Qt::OtherFocusReason);
    else
        m_add->setFocus(Qt::OtherFocusReason);
}

void TabGroup::setOpenActions(const QList<QAction *> &actions)
{
    m_openActions = actions;
    auto *column = new QVBoxLayout(m_empty);
    column->setSpacing(8);
    column->addStretch(1);
    auto *hint = new PlainLabel(TextStyle::Title, TextTone::Secondary, m_empty);
    hint->setPlain(tr("Open a view"));
    hint->setAlignment(Qt::AlignCenter);
    column->addWidget(hint);
    for (auto *action : actions) {
        auto *button = new QPushButton(action->icon(), withoutMnemonic(action->text()), m_empty);
        button->setMinimumWidth(180);
        connect(button, &QPushButton::clicked, this, [this, action] {
            Q_EMIT touched();
            action->trigger();
        });
        column->addWidget(button, 0, Qt::AlignHCenter);
    }
    column->addStretch(2);
}

void TabGroup::setTabActions(const QList<QAction *> &actions)
{
    m_tabActions = actions;
}

void TabGroup::followCount()
{
    m_stack->setVisible(count() > 0);
    m_empty->setVisible(count() == 0);
    m_split->setEnabled(count() > 0);
}

bool TabGroup::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_bar && event->type() == QEvent::MouseButtonPress)
        Q_EMIT touched();
    if (watched == m_bar && event->type() == QEvent::MouseButtonRelease) {
        const auto *mouse = static_cast<QMouseEvent *>(event);
        const auto at = m_bar->tabAt(mouse->position().toPoint());
        if (mouse->button() == Qt::MiddleButton && at >= 0) {
            Q_EMIT closeRequested(at);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace flamewright
