#include "app/gui/action_registry.h"
#include "tests/gui/compare_bench.h"

#include <QDropEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QTableView>
#include <QToolButton>
#include <QUrl>

#include <cmath>

using namespace flamewright;

// A person who compares two runs: mouse, keys and menus of the real window.
class TestCompareJourney : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void capturesAreDraggedOntoTheirSides()
    {
        const CompareBench bench;
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
        const CompareBench bench;
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
        const CompareBench bench;
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
        const CompareBench bench({"before-1.folded", "before-2.folded", "after-1.folded"});
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
        const CompareBench bench;
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
        const CompareBench bench;
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
        const CompareBench bench;
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
        const CompareBench bench;
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
