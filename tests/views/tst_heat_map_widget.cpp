#include "tests/views/drawn_heat_map.h"
#include "views/paint/paint_qt.h"
#include "views/qt/heat_map_widget.h"

#include <QApplication>
#include <QTest>

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

    void survivesWithoutData()
    {
        m_widget->setMap({});
        drag(QPoint(100, 100), QPoint(300, 120));
        key(Qt::Key_Up);
        key(Qt::Key_Return);
        QVERIFY(m_told.empty());
        QCOMPARE(m_widget->accessibleDescription(), QStringLiteral("Nothing to show."));
    }
};

QTEST_MAIN(TestHeatMapWidget)
#include "tst_heat_map_widget.moc"
