#include "app/gui/action_registry.h"
#include "app/gui/captures_sidebar.h"
#include "app/gui/command_palette.h"
#include "app/gui/flame_tab.h"
#include "app/gui/function_table.h"
#include "app/gui/panels.h"
#include "app/gui/scope_bar.h"
#include "app/gui/shortcuts_dialog.h"
#include "app/gui/view_area.h"
#include "tests/gui/gui_fixture.h"
#include "views/qt/flame_widget.h"

#include <QAction>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QStandardItemModel>
#include <QTabBar>
#include <QTest>
#include <QToolButton>

using namespace flamewright;

namespace {

constexpr int kWait = 20000;

MainWindow *shown(GuiFixture &gui)
{
    auto *window = gui.open({gui.drawn()});
    [&] {
        QTRY_VERIFY_WITH_TIMEOUT(window->profile().profile() && window->isSettled(), kWait);
        window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(window));
        window->flamePane()->flame()->setFocus();
    }();
    return window;
}

QStringList tabs(const TabGroup *group)
{
    QStringList out;
    for (const auto &tab : group->tabs())
        out << tab.kind->id;
    return out;
}

QStringList paletteTexts(const MainWindow *window)
{
    QStringList out;
    const auto &model = window->palette()->model();
    for (int row = 0; row < model.rowCount(); ++row)
        out << model.index(row).data().toString();
    return out;
}

void collect(const QMenu *menu, QStringList &out)
{
    for (const auto *action : menu->actions()) {
        if (action->menu())
            collect(action->menu(), out);
        else if (!action->isSeparator() && !action->objectName().isEmpty())
            out << action->objectName();
    }
}

} // namespace

