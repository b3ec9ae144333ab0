#include "analysis/omission_evidence.h"
#include "made_load.h"

#include <QTest>

#include <cmath>

using namespace flamewright;

namespace {

// Eight workers for a minute, 10 ms an answer; those under way at 30 s take `stall` longer.
std::vector<MadeRequest> stalled(std::int64_t stall, std::int64_t length = 60 * kSecond)
{
    std::mt19937_64 random(1);
    std::vector<MadeRequest> requests;
    addClosed(requests, 1, 8, 0, length, 0, random, [&](std::mt19937_64 &r, std::int64_t at) {
        const auto latency =
            static_cast<std::int64_t>(std::lognormal_distribution<double>(16.1, 0.3)(r));
        return at < 30 * kSecond && at + latency >= 30 * kSecond ? latency + stall : latency;
    });
    return requests;
}

} // namespace

class TestOmissionEvidence : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // 8 workers at 10.25 ms are 780 requests a second, which four seconds leave out.
    void stallsAreSeen()
    {
        const auto found = omissionEvidence(madeRows(stalled(4 * kSecond)), 0);
        QVERIFY(found);
        QVERIFY(std::abs(static_cast<double>(found->slowNs) / 4e9 - 1) < 0.25);
        QVERIFY(std::abs(found->rate / 780 - 1) < 0.05);
        QVERIFY(found->slowRate < 200);
        QVERIFY(std::abs(found->omitted / 3120 - 1) < 0.1);
        QVERIFY(found->slowLatencyNs > 2e9 && found->latencyNs < 15e6);
    }
    // A tenth of a second of a minute does not matter where answers took three times as long; one
    // where they took a hundred times as long matters to the p99.9.
    void shortStalls()
    {
        QVERIFY(!omissionEvidence(madeRows(stalled(20 * kMs)), 0));
        QVERIFY(omissionEvidence(madeRows(stalled(kSecond)), 0));
        QVERIFY(!omissionEvidence(madeRows(stalled(0)), 0));
    }
    // A server that slows down for a part of the test, whose workers all stay.
    void slowTimes()
    {
        std::mt19937_64 random(2);
        std::vector<MadeRequest> requests;
        addClosed(
            requests, 1, 8, 0, 60 * kSecond, 0, random, [](std::mt19937_64 &r, std::int64_t at) {
                return static_cast<std::int64_t>(std::lognormal_distribution<double>(16.1, 0.3)(r) *
                                                 (at > 20 * kSecond && at < 30 * kSecond ? 5 : 1));
            });
        const auto found = omissionEvidence(madeRows(requests), 0);
        QVERIFY(found);
        QVERIFY(std::abs(found->slowRate / found->rate - 0.2) < 0.05);
    }
    // Threads that start one after the other, the first of them slowly, send less: they are fewer.
    void rampsAreNoOmission()
    {
        std::mt19937_64 random(3);
        std::vector<MadeRequest> requests;
        for (std::uint32_t worker = 1; worker <= 20; ++worker)
            addClosed(requests, worker, 1, (worker - 1) * kSecond / 2, 60 * kSecond, 0, random,
                      [](std::mt19937_64 &r, std::int64_t) {
                          return static_cast<std::int64_t>(
                              std::lognormal_distribution<double>(16.1, 0.3)(r));
                      });
        QVERIFY(!omissionEvidence(madeRows(requests), 0));
    }
    void littleAndHostile()
    {
        QVERIFY(!omissionEvidence({}, 0));
        QVERIFY(canShowOmission(1000) && !canShowOmission(999));
        auto few = stalled(4 * kSecond);
        few.resize(900);
        QVERIFY(!omissionEvidence(madeRows(few), 0));
        QVERIFY(!omissionEvidence(madeRows(stalled(kSecond)), 1));
        std::vector<MadeRequest> requests;
        for (int i = 0; i < 2000; ++i)
            requests.push_back({i % 2 ? i : INT64_MAX - i, i % 3 ? INT64_MAX : INT64_MIN, 1});
        const auto found = omissionEvidence(madeRows(requests), 0);
        QVERIFY(!found || std::isfinite(found->slowLatencyNs));
        QVERIFY(!omissionEvidence(madeRows(std::vector<MadeRequest>(2000, {5, 0, 1})), 0));
    }
};

QTEST_GUILESS_MAIN(TestOmissionEvidence)
#include "tst_omission_evidence.moc"
