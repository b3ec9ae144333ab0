#include "analysis/latency_edges.h"

#include <QTest>

#include <cmath>

using namespace flamewright;

class TestLatencyEdges : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theClockIsWhatAllAreMultiplesOf()
    {
        LatencyClock clock;
        clock.add(30'000'000);
        QCOMPARE(clock.tickNs(), std::int64_t{10'000'000});
        clock.add(12'000'000);
        QCOMPARE(clock.tickNs(), std::int64_t{1'000'000});
        clock.add(0);
        clock.add(-7'000'000);
        QCOMPARE(clock.tickNs(), std::int64_t{1'000'000});
        clock.add(12'345);
        QCOMPARE(clock.tickNs(), std::int64_t{1});
    }

    void binsAreWholeTicksAndNeverNarrower_data()
    {
        QTest::addColumn<qint64>("least");
        QTest::addColumn<qint64>("most");
        QTest::addColumn<qint64>("tick");
        QTest::addColumn<bool>("log");
        for (const bool log : {true, false}) {
            const auto *scale = log ? "log" : "linear";
            QTest::addRow("ms %s", scale)
                << qint64{1'000'000} << qint64{900'000'000} << qint64{1'000'000} << log;
            QTest::addRow("ns %s", scale)
                << qint64{12'345} << qint64{5'000'000'000} << qint64{1} << log;
            QTest::addRow("one value %s", scale) << qint64{7} << qint64{7} << qint64{1} << log;
            QTest::addRow("huge %s", scale) << qint64{1} << qint64{INT64_MAX} << qint64{1} << log;
        }
    }
    void binsAreWholeTicksAndNeverNarrower()
    {
        QFETCH(qint64, least);
        QFETCH(qint64, most);
        QFETCH(qint64, tick);
        QFETCH(bool, log);
        const auto edges = latencyEdges(least, most, tick, log, 60);
        QVERIFY(edges.size() >= 2 && edges.size() <= 100);
        QVERIFY(edges.front() <= double(least) && edges.back() > double(most) * (1 - 1e-9));
        double last = 0;
        for (std::size_t i = 1; i < edges.size(); ++i) {
            const auto width = edges[i] - edges[i - 1];
            QVERIFY(width > 0);
            if (i == 1) // from zero to between two ticks, or from half of the least
                continue;
            QVERIFY(width >= last * (1 - 1e-9));
            if (tick > 1)
                QVERIFY(std::abs(width / double(tick) - std::round(width / double(tick))) < 1e-6);
            last = width;
        }
    }
};

QTEST_GUILESS_MAIN(TestLatencyEdges)
#include "tst_latency_edges.moc"
