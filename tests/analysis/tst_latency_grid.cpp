#include "analysis/latency_grid.h"
#include "tests/views/drawn_load.h"

#include <QTest>

#include <algorithm>

using namespace flamewright;

class TestLatencyGrid : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyRequestIsInItsCell_data()
    {
        QTest::addColumn<bool>("log");
        QTest::addColumn<bool>("failures");
        QTest::newRow("logarithmic") << true << false;
        QTest::newRow("linear") << false << false;
        QTest::newRow("with failures") << true << true;
    }
    void everyRequestIsInItsCell()
    {
        QFETCH(bool, log);
        QFETCH(bool, failures);
        const auto rows = drawnLoad(40, 60);
        const auto grid = latencyGrid(rows, {.log = log, .includeFailures = failures});
        QVERIFY(std::is_sorted(grid.edges.begin(), grid.edges.end()));
        QVERIFY(std::adjacent_find(grid.edges.begin(), grid.edges.end()) == grid.edges.end());
        std::uint64_t sum = 0;
        for (std::size_t c = 0; c < grid.columns; ++c) {
            std::uint32_t failed = 0;
            std::vector<std::uint32_t> expected(grid.rows(), 0);
            for (std::size_t i = 0; i < rows.size(); ++i) {
                if (rows.begin[i] < grid.columnBegin(c) || rows.begin[i] >= grid.columnBegin(c + 1))
                    continue;
                failed += rows.failed[i];
                if (rows.failed[i] != 0 && !failures)
                    continue;
                for (std::size_t r = 0; r < grid.rows(); ++r) {
                    const auto latency = double(rows.latency[i]);
                    expected[r] += latency >= grid.edges[r] && latency < grid.edges[r + 1];
                }
            }
            QCOMPARE(grid.failed[c], failed);
            for (std::size_t r = 0; r < grid.rows(); ++r) {
                QCOMPARE(grid.at(c, r), expected[r]);
                QVERIFY(grid.at(c, r) <= grid.most);
                sum += grid.at(c, r);
            }
        }
        QCOMPARE(sum, failures ? rows.size() : rows.size() - grid.failedInAll);
        QVERIFY(grid.failedInAll > 10);
    }

    // A tool that counts milliseconds: no row is between two of them, none holds none.
    void rowsAreNotFinerThanTheClock()
    {
        LoadRows rows;
        for (int i = 0; i < 3000; ++i)
            addRequest(rows, i * kDrawnMs, (1 + i % 300) * kDrawnMs);
        for (const bool log : {true, false}) {
            const auto grid = latencyGrid(rows, {.pixelsHigh = 1200, .log = log});
            // A linear axis begins with the row of zero, which nobody took.
            for (std::size_t r = log ? 0 : 1; r < grid.rows(); ++r) {
                std::uint32_t inRow = 0;
                for (std::size_t c = 0; c < grid.columns; ++c)
                    inRow += grid.at(c, r);
                QVERIFY2(inRow > 0, qPrintable(QString::number(grid.edges[r])));
            }
        }
    }

    void aPartHasTheSameRows()
    {
        const auto rows = drawnLoad(40, 60);
        const auto all = latencyGrid(rows);
        const auto part =
            latencyGrid(rows, {.shown = LoadSpan{10 * kDrawnSecond, 12 * kDrawnSecond}});
        QVERIFY(all.edges == part.edges);
        QVERIFY(part.columnNs < all.columnNs);
        QCOMPARE(part.inShown, std::uint64_t{120});
        QCOMPARE(part.whole, all.whole);
    }

    void fewRequestsAreOneByOne()
    {
        const auto rows = drawnLoad(40, 60);
        QVERIFY(latencyGrid(rows, {.singles = 100}).singles.empty());
        const auto part = latencyGrid(
            rows, {.shown = LoadSpan{20 * kDrawnSecond, 21 * kDrawnSecond}, .singles = 100});
        QCOMPARE(part.singles.size(), std::size_t{60});
        QCOMPARE(part.singles[0].beginNs, 20 * kDrawnSecond);
        QVERIFY(!part.singles[0].group.empty());
        const auto failed = std::count_if(part.singles.begin(), part.singles.end(),
                                          [](const auto &s) { return s.failed; });
        QCOMPARE(std::uint64_t(failed), part.failedInShown);
    }

    void hostileTimesAreHeld()
    {
        LoadRows rows;
        QCOMPARE(latencyGrid(rows).columns, std::size_t{0});
        addRequest(rows, LoadRows::kUntimed, 5);
        QCOMPARE(latencyGrid(rows).untimed, std::uint64_t{1});
        addRequest(rows, 0, INT64_MAX);
        addRequest(rows, 3, INT64_MIN);
        addRequest(rows, 5, 0);
        addRequest(rows, INT64_MAX / 3, 1);
        for (const bool log : {true, false}) {
            const auto grid = latencyGrid(rows, {.log = log});
            QVERIFY(grid.columns > 0 && grid.columns <= 5000 && grid.rows() <= 5000);
            std::uint64_t sum = 0;
            for (const auto n : grid.count)
                sum += n;
            QCOMPARE(sum, std::uint64_t{4});
        }
        // Failures alone.
        LoadRows failures;
        addRequest(failures, 0, kDrawnMs, 0, 1);
        const auto grid = latencyGrid(failures);
        QCOMPARE(grid.most, 0u);
        QCOMPARE(grid.failed[0], 1u);
    }
};

QTEST_GUILESS_MAIN(TestLatencyGrid)
#include "tst_latency_grid.moc"
