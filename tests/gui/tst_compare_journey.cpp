#include "app/gui/action_registry.h"
#include "app/gui/captures_sidebar.h"
#include "app/gui/compare_bar.h"
#include "app/gui/diff_table_pane.h"
#include "app/gui/side_slot.h"
#include "app/gui/view_area.h"
#include "tests/gui/gui_fixture.h"

#include <QDropEvent>
#include <QLineEdit>
#include <QListView>
#include <QMimeData>
#include <QTableView>
#include <QTimer>
#include <QToolButton>
#include <QUrl>
#include <QWindow>

#include <cmath>
#include <functional>

using namespace flamewright;

namespace {

// Two profiles whose numbers are easy to check by hand, of 10,000 and 8,700 samples:
//   main: parse (read 3000 -> 3000, decode 2000 -> 500), write 4000 -> 4000, flush 1000 -> 1000,
//   and cache, which only the second has: 200.
QByteArray before()
{
    return "main;parse;read 3000\nmain;parse;decode 2000\nmain;write 4000\nmain;write;flush 1000\n";
}
QByteArray after()
{
    return "main;parse;read 3000\nmain;parse;decode 500\nmain;write 4000\nmain;write;flush 1000\n"
           "main;cache 200\n";
}

struct Bench {
    GuiFixture gui;
    MainWindow *window = nullptr;

    explicit Bench(const QStringList &names = {"shop-before.folded", "shop-after.folded"})
    {
        QStringList paths;
        for (const auto &name : names)
            paths << gui.write(name, name.contains("before") ? before() : after());
        window = gui.open(paths);
        const auto all = static_cast<std::size_t>(names.size());
        if (!QTest::qWaitFor(
                [&] { return window->document().captures().size() == all && window->isSettled(); },
                kGuiWait))
            qFatal("the captures did not come");
        window->activateWindow();
        if (!QTest::qWaitForWindowActive(window))
            qFatal("the window is not active");
    }
    QListView *list() const { return window->sidebar()->list(); }
    SideSlot *slot(CaptureRole role) const { return window->compareBar()->slot(role); }
    QPoint inWindow(const QWidget *widget, QPoint at) const { return widget->mapTo(window, at); }
    QPoint rowAt(int row) const
    {
        const auto box = list()->visualRect(list()->model()->index(row, 0));
        return inWindow(list()->viewport(), box.center());
    }
    // A hand with a mouse: the row is taken, moved over the window and let go over the target. The
    // drag has an event loop of its own, so that the hand moves from within.
    void drag(int row, const QWidget *target, Qt::KeyboardModifiers keys = {}) const
    {
        auto *screen = window->windowHandle();
        const auto from = rowAt(row), to = inWindow(target, target->rect().center());
        QTimer hand;
        int step = 0;
        QObject::connect(&hand, &QTimer::timeout, window, [&] {
            ++step;
            if (step <= 6)
                QTest::mouseMove(screen, from + (to - from) * step / 6);
            else
                QTest::mouseRelease(screen, Qt::LeftButton, {}, to);
            if (step > 6)
                hand.stop();
        });
        QTest::mousePress(screen, Qt::LeftButton, keys, from);
        hand.start(15);
        QTest::mouseMove(screen, from + QPoint(0, 4));
        QTest::mouseMove(screen, from + QPoint(0, 24));
        QTRY_VERIFY(!hand.isActive());
    }
    bool compared() const
    {
        return QTest::qWaitFor(
            [this] { return window->comparing().comparison() && window->isSettled(); }, kGuiWait);
    }
    void setSides() const
    {
        drag(0, slot(CaptureRole::Baseline));
        drag(1, slot(CaptureRole::Candidate));
        if (!compared())
            qFatal("nothing was compared");
    }
    DiffTablePane *table() const { return window->views()->find<DiffTablePane>(); }
    const ComparedItem *item(const std::string &name, const std::string &figure) const
    {
        for (int row = 0; row < table()->model().rowCount(); ++row) {
            const auto *one = table()->itemAt(row);
            if (one->name == name && one->figure == figure)
                return one;
        }
        return nullptr;
    }
    CaptureRole role(int capture) const
    {
        return window->document().captures().at(static_cast<std::size_t>(capture)).desc.role;
    }
};

} // namespace

