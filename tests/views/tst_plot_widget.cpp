#include "analysis/load_timeline.h"
#include "analysis/percentile_curve.h"
#include "tests/views/drawn_load.h"
#include "views/paint/paint_qt.h"
#include "views/qt/plot_widget.h"
#include "views/scene/percentile_view.h"
#include "views/scene/timeline_view.h"

#include <QApplication>
#include <QTest>
#include <QWheelEvent>

#include <cmath>
#include <utility>

using namespace flamewright;

// Thirty seconds of a load test with a spike.
class TestPlotWidget : public QObject {
    Q_OBJECT
    LoadRows m_rows = drawnLoad();
    std::unique_ptr<PlotWidget> m_widget;
    std::vector<std::vector<LoadSpan>> m_told;

    std::unique_ptr<PlotView> overTime(std::optional<LoadSpan> shown = {}) const
    {
        auto timeline = loadTimeline(ungrouped(m_rows), {.shown = shown, .pixels = 800});
        return std::make_unique<TimelineView>(
            TimelineData{.timeline = std::make_shared<const LoadTimeline>(std::move(timeline))});
    }
    QPoint on(double seconds) const
    {
        const auto &view = m_widget->view();
        const auto plot = view.plotArea(m_widget->viewport());
        return {qRound(view.xOfTime(m_widget->viewport(), seconds * 1e9)),
                qRound(plot.y + plot.height / 4)};
    }
    void drag(QPoint from, QPoint to, Qt::KeyboardModifiers keys = {})
    {
        QTest::mousePress(m_widget.get(), Qt::LeftButton, keys, from);
        QTest::mouseMove(m_widget.get(), (from + to) / 2);
        QTest::mouseMove(m_widget.get(), to);
        QTest::mouseRelease(m_widget.get(), Qt::LeftButton, keys, to);
    }
    void wheel(QPointF at, QPoint angle, Qt::KeyboardModifiers keys = {})
    {
        QWheelEvent event(at, m_widget->mapToGlobal(at), {}, angle, {}, keys, Qt::NoScrollPhase,
                          false);
        QApplication::sendEvent(m_widget.get(), &event);
    }
    void key(int key, Qt::KeyboardModifiers keys = {})
    {
        QTest::keyClick(m_widget.get(), static_cast<Qt::Key>(key), keys);
    }
    double shownSeconds() const
    {
        const auto viewport = m_widget->viewport();
        const auto all = *m_widget->view().timeSpan();
        return (viewport.end - viewport.begin) * static_cast<double>(all.endNs - all.beginNs) / 1e9;
    }

private Q_SLOTS:
    void initTestCase() { loadFonts(); }
    void init()
    {
        m_told.clear();
        m_widget = std::make_unique<PlotWidget>();
        m_widget->resize(900, 500);
        m_widget->setView(overTime());
        m_widget->show();
        QVERIFY(QTest::qWaitForWindowActive(m_widget.get()));
        m_widget->setFocus();
        connect(m_widget.get(), &PlotWidget::rangesChanged, this,
                [this](const std::vector<LoadSpan> &ranges) { m_told.push_back(ranges); });
    }
    void cleanup() { m_widget.reset(); }

    void dragChoosesATimeAndShiftAddsOne()
    {
        drag(on(5), on(10));
        QCOMPARE(m_told.size(), 1u);
        QCOMPARE(m_told[0].size(), 1u);
        const auto pixel = static_cast<std::int64_t>(30e9 / 700);
        QVERIFY(std::abs(m_told[0][0].beginNs - 5 * kDrawnSecond) < 2 * pixel);
        QVERIFY(std::abs(m_told[0][0].endNs - 10 * kDrawnSecond) < 2 * pixel);
        drag(on(20), on(18), Qt::ShiftModifier); // leftwards is as good
        QCOMPARE(m_told.size(), 2u);
        QCOMPARE(m_told[1].size(), 2u);
        QVERIFY(m_told[1][1].beginNs < m_told[1][1].endNs);
        drag(on(9), on(19), Qt::ShiftModifier); // both become one
        QCOMPARE(m_told[2].size(), 1u);
        drag(on(1), on(2));
        QCOMPARE(m_told[3].size(), 1u);
    }

    void escapeAndDoubleClickTakeAllOfTheTime()
    {
        drag(on(5), on(10));
        key(Qt::Key_Escape);
        QCOMPARE(m_told.back(), std::vector<LoadSpan>());
        drag(on(5), on(10));
        QTest::mouseDClick(m_widget.get(), Qt::LeftButton, {}, on(20));
        QCOMPARE(m_told.back(), std::vector<LoadSpan>());
        // Half a drag is taken back.
        const auto told = m_told.size();
        QTest::mousePress(m_widget.get(), Qt::LeftButton, {}, on(5));
        QTest::mouseMove(m_widget.get(), on(8));
        QVERIFY(m_widget->view().pending());
        key(Qt::Key_Escape);
        QVERIFY(!m_widget->view().pending());
        QTest::mouseRelease(m_widget.get(), Qt::LeftButton, {}, on(8));
        QCOMPARE(m_told.size(), told);
    }

    void clickTakesTheBinUnderIt()
    {
        QTest::mouseClick(m_widget.get(), Qt::LeftButton, {}, on(7));
        QCOMPARE(m_told.size(), 1u);
        QCOMPARE(m_told[0].size(), 1u);
        QVERIFY(m_told[0][0].beginNs <= 7 * kDrawnSecond + kDrawnMs * 50);
        QVERIFY(m_told[0][0].endNs >= 7 * kDrawnSecond - kDrawnMs * 50);
    }

