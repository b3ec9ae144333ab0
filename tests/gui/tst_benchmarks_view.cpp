#include "app/gui/benchmarks_pane.h"
#include "app/gui/empty_hint.h"
#include "app/gui/panels.h"
#include "app/gui/scope_bar.h"
#include "app/gui/scope_controller.h"
#include "app/gui/status_line.h"
#include "app/gui/view_area.h"
#include "tests/gui/gui_fixture.h"

#include <QClipboard>
#include <QPushButton>
#include <QTableView>
#include <QToolButton>

using namespace flamewright;

namespace {

// Two benchmarks of seven repetitions with two metrics each, and one of a single repetition.
QByteArray results()
{
    QByteArray out = "goos: linux\npkg: shop\n";
    for (const int ns : {105, 101, 103, 100, 107, 104, 102})
        out += "BenchmarkAdd-8 1000 " + QByteArray::number(ns) + " ns/op 64 B/op\n";
    for (const int ns : {2100, 2000, 2200, 2300, 2400, 2500, 2600})
        out += "BenchmarkSum-8 500 " + QByteArray::number(ns) + " ns/op 128 B/op\n";
    return out + "BenchmarkOnce-8 1 5000 ns/op\nPASS\n";
}

struct Opened {
    GuiFixture gui;
    MainWindow *window = nullptr;

    explicit Opened(const QStringList &more = {})
    {
        window = gui.open(QStringList{gui.write("bench.txt", results())} + more);
        if (!QTest::qWaitFor(
                [this] { return pane() && pane()->model().rowCount() > 0 && window->isSettled(); },
                kGuiWait))
            qFatal("the benchmarks did not come");
    }
    BenchmarksPane *pane() const { return window->views()->find<BenchmarksPane>(); }
    QString cell(int row, int column) const
    {
        return pane()->model().index(row, column).data().toString();
    }
};

} // namespace

// Benchmarks in the window: their own view, and the parts of the window that say nothing about them
// are not there.
class TestBenchmarksView : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void opensWithItsOwnView()
    {
        const Opened o;
        QVERIFY(!o.window->flamePane());
        QCOMPARE(o.window->views()->subject(), Subject::Benchmarks);
        QVERIFY(!o.window->panels()->panel("functions")->isVisible());
        QVERIFY(!o.window->panels()->panel("inspector")->isVisible());
        QVERIFY(!o.window->scopeBar()->measurePicker()->isVisible());
        QVERIFY(o.window->statusLine()->text().contains("95 % intervals"));
        QVERIFY(!o.window->statusLine()->text().contains("lost"));
        QVERIFY(!o.pane()->hint() || !o.pane()->hint()->isVisible());
        QCOMPARE(o.pane()->summary(), QStringLiteral("29 values measured"));
        auto *labels = o.pane()->findChild<QWidget *>(QStringLiteral("benchmarkLabels"));
        QVERIFY(labels->isVisible());
        // Nothing to show in it: the tool computed nothing.
        QVERIFY(o.pane()->view()->isColumnHidden(BenchmarkModel::Tool));
    }

    void saysMediansAndIntervals()
    {
        const Opened o;
        QCOMPARE(o.pane()->model().rowCount(), 5);
        // By metric, in the order of the file.
        QCOMPARE(o.cell(0, BenchmarkModel::Name), QStringLiteral("Add-8"));
        QCOMPARE(o.cell(0, BenchmarkModel::Metric), QStringLiteral("ns/op"));
        QCOMPARE(o.cell(0, BenchmarkModel::Median), QStringLiteral("103.0 ns"));
        QCOMPARE(o.cell(0, BenchmarkModel::Interval), QStringLiteral("100.0 \u2013 107.0 ns"));
        QCOMPARE(o.cell(0, BenchmarkModel::Spread), QStringLiteral("\u00b1 4%"));
        QCOMPARE(o.cell(0, BenchmarkModel::Count), QStringLiteral("7"));
        QCOMPARE(o.cell(2, BenchmarkModel::Name), QStringLiteral("Once-8"));
        QCOMPARE(o.cell(2, BenchmarkModel::Interval), QStringLiteral("n too small"));
        QCOMPARE(o.cell(3, BenchmarkModel::Metric), QStringLiteral("B/op"));
        QCOMPARE(o.cell(4, BenchmarkModel::Median), QStringLiteral("128.0 B"));
    }

    void sortsAndFinds()
    {
        const Opened o;
        auto &model = o.pane()->model();
        model.sort(BenchmarkModel::Name, Qt::DescendingOrder);
        QCOMPARE(o.cell(0, BenchmarkModel::Name), QStringLiteral("Sum-8"));
        model.sort(BenchmarkModel::Count, Qt::AscendingOrder);
        QCOMPARE(o.cell(0, BenchmarkModel::Name), QStringLiteral("Once-8"));
        o.window->scope().setSearch("sum");
        QTRY_COMPARE(o.pane()->summary(),
                     QStringLiteral("2 of 5 rows found \u00b7 29 values measured"));
        int found = 0;
        for (int row = 0; row < model.rowCount(); ++row)
            found +=
                model.index(row, BenchmarkModel::Name).data(BenchmarkModel::MatchRole).toBool();
        QCOMPARE(found, 2);
    }

    void givesItsRowsAway()
    {
        const Opened o;
        const auto text = o.pane()->data()();
        QCOMPARE(text.count('\n'), 6);
        QVERIFY(text.contains("Add-8\tns/op\ts/op\t"));
        o.pane()->view()->setFocus();
        QTest::keyClick(o.pane()->view(), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), text);
    }

    // A profile beside it: each view says what it is about.
    void tellsOtherViewsWhatTheyMiss()
    {
        const Opened o;
        o.window->views()->open(QStringLiteral("flame"));
        auto *flame = o.window->views()->current();
        QVERIFY(flame && flame->hint());
        QVERIFY2(flame->hint()->text().contains("This capture holds benchmarks"),
                 qPrintable(flame->hint()->text()));
        QTest::mouseClick(flame->hint()->button(), Qt::LeftButton);
        QCOMPARE(o.window->views()->current(), static_cast<ViewPane *>(o.pane()));
    }
};

QTEST_MAIN(TestBenchmarksView)
#include "tst_benchmarks_view.moc"
