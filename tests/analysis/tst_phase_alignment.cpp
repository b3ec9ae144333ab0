#include "analysis/compare/phase_alignment.h"
#include "made_load.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

using namespace flamewright;

namespace {

// A request every 10 ms that takes `latency`, in phases of these lengths.
LoadRows phased(const std::vector<std::int64_t> &lengths, std::int64_t latency,
                std::int64_t begin = 0)
{
    std::vector<MadeRequest> requests;
    for (std::size_t p = 0; p < lengths.size(); ++p) {
        for (const auto end = begin + lengths[p]; begin < end; begin += 10 * kMs)
            requests.push_back(
                {.begin = begin, .latency = latency, .phase = static_cast<std::uint32_t>(p + 1)});
    }
    return madeRows(std::move(requests));
}

LoadRows steady(unsigned seed, std::int64_t length, std::int64_t slowFor, double perSecond = 200)
{
    std::mt19937_64 random(seed);
    std::vector<MadeRequest> requests;
    addOpen(requests, perSecond, 0, length, random, [&](std::mt19937_64 &r, std::int64_t at) {
        std::lognormal_distribution<double> latency(at < slowFor ? 18 : 16, 0.2);
        return static_cast<std::int64_t>(latency(r));
    });
    return madeRows(std::move(requests));
}

LoadRows steps(unsigned seed, const std::vector<unsigned> &workers, std::int64_t length)
{
    std::mt19937_64 random(seed);
    std::vector<MadeRequest> requests;
    for (std::size_t i = 0; i < workers.size(); ++i) {
        const auto begin = static_cast<std::int64_t>(i) * length;
        addClosed(requests, 1, workers[i], begin, begin + length, 20 * kMs, random,
                  [](std::mt19937_64 &r, std::int64_t) {
                      return 10 * kMs + static_cast<std::int64_t>(r() % (5 * kMs));
                  });
    }
    return madeRows(std::move(requests));
}

} // namespace

