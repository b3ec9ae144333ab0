#pragma once

#include <QDockWidget>
#include <QHash>
#include <QJsonArray>
#include <QList>
#include <QMainWindow>

namespace flamewright {

class DockTitle;

// A panel that can be moved, floated, closed and opened again. Whether somebody wants to see it
// and whether it has anything to show are two things.
class Panel : public QDockWidget {
    Q_OBJECT

public:
    Panel(const QString &id, const QString &title, QWidget *content, Qt::DockWidgetArea area,
          QWidget *parent);

    const QString &id() const { return m_id; }
    DockTitle *titleBar() const { return m_titleBar; }
    Qt::DockWidgetArea home() const { return m_home; }
    bool wanted() const { return m_wanted; }
    void setWanted(bool wanted);
    void setUseful(bool useful);

Q_SIGNALS:
    void wantedChanged();
    void moveRequested(Qt::DockWidgetArea area);

protected:
    void closeEvent(QCloseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void follow();

    QString m_id;
    Qt::DockWidgetArea m_home;
    DockTitle *m_titleBar;
    bool m_wanted = true, m_useful = true;
};

// The middle of the window with panels around it. (A main window in the main window: its scope bar
// and status line are as wide as the window, which docks of the outer one would not allow.)
class Panels : public QMainWindow {
    Q_OBJECT

public:
    explicit Panels(QWidget *parent = nullptr);

    // `size`: its width at the sides, its height above and below.
    Panel *add(const QString &id, const QString &title, QWidget *content, Qt::DockWidgetArea area,
               int size, bool wanted = true);
    const QList<Panel *> &all() const { return m_panels; }
    Panel *panel(const QString &id) const;
    // As it was made.
    void reset();

    // [{"id", "area", "open", "size", "tabbed", "floating": [x, y, w, h]}], in order. Not Qt's own
    // saveState(): a session may be a stranger's, and QDataStream trusts what it reads.
    QJsonArray state() const;
    void restore(const QJsonArray &state);

Q_SIGNALS:
    void changed();

protected:
    void showEvent(QShowEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    int sizeOf(const Panel *panel) const;
    void applySizes();
    void moveTo(Panel *panel, Qt::DockWidgetArea area);

    QList<Panel *> m_panels;
    mutable QHash<const Panel *, int> m_sizes; // last seen, for panels that are hidden now
    QJsonArray m_initial;
    bool m_sizesDue = true;
};

} // namespace flamewright
