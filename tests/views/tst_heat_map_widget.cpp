#include "tests/views/drawn_heat_map.h"
#include "views/paint/paint_qt.h"
#include "views/qt/heat_map_widget.h"

#include <QApplication>
#include <QTest>
#include <QWheelEvent>

#include <cmath>
#include <utility>

using namespace flamewright;

namespace {

constexpr std::int64_t kMs = 1'000'000, kSecond = 1000 * kMs;
constexpr std::int64_t kBegin = 7 * kSecond;

} // namespace

// Six seconds in rows of 100 ms.
class TestHeatMapWidget : public QObject {
    Q_OBJECT
    std::shared_ptr<HeatMap> m_map =
        drawnHeatMap(kBegin, 6 * kSecond, {{0, 4, 4}, {1950 * kMs, 8, 8}, {2300 * kMs, 5, 5}});
    std::unique_ptr<HeatMapWidget> m_widget;
    std::vector<std::vector<TimeRange>> m_told;

    QPoint on(std::uint32_t column, std::uint32_t row) const
    {
        const auto r = m_widget->view().layout(m_widget->viewport()).boxOf(column, row).rect;
        return QPoint(static_cast<int>(r.x + r.width / 2), static_cast<int>(r.y + r.height / 2));
    }
    static TimeRange cells(std::int64_t from, std::int64_t to)
    {
        return {at(kBegin + from * 100 * kMs), at(kBegin + to * 100 * kMs)};
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

private Q_SLOTS:
    void initTestCase() { loadFonts(); }
    void init()
    {
        m_told.clear();
        m_widget = std::make_unique<HeatMapWidget>();
        m_widget->resize(900, 300);
        m_widget->setMap({m_map, Unit::Count, "samples"});
        m_widget->show();
        QVERIFY(QTest::qWaitForWindowActive(m_widget.get()));
        m_widget->setFocus();
        connect(m_widget.get(), &HeatMapWidget::rangesChanged, this,
                [this](const std::vector<TimeRange> &ranges) { m_told.push_back(ranges); });
    }
    void cleanup() { m_widget.reset(); }

    void dragChoosesFromTheEarlierToTheLaterCell()
    {
        drag(on(1, 4), on(3, 2));
        QCOMPARE(m_told.size(), 1u);
        QVERIFY(m_told[0] == std::vector<TimeRange>{cells(14, 33)});
        // Backwards, and out of the plot: it ends at the border.
        drag(on(2, 1), QPoint(-20, 290));
        QCOMPARE(m_told.size(), 2u);
        QVERIFY(m_told[1] == std::vector<TimeRange>{cells(0, 22)});
        QVERIFY(m_widget->ranges() == m_told[1]);
        QVERIFY(!m_widget->view().pending());
    }

    void nothingIsToldBeforeTheGestureEnds()
    {
        QTest::mousePress(m_widget.get(), Qt::LeftButton, {}, on(1, 4));
        QTest::mouseMove(m_widget.get(), on(2, 6));
        QTRY_VERIFY(m_widget->view().pending());
        QVERIFY(*m_widget->view().pending() == cells(14, 27));
        QVERIFY(m_told.empty());
        // Esc lets go of it.
        key(Qt::Key_Escape);
        QTest::mouseRelease(m_widget.get(), Qt::LeftButton, {}, on(2, 6));
        QVERIFY(m_told.empty());
        QVERIFY(m_widget->ranges().empty());
    }

    void shiftAddsARange()
    {
        drag(on(0, 2), on(0, 4));
        drag(on(4, 0), on(4, 9), Qt::ShiftModifier);
        QCOMPARE(m_told.size(), 2u);
        const std::vector<TimeRange> both{cells(2, 5), cells(40, 50)};
        QVERIFY(m_told[1] == both);
        // One that bridges them makes one of all.
        drag(on(0, 3), on(4, 2), Qt::ShiftModifier);
        QVERIFY(m_told[2] == std::vector<TimeRange>{cells(2, 50)});
        drag(on(5, 0), on(5, 1));
        QVERIFY(m_told[3] == std::vector<TimeRange>{cells(50, 52)});
    }

    void clickTakesOneCell()
    {
        QTest::mouseClick(m_widget.get(), Qt::LeftButton, {}, on(1, 9));
        QCOMPARE(m_told.size(), 1u);
        QVERIFY(m_told[0] == std::vector<TimeRange>{cells(19, 20)});
        QTest::mouseClick(m_widget.get(), Qt::LeftButton, {}, on(1, 9)); // says nothing new
        QCOMPARE(m_told.size(), 1u);
        QTest::mouseClick(m_widget.get(), Qt::LeftButton, {}, QPoint(5, 295)); // beside the plot
        QCOMPARE(m_told.size(), 1u);
        QVERIFY(m_widget->accessibleDescription().contains(
            QStringLiteral("Selected: 100 ms from 1.9 s.")));
    }

    void escapeAndDoubleClickClear()
    {
        drag(on(0, 2), on(0, 4));
        key(Qt::Key_Escape);
        QCOMPARE(m_told.size(), 2u);
        QVERIFY(m_told[1].empty());
        key(Qt::Key_Escape); // nothing left to clear: the window's
        QCOMPARE(m_told.size(), 2u);
        drag(on(0, 2), on(0, 4));
        QTest::mouseDClick(m_widget.get(), Qt::LeftButton, {}, on(3, 3));
        QTest::mouseRelease(m_widget.get(), Qt::LeftButton, {}, on(3, 3)); // it leaves that out
        QVERIFY(m_told.back().empty());
        QVERIFY(m_widget->ranges().empty());
    }

    void keysWalkInOrderOfTime()
    {
        key(Qt::Key_Right); // shows where the walk begins
        QVERIFY(m_widget->accessibleDescription().startsWith(QStringLiteral("0 s to 100 ms\n")));
        key(Qt::Key_Down); // nothing earlier
        QVERIFY(m_widget->accessibleDescription().startsWith(QStringLiteral("0 s to 100 ms\n")));
        for (int i = 0; i < 10; ++i)
            key(Qt::Key_Up);
        QVERIFY(m_widget->accessibleDescription().startsWith(QStringLiteral("1 s to 1.1 s\n")));
        key(Qt::Key_Down);
        key(Qt::Key_Right);
        QVERIFY(m_widget->accessibleDescription().startsWith(QStringLiteral("1.9 s to 2 s\n")));
        QVERIFY(m_widget->accessibleDescription().contains(QStringLiteral("8 samples")));
        key(Qt::Key_Return);
        QCOMPARE(m_told.size(), 1u);
        QVERIFY(m_told[0] == std::vector<TimeRange>{cells(19, 20)});
        key(Qt::Key_End);
        key(Qt::Key_Right);
        key(Qt::Key_Return, Qt::ShiftModifier);
        const std::vector<TimeRange> both{cells(19, 20), cells(59, 60)};
        QVERIFY(m_told.back() == both);
    }

    void shiftAndArrowsChooseARange()
    {
        key(Qt::Key_Home);
        key(Qt::Key_Right);
        key(Qt::Key_Up, Qt::ShiftModifier);
        key(Qt::Key_Right, Qt::ShiftModifier);
        QVERIFY(m_widget->view().pending());
        QVERIFY(*m_widget->view().pending() == cells(10, 22));
        QVERIFY(m_widget->accessibleDescription().contains(QStringLiteral("1.2 s to be chosen")));
        QVERIFY(m_told.empty());
        key(Qt::Key_Enter);
        QCOMPARE(m_told.size(), 1u);
        QVERIFY(m_told[0] == std::vector<TimeRange>{cells(10, 22)});
        // An arrow alone lets go of what was not chosen.
        key(Qt::Key_Right, Qt::ShiftModifier);
        key(Qt::Key_Right);
        QVERIFY(!m_widget->view().pending());
        QVERIFY(m_widget->ranges() == m_told[0]);
    }

    void rangesFromElsewhereAreShownAndNotToldBack()
    {
        m_widget->setRanges({{at(0), at(kBegin + kSecond)}});
        QVERIFY(m_told.empty());
        QCOMPARE(m_widget->ranges().size(), 1u);
        QVERIFY(m_widget->accessibleDescription().contains(QStringLiteral("Selected: ")));
        // New data of the same capture keeps them.
        m_widget->setMap({m_map, Unit::Count, "samples"});
        QCOMPARE(m_widget->ranges().size(), 1u);
        QVERIFY(m_told.empty());
    }

    void hoverShowsTheCell()
    {
        QTest::mouseMove(m_widget.get(), on(4, 4)); // where it is not yet
        QTest::mouseMove(m_widget.get(), on(1, 9));
        QTRY_VERIFY(m_widget->tooltipText().startsWith(QLatin1String("1.9 s to 2 s\n")));
        QVERIFY(m_widget->tooltipText().contains(QLatin1String("8 samples")));
        QTest::mouseMove(m_widget.get(), QPoint(3, 3));
        QTRY_VERIFY(m_widget->tooltipText().isEmpty());
    }

    // Sixty seconds, as a person zooms in them.
    void wheelAndKeysZoomAndBrushStaysExact()
    {
        const auto minute = randomHeatMap(5, 60, 10);
        m_widget->setMap({minute, Unit::Count, "samples"});
        const auto shown = [&] {
            return std::pair(m_widget->viewport().begin, m_widget->viewport().end);
        };
        const auto plot = m_widget->view().layout(m_widget->viewport()).plot;
        const QPointF middle(static_cast<double>(plot.x + plot.width / 2), 100);
        wheel(middle, {0, 120}, Qt::ControlModifier); // towards a person: in
        QVERIFY(std::abs(shown().second - shown().first - 0.8) < 1e-9);
        QVERIFY(std::abs(shown().first - 0.1) < 0.01);
        wheel(middle, {0, -1200}, Qt::ControlModifier);
        QVERIFY(shown() == std::pair(0.0, 1.0));
        for (int i = 0; i < 40; ++i)
            wheel(middle, {0, 120}, Qt::ControlModifier);
        const auto span = shown().second - shown().first;
        QVERIFY(std::abs(span - m_widget->view().leastSpan(m_widget->viewport())) < 1e-9);
        // The second under the pointer is where it was: 30 s is in the middle.
        QVERIFY(std::abs((shown().first + shown().second) / 2 - 0.5) < 0.01);
        QVERIFY(m_widget->accessibleDescription().startsWith(QStringLiteral("Shown: ")));
        // What is brushed now is what is seen: cells of a tenth of a second.
        const auto first = m_widget->view().layout(m_widget->viewport()).firstShown() + 1;
        drag(on(first, 3), on(first + 1, 6));
        const auto at0 = minute->beginNs + first * kSecond;
        QVERIFY(m_told.back() ==
                (std::vector<TimeRange>{{at(at0 + 300 * kMs), at(at0 + 1700 * kMs)}}));
        // The wheel moves, both of them, and stops at the ends.
        const auto before = shown().first;
        wheel(middle, {0, -120});
        QVERIFY(shown().first > before);
        wheel(middle, {120, 0});
        QVERIFY(std::abs(shown().first - before) < 1e-9);
        wheel(middle, {0, 120'000});
        QCOMPARE(shown().first, 0.0);
        QVERIFY(std::abs(shown().second - span) < 1e-9);
        key(Qt::Key_PageDown);
        QVERIFY(std::abs(shown().first - 0.8 * span) < 1e-9);
        key(Qt::Key_PageUp);
        QCOMPARE(shown().first, 0.0);
        key(Qt::Key_Home);
        QVERIFY(shown() == std::pair(0.0, 1.0));
        QVERIFY(!m_widget->ranges().empty()); // only what is shown was reset
        key(Qt::Key_Plus, Qt::ShiftModifier);
        QCOMPARE(shown().second - shown().first, 0.5);
        key(Qt::Key_Minus);
        QVERIFY(shown() == std::pair(0.0, 1.0));
        key(Qt::Key_Equal);
        key(Qt::Key_Backspace);
        QVERIFY(shown() == std::pair(0.0, 1.0));
    }

    void walkAndEscapeUnderZoom()
    {
        const auto minute = randomHeatMap(5, 60, 10);
        m_widget->setMap({minute, Unit::Count, "samples"});
        key(Qt::Key_Home); // shows the cursor
        key(Qt::Key_Plus); // around it: the beginning stays in sight
        key(Qt::Key_Plus);
        QVERIFY(m_widget->viewport().begin < 0.5 / 60);
        QVERIFY(std::abs(m_widget->viewport().end - m_widget->viewport().begin - 0.25) < 1e-9);
        for (int i = 0; i < 20; ++i)
            key(Qt::Key_Right);
        // 15 seconds were seen; the walk took what is shown along.
        QVERIFY(std::abs(m_widget->viewport().end - 21.0 / 60) < 1e-9);
        QVERIFY(m_widget->accessibleDescription().startsWith(QStringLiteral("20 s to 20.1 s\n")));
        key(Qt::Key_Return);
        QVERIFY(m_told.back() == (std::vector<TimeRange>{{at(minute->beginNs + 20 * kSecond),
                                                          at(minute->beginNs + 20'100 * kMs)}}));
        // Another filter of the same time keeps what is looked at, another time does not.
        m_widget->setMap({minute, Unit::Count, "samples"});
        QVERIFY(m_widget->viewport().end < 1);
        key(Qt::Key_Escape); // first what was chosen
        QVERIFY(m_widget->ranges().empty());
        QVERIFY(m_widget->viewport().end < 1);
        key(Qt::Key_Escape); // then the zoom
        QCOMPARE(m_widget->viewport().end, 1.0);
        key(Qt::Key_Plus);
        m_widget->setMap({m_map, Unit::Count, "samples"});
        QCOMPARE(m_widget->viewport().end, 1.0);
    }

    void overviewIsDragged()
    {
        m_widget->setMap({randomHeatMap(5, 60, 10), Unit::Count, "samples"});
        key(Qt::Key_Plus);
        key(Qt::Key_Plus);
        const auto all = m_widget->view().layout(m_widget->viewport()).overview;
        const auto point = [&](float share) {
            return QPoint(static_cast<int>(all.x + share * all.width),
                          static_cast<int>(all.y + all.height / 2));
        };
        QTest::mousePress(m_widget.get(), Qt::LeftButton, {}, point(0.25f));
        QVERIFY(std::abs(m_widget->viewport().begin - 0.125) < 0.01);
        QTest::mouseMove(m_widget.get(), point(0.5f));
        QTRY_VERIFY(std::abs(m_widget->viewport().begin - 0.375) < 0.01);
        QTest::mouseRelease(m_widget.get(), Qt::LeftButton, {}, point(0.5f));
        QVERIFY(m_told.empty()); // nothing is chosen by it
        QTest::mouseMove(m_widget.get(), point(0.9f));
        QVERIFY(std::abs(m_widget->viewport().begin - 0.375) < 0.01);
    }

    void survivesWithoutData()
    {
        m_widget->setMap({});
        drag(QPoint(100, 100), QPoint(300, 120));
        key(Qt::Key_Up);
        key(Qt::Key_Return);
        key(Qt::Key_Plus);
        wheel({300, 100}, {0, 120}, Qt::ControlModifier);
        QVERIFY(m_told.empty());
        QCOMPARE(m_widget->accessibleDescription(), QStringLiteral("Nothing to show."));
    }
};

QTEST_MAIN(TestHeatMapWidget)
#include "tst_heat_map_widget.moc"