class TestPhaseAlignment : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void phasesOfOneNameBelongTogether()
    {
        const auto base = phased({2 * kSecond, 4 * kSecond, kSecond}, 5 * kMs);
        auto cand = phased({3 * kSecond, 4 * kSecond, kSecond}, 5 * kMs, 7 * kSecond);
        cand.phases[3] = "cool down";
        const auto of = alignPhases(base, cand);
        QCOMPARE(of.by, AlignedBy::Phases);
        QCOMPARE(of.stretches.size(), std::size_t{2});
        QCOMPARE(of.stretches[0].phase, std::string("phase 1"));
        QCOMPARE(of.stretches[0].baseBegin, std::int64_t{0});
        QCOMPARE(of.stretches[0].candBegin, 7 * kSecond);
        QCOMPARE(of.stretches[1].baseBegin, 2 * kSecond);
        QCOMPARE(of.stretches[1].candBegin, 10 * kSecond);
        QCOMPARE(of.onlyBase, std::vector<std::string>{"phase 3"});
        QCOMPARE(of.onlyCand, std::vector<std::string>{"cool down"});
    }
    void levelsOfLoadBelongTogether()
    {
        const auto base = steps(1, {2, 8, 24}, 20 * kSecond);
        const auto cand = steps(2, {2, 8, 24}, 30 * kSecond);
        const auto of = alignPhases(base, cand);
        QCOMPARE(of.by, AlignedBy::Levels);
        QCOMPARE(of.stretches.size(), std::size_t{3});
        for (std::size_t i = 0; i < 3; ++i) {
            const auto n = static_cast<std::int64_t>(i);
            QVERIFY(of.stretches[i].baseBegin >= 20 * n * kSecond);
            QVERIFY(of.stretches[i].baseEnd <= 20 * (n + 1) * kSecond);
            QVERIFY(of.stretches[i].candBegin >= 30 * n * kSecond);
            QVERIFY(of.stretches[i].candEnd <= 30 * (n + 1) * kSecond);
        }
    }
    void aWarmUpIsLaidBeforeTheStart()
    {
        const auto base = steady(1, 60 * kSecond, 5 * kSecond), cand = steady(2, 60 * kSecond, 0);
        const auto of = alignPhases(base, cand);
        QCOMPARE(of.by, AlignedBy::WarmUp);
        QCOMPARE(of.stretches.size(), std::size_t{2});
        QCOMPARE(of.stretches[0].candBegin, of.stretches[0].candEnd);
        QVERIFY(std::abs(of.stretches[1].baseBegin - 5 * kSecond) < kSecond);
        QCOMPARE(of.stretches[1].candBegin, cand.begin.front());
    }
    void otherwiseBothBeginTogether()
    {
        const auto base = steady(1, 60 * kSecond, 0), cand = steady(2, 90 * kSecond, 0);
        const auto of = alignPhases(base, cand);
        QCOMPARE(of.by, AlignedBy::Start);
        QCOMPARE(of.stretches.size(), std::size_t{1});
        QCOMPARE(of.stretches[0].baseEnd, base.begin.back() + 1);
        QCOMPARE(of.stretches[0].length(), cand.begin.back() + 1 - cand.begin.front());
    }
    void withoutTimesNothingIsAligned()
    {
        const auto base = steady(1, 10 * kSecond, 0);
        auto cand = base;
        std::fill(cand.begin.begin(), cand.begin.end(), LoadRows::kUntimed);
        const auto of = alignPhases(base, cand);
        QCOMPARE(of.by, AlignedBy::Nothing);
        QCOMPARE(alignedSeries(base, cand, of, 100).binNs, std::int64_t{0});
        QCOMPARE(alignPhases({}, base).by, AlignedBy::Nothing);
    }
    void binsHoldEveryRequestOfTheStretches()
    {
        const auto base = phased({2 * kSecond, 4 * kSecond}, 5 * kMs);
        auto cand = phased({3 * kSecond, 2 * kSecond}, 7 * kMs, 7 * kSecond);
        for (std::size_t i = 0; i < 50; ++i)
            cand.failed[i] = 1; // of the first half second
        const auto of = alignedSeries(base, cand, alignPhases(base, cand), 30);
        // 3 s and 4 s, in bins of 0.5 s: 7 s by 30 is 0.23 s.
        QCOMPARE(of.binNs, 500 * kMs);
        QCOMPARE(of.stretches.size(), std::size_t{2});
        QCOMPARE(of.stretches[1].firstBin, std::size_t{6});
        QCOMPARE(of.binBegin[7], of.stretches[1].beginNs + 500 * kMs);
        const auto sum = [](const std::vector<std::uint32_t> &counts) {
            return std::accumulate(counts.begin(), counts.end(), std::size_t{0});
        };
        QCOMPARE(sum(of.base.count), base.size());
        QCOMPARE(sum(of.cand.count), cand.size());
        QCOMPARE(of.base.count[3], 50u);
        QCOMPARE(of.base.count[4], 0u); // the baseline's phase is over
        QCOMPARE(of.base.seconds[4], 0.0);
        QCOMPARE(of.cand.count[4], 50u);
        QCOMPARE(of.cand.seconds[4], 0.5);
        QCOMPARE(of.cand.failed[0], 50u);
        QCOMPARE(of.cand.percentiles[0][0], AlignedSide::kTooFew);
        QCOMPARE(of.cand.percentiles[0][1], 7 * kMs);
        QCOMPARE(of.base.percentiles[0][6], 5 * kMs);
        // 50 of them: the 99th percentile would be the largest.
        QCOMPARE(of.base.percentiles[2][6], AlignedSide::kTooFew);
    }
    void timesAtTheEndOfTheClockDoNoHarm()
    {
        auto base = steady(1, 10 * kSecond, 0), cand = base;
        cand.begin.back() = INT64_MAX;
        cand.latency.back() = INT64_MAX;
        const auto of = alignedSeries(base, cand, alignPhases(base, cand), 100);
        QVERIFY(of.binBegin.size() <= 201);
        QVERIFY(of.binNs > 0);
    }
};

QTEST_GUILESS_MAIN(TestPhaseAlignment)
#include "tst_phase_alignment.moc"
