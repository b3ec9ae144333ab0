#include "analysis/latency.h"
#include "analysis/latency_histogram.h"
#include "tests/views/drawn_load.h"

#include <QTest>

using namespace flamewright;

class TestLatencyHistogram : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyRequestIsInItsBin_data()
    {
        QTest::addColumn<bool>("log");
        QTest::addColumn<bool>("failures");
        QTest::newRow("logarithmic") << true << false;
        QTest::newRow("linear") << false << false;
        QTest::newRow("with failures") << true << true;
    }
    void everyRequestIsInItsBin()
    {
        QFETCH(bool, log);
        QFETCH(bool, failures);
        const auto rows = drawnLoad(40, 60);
        const auto made = latencyHistogram(rows, {.log = log, .includeFailures = failures});
        QCOMPARE(made.series.size(), std::size_t{3});
        QCOMPARE(made.requests, rows.size());
        std::uint64_t all = 0;
        for (const auto &series : made.series) {
            std::vector<std::int64_t> latencies;
            for (std::size_t bin = 0; bin < made.bins(); ++bin) {
                std::uint64_t expected = 0, below = 0;
                for (std::size_t i = 0; i < rows.size(); ++i) {
                    const auto latency = double(rows.latency[i]);
                    if (rows.group[i] != *series.group || (rows.failed[i] != 0 && !failures))
                        continue;
                    expected += latency >= made.edges[bin] && latency < made.edges[bin + 1];
                    below += latency < made.edges[bin];
                    if (bin == 0)
                        latencies.push_back(rows.latency[i]);
                }
                QCOMPARE(series.count[bin], expected);
                QCOMPARE(series.below(bin), below);
            }
            QCOMPARE(series.below(made.bins()), series.total);
            const auto summary = summarizeLatencies(latencies);
            QCOMPARE(*series.marks[0], summary.percentiles[0].value);
            QCOMPARE(*series.marks[1], summary.percentiles[2].value);
            QCOMPARE(*series.marks[2], summary.percentiles[3].value);
            all += series.total;
        }
        QCOMPARE(all, failures ? rows.size() : rows.size() - made.failed);
    }

    void smallGroupsAreOne()
    {
        const auto made = latencyHistogram(drawnLoad(40, 60), {.most = 2});
        QCOMPARE(made.series.size(), std::size_t{2});
        QCOMPARE(made.othersGroups, std::uint64_t{2});
        QVERIFY(!made.series[1].group);
        QVERIFY(made.series[1].total > made.series[0].total);
    }

    void hostileLatenciesAreHeld()
    {
        QCOMPARE(latencyHistogram({}).bins(), std::size_t{0});
        LoadRows rows;
        for (const auto latency : {INT64_MAX, INT64_MIN, std::int64_t{0}, std::int64_t{1}})
            addRequest(rows, 0, latency);
        for (const bool log : {true, false}) {
            const auto made = latencyHistogram(rows, {.log = log});
            QCOMPARE(made.series[0].below(made.bins()), std::uint64_t{4});
            QVERIFY(!made.series[0].marks[0]); // too few
        }
        LoadRows failures;
        addRequest(failures, 0, 5, 0, 1);
        QVERIFY(latencyHistogram(failures).series.empty());
    }
};

QTEST_GUILESS_MAIN(TestLatencyHistogram)
#include "tst_latency_histogram.moc"
