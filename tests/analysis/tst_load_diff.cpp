#include "analysis/benchmark_stats.h"
#include "analysis/compare/student_t.h"
#include "analysis/percentile_intervals.h"
#include "made_pairs.h"

#include <QTest>

#include <map>

using namespace flamewright;

namespace {

constexpr std::size_t kP50 = 0, kP90 = 1, kP99 = 3, kP999 = 4;

std::vector<std::int64_t> latenciesOf(const LoadRows &rows, std::uint32_t group)
{
    std::vector<std::int64_t> out;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows.group[i] == group && rows.failed[i] == 0)
            out.push_back(rows.latency[i]);
    }
    return out;
}

double nearest(std::vector<std::int64_t> values, double q)
{
    std::sort(values.begin(), values.end());
    const auto rank = std::ceil(q * static_cast<double>(values.size()) - 1e-9);
    return static_cast<double>(values[static_cast<std::size_t>(rank) - 1]);
}

// Blocks of requests put one after the other and sorted, as in the book. By round.
std::vector<double> slowly(const LoadRows &rows, std::uint32_t group, std::int64_t blockNs,
                           double q, unsigned seed, int rounds)
{
    std::mt19937_64 random(seed);
    const auto first = rows.begin.front(), time = rows.begin.back() - first + 1;
    std::vector<double> out;
    for (int round = 0; round < rounds; ++round) {
        std::vector<std::int64_t> drawn;
        for (std::int64_t block = 0; block < time / blockNs; ++block) {
            const auto from =
                static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(time));
            // What is past the end begins anew.
            for (const auto begin : {first + from, first + from - time}) {
                const auto at = std::lower_bound(rows.begin.begin(), rows.begin.end(), begin);
                for (auto i = static_cast<std::size_t>(at - rows.begin.begin());
                     i < rows.size() && rows.begin[i] < begin + blockNs; ++i) {
                    if (rows.group[i] == group && rows.failed[i] == 0)
                        drawn.push_back(rows.latency[i]);
                }
            }
        }
        out.push_back(nearest(std::move(drawn), q));
    }
    return out;
}

ChangeInterval middle(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const auto n = static_cast<double>(values.size() - 1);
    return {values[static_cast<std::size_t>(std::lround(0.025 * n))],
            values[static_cast<std::size_t>(std::lround(0.975 * n))]};
}

LoadRows inMilliseconds(LoadRows rows)
{
    for (auto &latency : rows.latency)
        latency -= latency % kMs;
    return rows;
}

} // namespace

