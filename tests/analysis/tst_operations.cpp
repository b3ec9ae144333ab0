#include "analysis/operations.h"
#include "tests/analysis/made_spans.h"

#include <QTest>

#include <map>

using namespace flamewright;

class TestOperations : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void countsByServiceAndName()
    {
        // Two requests of 100 and 300 ns with a query each of 40 and 60; the second one failed. The
        // same name in another service is another operation.
        const auto rows = madeSpans(
            {{"t", 1, 0, "web", "get", 0, 100},
             {"t", 2, 1, "web", "query", 10, 40},
             {"u", 1, 0, "web", "get", 1'000'000'000, 300},
             {"u", 2, 1, "web", "query", 1'000'000'000, 60, SliceKind::SpanClient, kSliceError},
             {"u", 3, 2, "db", "query", 2'000'000'000, 0}});
        const auto forest = spanForest(rows);
        const auto table = operationTable(rows, forest, operationIndex(rows));
        QCOMPARE(table.spans, 5u);
        QCOMPARE(table.traces, 2u);
        QCOMPARE(table.services, 2u);
        QCOMPARE(table.errors, 1u);
        QCOMPARE(table.selfNs, 400); // 60 + 40 + 240 + 60 + 0
        QCOMPARE(table.operations.size(), 3u);
        const auto &get = table.operations[0];
        QCOMPARE(rows.names[get.key.name], std::string("get"));
        QCOMPARE(get.count, 2u);
        QCOMPARE(get.errors, 0u);
        QCOMPARE(get.totalNs, 400);
        QCOMPARE(get.selfNs, 300);
        QCOMPARE(get.p50, 100);
        QCOMPARE(get.p90, 300);
        QCOMPARE(get.max, 300);
        QCOMPARE(get.share, 0.75);
        QCOMPARE(*get.ratePerSecond, 1.0); // 2 in the 2 s between the first and the last begin
        const auto &query = table.operations[1];
        QCOMPARE(query.errors, 1u);
        QCOMPARE(query.selfNs, 100);
        QCOMPARE(rows.services[table.operations[2].key.service], std::string("db"));
    }
    void nothingIsNothing()
    {
        const SpanRows rows;
        const auto table = operationTable(rows, spanForest(rows), operationIndex(rows));
        QCOMPARE(table.spans + table.traces + table.services, 0u);
        QVERIFY(table.operations.empty());
        QCOMPARE(percentileOf({}, 9'500), 0);
    }
    void oneSpanHasNoRate()
    {
        const auto rows = madeSpans({{"t", 1, 0, "s", "n", 5, 7}});
        const auto table = operationTable(rows, spanForest(rows), operationIndex(rows));
        QVERIFY(!table.operations.front().ratePerSecond);
        QCOMPARE(table.operations.front().p50, 7);
        QCOMPARE(table.operations.front().share, 1.0);
    }
    void equalsTheSlowWay()
    {
        for (unsigned seed = 0; seed < 100; ++seed) {
            const auto rows = wildSpans(seed, 1 + seed * 3, 1 + seed % 7);
            const auto forest = spanForest(rows);
            const auto table = operationTable(rows, forest, operationIndex(rows));
            std::map<OperationKey, std::vector<std::int64_t>> lengths;
            for (std::size_t i = 0; i < rows.size(); ++i)
                lengths[{rows.service[i], rows.name[i]}].push_back(rows.length[i]);
            QCOMPARE(table.operations.size(), lengths.size());
            double shares = 0;
            for (const auto &one : table.operations) {
                auto &sorted = lengths[one.key];
                std::sort(sorted.begin(), sorted.end());
                const auto n = sorted.size();
                QCOMPARE(one.count, n);
                QCOMPARE(one.totalNs,
                         std::accumulate(sorted.begin(), sorted.end(), std::int64_t{0}));
                const auto at = [&](std::size_t percent) {
                    return sorted[(n * percent + 99) / 100 - 1];
                };
                QCOMPARE(one.p50, at(50));
                QCOMPARE(one.p90, at(90));
                QCOMPARE(one.p95, at(95));
                QCOMPARE(one.p99, at(99));
                QCOMPARE(one.max, sorted.back());
                shares += one.share;
            }
            QVERIFY(table.selfNs == 0 || std::abs(shares - 1) < 1e-9);
        }
    }
    void sumsStopAtTheEndOfNumbers()
    {
        const auto rows =
            madeSpans({{"t", 1, 0, "s", "n", 0, INT64_MAX}, {"t", 2, 0, "s", "n", 0, INT64_MAX}});
        const auto table = operationTable(rows, spanForest(rows), operationIndex(rows));
        QCOMPARE(table.operations.front().totalNs, INT64_MAX);
        QCOMPARE(table.selfNs, INT64_MAX);
    }
};

QTEST_GUILESS_MAIN(TestOperations)
#include "tst_operations.moc"
