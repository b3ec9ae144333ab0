#include "analysis/load_levels.h"
#include "analysis/plateaus.h"
#include "made_load.h"

#include <QTest>

#include <cmath>

using namespace flamewright;

namespace {

// 10 ms and a little, log-normal.
std::int64_t tenMs(std::mt19937_64 &random, std::int64_t)
{
    return static_cast<std::int64_t>(std::lognormal_distribution<double>(16.1, 0.3)(random));
}

// Mean number under way in [begin, end), looked at nanosecond by nanosecond.
double slowlyInFlight(const LoadRows &rows, std::int64_t begin, std::int64_t end)
{
    std::int64_t sum = 0;
    for (auto t = begin; t < end; ++t) {
        for (std::size_t i = rows.firstTimed(); i < rows.size(); ++i)
            sum += rows.begin[i] <= t && t < rows.begin[i] + rows.latency[i];
    }
    return static_cast<double>(sum) / static_cast<double>(end - begin);
}

std::vector<double> steps(const std::vector<std::pair<int, double>> &parts, double noise,
                          unsigned seed = 1)
{
    std::mt19937 random(seed);
    std::normal_distribution<double> off;
    std::vector<double> out;
    for (const auto &[length, value] : parts) {
        for (int i = 0; i < length; ++i)
            out.push_back(value * (1 + noise * off(random)));
    }
    return out;
}

} // namespace