class TestLoadDiff : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void figuresAreThoseOfTheRequests()
    {
        const auto base = madeTest(1), cand = madeTest(2, {.slower = 1.5});
        const auto of = diffPair(base, cand, {.rounds = 50});
        QCOMPARE(of.endpoints[0].name, std::string("*"));
        const auto &one = *endpointOf(of, "POST /checkout");
        const auto before = latenciesOf(base, 1), after = latenciesOf(cand, 1);
        for (const auto at : {kP50, kP90, kP99}) {
            const auto q = kPercentiles[at].perMyriad / 1e4;
            QCOMPARE(one.percentiles[at].base.value(), nearest(before, q));
            QCOMPARE(one.percentiles[at].cand.value(), nearest(after, q));
            QCOMPARE(one.percentiles[at].baseCount, before.size());
        }
        QCOMPARE(one.mean.base.value(), summarizeLatencies(before).mean);
        QCOMPARE(one.baseRuns, std::vector<double>{nearest(before, 0.99)});
        const auto seconds = static_cast<double>(base.endNs()) / 1e9; // it begins with 0
        QVERIFY(std::abs(one.throughput.base.value() -
                         static_cast<double>(before.size()) / seconds) < 1e-9);
        const auto failed = std::count(base.failed.begin(), base.failed.end(), 1);
        QCOMPARE(of.endpoints[0].errorShare.base.value(),
                 static_cast<double>(failed) / static_cast<double>(base.size()));
        QCOMPARE(of.endpoints[0].mean.base.value(), summarizeLatencies(base.latency).mean);
        QCOMPARE(one.shift.front().quantile, 0.05);
        QCOMPARE(one.shift.front().base, nearest(before, 0.05));
    }

    void intervalsAreThoseOfAPlainBlockBootstrap_data()
    {
        QTest::addColumn<double>("perSecond");
        QTest::newRow("few: every value is looked at") << 20.0;
        QTest::newRow("many: from a table") << 400.0;
    }
    void intervalsAreThoseOfAPlainBlockBootstrap()
    {
        QFETCH(double, perSecond);
        const auto base = madeTest(5, {.perSecond = perSecond});
        const auto cand = madeTest(6, {.perSecond = perSecond, .slower = 1.3});
        const auto of = diffPair(base, cand, {.rounds = 2000});
        QCOMPARE(of.baseBlockNs / kMs, 1200 - 1); // a fiftieth of a little less than a minute
        constexpr int kRounds = 300;
        for (const auto at : {kP50, kP90}) {
            const auto q = kPercentiles[at].perMyriad / 1e4;
            const auto before = slowly(base, 1, of.baseBlockNs, q, 1, kRounds);
            const auto after = slowly(cand, 1, of.candBlockNs, q, 2, kRounds);
            std::vector<double> ratios, differences;
            for (std::size_t i = 0; i < before.size(); ++i) {
                for (std::size_t k = i % 20; k < after.size(); k += 20) { // any with any
                    ratios.push_back(after[k] / before[i] - 1);
                    differences.push_back(after[k] - before[i]);
                }
            }
            const auto &change = endpointOf(of, "POST /checkout")->percentiles[at];
            // Widened for 49 blocks on each side: 96 degrees of freedom, and 49 / 48 of the variance.
            const auto wider = student95(96) / 1.959964 * std::sqrt(49.0 / 48);
            const auto agrees = [&](const ChangeInterval &ours, ChangeInterval plain,
                                    double value) {
                plain = {value - (value - plain.low) * wider, value + (plain.high - value) * wider};
                const auto width = plain.high - plain.low;
                return std::abs(ours.low - plain.low) < 0.15 * width &&
                       std::abs(ours.high - plain.high) < 0.15 * width;
            };
            QVERIFY(agrees(*change.relative, middle(ratios), *change.ratio()));
            QVERIFY(agrees(*change.difference, middle(differences), change.delta()));
        }
    }

    void studentsDistributionIsThatOfTheTables()
    {
        // For 1 and 2 degrees there are formulas; the others are in every table (NIST 1.3.6.7.2).
        for (const double t : {0.1, 1.0, 3.0, 40.0}) {
            QVERIFY(std::abs(studentTwoSided(t, 1) - (1 - 2 / M_PI * std::atan(t))) < 1e-12);
            QVERIFY(std::abs(studentTwoSided(-t, 2) - (1 - t / std::sqrt(2 + t * t))) < 1e-12);
        }
        const std::map<double, double> table{{1, 12.706}, {2, 4.303},  {3, 3.182},   {10, 2.228},
                                             {30, 2.042}, {60, 2.000}, {120, 1.980}, {1e9, 1.960}};
        for (const auto &[degrees, t] : table)
            QVERIFY2(std::abs(student95(degrees) - t) < 5e-4, qPrintable(QString::number(degrees)));
    }

    void ranksAreThoseOfEveryPair()
    {
        const auto base = madeTest(3, {.length = 10 * kSecond});
        const auto cand = madeTest(4, {.length = 10 * kSecond, .slower = 0.8});
        const auto of = diffPair(base, cand, {.rounds = 20});
        const auto before = latenciesOf(base, 1), after = latenciesOf(cand, 1);
        double more = 0;
        for (const auto a : after) {
            for (const auto b : before)
                more += a > b ? 1 : a < b ? -1 : 0;
        }
        const auto pairs = static_cast<double>(before.size()) * static_cast<double>(after.size());
        const auto &one = *endpointOf(of, "POST /checkout");
        QVERIFY(std::abs(*one.effect - more / pairs) < 1e-12);
        QVERIFY(*one.effect < 0);
        const std::vector<double> x(before.begin(), before.end()), y(after.begin(), after.end());
        QCOMPARE(one.rankP.value(), rankTest(x, y)->p);
        const auto large = madeTest(3, {.perSecond = 200}); // 12,000 of each
        QVERIFY(!endpointOf(diffPair(large, large, {.rounds = 20}), "GET /cart")->rankP);
    }

    void swappingTheSidesSwapsTheFigures()
    {
        const auto base = madeTest(11), cand = madeTest(12, {.slower = 1.4, .failing = 0.05});
        const auto one = diffPair(base, cand, {.rounds = 200});
        const auto other = diffPair(cand, base, {.rounds = 200});
        QCOMPARE(one.endpoints.size(), other.endpoints.size());
        for (const auto &endpoint : one.endpoints) {
            const auto there = changesOf(endpoint);
            const auto back = changesOf(*endpointOf(other, endpoint.name));
            for (std::size_t i = 0; i < there.size(); ++i) {
                QCOMPARE(there[i]->base, back[i]->cand);
                if (!there[i]->difference)
                    continue;
                const auto scale = 1e-9 * (1 + std::abs(there[i]->difference->low));
                QVERIFY(std::abs(there[i]->difference->low + back[i]->difference->high) < scale);
            }
        }
        QCOMPARE(endpointOf(one, "POST /checkout")->percentiles[kP50].verdict, Verdict::Regressed);
        QCOMPARE(endpointOf(other, "POST /checkout")->percentiles[kP50].verdict, Verdict::Improved);
    }

    void theNumberOfThreadsDoesNotMatter()
    {
        const auto base = madeTest(7), cand = madeTest(8);
        const auto one = diffPair(base, cand, {.rounds = 60, .threads = 1});
        const auto three = diffPair(base, cand, {.rounds = 60, .threads = 3});
        for (std::size_t i = 0; i < one.endpoints.size(); ++i) {
            const auto a = changesOf(one.endpoints[i]), b = changesOf(three.endpoints[i]);
            for (std::size_t k = 0; k < a.size(); ++k) {
                QCOMPARE(a[k]->relative, b[k]->relative);
                QCOMPARE(a[k]->adjustedP, b[k]->adjustedP);
            }
        }
    }

    void figuresOfTooFewRequestsAreNotJudged()
    {
        // 2,000 of each endpoint; 3,688 are needed.
        const auto of = diffPair(madeTest(1, {.length = 20 * kSecond}),
                                 madeTest(2, {.length = 20 * kSecond}), {.rounds = 50});
        const auto &p999 = of.endpoints[1].percentiles[kP999];
        QCOMPARE(p999.verdict, Verdict::NotEnoughData);
        QVERIFY(p999.why.find("p99.9") != std::string::npos);
        QVERIFY(p999.base.has_value() && !p999.relative && !p999.p);
        QVERIFY(of.endpoints[0].percentiles[kP999].relative.has_value());
    }

    void requestsWithoutTimesAreDrawnOneByOne()
    {
        auto base = madeTest(1, {.bursts = false}), cand = madeTest(2, {.slower = 1.5});
        std::fill(base.begin.begin(), base.begin.end(), LoadRows::kUntimed);
        const auto of = diffPair(base, cand, {.rounds = 300});
        QCOMPARE(of.baseBlockNs, std::int64_t{0});
        QVERIFY(of.candBlockNs > 0);
        const auto &one = *endpointOf(of, "POST /checkout");
        QCOMPARE(one.throughput.verdict, Verdict::NotEnoughData);
        QCOMPARE(one.percentiles[kP50].verdict, Verdict::Regressed);
        // The exact interval of order statistics is what drawing single requests comes near to.
        const auto exact = summarizeLatencies(latenciesOf(base, 1)).percentiles[kP50].interval;
        for (const auto &shift : one.shift) {
            if (shift.quantile != 0.5)
                continue;
            const auto width = static_cast<double>(exact->high - exact->low);
            QVERIFY(std::abs(shift.baseBand.low - static_cast<double>(exact->low)) < 0.3 * width);
            QVERIFY(std::abs(shift.baseBand.high - static_cast<double>(exact->high)) < 0.3 * width);
        }
    }

    void aTickOfTheClockIsNoChange()
    {
        // 1.9 ms and 2.1 ms are 1 and 2 for JMeter.
        const MadeServer calm{.perSecond = 400, .failing = 0, .bursts = false};
        auto faster = calm, slower = calm;
        faster.level = 0.092;
        slower.level = 0.115;
        const auto base = inMilliseconds(madeTest(1, faster));
        const auto near = diffPair(base, inMilliseconds(madeTest(2, slower)));
        QCOMPARE(near.endpoints[0].percentiles[kP50].delta(),
                 double(kMs)); // a quarter, or twice as much
        QCOMPARE(near.endpoints[0].percentiles[kP50].verdict, Verdict::NoEvidence);
        QCOMPARE(near.endpoints[0].mean.verdict, Verdict::Regressed); // which is not rounded
        slower.level = 0.3;
        const auto far = diffPair(base, inMilliseconds(madeTest(2, slower)));
        QCOMPARE(far.endpoints[0].percentiles[kP50].verdict, Verdict::Regressed);
    }

    void failuresAreAFigureOfTheirOwn()
    {
        const auto none = madeTest(1, {.failing = 0}), other = madeTest(2, {.failing = 0});
        const auto quiet = diffPair(none, other, {.rounds = 50});
        QCOMPARE(quiet.endpoints[0].errorShare.verdict, Verdict::NoEvidence);
        QCOMPARE(quiet.endpoints[0].errorShare.why, std::string("no request failed"));
        const auto some = diffPair(none, madeTest(2, {.failing = 0.02}), {.rounds = 50});
        QCOMPARE(endpointOf(some, "GET /cart")->errorShare.verdict, Verdict::Regressed);
        QCOMPARE(endpointOf(some, "POST /checkout")->errorShare.verdict, Verdict::NoEvidence);
        const auto all = diffPair(none, madeTest(2, {.failing = 1}), {.rounds = 50});
        QCOMPARE(endpointOf(all, "GET /cart")->errorShare.verdict, Verdict::Regressed);
        QCOMPARE(endpointOf(all, "GET /cart")->percentiles[kP50].verdict, Verdict::NotEnoughData);
        const auto few = diffPair(madeTest(3), madeTest(4), {.rounds = 50}); // 1 % and 1 %
        QVERIFY(!isCalled(few.endpoints[0].errorShare));
    }

    void whatIsOnOneSideOnlyIsSaid()
    {
        auto base = madeTest(1), cand = madeTest(2);
        base.groups.push_back("GET /old");
        base.group[5] = 2;
        cand.groups.insert(cand.groups.end(), {"GET /new", "GET /rare"});
        base.groups.push_back("GET /rare");
        cand.group[5] = 2;
        cand.group[6] = 3;
        base.group[6] = 3;
        const auto of = diffPair(base, cand, {.rounds = 20, .most = 1});
        QCOMPARE(of.onlyBase, std::vector<std::string>{"GET /old"});
        QCOMPARE(of.onlyCand, std::vector<std::string>{"GET /new"});
        QCOMPARE(of.tooFew, std::vector<std::string>{"GET /rare"});
        QCOMPARE(of.endpoints.size(), std::size_t{2});
        QCOMPARE(of.notTested, std::uint64_t{1});
    }

    void theSameTestTwiceIsNoChange()
    {
        const auto base = madeTest(1);
        const auto of = diffPair(base, base, {.rules = {0.05, 0}, .rounds = 100});
        for (const auto &one : of.endpoints) {
            for (const auto *change : changesOf(one))
                QVERIFY(!isCalled(*change));
        }
    }

    void strangeNumbersDoNoHarm()
    {
        const auto base = madeTest(1, {.length = 5 * kSecond});
        QVERIFY(diffPair({}, base).endpoints.empty());
        QVERIFY(diffLoads({}, {}, {}).endpoints.empty());
        auto cand = base;
        cand.latency[0] = INT64_MAX;
        cand.latency[1] = INT64_MIN;
        cand.latency[2] = -1;
        QCOMPARE(diffPair(base, cand, {.rounds = 20}).endpoints.size(), std::size_t{3});
        cand.begin.back() = INT64_MAX;
        QCOMPARE(diffPair(base, cand, {.rounds = 20}).endpoints.size(), std::size_t{3});
        std::fill(cand.begin.begin(), cand.begin.end(), 7);
        std::fill(cand.latency.begin(), cand.latency.end(), 0);
        QCOMPARE(diffPair(base, cand, {.rounds = 20}).candBlockNs, std::int64_t{0});
    }

    void stopsWhenItIsAskedTo()
    {
        std::stop_source stop;
        stop.request_stop();
        const auto of = diffPair(madeTest(1), madeTest(2), {.stop = stop.get_token()});
        QVERIFY(of.stopped);
    }
};

QTEST_GUILESS_MAIN(TestLoadDiff)
#include "tst_load_diff.moc"