// A person who compares two runs: mouse, keys and menus of the real window.
class TestCompareJourney : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void capturesAreDraggedOntoTheirSides()
    {
        const Bench bench;
        QVERIFY(bench.window->compareBar()->isVisible());
        QVERIFY(!bench.slot(CaptureRole::Baseline)->isFilled());
        bench.drag(0, bench.slot(CaptureRole::Baseline));
        QTRY_COMPARE(bench.slot(CaptureRole::Baseline)->shownText(), QString("shop-before.folded"));
        bench.drag(1, bench.slot(CaptureRole::Candidate));
        QTRY_COMPARE(bench.slot(CaptureRole::Candidate)->shownText(), QString("shop-after.folded"));
        QVERIFY(bench.compared());
        QCOMPARE(bench.role(0), CaptureRole::Baseline);
        QCOMPARE(bench.role(1), CaptureRole::Candidate);
        // What they say comes by itself.
        QCOMPARE(bench.window->views()->currentKind(), QString("changes"));
        QVERIFY(!bench.table()->sentences().isEmpty());
        QVERIFY(bench.window->compareBar()->normaliseButton()->isVisible());
    }

    void theTableSaysWhatTheFilesSay()
    {
        const Bench bench;
        bench.setSides();
        const auto *decode = bench.item("decode", "self");
        QVERIFY(decode);
        QCOMPARE(*decode->change.base, 2000.);
        QCOMPARE(*decode->change.cand, 500.);
        QCOMPARE(decode->change.verdict, Verdict::Improved);
        QVERIFY(decode->change.relative || decode->change.difference);
        const auto *read = bench.item("read", "self");
        QVERIFY(read);
        QCOMPARE(*read->change.base, *read->change.cand);
        QCOMPARE(read->change.verdict, Verdict::NoEvidence);
        const auto *cache = bench.item("cache", "self");
        QVERIFY(cache);
        QVERIFY(!cache->change.base || *cache->change.base == 0);
        QCOMPARE(*cache->change.cand, 200.);
    }

    void oneKeySwapsTheSidesAndNothingElse()
    {
        const Bench bench;
        bench.setSides();
        const auto was = bench.item("decode", "self")->change;
        const auto shown = bench.window->scope().scope();
        QTest::keyClick(bench.window, Qt::Key_X);
        QTRY_COMPARE(bench.slot(CaptureRole::Baseline)->shownText(), QString("shop-after.folded"));
        QVERIFY(bench.compared());
        QTRY_VERIFY(bench.table()->itemAt(0));
        const auto now = bench.item("decode", "self")->change;
        QCOMPARE(*now.base, *was.cand);
        QCOMPARE(*now.cand, *was.base);
        QCOMPARE(was.verdict, Verdict::Improved);
        QCOMPARE(now.verdict, Verdict::Regressed);
        QCOMPARE(bench.window->scope().scope(), shown);
        QTest::keyClick(bench.window, Qt::Key_X);
        QTRY_COMPARE(bench.slot(CaptureRole::Baseline)->shownText(), QString("shop-before.folded"));
        QVERIFY(bench.compared());
        QCOMPARE(*bench.item("decode", "self")->change.base, *was.base);
        QCOMPARE(bench.item("decode", "self")->change.verdict, Verdict::Improved);
    }

    void severalOnASideAreRunsOfOneThing()
    {
        const Bench bench({"before-1.folded", "before-2.folded", "after-1.folded"});
        // With Ctrl the second is chosen with the first, and both are dragged.
        QTest::mouseClick(bench.window->windowHandle(), Qt::LeftButton, {}, bench.rowAt(0));
        QTest::mouseClick(bench.window->windowHandle(), Qt::LeftButton, Qt::ControlModifier,
                          bench.rowAt(1));
        QTRY_COMPARE(bench.window->sidebar()->selected().size(), std::size_t{2});
        bench.drag(0, bench.slot(CaptureRole::Baseline));
        QTRY_COMPARE(bench.role(1), CaptureRole::Baseline);
        QCOMPARE(bench.role(0), CaptureRole::Baseline);
        bench.drag(2, bench.slot(CaptureRole::Candidate));
        QVERIFY(bench.compared());
        QCOMPARE(bench.item("decode", "self")->change.baseRuns, 2u);
        QCOMPARE(bench.item("decode", "self")->baseRuns.size(), std::size_t{2});
    }

    void filesThatAreDroppedOnASideComeWithItsRole()
    {
        const Bench bench;
        QMimeData files;
        files.setUrls({QUrl::fromLocalFile(bench.gui.write("more-after.folded", after()))});
        auto *target = bench.slot(CaptureRole::Candidate);
        QDragEnterEvent enter(target->rect().center(), Qt::CopyAction, &files, Qt::LeftButton, {});
        QApplication::sendEvent(target, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(target->rect().center(), Qt::CopyAction, &files, Qt::LeftButton, {});
        QApplication::sendEvent(target, &drop);
        QTRY_COMPARE_WITH_TIMEOUT(target->shownText(), QString("more-after.folded"), kGuiWait);
    }

    void aSideIsClearedByKeyAndTheViewsSayWhatToDo()
    {
        const Bench bench;
        bench.setSides();
        auto *target = bench.slot(CaptureRole::Candidate);
        target->setFocus();
        QTest::keyClick(target, Qt::Key_Delete);
        QTRY_VERIFY(!target->isFilled());
        QTRY_VERIFY(bench.table()->hintText().contains("Drop a capture on A and one on B"));
        QVERIFY(!bench.window->comparing().comparison());
    }

    void theTableIsNarrowedToWhatIsEvidentAndToNames()
    {
        const Bench bench;
        bench.setSides();
        const auto all = bench.table()->model().rowCount();
        QTest::mouseClick(bench.table()->evidenceButton(), Qt::LeftButton);
        const auto evident = bench.table()->model().rowCount();
        QVERIFY(evident > 0 && evident < all);
        for (int row = 0; row < evident; ++row) {
            const auto verdict = bench.table()->itemAt(row)->change.verdict;
            QVERIFY(verdict == Verdict::Improved || verdict == Verdict::Regressed);
        }
        QTest::mouseClick(bench.table()->evidenceButton(), Qt::LeftButton);
        bench.table()->filterField()->setFocus();
        QTest::keyClicks(bench.table()->filterField(), "deco");
        QVERIFY(bench.table()->model().rowCount() > 0);
        for (int row = 0; row < bench.table()->model().rowCount(); ++row)
            QCOMPARE(bench.table()->itemAt(row)->name, std::string("decode"));
    }

    void figuresAreDividedByWhatIsChosen()
    {
        const Bench bench;
        bench.setSides();
        bench.window->comparing().normaliseBy(NormaliseBy::Total);
        QVERIFY(bench.compared());
        // 2000 of 10,000 and 500 of 8,700.
        const auto change = bench.item("decode", "self")->change;
        QVERIFY(std::fabs(*change.base - 0.2) < 1e-9);
        QVERIFY(std::fabs(*change.cand - 500. / 8700) < 1e-9);
        QVERIFY(bench.window->compareBar()->normaliseButton()->text().contains("share of total"));
    }
};

QTEST_MAIN(TestCompareJourney)
#include "tst_compare_journey.moc"
