#include "app/gui/tab_drag.h"
#include "app/gui/tab_drop_overlay.h"
#include "app/gui/tab_group.h"
#include "app/gui/view_area.h"
#include "app/gui/view_pane.h"
#include "tests/gui/gui_fixture.h"

#include <QApplication>
#include <QTabBar>
#include <QWindow>

using namespace flamewright;

namespace {

QStringList tabs(const TabGroup *group)
{
    QStringList out;
    for (const auto &tab : group->tabs())
        out << tab.kind->id;
    return out;
}

// A window with a capture and one group of three tabs, and a hand with a mouse: what it does goes
// through the window system's queue, so that grabs and event filters work as for a person.
struct Hand {
    GuiFixture gui;
    MainWindow *window = nullptr;
    ViewArea *views = nullptr;

    Hand()
    {
        window = gui.open({gui.drawn()});
        if (!settled(window))
            qFatal("the session did not come");
        window->activateWindow();
        if (!QTest::qWaitForWindowActive(window))
            qFatal("the window is not active");
        views = window->views();
        views->open("functions");
        views->open("sql");
        if (!QTest::qWaitFor([this] { return isLaidOut(0); }))
            qFatal("the tabs have no room");
    }
    // Until then tabs are moved out of sight to make room for others.
    bool isLaidOut(int at) const
    {
        const auto *bar = group(at)->bar();
        return bar->tabRect(0).left() >= 0 && bar->tabRect(bar->count() - 1).right() < bar->width();
    }
    TabGroup *group(int at) const { return views->groups().value(at); }
    QPoint tabAt(int group, int tab) const
    {
        const auto *bar = this->group(group)->bar();
        return bar->mapTo(window, bar->tabRect(tab).center() - QPoint(10, 0));
    }
    // A point of a group's view, as shares of it.
    QPoint in(int group, double across, double down) const
    {
        const auto *pane = this->group(group)->currentPane();
        return pane->mapTo(window, QPoint(static_cast<int>(pane->width() * across),
                                          static_cast<int>(pane->height() * down)));
    }
    void press(QPoint at) const
    {
        QTest::mousePress(window->windowHandle(), Qt::LeftButton, {}, at);
    }
    // In steps, as hands do.
    void pull(QPoint from, QPoint to) const
    {
        for (int i = 1; i <= 6; ++i)
            QTest::mouseMove(window->windowHandle(), from + (to - from) * i / 6);
    }
    void release(QPoint at) const
    {
        QTest::mouseRelease(window->windowHandle(), Qt::LeftButton, {}, at);
    }
    void drag(QPoint from, QPoint to) const
    {
        press(from);
        pull(from, to);
        release(to);
    }
    QRect mark() const { return views->drag().overlay()->mark(); }
};

} // namespace