    void whatIsChosenElsewhereTellsNobody()
    {
        m_widget->setRanges({{kDrawnSecond, 2 * kDrawnSecond}});
        QVERIFY(m_told.empty());
        m_widget->setView(overTime()); // and it stays with other figures
        QCOMPARE(m_widget->view().ranges().size(), 1u);
    }

    void wheelZoomsAroundThePointer()
    {
        const auto at = on(20);
        const auto before =
            *m_widget->view().timeAt(m_widget->viewport(), static_cast<float>(at.x()));
        wheel(at, {0, 120}, Qt::ControlModifier);
        wheel(at, {0, 240}, Qt::ControlModifier);
        QVERIFY(m_widget->isZoomed());
        const auto after =
            *m_widget->view().timeAt(m_widget->viewport(), static_cast<float>(at.x()));
        QVERIFY(std::fabs(before - after) < 1e7);
        const auto shown = shownSeconds();
        const auto begin = m_widget->viewport().begin;
        wheel(at, {0, -120}); // moves
        QVERIFY(m_widget->viewport().begin > begin);
        QVERIFY(std::fabs(shownSeconds() - shown) < 1e-6);
        key(Qt::Key_Home);
        QVERIFY(!m_widget->isZoomed());
    }

    void keysZoomAndMove()
    {
        key(Qt::Key_Plus);
        QVERIFY(std::fabs(shownSeconds() - 15) < 1);
        key(Qt::Key_W);
        QVERIFY(std::fabs(shownSeconds() - 7.5) < 1);
        const auto begin = m_widget->viewport().begin;
        key(Qt::Key_D);
        QVERIFY(m_widget->viewport().begin > begin);
        key(Qt::Key_A);
        QVERIFY(std::fabs(m_widget->viewport().begin - begin) < 1e-9);
        key(Qt::Key_S);
        key(Qt::Key_Backspace);
        QVERIFY(!m_widget->isZoomed());
        key(Qt::Key_Plus);
        key(Qt::Key_Escape); // nothing is chosen: all of the time
        QVERIFY(!m_widget->isZoomed());
    }

    void zoomStaysWithOtherFiguresOfTheSameTime()
    {
        key(Qt::Key_Plus);
        const auto begin = m_widget->viewport().begin;
        m_widget->setView(overTime(LoadSpan{8 * kDrawnSecond, 22 * kDrawnSecond}));
        QCOMPARE(m_widget->viewport().begin, begin);
        m_rows = drawnLoad(12);
        m_widget->setView(overTime());
        QVERIFY(!m_widget->isZoomed()); // of another time
        m_rows = drawnLoad();
    }

    void pointerHasACard()
    {
        QTest::mouseMove(m_widget.get(), on(3));
        QVERIFY2(m_widget->tooltipText().contains("p95"), qPrintable(m_widget->tooltipText()));
        QTest::mouseMove(m_widget.get(), QPoint(1, 1));
        QVERIFY(m_widget->tooltipText().isEmpty());
    }

    void arrowsWalkAndChoose()
    {
        key(Qt::Key_Right); // shows where it begins
        const auto first = m_widget->accessibleDescription();
        key(Qt::Key_Right);
        const auto second = m_widget->accessibleDescription();
        QVERIFY(first != second);
        QVERIFY2(second.contains("p95"), qPrintable(second));
        key(Qt::Key_Right, Qt::ShiftModifier);
        key(Qt::Key_Right, Qt::ShiftModifier);
        QVERIFY(m_widget->view().pending());
        key(Qt::Key_Return);
        QCOMPARE(m_told.size(), 1u);
        QVERIFY(!m_widget->view().pending());
        key(Qt::Key_Return); // one bin
        QCOMPARE(m_told.size(), 2u);
    }

    void plotsWithoutTimeChooseLines()
    {
        auto curves = percentileCurves(m_rows, false, 8);
        m_widget->setView(std::make_unique<PercentileView>(
            PercentileData{.curves = std::make_shared<const PercentileCurves>(std::move(curves))}));
        std::vector<std::uint32_t> clicked;
        connect(m_widget.get(), &PlotWidget::groupClicked, this,
                [&clicked](std::uint32_t group) { clicked.push_back(group); });
        const auto plot = m_widget->view().plotArea(m_widget->viewport());
        const QPoint middle(qRound(plot.x + plot.width / 2), qRound(plot.y + plot.height / 2));
        drag(middle, middle + QPoint(100, 0));
        QVERIFY(m_told.empty()); // nothing to brush
        clicked.clear();
        auto onLine = middle;
        const auto isOnLine = [&] {
            const auto at = PointF{static_cast<float>(onLine.x()), static_cast<float>(onLine.y())};
            const auto found = m_widget->view().readout(m_widget->viewport(), at);
            return found && found->group;
        };
        while (!isOnLine() && onLine.y() < m_widget->height())
            onLine += QPoint(0, 1);
        QTest::mouseClick(m_widget.get(), Qt::LeftButton, {}, onLine);
        QCOMPARE(clicked.size(), 1u);
        QVERIFY(clicked[0] < m_widget->view().groupNames().size());
        wheel(middle, {0, 120}, Qt::ControlModifier);
        QVERIFY(!m_widget->isZoomed());
    }

    void isDescribed()
    {
        QVERIFY(!m_widget->accessibleDescription().isEmpty());
        QVERIFY(!m_widget->accessibleName().isEmpty());
        PlotWidget empty;
        QVERIFY(empty.view().isEmpty());
        QTest::keyClick(&empty, Qt::Key_Right); // does no harm
    }
};

QTEST_MAIN(TestPlotWidget)
#include "tst_plot_widget.moc"
