#include "analysis/slow_traces.h"
#include "tests/analysis/made_spans.h"

#include <QTest>

using namespace flamewright;

namespace {

// `count` traces of 100 ns with a query of 20 ns; the last `slow` take 300 ns, of which the query has
// 200.
SpanRows traces(int slow, int count = 100)
{
    std::vector<MadeSpan> spans;
    for (int i = 0; i < count; ++i) {
        const bool isSlow = i >= count - slow;
        const auto t = "t" + std::to_string(i);
        spans.push_back({t, 1, 0, "web", "get", 1000 * i, isSlow ? 300 : 100});
        spans.push_back({t, 2, 1, "web", "query", 1000 * i + 10, isSlow ? 200 : 20});
    }
    return madeSpans(std::move(spans));
}

} // namespace

class TestSlowTraces : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void saysWhereSlowTracesSpendMore()
    {
        const auto rows = traces(6);
        const auto forest = spanForest(rows);
        const auto slow = slowTraces(rows, forest, operationIndex(rows), {0, 0});
        QCOMPARE(slow.reason, std::string());
        QCOMPARE(slow.thresholdNs, 300);
        QCOMPARE(slow.slow, 6u);
        QCOMPARE(slow.rest, 94u);
        QVERIFY(qFuzzyCompare(slow.slowMeanNs, 300.0));
        QVERIFY(qFuzzyCompare(slow.restMeanNs, 100.0));
        QCOMPARE(slow.operations.size(), 2u);
        const auto &query = slow.operations[0];
        QCOMPARE(rows.names[query.key.name], std::string("query"));
        QVERIFY(qFuzzyCompare(query.slowPathNs, 200.0));
        QVERIFY(qFuzzyCompare(query.restSelfNs, 20.0));
        QVERIFY(qFuzzyCompare(query.share, 0.9)); // 180 of 200
        QVERIFY(qFuzzyCompare(query.share + slow.operations[1].share, 1.0));
    }
    void tellsNothingFromTooFewTraces_data()
    {
        QTest::addColumn<int>("slow");
        QTest::addColumn<int>("count");
        QTest::newRow("too few slow ones") << 4 << 40; // 38 of 40 is the p95
        QTest::newRow("all alike") << 0 << 100;        // all reach the p95
        QTest::newRow("too few others") << 90 << 100;
        QTest::newRow("one") << 0 << 1;
    }
    void tellsNothingFromTooFewTraces()
    {
        QFETCH(const int, slow);
        QFETCH(const int, count);
        const auto rows = traces(slow, count);
        const auto forest = spanForest(rows);
        const auto found = slowTraces(rows, forest, operationIndex(rows), {0, 0});
        QVERIFY(found.reason.starts_with("not enough traces: "));
        QVERIFY(found.operations.empty());
    }
    void pathsAddUpToTheMeans()
    {
        for (unsigned seed = 0; seed < 40; ++seed) {
            const auto rows = wildSpans(seed, 900, 300);
            const auto forest = spanForest(rows);
            const auto index = operationIndex(rows);
            for (const auto &key : index.keys) {
                const auto found = slowTraces(rows, forest, index, key);
                if (!found.reason.empty())
                    continue;
                double slow = 0, rest = 0;
                for (const auto &share : found.operations) {
                    slow += share.slowPathNs;
                    rest += share.restPathNs;
                }
                QVERIFY(std::abs(slow - found.slowMeanNs) < 1e-6);
                QVERIFY(std::abs(rest - found.restMeanNs) < 1e-6);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestSlowTraces)
#include "tst_slow_traces.moc"
