#include "analysis/slo.h"
#include "made_load.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <random>

using namespace flamewright;

namespace {

constexpr double kMsD = 1e6;

SloPoint level(double concurrency, double throughput, double latencyMs)
{
    return {concurrency, throughput, latencyMs * kMsD, {}};
}

} // namespace

class TestSlo : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // 200 ms at 1000/s, 400 ms at 1400/s: 300 ms in the middle, at 1200/s and 15 in flight.
    void interpolatesBetweenLevels()
    {
        const std::vector<SloPoint> levels{level(10, 1000, 200), level(20, 1400, 400),
                                           level(5, 500, 100)};
        const auto found = *headroom(levels, 300 * kMs);
        QCOMPARE(found.kind, Headroom::Kind::Crosses);
        QCOMPARE(found.throughput, 1200.0);
        QCOMPARE(found.concurrency, 15.0);
        QVERIFY(!found.hasInterval);
        // Exactly the objective meets it.
        QCOMPARE(headroom(levels, 400 * kMs)->kind, Headroom::Kind::Never);
        QCOMPARE(headroom(levels, 200 * kMs)->throughput, 1000.0);
    }
    void outsideOfWhatWasMeasured()
    {
        const std::vector<SloPoint> levels{level(5, 500, 100), level(10, 900, 150),
                                           level(20, 850, 280)};
        const auto never = *headroom(levels, 300 * kMs);
        QCOMPARE(never.kind, Headroom::Kind::Never);
        QCOMPARE(never.throughput, 900.0); // the most, though not of the highest level
        const auto always = *headroom(levels, 50 * kMs);
        QCOMPARE(always.kind, Headroom::Kind::Always);
        QCOMPARE(always.throughput, 500.0);
        QVERIFY(!headroom({}, 1));
    }
    // Past the knee throughput falls: the crossing is on the way up in concurrency.
    void fallingThroughput()
    {
        const std::vector<SloPoint> levels{level(1, 100, 10), level(10, 800, 50),
                                           level(20, 700, 150), level(40, 500, 600)};
        const auto found = *headroom(levels, 100 * kMs);
        QCOMPARE(found.throughput, 750.0);
        QCOMPARE(found.concurrency, 15.0);
    }
    void intervalsOfDraws()
    {
        std::vector<SloPoint> levels{level(10, 1000, 200), level(20, 2000, 400)};
        for (int i = 0; i < 1000; ++i) {
            levels[0].draws.push_back(200 * kMs);
            levels[1].draws.push_back((350 + i / 10) * kMs);
        }
        auto found = *headroom(levels, 300 * kMs);
        QVERIFY(found.hasInterval);
        // 100 / 249..247 and 100 / 150..152 of the way: middle 95 %.
        QVERIFY(std::abs(*found.low - (1000 + 1000 * 100 / 247.0)) < 3);
        QVERIFY(std::abs(*found.high - (1000 + 1000 * 100 / 152.0)) < 6);
        // A tenth never crosses: no upper end. Another tenth is above from the start: no lower one.
        for (std::size_t i = 0; i < 100; ++i) {
            levels[1].draws[i] = 250 * kMs;
            levels[0].draws[999 - i] = 310 * kMs;
        }
        found = *headroom(levels, 300 * kMs);
        QVERIFY(found.hasInterval && !found.low && !found.high);
        // One level without draws: nothing to say.
        levels[1].draws.clear();
        QVERIFY(!headroom(levels, 300 * kMs)->hasInterval);
    }
    void apdexByHand()
    {
        // T = 100: 100 satisfied; 101 and 400 tolerating; 401 frustrated; a fast failure too.
        const std::vector<std::int64_t> latency{100, 101, 400, 401, 5};
        const std::vector<std::uint8_t> failed{0, 0, 0, 0, 1};
        const auto found = apdex(latency, failed, 100);
        QCOMPARE(found.satisfied, 1u);
        QCOMPARE(found.tolerating, 2u);
        QCOMPARE(found.frustrated, 2u);
        QCOMPARE(found.score(), 0.4);
        QCOMPARE(apdex({}, {}, 100).score(), 0.0);
        const auto far = apdex(latency, failed, INT64_MAX);
        QCOMPARE(far.satisfied, 4u);
    }
    void complianceCountsFailuresAgainst()
    {
        const std::vector<std::int64_t> latency{100, 101, INT64_MIN, INT64_MAX, 5};
        const std::vector<std::uint8_t> failed{0, 0, 0, 0, 1};
        const auto found = compliance(latency, failed, 100);
        QCOMPARE(found.good, 2u);
        QCOMPARE(found.total, 5u);
        QCOMPARE(found.share(), 0.4);
        QVERIFY(found.interval().low < 0.4 && found.interval().high > 0.4);
        QCOMPARE(Compliance{}.share(), 1.0);
    }
    // formats 9.7: 99.9 % and 1.44 % bad burn 14.4 times as fast as allowed.
    void burnRates()
    {
        QVERIFY(std::abs(burnRate({9856, 10'000}, 0.999) - 14.4) < 1e-9);
        QVERIFY(std::abs(burnRate({999, 1000}, 0.999) - 1) < 1e-9);
        QCOMPARE(burnRate({1000, 1000}, 0.999), 0.0);
        QCOMPARE(burnRate({}, 0.999), 0.0);
        QCOMPARE(burnRate({1000, 1000}, 1.0), 0.0);
        QVERIFY(std::isinf(burnRate({999, 1000}, 1.0)));
    }
    void alertsOfThirtyDays()
    {
        const double factors[] = {14.4, 6, 3, 1}, shares[] = {0.02, 0.05, 0.1, 0.1};
        const int longMinutes[] = {60, 360, 1440, 4320}, shortMinutes[] = {5, 30, 120, 360};
        const auto alerts = burnAlerts();
        for (std::size_t i = 0; i < alerts.size(); ++i) {
            QVERIFY(std::abs(alerts[i].factor - factors[i]) < 1e-9);
            QCOMPARE(alerts[i].budgetShare, shares[i]);
            QCOMPARE(alerts[i].longNs, longMinutes[i] * 60 * kSecond);
            QCOMPARE(alerts[i].shortNs, shortMinutes[i] * 60 * kSecond);
            QCOMPARE(alerts[i].page, i < 2);
        }
        // pyrra's period of 28 days with its own shares would be 14, 7, 2, 1; with these: 13.44.
        QVERIFY(std::abs(burnAlerts(28LL * 24 * 3600 * kSecond)[0].factor - 13.44) < 1e-9);
    }
    void budgetsRunOut()
    {
        const auto burns = burnReport({9930, 10'000}, 0.999); // 7 times
        QVERIFY(std::abs(burns.rate - 7) < 1e-9);
        QVERIFY(burns.exhaustedNs);
        QVERIFY(std::abs(static_cast<double>(*burns.exhaustedNs) / (30 * 86400e9 / 7) - 1) < 1e-9);
        QVERIFY(!burns.lines[0].would && burns.lines[1].would && burns.lines[2].would);
        QVERIFY(!burnReport({9999, 10'000}, 0.999).exhaustedNs);
        QCOMPARE(*burnReport({9, 10}, 1).exhaustedNs, 0);
    }
    void hostileLevels()
    {
        const auto inf = std::numeric_limits<double>::infinity();
        const std::vector<SloPoint> levels{{NAN, 1, 1, {}}, {1, inf, 1, {}}, {1, 1, NAN, {}}};
        QVERIFY(!headroom(levels, 5));
        const std::vector<SloPoint> same{level(1, 10, 5), level(1, 10, 5), level(1, 10, 900)};
        QCOMPARE(headroom(same, 100 * kMs)->throughput, 10.0);
    }
};

QTEST_GUILESS_MAIN(TestSlo)
#include "tst_slo.moc"