// Tabs, splits, panels and the palette, as a person uses them.
class TestShell : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void opensThePaletteAndRunsAnAction()
    {
        GuiFixture gui;
        auto *window = shown(gui);
        QTest::keyClick(window, Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        auto *palette = window->palette();
        QVERIFY(palette->isVisible());
        QVERIFY(palette->field()->hasFocus());
        QTest::keyClicks(palette->field(), "dark");
        QCOMPARE(palette->list()->currentIndex().data().toString(), QString("Dark"));
        QTest::keyClick(palette->field(), Qt::Key_Return);
        QVERIFY(!palette->isVisible());
        QVERIFY(gui.appearance.dark());
        QVERIFY(window->flamePane()->flame()->hasFocus()); // back where it was
        // What was used last is offered first; arrows walk, Esc leaves.
        QTest::keyClick(window, Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(palette->list()->currentIndex().data().toString(), QString("Dark"));
        QTest::keyClick(palette->field(), Qt::Key_Down);
        QCOMPARE(palette->list()->currentIndex().row(), 1);
        QTest::keyClick(palette->field(), Qt::Key_Up);
        QTest::keyClick(palette->field(), Qt::Key_Up);
        QCOMPARE(palette->list()->currentIndex().row(), palette->model().rowCount() - 1);
        QTest::keyClick(palette->field(), Qt::Key_Escape);
        QVERIFY(!palette->isVisible());
    }

    void drawsThePaletteInTheColoursOfTheTheme()
    {
        GuiFixture gui;
        auto *window = shown(gui);
        auto *palette = window->palette();
        for (const auto dark : {false, true}) {
            gui.appearance.choose(dark ? ThemeChoice::Dark : ThemeChoice::Light);
            palette->open();
            const auto *list = palette->list()->viewport();
            const auto picture = palette->list()->viewport()->grab().toImage();
            // Right of the text, in the chosen row and in the next one.
            const auto row = palette->list()->visualRect(palette->list()->currentIndex());
            for (const auto y : {row.center().y(), row.center().y() + row.height()}) {
                const auto shade = picture.pixelColor(list->width() / 2, y).lightness();
                QVERIFY2(dark ? shade < 80 : shade > 200, qPrintable(QString::number(shade)));
            }
            palette->dismiss();
        }
    }

    void findsFunctionsCapturesAndViewsInThePalette()
    {
        GuiFixture gui;
        auto *window = shown(gui);
        auto *palette = window->palette();
        palette->open("@dec");
        QTRY_COMPARE(paletteTexts(window), QStringList{"decode"});
        QTest::keyClick(palette->field(), Qt::Key_Return);
        QTRY_COMPARE(window->profile().selection().function.raw != 0, true);
        const auto &profile = *window->profile().profile();
        QCOMPARE(profile.functions[window->profile().selection().function.raw].name,
                 std::string("decode"));
        palette->open("show capture drawn");
        QVERIFY(paletteTexts(window).contains("Show capture drawn.folded"));
        palette->open("open functions");
        QVERIFY(paletteTexts(window).contains("Functions"));
        palette->open("nothing is called so");
        QVERIFY(paletteTexts(window).isEmpty());
    }

    void saysWhyAnActionCannotBeRun()
    {
        GuiFixture gui;
        auto *window = gui.open();
        window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(window));
        auto *palette = window->palette();
        palette->open("split right");
        const auto row = palette->list()->currentIndex();
        QCOMPARE(row.data().toString(), QString("Split right"));
        QVERIFY(!row.data(PaletteModel::ReasonRole).toString().isEmpty());
        QTest::keyClick(palette->field(), Qt::Key_Return);
        QVERIFY(palette->isVisible()); // its reason is still there to read
        QCOMPARE(window->views()->groups().size(), 1);
    }

    void findsEveryActionInMenusPaletteAndKeyList()
    {
        GuiFixture gui;
        auto *window = shown(gui);
        QStringList inMenus, inRegistry, titles;
        for (const auto *action : window->menuBar()->actions())
            collect(action->menu(), inMenus);
        QHash<QString, int> keys;
        for (const auto &entry : window->actions().entries()) {
            inRegistry << entry.spec.id;
            titles << entry.title();
            for (const auto &sequence : entry.action->shortcuts()) {
                QVERIFY2(!keys.contains(sequence.toString()), qPrintable(sequence.toString()));
                keys.insert(sequence.toString(), 1);
            }
        }
        inMenus.sort();
        inRegistry.sort();
        QCOMPARE(inMenus, inRegistry);
        QCOMPARE(QSet<QString>(inRegistry.begin(), inRegistry.end()).size(), inRegistry.size());
        window->palette()->open();
        const auto offered = paletteTexts(window);
        for (const auto &title : titles)
            QVERIFY2(offered.contains(title), qPrintable(title));
        const ShortcutsDialog dialog(window->actions(), WheelChoice::Scrolls);
        for (const auto &title : titles)
            QVERIFY2(!dialog.model().findItems(title, Qt::MatchRecursive).isEmpty(),
                     qPrintable(title));
        // What views do by themselves, too.
        QCOMPARE(dialog.model().findItems("Heat map").size(), 1);
        for (const auto *gesture : {"Zoom in time", "Show all of the time", "Zoom to the frame"})
            QVERIFY2(!dialog.model().findItems(gesture, Qt::MatchRecursive).isEmpty(), gesture);
    }

    void splitsMovesAndClosesTabs()
    {
        GuiFixture gui;
        auto *window = shown(gui);
        auto *views = window->views();
        QCOMPARE(tabs(views->activeGroup()), QStringList{"flame"});
        // The only tab is doubled, another one moves.
        QTest::keyClick(window, Qt::Key_Backslash, Qt::ControlModifier);
        QCOMPARE(views->groups().size(), 2);
        QCOMPARE(views->activeGroup(), views->groups()[1]);
        QTRY_VERIFY(views->groups()[0]->geometry().right() < views->groups()[1]->geometry().left());
        window->actions().action("view.open.functions")->trigger();
        QCOMPARE(tabs(views->activeGroup()), (QStringList{"flame", "functions"}));
        QTest::keyClick(window, Qt::Key_Backslash, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(views->groups().size(), 3);
        QCOMPARE(tabs(views->groups()[1]), QStringList{"flame"});
        QCOMPARE(tabs(views->groups()[2]), QStringList{"functions"});
        QTRY_VERIFY(views->groups()[2]->mapTo(window, QPoint()).y() >
                    views->groups()[1]->mapTo(window, QPoint()).y());
        // Both flame graphs follow one selection.
        window->profile().selectFunction(FunctionId{2});
        for (auto *pane : views->panes()) {
            if (auto *flame = qobject_cast<FlameTab *>(pane))
                QTRY_COMPARE(flame->flamePane()->flame()->view().selected(), // drawn by a job
                             window->profile().selection().node);
        }
        // A click into another group makes it the active one.
        QTest::mouseClick(views->groups()[0]->tabs()[0].pane->findChild<FlameWidget *>(),
                          Qt::LeftButton, {}, QPoint(30, 300));
        QTRY_COMPARE(views->activeGroup(), views->groups()[0]);
        // Away again, by key and by the cross on the tab.
        QTest::keyClick(window, Qt::Key_W, Qt::ControlModifier);
        QCOMPARE(views->groups().size(), 2);
        auto *last = views->groups()[1];
        auto *cross = last->bar()->tabButton(0, QTabBar::RightSide);
        QVERIFY(cross);
        QTest::mouseClick(cross, Qt::LeftButton);
        QCOMPARE(views->groups().size(), 1);
        QCOMPARE(tabs(views->activeGroup()), QStringList{"flame"});
        // The last one leaves a place that offers views.
        QTest::keyClick(window, Qt::Key_W, Qt::ControlModifier);
        QCOMPARE(views->panes().size(), 0);
        QVERIFY(!window->flamePane());
        QVERIFY(!window->actions().action("flame.icicle")->isEnabled());
        auto *button = views->findChild<QPushButton *>();
        QVERIFY(button && button->isVisible());
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(tabs(views->activeGroup()), QStringList{"flame"});
    }

    void walksTabsByKey()
    {
        GuiFixture gui;
        auto *window = shown(gui);
        auto *views = window->views();
        views->open("functions");
        views->open("flame");
        auto *group = views->activeGroup();
        QCOMPARE(group->current(), 2);
        QTest::keyClick(window, Qt::Key_PageDown, Qt::ControlModifier);
        QCOMPARE(group->current(), 0);
        QTest::keyClick(window, Qt::Key_PageUp, Qt::ControlModifier);
        QCOMPARE(group->current(), 2);
        QTest::keyClick(window, Qt::Key_PageUp, Qt::ControlModifier);
        QCOMPARE(group->current(), 1);
        // Tabs can be dragged into another order; what is shown moves with them.
        group->bar()->moveTab(1, 0);
        QCOMPARE(tabs(group), (QStringList{"functions", "flame", "flame"}));
        QCOMPARE(views->currentKind(), QString("functions"));
    }

    void goesRoundTheAreasWithF6()
    {
        GuiFixture gui;
        auto *window = shown(gui);
        window->views()->split(Qt::Horizontal);
        const auto area = [&]() -> QString {
            const auto *focus = QApplication::focusWidget();
            if (!focus)
                return "none";
            if (window->scopeBar()->isAncestorOf(focus))
                return "bar";
            for (auto *panel : window->panels()->all()) {
                if (panel->isAncestorOf(focus))
                    return panel->id();
            }
            for (int i = 0; i < window->views()->groups().size(); ++i) {
                if (window->views()->groups()[i]->isAncestorOf(focus))
                    return "group" + QString::number(i);
            }
            return "elsewhere";
        };
        window->scopeBar()->focusSearch();
        QStringList walked;
        for (int i = 0; i < 6; ++i) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_F6);
            walked << area();
        }
        QCOMPARE(walked.mid(0, 4), (QStringList{"captures", "group0", "group1", "functions"}));
        QVERIFY(walked.contains("bar"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_F6, Qt::ShiftModifier);
        QVERIFY(area() != walked.last());
    }

    void closesFloatsMovesAndReopensPanels()
    {
        GuiFixture gui;
        auto *window = shown(gui);
        auto *captures = window->panels()->panel("captures");
        QVERIFY(captures->isVisible());
        QVERIFY(captures->width() >= 200);
        QTest::keyClick(window, Qt::Key_B, Qt::ControlModifier);
        QVERIFY(!captures->isVisible());
        QVERIFY(!window->actions().action("panel.captures")->isChecked());
        window->actions().action("panel.captures")->trigger();
        QVERIFY(captures->isVisible());
        Q_EMIT captures->moveRequested(Qt::RightDockWidgetArea);
        QTRY_VERIFY(captures->mapTo(window, QPoint()).x() > window->width() / 2);
        captures->setFloating(true);
        QVERIFY(captures->isWindow());
        // Its window is closed: the panel is, and can be opened again.
        captures->close();
        QVERIFY(!captures->wanted());
        window->actions().action("view.resetLayout")->trigger();
        QTRY_VERIFY(captures->isVisible() && !captures->isFloating());
        QTRY_VERIFY(captures->mapTo(window, QPoint()).x() < 10);
    }
};

QTEST_MAIN(TestShell)
#include "tst_shell.moc"
