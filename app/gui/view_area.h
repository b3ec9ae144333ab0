#pragma once

#include "app/gui/tab_drop.h"
#include "app/gui/tab_group.h"
#include "app/gui/view_catalogue.h"

#include <QJsonObject>
#include <QList>
#include <QPointer>
#include <QWidget>

#include <optional>
#include <vector>

class QSplitter;

namespace flamewright {

class TabDrag;

// The middle of the window: views as tabs, in groups that share the place by splitters.
//
//   +-- group --+-- group --+      root splitter (horizontal)
//   | Flame     | SQL       |        group, splitter (vertical)
//   |           +-- group --+                 group, group
//   |           | Functions |
//   +-----------+-----------+
//
// One group is active: keys and menus act on its visible tab. There is always at least one group.
class ViewArea : public QWidget {
    Q_OBJECT

public:
    ViewArea(const ViewContext &context, std::vector<ViewKind> kinds, QWidget *parent = nullptr);
    ~ViewArea() override;

    const std::vector<ViewKind> &kinds() const { return m_kinds; }
    // Menus of every group, made of the window's actions. Call once, before anything is opened.
    void setActions(const QList<QAction *> &open, const QList<QAction *> &tab);

    // Another tab of this kind in the active group; null: there is no such kind, or too many tabs.
    ViewPane *open(const QString &kind);
    // The tab of this kind that is there already comes to the front, else a new one.
    ViewPane *show(const QString &kind);
    void closeCurrent();
    // The tab goes into a new group beside or below; the only one of its group is doubled.
    void split(Qt::Orientation orientation);
    bool canSplit() const;
    void moveToNextGroup();
    // A tab to another place, as when it is dragged there.
    void moveTab(TabGroup *from, int at, const TabDrop &to);
    const TabDrag &drag() const { return *m_drag; }
    void step(int by); // next and previous tab of the group, around
    // The views that captures of the subject begin with.
    void reset();
    // What the shown captures are. Views for others are covered by words that offer one for these.
    // `requests`: load tests have some, not only figures that their tool computed.
    // What the captures are about; `also`: what else some of them hold, as a trace with samples.
    void setSubject(Subject subject, std::vector<Subject> also = {});
    Subject subject() const { return m_subject; }
    // Some of the captures are about it.
    bool shows(Subject subject) const;
    // A view for the subject comes to the front wherever one for others is; opened if there is none.
    void showSuitable();

    ViewPane *current() const;
    QString currentKind() const;
    QList<TabGroup *> groups() const; // from left to right, top to bottom
    QList<ViewPane *> panes() const;
    TabGroup *activeGroup() const { return m_active; }
    void activate(TabGroup *group);
    // The visible one of this type in the active group, else the first there is.
    template <class Pane>
    Pane *find() const
    {
        if (auto *pane = qobject_cast<Pane *>(current()))
            return pane;
        for (auto *pane : panes()) {
            if (auto *found = qobject_cast<Pane *>(pane))
                return found;
        }
        return nullptr;
    }

    // {"root": NODE, "active": N}; a NODE is {"split": "right"|"down", "sizes", "parts": [NODE]}
    // or {"tabs": [{"view", "state"}], "current": N}.
    QJsonObject state() const;
    // False, and nothing has changed, when there is no layout in it. Views that this program does
    // not know are left out.
    bool restore(const QJsonObject &state);

Q_SIGNALS:
    void currentChanged();
    void flameGraphRequested();            // for the selected function
    void changed();                        // state() is another one now
    void problem(const QString &sentence); // of one of the views

private:
    struct Budget;
    TabGroup *makeGroup();
    QSplitter *makeSplitter(Qt::Orientation orientation);
    ViewPane *makePane(const ViewKind &kind);
    const ViewKind *kindNamed(const QString &id) const;
    void close(TabGroup *group, int at);
    TabGroup *makeGroupBeside(TabGroup *group, Qt::Orientation orientation, bool before);
    std::optional<TabDrop> dropAt(TabGroup *from, QPoint at) const;
    void finishMove(TabGroup *from, TabGroup *to);
    void removeGroup(TabGroup *group);
    void replaceRoot(QSplitter *root);
    QWidget *build(const QJsonObject &node, int depth, Budget &budget);
    QJsonObject describe(const QWidget *node) const;
    void mark();
    void coverUnsuitable(const ViewKind &kind, ViewPane *pane) const;
    bool suits(const ViewKind &kind) const;
    const ViewKind *leadKind() const;

    ViewContext m_context;
    std::vector<ViewKind> m_kinds;
    QList<QAction *> m_openActions, m_tabActions;
    TabDrag *m_drag;
    QSplitter *m_root = nullptr;
    QPointer<TabGroup> m_active;
    bool m_restoring = false;
    Subject m_subject = Subject::Profile;
    std::vector<Subject> m_also;
};

} // namespace flamewright
