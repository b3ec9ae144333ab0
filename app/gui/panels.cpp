#include "app/gui/panels.h"

#include "app/gui/dock_title.h"

#include <QCloseEvent>
#include <QGuiApplication>
#include <QJsonObject>
#include <QKeyEvent>
#include <QScreen>
#include <QTimer>

#include <algorithm>
#include <array>
#include <climits>

namespace flamewright {
namespace {

constexpr int kSmallest = 80, kLargest = 4000;

struct AreaName {
    Qt::DockWidgetArea area;
    QLatin1String name;
};
constexpr std::array kAreas{AreaName{Qt::LeftDockWidgetArea, QLatin1String("left")},
                            AreaName{Qt::RightDockWidgetArea, QLatin1String("right")},
                            AreaName{Qt::TopDockWidgetArea, QLatin1String("top")},
                            AreaName{Qt::BottomDockWidgetArea, QLatin1String("bottom")}};

bool isSide(Qt::DockWidgetArea area)
{
    return area == Qt::LeftDockWidgetArea || area == Qt::RightDockWidgetArea;
}

// Somewhere on a screen, whatever was saved on another machine.
QRect onScreen(QRect wanted)
{
    const auto *screen = QGuiApplication::screenAt(wanted.center());
    const auto room = (screen ? screen : QGuiApplication::primaryScreen())->availableGeometry();
    wanted.setSize(wanted.size().boundedTo(room.size()).expandedTo({kSmallest, kSmallest}));
    wanted.moveTo(std::clamp(wanted.x(), room.left(), room.right() - wanted.width() + 1),
                  std::clamp(wanted.y(), room.top(), room.bottom() - wanted.height() + 1));
    return wanted;
}

} // namespace

Panel::Panel(const QString &id, const QString &title, QWidget *content, Qt::DockWidgetArea area,
             QWidget *parent)
    : QDockWidget(title, parent),
      m_id(id),
      m_home(area),
      m_titleBar(new DockTitle(title, this))
{
    setObjectName(QStringLiteral("panel_") + id);
    setWidget(content);
    setTitleBarWidget(m_titleBar);
}

void Panel::setWanted(bool wanted)
{
    if (wanted == m_wanted)
        return;
    m_wanted = wanted;
    follow();
    if (wanted && m_useful)
        raise(); // of several behind tabs
    Q_EMIT wantedChanged();
}

void Panel::setUseful(bool useful)
{
    m_useful = useful;
    follow();
}

void Panel::follow()
{
    if (isHidden() == (m_wanted && m_useful))
        setVisible(m_wanted && m_useful);
}

void Panel::closeEvent(QCloseEvent *event)
{
    event->accept();
    setWanted(false);
}

void Panel::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && isFloating())
        setFloating(false);
    else
        QDockWidget::keyPressEvent(event);
}

Panels::Panels(QWidget *parent) : QMainWindow(parent)
{
    setWindowFlags(Qt::Widget);
    setObjectName(QStringLiteral("panels"));
    setDockNestingEnabled(true);
    setAnimated(false);
    setContextMenuPolicy(Qt::NoContextMenu);
    // The sides are as high as the window.
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    setCorner(Qt::TopLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::TopRightCorner, Qt::RightDockWidgetArea);
}

Panel *Panels::add(const QString &id, const QString &title, QWidget *content,
                   Qt::DockWidgetArea area, int size, bool wanted)
{
    auto *panel = new Panel(id, title, content, area, this);
    addDockWidget(area, panel);
    m_panels << panel;
    m_sizes.insert(panel, size);
    panel->setWanted(wanted);
    panel->installEventFilter(this);
    connect(panel, &Panel::wantedChanged, this, [this, panel] {
        if (panel->wanted())
            applySizes();
        Q_EMIT changed();
    });
    connect(panel, &Panel::moveRequested, this, [this, panel](Qt::DockWidgetArea to) {
        moveTo(panel, to);
        Q_EMIT changed();
    });
    connect(panel, &QDockWidget::topLevelChanged, this, &Panels::changed);
    connect(panel, &QDockWidget::dockLocationChanged, this, &Panels::changed);
    m_initial = state();
    return panel;
}

Panel *Panels::panel(const QString &id) const
{
    const auto at = std::find_if(m_panels.begin(), m_panels.end(),
                                 [&](const Panel *panel) { return panel->id() == id; });
    return at == m_panels.end() ? nullptr : *at;
}

