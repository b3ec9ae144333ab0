#pragma once

#include <QWidget>

class QHBoxLayout;
class QToolButton;

namespace flamewright {

class Panel;

// The slim title bar of a panel: its name, what the panel adds, a menu and a cross. Dragging it
// moves the panel.
class DockTitle : public QWidget {
    Q_OBJECT

public:
    DockTitle(const QString &title, Panel *panel);

    // A control of the panel, before menu and cross.
    void addControl(QWidget *control);

    // A dock gives its title the height of the hint, not that of the minimum.
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

private:
    void openMenu();

    Panel *m_panel;
    QHBoxLayout *m_controls;
    QToolButton *m_more;
};

} // namespace flamewright
