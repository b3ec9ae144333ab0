#include "analysis/heat_map.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace flamewright;

namespace {

constexpr std::int64_t kMs = 1'000'000;

Timestamp at(std::int64_t ns)
{
    return Timestamp{Duration{ns}};
}

} // namespace

class TestHeatMap : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void foldsTimeIntoSecondsAndTheirParts()
    {
        // 2.1 s: three columns of a second.
        auto map = emptyHeatMap({at(500 * kMs), at(2600 * kMs)}, HeatMapGrid{});
        QCOMPARE(map.columns, 3u);
        QCOMPARE(map.columnNs, 1000 * kMs);
        QCOMPARE(map.rowNs(), 20 * kMs);
        addSample(map, at(500 * kMs), 7, 1);  // column 0, row 0
        addSample(map, at(519 * kMs), 1, 1);  // the same cell
        addSample(map, at(1520 * kMs), 3, 1); // column 1, row 1
        addSample(map, at(2599 * kMs), 2, 2); // column 2, row 4
        addSample(map, at(400 * kMs), 9, 9);  // before
        addSample(map, kNoTime, 9, 5);
        QCOMPARE(map.at(0, 0), 8);
        QCOMPARE(map.at(1, 1), 3);
        QCOMPARE(map.at(2, 4), 2);
        QCOMPARE(map.most, 8);
        QCOMPARE(map.total, 13);
        QCOMPARE(map.untimed, 5);
        QCOMPARE(map.rangeOf(1, 1).begin, at(1520 * kMs));
        QCOMPARE(map.rangeOf(1, 1).end, at(1540 * kMs));
        // Brushed backwards: from the earlier cell to the end of the later.
        const auto range = map.rangeOf(2, 4, 0, 3);
        QCOMPARE(range.begin, at(560 * kMs));
        QCOMPARE(range.end, at(2600 * kMs));
    }

    void shortCapturesHaveShortColumns_data()
    {
        QTest::addColumn<qint64>("lengthNs");
        QTest::addColumn<qint64>("columnNs");
        QTest::addColumn<unsigned>("rows");
        QTest::addColumn<unsigned>("columns");
        QTest::newRow("2 us") << qint64{2000} << qint64{50} << 25u << 40u;
        QTest::newRow("30 ms") << qint64{30 * kMs} << qint64{kMs / 2} << 25u << 60u;
        QTest::newRow("1 s") << qint64{1000 * kMs} << qint64{20 * kMs} << 25u << 50u;
        QTest::newRow("3 s") << qint64{3000 * kMs} << qint64{50 * kMs} << 25u << 60u;
        QTest::newRow("10 s") << qint64{10'000 * kMs} << qint64{200 * kMs} << 25u << 50u;
        QTest::newRow("39 s") << qint64{39'000 * kMs} << qint64{500 * kMs} << 25u << 78u;
        QTest::newRow("40 s") << qint64{40'000 * kMs} << qint64{1000 * kMs} << 50u << 40u;
        QTest::newRow("30 min") << qint64{1'800'000 * kMs} << qint64{1000 * kMs} << 50u << 1800u;
        QTest::newRow("1 h") << qint64{3'600'000 * kMs} << qint64{2000 * kMs} << 50u << 1800u;
    }
    void shortCapturesHaveShortColumns()
    {
        QFETCH(qint64, lengthNs);
        const auto map = emptyHeatMap({at(7), at(7 + lengthNs)});
        QTEST(qint64{map.columnNs}, "columnNs");
        QTEST(unsigned{map.rows}, "rows");
        QTEST(unsigned{map.columns}, "columns");
        QCOMPARE(map.rowNs() * map.rows, map.columnNs);
    }

    // 3 s in 60 columns (61 may be touched): 25 rows from 3050 samples on, 10 from 1220.
    void fewSamplesHaveFewRows()
    {
        const auto rows = [](std::uint64_t samples) {
            return emptyHeatMap({at(0), at(3000 * kMs)}, samples).rows;
        };
        QCOMPARE(rows(1'000'000), 25u);
        QCOMPARE(rows(3050), 25u);
        QCOMPARE(rows(3049), 10u);
        QCOMPARE(rows(1220), 10u);
        QCOMPARE(rows(1219), 5u);
        QCOMPARE(rows(0), 5u);
        // What is long enough keeps its 20 ms.
        QCOMPARE(emptyHeatMap({at(0), at(60'000 * kMs)}, 10).rows, kHeatMapRows);
    }

    // Cells of one instant, or of none: there is always a picture, of few enough columns.
    void everyLengthHasAMapOfBoundedSize()
    {
        for (std::int64_t length = 1; length < (std::int64_t{1} << 60);
             length = length * 3 / 2 + 1) {
            const auto map = emptyHeatMap({at(0), at(length)});
            QVERIFY(map.columns >= 1 && map.columns <= kMaxHeatMapColumns);
            QVERIFY(map.columns >= kMinHeatMapColumns || length < 2000);
            QVERIFY(map.columnNs * map.columns >= length);
        }
        QCOMPARE(emptyHeatMap({at(5), at(5)}).columns, 0u);
    }

    void everySampleIsInTheCellWhoseRangeHoldsIt()
    {
        std::mt19937_64 random(4);
        for (int round = 0; round < 100; ++round) {
            const auto begin = static_cast<std::int64_t>(random() % 1'000'000'000'000);
            // From a microsecond to eleven hours, as many short ones as long ones.
            const auto magnitude = std::pow(10.0, 3 + static_cast<double>(random() % 1060) / 100);
            const auto length = static_cast<std::int64_t>(magnitude);
            auto map = emptyHeatMap({at(begin), at(begin + length + 1)},
                                    HeatMapGrid{heatMapGrid(length + 1).columnNs,
                                                static_cast<std::uint32_t>(1 + random() % 100)});
            QVERIFY(map.columns <= kMaxHeatMapColumns);
            for (int i = 0; i < 200; ++i) {
                const auto time = begin + static_cast<std::int64_t>(random() >> 1) % (length + 1);
                if (time < begin)
                    continue;
                const auto before = map.samples;
                addSample(map, at(time), 1, 1);
                std::size_t changed = 0, where = 0;
                for (std::size_t cell = 0; cell < before.size(); ++cell) {
                    if (map.samples[cell] != before[cell]) {
                        ++changed;
                        where = cell;
                    }
                }
                QCOMPARE(changed, std::size_t{1});
                const auto range = map.rangeOf(static_cast<std::uint32_t>(where / map.rows),
                                               static_cast<std::uint32_t>(where % map.rows));
                QVERIFY(range.contains(at(time)));
                if (i == 5 && map.value.size() > 50'000)
                    break; // comparing all cells of large maps is slow
            }
        }
    }

    void timesOfHostileFilesStayWithinBounds()
    {
        for (const auto &range : {TimeRange{}, TimeRange{at(INT64_MAX - 1), at(INT64_MAX)},
                                  TimeRange{at(5), at(5)}, TimeRange{at(9), at(-9)}}) {
            auto map = emptyHeatMap(range);
            QVERIFY(map.columns <= kMaxHeatMapColumns);
            for (const auto time : {INT64_MIN + 1, std::int64_t{0}, INT64_MAX})
                addSample(map, at(time), INT64_MAX, INT64_MAX);
            QVERIFY(map.total >= 0);
        }
    }
};

QTEST_APPLESS_MAIN(TestHeatMap)
#include "tst_heat_map.moc"
