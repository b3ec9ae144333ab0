#include "app/gui/diff_flame_pane.h"
#include "app/gui/diff_plot_pane.h"
#include "app/gui/flame_tab.h"
#include "app/gui/scope_bar.h"
#include "app/gui/side_pane.h"
#include "tests/gui/compare_bench.h"
#include "views/qt/flame_widget.h"
#include "views/qt/plot_widget.h"

#include <QLineEdit>
#include <QTableView>
#include <QToolButton>

using namespace flamewright;

namespace {

std::uint32_t nodeNamed(const Profile &profile, const std::string &name)
{
    for (std::uint32_t node = 1; node < profile.tree.size(); ++node) {
        if (profile.at(node).name == name)
            return node;
    }
    return kNoNode;
}

QPoint middleOf(const FlameWidget &flame, const std::string &name)
{
    const auto node = nodeNamed(*flame.scene().profileOf(0), name);
    const auto box = flame.scene().rectOf(node, flame.viewport());
    return QPoint(static_cast<int>(box.x + box.width / 2),
                  static_cast<int>(box.y + box.height / 2));
}

template <class Pane>
Pane *show(const CompareBench &bench, const char *view)
{
    auto *pane = qobject_cast<Pane *>(bench.window->views()->show(QLatin1String(view)));
    if (!pane || !QTest::qWaitFor([&] { return bench.window->isSettled(); }, kGuiWait))
        qFatal("no such view");
    return pane;
}

// Load tests of two endpoints, one request each 10 ms; checkout is twice as fast the second time.
QByteArray jtl(int checkoutMs)
{
    QByteArray out = "timeStamp,elapsed,label,responseCode,success\n";
    for (int i = 0; i < 2000; ++i) {
        const bool checkout = i % 2 == 1;
        const int elapsed = (checkout ? checkoutMs : 20) + i * 7 % 13;
        out += QByteArray::number(1'795'213'600'000 + i * 10) + ',' + QByteArray::number(elapsed) +
               (checkout ? ",checkout,200,true\n" : ",home,200,true\n");
    }
    return out;
}

} // namespace