// Tabs dragged with the mouse between splits and to their edges.
class TestTabDrag : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void edgeOfASplitMakesANewOne_data()
    {
        QTest::addColumn<double>("across");
        QTest::addColumn<double>("down");
        QTest::addColumn<bool>("sideways");
        QTest::addColumn<int>("place");
        QTest::newRow("right") << 0.95 << 0.5 << true << 1;
        QTest::newRow("left") << 0.05 << 0.5 << true << 0;
        QTest::newRow("below") << 0.5 << 0.95 << false << 1;
        QTest::newRow("above") << 0.5 << 0.05 << false << 0;
    }
    void edgeOfASplitMakesANewOne()
    {
        QFETCH(const double, across);
        QFETCH(const double, down);
        QFETCH(const bool, sideways);
        QFETCH(const int, place);
        Hand hand;
        auto *pane = hand.group(0)->tabs()[1].pane;
        hand.drag(hand.tabAt(0, 1), hand.in(0, across, down));
        QCOMPARE(hand.views->groups().size(), 2);
        QCOMPARE(tabs(hand.group(place)), QStringList{"functions"});
        QCOMPARE(hand.group(place)->currentPane(), pane); // the same view, not another one
        QCOMPARE(tabs(hand.group(1 - place)), (QStringList{"flame", "sql"}));
        QCOMPARE(hand.views->activeGroup(), hand.group(place));
        const auto left = hand.group(0)->mapTo(hand.window, QPoint());
        QTRY_VERIFY(sideways ? hand.group(1)->mapTo(hand.window, QPoint()).x() > left.x()
                             : hand.group(1)->mapTo(hand.window, QPoint()).y() > left.y());
        // It is part of the layout that the session keeps.
        const auto kept = hand.views->state();
        hand.views->reset();
        QVERIFY(hand.views->restore(kept));
        QCOMPARE(tabs(hand.group(place)), QStringList{"functions"});
    }

    void showsWhereItWouldGo()
    {
        Hand hand;
        const auto from = hand.tabAt(0, 1);
        hand.press(from);
        QVERIFY(!hand.views->drag().overlay()->isVisible());
        hand.pull(from, hand.in(0, 0.95, 0.5));
        QVERIFY(hand.views->drag().dragging());
        QVERIFY(hand.views->drag().overlay()->isVisible());
        const auto whole = hand.views->rect();
        QVERIFY(hand.mark().left() >= whole.center().x() - 2);
        QVERIFY(hand.mark().width() > whole.width() / 3);
        // Outside of the views it can go nowhere, and stays.
        hand.pull(hand.in(0, 0.95, 0.5), QPoint(20, 10));
        QVERIFY(hand.mark().isEmpty());
        hand.release(QPoint(20, 10));
        QVERIFY(!hand.views->drag().overlay()->isVisible());
        QVERIFY(!QApplication::overrideCursor());
        QCOMPARE(tabs(hand.group(0)), (QStringList{"flame", "functions", "sql"}));
    }

    void barOfAnotherSplitTakesItBetweenItsTabs()
    {
        Hand hand;
        hand.drag(hand.tabAt(0, 2), hand.in(0, 0.95, 0.5)); // sql to the right
        QCOMPARE(hand.views->groups().size(), 2);
        QTRY_VERIFY(hand.isLaidOut(0) && hand.isLaidOut(1) &&
                    hand.group(1)->x() > hand.group(0)->geometry().right());
        QCoreApplication::processEvents();
        hand.drag(hand.tabAt(0, 1), hand.tabAt(1, 0) - QPoint(20, 0));
        QCOMPARE(tabs(hand.group(0)), QStringList{"flame"});
        QCOMPARE(tabs(hand.group(1)), (QStringList{"functions", "sql"}));
        // The last tab takes its split with it; the middle of a view is its tabs, too.
        hand.drag(hand.tabAt(0, 0), hand.in(1, 0.5, 0.5));
        QCOMPARE(hand.views->groups().size(), 1);
        QCOMPARE(tabs(hand.group(0)), (QStringList{"functions", "sql", "flame"}));
        QCOMPARE(hand.views->currentKind(), QString("flame"));
        QVERIFY(hand.views->current()->isVisible());
    }

    void onlyTabCannotBeBesideItself()
    {
        Hand hand;
        hand.views->closeCurrent();
        hand.views->closeCurrent();
        QCOMPARE(hand.group(0)->count(), 1);
        const auto from = hand.tabAt(0, 0);
        hand.press(from);
        hand.pull(from, hand.in(0, 0.95, 0.5));
        QVERIFY(hand.mark().isEmpty());
        hand.release(hand.in(0, 0.95, 0.5));
        QCOMPARE(hand.views->groups().size(), 1);
        QCOMPARE(hand.group(0)->count(), 1);
    }

    void escapePutsItBack()
    {
        Hand hand;
        const auto from = hand.tabAt(0, 0);
        hand.press(from);
        // First along the bar, which moves it, then out of it.
        hand.pull(from, hand.tabAt(0, 2));
        QVERIFY(tabs(hand.group(0)).indexOf("flame") > 0);
        hand.pull(hand.tabAt(0, 2), hand.in(0, 0.95, 0.5));
        QVERIFY(hand.views->drag().dragging());
        QTest::keyClick(hand.window->windowHandle(), Qt::Key_Escape);
        QVERIFY(!hand.views->drag().dragging());
        QVERIFY(!hand.views->drag().overlay()->isVisible());
        QCOMPARE(tabs(hand.group(0)), (QStringList{"flame", "functions", "sql"}));
        hand.pull(hand.in(0, 0.95, 0.5), hand.in(0, 0.9, 0.6));
        hand.release(hand.in(0, 0.9, 0.6));
        QCOMPARE(hand.views->groups().size(), 1);
        QCOMPARE(tabs(hand.group(0)), (QStringList{"flame", "functions", "sql"}));
        // And the next one is as good as the first.
        hand.drag(hand.tabAt(0, 0), hand.in(0, 0.95, 0.5));
        QCOMPARE(hand.views->groups().size(), 2);
    }

    void staysAmongItsTabsWhileInTheBar()
    {
        Hand hand;
        hand.drag(hand.tabAt(0, 0), hand.tabAt(0, 1) + QPoint(0, 4));
        QTRY_COMPARE(tabs(hand.group(0)), (QStringList{"functions", "flame", "sql"}));
        QCOMPARE(hand.views->groups().size(), 1);
        QVERIFY(!hand.views->drag().dragging());
    }
};

QTEST_MAIN(TestTabDrag)
#include "tst_tab_drag.moc"
