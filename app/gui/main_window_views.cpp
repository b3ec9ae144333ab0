#include "app/gui/action_registry.h"
#include "app/gui/compare_bar.h"
#include "app/gui/flame_pane.h"
#include "app/gui/main_window.h"
#include "app/gui/palette.h"
#include "app/gui/panels.h"
#include "app/gui/scope_bar.h"
#include "app/gui/settings.h"
#include "app/gui/view_area.h"
#include "app/gui/view_pane.h"
#include "views/qt/flame_widget.h"

#include <QAbstractItemView>
#include <QAction>
#include <QApplication>

// What can be done with views and panels.
namespace flamewright {
namespace {

// Where the keyboard goes in a panel: a list rather than a button.
QWidget *firstFocusable(const QWidget *area)
{
    QWidget *first = nullptr;
    for (auto *child : area->findChildren<QWidget *>()) {
        if (!child->isVisibleTo(area) || !child->isEnabled() ||
            !(child->focusPolicy() & Qt::TabFocus))
            continue;
        if (qobject_cast<QAbstractItemView *>(child))
            return child;
        if (!first)
            first = child;
    }
    return first;
}

} // namespace

void MainWindow::addViewActions()
{
    const auto needsView = [this] {
        return m_views->current() ? needsCapture() : tr("No view is open.");
    };
    auto &a = *m_actions;
    QList<QAction *> open, tab;
    a.beginMenu(tr("&View/&Open view"));
    for (const auto &kind : m_views->kinds()) {
        auto *action = a.add({.id = QStringLiteral("view.open.") + kind.id,
                              .text = kind.title,
                              .run = [this, id = kind.id] { m_views->open(id); },
                              .whyNot = [this] { return needsCapture(); },
                              .words = tr("open view tab")});
        action->setIcon(glyphIcon(kind.icon));
        open << action;
    }
    a.beginMenu(tr("&View"));
    const auto add = [&](const char *id, const QString &text, const QString &keys, auto run,
                         std::function<QString()> whyNot) {
        tab << a.add({.id = QString::fromLatin1(id),
                      .text = text,
                      .keys = keys.isEmpty() ? QList<QKeySequence>() : QList{QKeySequence(keys)},
                      .run = run,
                      .whyNot = std::move(whyNot)});
    };
    const auto needsRoom = [this, needsView] {
        return !m_views->current() || m_views->canSplit()
                   ? needsView()
                   : tr("There are as many views as fit into a window.");
    };
    add(
        "view.splitRight", tr("Split &right"), tr("Ctrl+\\"),
        [this] { m_views->split(Qt::Horizontal); }, needsRoom);
    add(
        "view.splitDown", tr("Split &down"), tr("Ctrl+Shift+\\"),
        [this] { m_views->split(Qt::Vertical); }, needsRoom);
    add(
        "view.moveToNext", tr("&Move to the next split"), {},
        [this] { m_views->moveToNextGroup(); },
        [this, needsView] {
            return m_views->groups().size() > 1 ? needsView() : tr("There is only one split.");
        });
    add(
        "view.closeTab", tr("&Close view"), tr("Ctrl+W"), [this] { m_views->closeCurrent(); },
        needsView);
    const auto step = [&](const char *id, const QString &text, const QString &keys, int by) {
        a.add({.id = QString::fromLatin1(id),
               .text = text,
               .keys = {QKeySequence(keys)},
               .run = [this, by] { m_views->step(by); },
               .whyNot = needsView});
    };
    step("view.nextTab", tr("Ne&xt tab"), tr("Ctrl+PgDown"), 1);
    step("view.previousTab", tr("&Previous tab"), tr("Ctrl+PgUp"), -1);
    const auto area = [&](const char *id, const QString &text, const QString &keys, int by) {
        a.add({.id = QString::fromLatin1(id),
               .text = text,
               .keys = {QKeySequence(keys)},
               .run = [this, by] { focusNextArea(by); },
               .whyNot = [this] { return needsCapture(); },
               .words = tr("focus panel split")});
    };
    area("view.nextArea", tr("Next are&a"), tr("F6"), 1);
    area("view.previousArea", tr("Previous area"), tr("Shift+F6"), -1);
    addFlameActions();
    addLoadActions();
    addTimelineActions();
    addPanelActions();
    addThemeActions();
    m_views->setActions(open, tab);
}

void MainWindow::addPanelActions()
{
    auto &a = *m_actions;
    a.beginMenu(tr("&View/Pane&ls"));
    for (auto *panel : m_panels->all()) {
        const auto keys = panel->id() == QLatin1String("captures")    ? tr("Ctrl+B")
                          : panel->id() == QLatin1String("inspector") ? tr("Ctrl+I")
                          : panel->id() == QLatin1String("functions") ? tr("Ctrl+J")
                                                                      : QString();
        a.add({.id = QStringLiteral("panel.") + panel->id(),
               .text = panel->windowTitle(),
               .keys = keys.isEmpty() ? QList<QKeySequence>() : QList{QKeySequence(keys)},
               .run = [panel] { panel->setWanted(!panel->wanted()); },
               .checked = [panel] { return panel->wanted(); },
               .words = tr("show hide panel")});
    }
    a.beginSection();
    a.add({.id = QStringLiteral("view.resetLayout"),
           .text = tr("&Reset layout"),
           .run =
               [this] {
                   m_panels->reset();
                   m_views->reset();
               },
           .words = tr("default panels tabs splits")});
}

void MainWindow::addThemeActions()
{
    auto &a = *m_actions;
    a.beginMenu(tr("&View/&Theme"));
    const auto theme = [&](const QString &text, const QString &id, ThemeChoice choice) {
        a.add({.id = QStringLiteral("theme_") + id,
               .text = text,
               .run =
                   [this, choice] {
                       auto preferences = m_services.settings.preferences();
                       preferences.theme = choice;
                       m_services.settings.setPreferences(preferences);
                       m_services.appearance.choose(choice); // may differ: --theme
                   },
               .checked = [this, choice] { return m_services.appearance.choice() == choice; },
               .words = tr("theme colours")});
    };
    theme(tr("As the &desktop"), QStringLiteral("system"), ThemeChoice::System);
    theme(tr("&Light"), QStringLiteral("light"), ThemeChoice::Light);
    theme(tr("&Dark"), QStringLiteral("dark"), ThemeChoice::Dark);
}

// From part to part of the window: scope bar, panels, groups of views.
void MainWindow::focusNextArea(int by)
{
    QList<QWidget *> areas{m_scopeBar};
    if (m_compareBar->isVisible())
        areas << m_compareBar;
    const auto panel = [&](const char *id) {
        auto *found = m_panels->panel(QString::fromLatin1(id));
        if (found && found->isVisible())
            areas << found;
    };
    panel("captures");
    panel("scopes");
    for (auto *group : m_views->groups())
        areas << group;
    panel("functions");
    panel("inspector");
    qsizetype now = -1;
    const auto *focus = QApplication::focusWidget();
    for (qsizetype i = 0; i < areas.size(); ++i) {
        if (focus && (areas[i] == focus || areas[i]->isAncestorOf(focus)))
            now = i;
    }
    for (qsizetype step = 1; step <= areas.size(); ++step) {
        auto *area = areas[((now + by * step) % areas.size() + areas.size()) % areas.size()];
        if (auto *group = qobject_cast<TabGroup *>(area)) {
            m_views->activate(group);
            group->focusView();
        } else if (area == m_scopeBar) {
            m_scopeBar->focusSearch();
        } else if (auto *target = firstFocusable(area)) {
            target->setFocus(Qt::TabFocusReason);
        }
        if (QApplication::focusWidget() != focus)
            return;
    }
}

void MainWindow::escape()
{
    // From the innermost outwards: search, selection, zoom.
    if (!m_scope.scope().search.empty()) {
        m_scope.setSearch({});
        m_scope.commitSearch();
    } else if (m_compare.selected()) {
        m_compare.select({});
    } else if (m_views->subject() == Subject::LoadTest) {
        m_load.setEmphasis({});
        m_load.chooseGroups({});
    } else if (m_profile.selection().node != 0) {
        m_profile.selectNode(0);
    } else if (auto *flame = flamePane()) {
        flame->flame()->resetZoom();
    }
}

} // namespace flamewright