class TestLoadLevels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // Three requests: [0, 10), [5, 15), [20, 30) and a failure [5, 6).
    void countsByHand()
    {
        const auto rows = madeRows({{0, 10, 1}, {5, 10, 2}, {20, 10, 1}, {5, 1, 3, true}});
        const auto series = loadSeries(rows, 0, 3);
        QCOMPARE(series.stepNs, 11); // [0, 11) [11, 22) [22, 33)
        QCOMPARE(series.size(), std::size_t{3});
        QCOMPARE(series.inFlight[0], (10 + 6 + 1) / 11.0);
        QCOMPARE(series.inFlight[1], (4 + 2) / 11.0);
        QCOMPARE(series.inFlight[2], 8 / 11.0);
        QCOMPARE(series.workers, (std::vector<double>{3, 2, 1}));
        QCOMPARE(series.sentPerSecond[0], 3e9 / 11);
        QCOMPARE(series.endedPerSecond[0], 2e9 / 11);
        QCOMPARE(series.failedPerSecond[0], 1e9 / 11);
        const auto level = measureLevel(rows, 0, 0, 20);
        QCOMPARE(level.concurrency, 21 / 20.0);
        QCOMPARE(level.requests, 3u);
        QCOMPARE(level.errors, 1u);
        QCOMPARE(level.errorShare(), 1 / 3.0);
        QCOMPARE(level.offeredPerSecond, 3e9 / 20);
        QCOMPARE(level.achievedPerSecond, 2e9 / 20);
        QCOMPARE(level.latency.count, 2u);
        QCOMPARE(level.latency.max, 10);
    }
    void concurrencyAgreesWithTheObviousWay()
    {
        std::mt19937 random(3);
        for (int round = 0; round < 40; ++round) {
            std::vector<MadeRequest> requests;
            for (unsigned i = 0; i < 1 + random() % 30; ++i)
                requests.push_back({static_cast<std::int64_t>(random() % 200),
                                    static_cast<std::int64_t>(random() % 90),
                                    static_cast<std::uint32_t>(random() % 4 + 1)});
            const auto rows = madeRows(requests);
            const auto series = loadSeries(rows, 0, 1 + random() % 20);
            for (std::size_t i = 0; i < series.size(); ++i) {
                const auto begin = series.beginNs + series.stepNs * static_cast<std::int64_t>(i);
                QVERIFY(std::abs(series.inFlight[i] -
                                 slowlyInFlight(rows, begin, begin + series.stepNs)) < 1e-9);
                std::vector<bool> busy(5, false);
                for (std::size_t k = 0; k < rows.size(); ++k) {
                    if (rows.begin[k] < begin + series.stepNs &&
                        rows.begin[k] + rows.latency[k] >= begin)
                        busy[rows.worker[k]] = true;
                }
                QCOMPARE(series.workers[i],
                         static_cast<double>(std::count(busy.begin(), busy.end(), true)));
            }
            const auto from = static_cast<std::int64_t>(random() % 150);
            const auto to = from + 1 + static_cast<std::int64_t>(random() % 100);
            QVERIFY(std::abs(measureLevel(rows, 0, from, to).concurrency -
                             slowlyInFlight(rows, from, to)) < 1e-9);
        }
    }
    void findsPlateaus()
    {
        for (unsigned seed = 0; seed < 20; ++seed) {
            const auto found =
                plateaus(steps({{40, 10}, {40, 20}, {40, 40}, {40, 80}, {40, 40}}, 0.05, seed));
            QCOMPARE(found.size(), std::size_t{5});
            for (std::size_t i = 0; i < 5; ++i) {
                QVERIFY(found[i].steady);
                QVERIFY(std::abs(static_cast<int>(found[i].begin) - static_cast<int>(40 * i)) <= 1);
            }
            QVERIFY(std::abs(found[3].value / 80 - 1) < 0.05);
            // Noise alone is one level.
            for (const auto noise : {0.0, 0.01, 0.1, 0.3}) {
                const auto flat = plateaus(steps({{200, 10}}, noise, seed));
                QCOMPARE(flat.size(), std::size_t{1});
                QVERIFY(flat[0].steady);
            }
        }
    }
    void spikesAreNoPlateaus()
    {
        auto series = steps({{100, 10}}, 0.05);
        series[30] = 200;
        series[60] = series[61] = 0;
        QCOMPARE(plateaus(series).size(), std::size_t{1});
    }
    void rampsAreNotSteady()
    {
        std::vector<double> ramp;
        for (int i = 0; i < 200; ++i)
            ramp.push_back(i + 1);
        std::size_t steady = 0;
        for (const auto &plateau : plateaus(ramp))
            steady += plateau.steady ? plateau.end - plateau.begin : 0;
        QVERIFY2(steady < 60, qPrintable(QString::number(steady)));
    }
    void hostileSeries()
    {
        QVERIFY(plateaus({}).empty());
        const std::vector<double> one{5}, none(50, 0.0), huge(50, 1e300);
        QCOMPARE(plateaus(one).size(), std::size_t{1});
        QCOMPARE(plateaus(none).size(), std::size_t{1});
        QCOMPARE(plateaus(huge).size(), std::size_t{1});
        QCOMPARE(relativeNoise({}), 0.0);
        QCOMPARE(relativeNoise(one), 0.0);
    }
    // Workers come in steps of a closed test: 2, 4, 8, 16 for a minute each.
    void stepsOfWorkers()
    {
        std::mt19937_64 random(7);
        std::vector<MadeRequest> requests;
        const unsigned counts[] = {2, 4, 8, 16};
        for (int i = 0; i < 4; ++i)
            addClosed(requests, 1, counts[i], 60 * kSecond * i, 60 * kSecond * (i + 1), 40 * kMs,
                      random, tenMs);
        const auto found = loadLevels(madeRows(requests));
        QCOMPARE(found.from, LevelsFrom::Workers);
        QCOMPARE(found.levels.size(), std::size_t{4});
        for (std::size_t i = 0; i < 4; ++i) {
            const auto &level = found.levels[i];
            // Little: N = X * R, R about 10.3 ms of a cycle of 50.3 ms.
            const auto expected = counts[i] * 10.25 / 50.25;
            QVERIFY2(std::abs(level.concurrency / expected - 1) < 0.05,
                     qPrintable(QString::number(level.concurrency)));
            QVERIFY(std::abs(level.offeredPerSecond / (counts[i] / 0.05025) - 1) < 0.05);
            QVERIFY(std::abs(level.achievedPerSecond / level.offeredPerSecond - 1) < 0.01);
            QVERIFY(std::abs(static_cast<double>(
                        level.beginNs - 60 * kSecond * static_cast<std::int64_t>(i))) < 4e9);
            QVERIFY(std::abs(static_cast<double>(level.latency.percentiles[0].value) / 9.82e6 - 1) <
                    0.06);
        }
    }
    // The same where the tool does not tell workers apart; one fails more.
    void stepsOfRequestsInFlight()
    {
        std::mt19937_64 random(8);
        std::vector<MadeRequest> requests;
        for (int i = 0; i < 3; ++i)
            addClosed(requests, 0, 4u << i, 40 * kSecond * i, 40 * kSecond * (i + 1), 0, random,
                      tenMs, {0, 0, 0, i == 2});
        const auto found = loadLevels(madeRows(requests));
        QCOMPARE(found.from, LevelsFrom::InFlight);
        QCOMPARE(found.levels.size(), std::size_t{3});
        QVERIFY(std::abs(found.levels[1].concurrency - 8) < 0.1);
        QCOMPARE(found.levels[1].errorShare(), 0.0);
        QCOMPARE(found.levels[2].errorShare(), 1.0);
        QCOMPARE(found.levels[2].latency.count, 0u);
        QCOMPARE(found.levels[2].achievedPerSecond, 0.0);
    }
    // In an open test the answers get slower and less steady; the rate is what was set.
    void stepsOfTheRate()
    {
        std::mt19937_64 random(9);
        std::vector<MadeRequest> requests;
        for (int i = 0; i < 3; ++i)
            addOpen(requests, 200 * (i + 1), 60 * kSecond * i, 60 * kSecond * (i + 1), random,
                    [i](std::mt19937_64 &r, std::int64_t) {
                        return static_cast<std::int64_t>(
                            std::lognormal_distribution<double>(17 + 0.3 * i, 1.5)(r));
                    });
        const auto found = loadLevels(madeRows(requests));
        QCOMPARE(found.from, LevelsFrom::Sent);
        QCOMPARE(found.levels.size(), std::size_t{3});
        for (int i = 0; i < 3; ++i)
            QVERIFY(std::abs(found.levels[static_cast<std::size_t>(i)].offeredPerSecond /
                                 (200 * (i + 1)) -
                             1) < 0.05);
    }
    // Ten workers all the time; the server gets three times slower in the middle. The load is the
    // same.
    void slowAnswersAreNoChangeOfLoad()
    {
        std::mt19937_64 random(10);
        std::vector<MadeRequest> requests;
        addClosed(requests, 1, 10, 0, 120 * kSecond, 0, random,
                  [](std::mt19937_64 &r, std::int64_t at) {
                      return tenMs(r, at) * (at > 40 * kSecond && at < 80 * kSecond ? 3 : 1);
                  });
        const auto found = loadLevels(madeRows(requests));
        QCOMPARE(found.from, LevelsFrom::Whole);
        QCOMPARE(found.levels.size(), std::size_t{1});
        QVERIFY(std::abs(found.levels[0].concurrency - 10) < 0.1);
    }
    // A worker more every second.
    void rampsAreCutIntoWindows()
    {
        std::mt19937_64 random(11);
        std::vector<MadeRequest> requests;
        for (unsigned i = 0; i < 100; ++i)
            addClosed(requests, i + 1, 1, kSecond * i, 100 * kSecond, 0, random, tenMs);
        const auto found = loadLevels(madeRows(requests));
        QCOMPARE(found.from, LevelsFrom::Ramp);
        QCOMPARE(found.levels.size(), std::size_t{12});
        for (std::size_t i = 1; i < found.levels.size(); ++i)
            QVERIFY(found.levels[i].concurrency > found.levels[i - 1].concurrency);
    }
    // Workers that start and stop one after the other, with nothing but one level between.
    void oneLevelBetweenRamps()
    {
        std::mt19937_64 random(14);
        std::vector<MadeRequest> requests;
        for (unsigned i = 0; i < 20; ++i)
            addClosed(requests, i + 1, 1, kSecond * i / 2, (100 - i / 2) * kSecond, 0, random,
                      tenMs);
        const auto found = loadLevels(madeRows(requests));
        QCOMPARE(found.from, LevelsFrom::Whole);
        QCOMPARE(found.levels.size(), std::size_t{1});
        QCOMPARE(found.levels[0].requests, requests.size());
    }
    // In whole seconds all requests of a second begin at once: that is no step of load.
    void coarseClocks()
    {
        std::mt19937_64 random(15);
        std::vector<MadeRequest> requests;
        addClosed(requests, 0, 8, 0, 20 * kSecond, 0, random, tenMs);
        for (auto &request : requests)
            request.begin -= request.begin % kSecond;
        QCOMPARE(loadLevels(madeRows(requests)).from, LevelsFrom::Whole);
        // Steps of minutes are seen all the same.
        requests.clear();
        for (int i = 0; i < 3; ++i)
            addClosed(requests, 0, 4u << i, 120 * kSecond * i, 120 * kSecond * (i + 1), 0, random,
                      tenMs);
        for (auto &request : requests)
            request.begin -= request.begin % kSecond;
        const auto found = loadLevels(madeRows(requests));
        QVERIFY(found.from == LevelsFrom::Sent || found.from == LevelsFrom::InFlight);
        QCOMPARE(found.levels.size(), std::size_t{3});
    }
    void phasesThatFollowOneAnother()
    {
        std::mt19937_64 random(12);
        std::vector<MadeRequest> requests;
        for (std::uint32_t i = 0; i < 3; ++i)
            addClosed(requests, 1, 2 + i, 10 * kSecond * i, 10 * kSecond * (i + 1), 0, random,
                      tenMs, {0, 0, 0, false, i + 1});
        auto rows = madeRows(requests);
        const auto found = loadLevels(rows);
        QCOMPARE(found.from, LevelsFrom::Phases);
        QCOMPARE(found.levels.size(), std::size_t{3});
        QCOMPARE(found.levels[2].name, std::string("phase 3"));
        QVERIFY(std::abs(found.levels[2].concurrency - 4) < 0.1);
        // Scenarios that run beside each other are not levels.
        for (std::size_t i = 0; i < rows.size(); ++i)
            rows.phase[i] = 1 + i % 2;
        QVERIFY(loadLevels(rows).from != LevelsFrom::Phases);
        QCOMPARE(loadLevels(rows, LevelsBy::Phases).levels.size(), std::size_t{2});
    }
    void capturesAreLevels()
    {
        std::mt19937_64 random(13);
        std::vector<MadeRequest> requests;
        for (std::uint8_t i = 0; i < 3; ++i)
            addClosed(requests, 1, 12u >> i, 0, 10 * kSecond, 0, random, tenMs,
                      {0, 0, 0, false, 0, i});
        const auto found = loadLevels(madeRows(requests));
        QCOMPARE(found.from, LevelsFrom::Captures);
        QCOMPARE(found.levels.size(), std::size_t{3});
        QCOMPARE(found.levels[0].name, std::string("run 3"));
        QVERIFY(std::abs(found.levels[0].concurrency - 3) < 0.1);
        QVERIFY(std::abs(found.levels[2].concurrency - 12) < 0.1);
    }
    void nothingAndOne()
    {
        const auto none = loadLevels({});
        QCOMPARE(none.from, LevelsFrom::Nothing);
        QVERIFY(none.levels.empty());
        QCOMPARE(loadSeries({}, 0, 10).size(), std::size_t{0});
        const auto untimed = loadLevels(madeRows({{LoadRows::kUntimed, 5}}));
        QCOMPARE(untimed.from, LevelsFrom::Nothing);
        const auto one = loadLevels(madeRows({{7, 0}}));
        QCOMPARE(one.from, LevelsFrom::Whole);
        QCOMPARE(one.levels.size(), std::size_t{1});
        QCOMPARE(one.levels[0].requests, 1u);
        QCOMPARE(one.levels[0].concurrency, 0.0);
    }
    void hostileTimes()
    {
        std::vector<MadeRequest> requests;
        for (int i = 0; i < 300; ++i)
            requests.push_back({i * kMs, i % 3 == 0 ? -5 * kMs : INT64_MAX, 1});
        requests.push_back({INT64_MAX, INT64_MAX, 2});
        requests.push_back({INT64_MAX - 1, INT64_MIN, 2});
        const auto found = loadLevels(madeRows(requests));
        QVERIFY(!found.levels.empty());
        for (const auto &level : found.levels) {
            QVERIFY(level.endNs >= level.beginNs);
            QVERIFY(std::isfinite(level.concurrency) && level.concurrency >= 0);
        }
        QCOMPARE(loadSeries(madeRows({{0, INT64_MAX}}), 0, 1).size(), std::size_t{2});
    }
    void everyKindHasWords()
    {
        for (int i = 0; i <= static_cast<int>(LevelsFrom::Ramp); ++i)
            QVERIFY(describe(static_cast<LevelsFrom>(i))[0] != '\0');
    }
};

QTEST_GUILESS_MAIN(TestLoadLevels)
#include "tst_load_levels.moc"