void Panels::moveTo(Panel *panel, Qt::DockWidgetArea area)
{
    if (panel->isFloating())
        panel->setFloating(false);
    addDockWidget(area, panel);
}

void Panels::reset()
{
    restore(m_initial);
}

int Panels::sizeOf(const Panel *panel) const
{
    if (panel->isVisible() && !panel->isFloating())
        m_sizes.insert(panel, isSide(dockWidgetArea(const_cast<Panel *>(panel))) ? panel->width()
                                                                                 : panel->height());
    return m_sizes.value(panel);
}

QJsonArray Panels::state() const
{
    auto ordered = m_panels;
    // Those of one area from left to right and top to bottom, as they will be added again.
    const auto place = [](const Panel *panel) {
        return panel->isVisible() && !panel->isFloating() ? panel->x() + panel->y() : INT_MAX;
    };
    std::stable_sort(ordered.begin(), ordered.end(),
                     [&](const Panel *a, const Panel *b) { return place(a) < place(b); });
    QJsonArray out;
    QList<Panel *> seen;
    for (auto *panel : ordered) {
        QJsonObject o{{QStringLiteral("id"), panel->id()},
                      {QStringLiteral("open"), panel->wanted()},
                      {QStringLiteral("size"), sizeOf(panel)}};
        const auto area = dockWidgetArea(panel);
        for (const auto &name : kAreas) {
            if (name.area == area)
                o.insert(QStringLiteral("area"), QString(name.name));
        }
        for (auto *other : tabifiedDockWidgets(panel)) {
            if (auto *with = qobject_cast<Panel *>(other); with && seen.contains(with))
                o.insert(QStringLiteral("tabbed"), with->id());
        }
        if (panel->isFloating()) {
            const auto box = panel->geometry();
            o.insert(QStringLiteral("floating"),
                     QJsonArray{box.x(), box.y(), box.width(), box.height()});
        }
        seen << panel;
        out.append(o);
    }
    return out;
}

void Panels::restore(const QJsonArray &state)
{
    for (const auto &value : state) {
        const auto o = value.toObject();
        auto *panel = this->panel(o.value(QStringLiteral("id")).toString());
        if (!panel)
            continue; // of another version
        const auto size = o.value(QStringLiteral("size")).toInt();
        if (size > 0)
            m_sizes.insert(panel, std::clamp(size, kSmallest, kLargest));
        const auto areaName = o.value(QStringLiteral("area")).toString();
        auto area = panel->home();
        for (const auto &name : kAreas) {
            if (areaName == name.name)
                area = name.area;
        }
        const auto floating = o.value(QStringLiteral("floating")).toArray();
        auto *with = this->panel(o.value(QStringLiteral("tabbed")).toString());
        moveTo(panel, area);
        if (with && with != panel && dockWidgetArea(with) == area)
            tabifyDockWidget(with, panel);
        panel->setWanted(o.value(QStringLiteral("open")).toBool(true));
        if (floating.size() == 4 && panel->wanted()) {
            panel->setFloating(true);
            panel->setGeometry(onScreen({floating[0].toInt(), floating[1].toInt(),
                                         floating[2].toInt(), floating[3].toInt()}));
        }
    }
    applySizes();
}

void Panels::applySizes()
{
    if (!isVisible()) {
        m_sizesDue = true;
        return;
    }
    m_sizesDue = false;
    for (const auto orientation : {Qt::Horizontal, Qt::Vertical}) {
        QList<QDockWidget *> docks;
        QList<int> sizes;
        for (auto *panel : m_panels) {
            const auto side = isSide(dockWidgetArea(panel));
            if (panel->isHidden() || panel->isFloating() || side != (orientation == Qt::Horizontal))
                continue;
            docks << panel;
            sizes << m_sizes.value(panel);
        }
        if (!docks.isEmpty())
            resizeDocks(docks, sizes, orientation);
    }
}

void Panels::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
    // When the layout has its real size.
    if (m_sizesDue)
        QTimer::singleShot(0, this, &Panels::applySizes);
}

bool Panels::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize && isVisible() && !m_sizesDue)
        Q_EMIT changed();
    return QMainWindow::eventFilter(watched, event);
}

} // namespace flamewright