// The views of a comparison as a person walks through them.
class TestCompareWalk : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theFlameGraphOfTheDifferenceIsHoveredZoomedAndSearched()
    {
        const CompareBench bench;
        bench.setSides();
        auto *pane = show<DiffFlamePane>(bench, "diff-flame");
        auto *flame = pane->flame();
        QTRY_VERIFY(flame->diff() && flame->diff()->profile() && !flame->scene().isEmpty());
        // Frames of both sides are in it: what is gone and what is new.
        QVERIFY(nodeNamed(*flame->diff()->profile(), "cache") != kNoNode);
        QTest::mouseMove(flame, middleOf(*flame, "decode"));
        QTRY_VERIFY2(flame->tooltipText().contains("decode"), qPrintable(flame->tooltipText()));
        QVERIFY(flame->tooltipText().contains("2,000"));
        QVERIFY(flame->tooltipText().contains("500"));
        // A double click zooms, Home shows everything again.
        QTest::mouseDClick(flame, Qt::LeftButton, {}, middleOf(*flame, "parse"));
        QTRY_COMPARE(flame->scene().focus(), nodeNamed(*flame->diff()->profile(), "parse"));
        flame->setFocus();
        QTest::keyClick(flame, Qt::Key_Home);
        QTRY_COMPARE(flame->scene().focus(), 0u);
        // The search of the window finds frames here, too.
        bench.window->scope().setSearch("flush");
        QTRY_VERIFY2(pane->summary().startsWith("1 frame"), qPrintable(pane->summary()));
    }

    void widthsAndColoursAreOfWhatIsChosen()
    {
        const CompareBench bench;
        bench.setSides();
        auto *pane = show<DiffFlamePane>(bench, "diff-flame");
        QTRY_VERIFY(pane->flame()->diff() && !pane->flame()->scene().isEmpty());
        const auto widthOf = [&](const char *name) {
            const auto &scene = pane->flame()->scene();
            const auto [begin, end] =
                scene.rangeOf({.node = nodeNamed(*pane->flame()->diff()->profile(), name)});
            return end - begin;
        };
        pane->setWidthBy(DiffWidth::Base);
        QVERIFY(qAbs(widthOf("decode") - 0.2) < 1e-6); // 2000 of 10,000
        pane->setWidthBy(DiffWidth::Cand);
        QVERIFY(qAbs(widthOf("decode") - 500. / 8700) < 1e-6);
        pane->setColorBy(DiffColor::Self);
        QCOMPARE(pane->flame()->diff()->color(), DiffColor::Self);
        // It is kept with the layout.
        const auto state = pane->state();
        pane->setWidthBy(DiffWidth::Larger);
        pane->restore(state);
        QCOMPARE(pane->flame()->diff()->width(), DiffWidth::Cand);
    }

    void aRowOfTheTableIsAFrameOfTheFlameGraph()
    {
        const CompareBench bench;
        bench.setSides();
        auto *flame = show<DiffFlamePane>(bench, "diff-flame")->flame();
        QTRY_VERIFY(flame->diff() && !flame->scene().isEmpty());
        auto *table = show<DiffTablePane>(bench, "changes");
        int row = 0;
        while (table->itemAt(row) && table->itemAt(row)->name != "flush")
            ++row;
        QVERIFY(table->itemAt(row));
        const auto cell = table->view()->visualRect(table->model().index(row, DiffName));
        QTest::mouseClick(table->view()->viewport(), Qt::LeftButton, {}, cell.center());
        QTRY_COMPARE(flame->scene().selected(), nodeNamed(*flame->diff()->profile(), "flush"));
        // And the other way round.
        show<DiffFlamePane>(bench, "diff-flame");
        QTest::mouseClick(flame, Qt::LeftButton, {}, middleOf(*flame, "read"));
        QTRY_COMPARE(table->itemAt(table->view()->currentIndex().row())->name, std::string("read"));
    }

    void bothSidesBesideEachOtherAreTied()
    {
        const CompareBench bench;
        bench.setSides();
        auto *pane = show<SidePane>(bench, "side-by-side");
        QCOMPARE(pane->viewShown(), QString("flame"));
        auto &a = pane->models(CaptureRole::Baseline), &b = pane->models(CaptureRole::Candidate);
        QTRY_VERIFY(a.profile.profile() && b.profile.profile());
        QCOMPARE(a.profile.profile()->samples, std::int64_t{10000});
        QCOMPARE(b.profile.profile()->samples, std::int64_t{8700});
        QTRY_VERIFY(bench.window->isSettled());
        auto *left = qobject_cast<FlameTab *>(pane->pane(CaptureRole::Baseline));
        QVERIFY(left);
        auto *flame = left->findChild<FlameWidget *>();
        QTRY_VERIFY(!flame->scene().isEmpty());
        QTest::mouseClick(flame, Qt::LeftButton, {}, middleOf(*flame, "decode"));
        QTRY_COMPARE(b.profile.profile()->at(b.profile.selection().node).name,
                     std::string("decode"));
        QTest::mouseDClick(flame, Qt::LeftButton, {}, middleOf(*flame, "parse"));
        QTRY_COMPARE(b.profile.profile()->at(b.profile.zoomNode()).name, std::string("parse"));
        // One search for the window and both sides.
        bench.window->scope().setSearch("write");
        QTRY_VERIFY(a.profile.search() && b.profile.search());
        QCOMPARE(b.profile.search()->functionCount, 1u);
        // Untied, each goes its own way.
        QTest::mouseClick(pane->linkButton(), Qt::LeftButton);
        QTest::mouseClick(flame, Qt::LeftButton, {}, middleOf(*flame, "read"));
        QTRY_COMPARE(a.profile.profile()->at(a.profile.selection().node).name, std::string("read"));
        QCOMPARE(b.profile.profile()->at(b.profile.selection().node).name, std::string("decode"));
    }

    void plotsOfLoadTestsFollowTheEndpointThatIsChosen()
    {
        const CompareBench bench(QStringList{});
        bench.gui.desk->openFiles({bench.gui.write("shop-before.jtl", jtl(100)),
                                   bench.gui.write("shop-after.jtl", jtl(50))},
                                  bench.window);
        QTRY_COMPARE_WITH_TIMEOUT(bench.window->document().captures().size(), std::size_t{2},
                                  kGuiWait);
        QTRY_VERIFY_WITH_TIMEOUT(bench.window->isSettled(), kGuiWait);
        bench.setSides();
        auto *percentiles = show<DiffPlotPane>(bench, "diff-percentiles");
        QTRY_VERIFY(!percentiles->plot()->view().isEmpty());
        bench.window->comparing().select(CompareModel::Selected{"load", "checkout", ""});
        QCOMPARE(percentiles->options().choice, std::string("checkout"));
        QTRY_VERIFY(percentiles->isSettled());
        auto *time = show<DiffPlotPane>(bench, "diff-over-time");
        QTRY_VERIFY(!time->plot()->view().isEmpty());
        // Beside each other, zoomed alike.
        auto *pane = show<SidePane>(bench, "side-by-side");
        pane->chooseView("over-time");
        QTRY_VERIFY_WITH_TIMEOUT(bench.window->isSettled(), kGuiWait);
        auto *left = pane->pane(CaptureRole::Baseline)->findChild<PlotWidget *>();
        auto *right = pane->pane(CaptureRole::Candidate)->findChild<PlotWidget *>();
        QTRY_VERIFY(left && right && !left->view().isEmpty() && !right->view().isEmpty());
        left->showTime(0.25, 0.5);
        QCOMPARE(right->viewport().begin, left->viewport().begin);
        QCOMPARE(right->viewport().end, left->viewport().end);
    }
};

QTEST_MAIN(TestCompareWalk)
#include "tst_compare_walk.moc"
