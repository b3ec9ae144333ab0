#pragma once

#include "app/gui/view_catalogue.h"

#include <QList>
#include <QWidget>

class QAction;
class QStackedWidget;
class QTabBar;
class QToolButton;

namespace flamewright {

class ViewPane;

// Views that share a place, one of them visible: a bar of tabs, "+", "Split", the view. Empty, it
// offers the views that could be opened. Acts on nothing itself: ViewArea does.
class TabGroup : public QWidget {
    Q_OBJECT

public:
    struct Tab {
        const ViewKind *kind = nullptr;
        ViewPane *pane = nullptr;
    };

    explicit TabGroup(QWidget *parent = nullptr);

    int count() const { return static_cast<int>(m_tabs.size()); }
    int current() const;
    const QList<Tab> &tabs() const { return m_tabs; }
    ViewPane *currentPane() const;
    QTabBar *bar() const { return m_bar; }
    QWidget *header() const { return m_header; } // the row that the bar is in

    void insert(int at, const Tab &tab);
    // The pane is the caller's then.
    Tab take(int at);
    void setCurrent(int at);
    // Several groups: the one that keys act on is marked.
    void setMarked(bool marked);
    // Gives the keyboard to the visible view.
    void focusView();

    void setOpenActions(const QList<QAction *> &actions);
    void setTabActions(const QList<QAction *> &actions);

Q_SIGNALS:
    void currentChanged();
    void moved();
    void closeRequested(int at);
    void touched(); // clicked somewhere in the bar: becomes the active one

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QToolButton *barButton(Glyph glyph, const QString &name);
    void popUp(QToolButton *button, const QList<QAction *> &actions);
    void followCount();

    QList<Tab> m_tabs; // in the order of the bar
    QList<QAction *> m_openActions, m_tabActions;
    QWidget *m_header;
    QTabBar *m_bar;
    QToolButton *m_add, *m_split;
    QStackedWidget *m_stack;
    QWidget *m_empty;
};

} // namespace flamewright
