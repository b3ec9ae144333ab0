#include "analysis/little_check.h"
#include "made_load.h"

#include <QTest>

#include <cmath>

using namespace flamewright;

class TestLittleCheck : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // Two workers for 1 s: one of them with four requests of 200 ms and pauses of 50 ms (the last
    // ends at 950 ms), the other with one request of a second.
    void countsByHand()
    {
        const auto rows = madeRows({{0, 200 * kMs, 1},
                                    {250 * kMs, 200 * kMs, 1},
                                    {500 * kMs, 200 * kMs, 1},
                                    {750 * kMs, 200 * kMs, 1},
                                    {0, 1000 * kMs, 2}});
        const auto found = *littleCheck(rows, 0, 50 * kMs);
        QCOMPARE(found.users, 1.95);
        QCOMPARE(found.throughput, 5.0);
        QCOMPARE(found.latencyNs, 360e6);
        QCOMPARE(found.expected(), 5 * 0.41);
        QVERIFY(std::abs(found.residual() - (1 - 2.05 / 1.95)) < 1e-12);
    }
    void holdsForClosedTests()
    {
        std::mt19937_64 random(1);
        const auto latency = [](std::mt19937_64 &r, std::int64_t) {
            return static_cast<std::int64_t>(std::lognormal_distribution<double>(16, 1)(r));
        };
        std::vector<MadeRequest> requests;
        addClosed(requests, 1, 10, 0, 30 * kSecond, 40 * kMs, random, latency);
        // Workers that come later do not spoil it.
        addClosed(requests, 11, 10, 15 * kSecond, 30 * kSecond, 40 * kMs, random, latency);
        const auto rows = madeRows(requests);
        const auto known = *littleCheck(rows, 0, 40 * kMs);
        QVERIFY(std::abs(known.users - 15) < 0.2);
        QVERIFY2(std::abs(known.residual()) < 0.02, qPrintable(QString::number(known.residual())));
        // Without the think time, that is what is missing: 40 of 54.7 ms.
        const auto unknown = *littleCheck(rows, 0, 0);
        QVERIFY(std::abs(unknown.residual() - 40 / 54.65) < 0.03);
        QVERIFY(unknown.residual() > kLittleTolerance);
        // Latencies in the wrong unit: more at work than there are.
        auto wrong = rows;
        for (auto &value : wrong.latency)
            value *= 10;
        QVERIFY(littleCheck(wrong, 0, 0)->residual() < -kLittleTolerance);
    }
    void nothingToCheck()
    {
        QVERIFY(!littleCheck({}, 0, 0));
        QVERIFY(!littleCheck(madeRows({{0, 0, 1}}), 0, 0));
        QVERIFY(!littleCheck(madeRows({{0, 10, 1}, {5, 10, 0}}), 0, 0));
        QVERIFY(!littleCheck(madeRows({{0, 10, 1}}), 1, 0));
        QVERIFY(!littleCheck(madeRows({{LoadRows::kUntimed, 10, 1}}), 0, 0));
    }
    void hostileTimes()
    {
        const auto found = *littleCheck(
            madeRows({{0, INT64_MAX, 1}, {INT64_MAX, INT64_MIN, 2}, {5, -5, 3}}), 0, INT64_MIN);
        QVERIFY(std::isfinite(found.residual()));
        QCOMPARE(found.users, 1.0);
    }
};

QTEST_GUILESS_MAIN(TestLittleCheck)
#include "tst_little_check.moc"
