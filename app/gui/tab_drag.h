#pragma once

#include "app/gui/tab_drop.h"

#include <QObject>
#include <QPointer>

#include <functional>
#include <optional>

class QMouseEvent;
class QTabBar;

namespace flamewright {

class TabDropOverlay;
class TabGroup;
class ViewPane;

// Tabs dragged with the mouse from group to group. Within its bar a tab is moved by the bar
// itself; pulled out of it, this takes over until the button is released. Escape puts the tab back
// to where it was. Moves nothing itself: it says where a tab was dropped.
class TabDrag : public QObject {
    Q_OBJECT

public:
    // `dropAt`: what dropping a tab of `from` at a point of the area means; nothing: it stays.
    using DropAt = std::function<std::optional<TabDrop>(TabGroup *from, QPoint at)>;
    TabDrag(QWidget *area, DropAt dropAt);
    ~TabDrag() override;

    void watch(TabGroup *group);
    // A tab is out of its bar.
    bool dragging() const { return m_pulled; }
    TabDropOverlay *overlay() const { return m_overlay; }

Q_SIGNALS:
    void dropped(flamewright::TabGroup *from, int at, const flamewright::TabDrop &to);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void press(TabGroup *group, const QMouseEvent &event);
    // Whether the event is used up.
    bool move(const QMouseEvent &event);
    bool release();
    void pullOut();
    void cancel();
    void end();
    int place() const; // of the tab in its group; -1: gone

    QWidget *m_area;
    DropAt m_dropAt;
    TabDropOverlay *m_overlay;
    QPointer<TabGroup> m_group; // whose tab is pressed
    QPointer<ViewPane> m_pane;
    int m_from = -1; // its place when it was pressed
    bool m_pulled = false;
    bool m_letGo = false; // the bar is being told that its own drag is over
    std::optional<TabDrop> m_drop;
};

} // namespace flamewright
