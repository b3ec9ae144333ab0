#include "app/gui/dock_title.h"

#include "app/gui/icons.h"
#include "app/gui/panels.h"
#include "app/gui/plain_label.h"
#include "app/gui/text.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>

namespace flamewright {
namespace {

QToolButton *titleButton(Glyph glyph, const QString &name, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setProperty("quiet", true);
    button->setIcon(glyphIcon(glyph));
    button->setIconSize({12, 12});
    button->setFixedSize(22, 22);
    button->setAccessibleName(name);
    button->setFocusPolicy(Qt::TabFocus);
    setPlainToolTip(button, name);
    return button;
}

constexpr int kHeight = 36;

} // namespace

DockTitle::DockTitle(const QString &title, Panel *panel)
    : QWidget(panel),
      m_panel(panel),
      m_controls(new QHBoxLayout),
      m_more(titleButton(Glyph::More, tr("Move or float %1").arg(title), this))
{
    setObjectName(QStringLiteral("dockTitle"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedHeight(kHeight);
    auto *name = new PlainLabel(TextStyle::Section, TextTone::Primary, this);
    name->setPlain(title);
    auto *close = titleButton(Glyph::Close, tr("Close %1").arg(title), this);
    connect(close, &QToolButton::clicked, panel, [panel] { panel->setWanted(false); });
    connect(m_more, &QToolButton::clicked, this, &DockTitle::openMenu);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 0, 6, 0);
    row->setSpacing(2);
    row->addWidget(name, 1);
    row->addLayout(m_controls);
    row->addWidget(m_more);
    row->addWidget(close);
}

QSize DockTitle::sizeHint() const
{
    return {QWidget::sizeHint().width(), kHeight};
}

void DockTitle::addControl(QWidget *control)
{
    m_controls->addWidget(control);
    setTabOrder(control, m_more);
}

void DockTitle::openMenu()
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto move = [&](const QString &text, Qt::DockWidgetArea area) {
        menu->addAction(text, m_panel, [this, area] { Q_EMIT m_panel->moveRequested(area); });
    };
    move(tr("Move to the &left"), Qt::LeftDockWidgetArea);
    move(tr("Move to the &right"), Qt::RightDockWidgetArea);
    move(tr("Move to the &top"), Qt::TopDockWidgetArea);
    move(tr("Move to the &bottom"), Qt::BottomDockWidgetArea);
    menu->addSeparator();
    auto *floats = menu->addAction(tr("&Window of its own"), m_panel, &QDockWidget::setFloating);
    floats->setCheckable(true);
    floats->setChecked(m_panel->isFloating());
    menu->addAction(tr("&Close"), m_panel, [this] { m_panel->setWanted(false); });
    menu->popup(m_more->mapToGlobal(QPoint(0, m_more->height() + 4)));
}

} // namespace flamewright
