#include "analysis/benchmark_stats.h"
#include "analysis/benchmark_unit.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

using namespace flamewright;

// Against values that the authors of benchstat and its library publish in their own tests
// (golang.org/x/perf/benchmath, github.com/aclements/go-moremath/stats), and against the slow way.
class TestBenchmarkStats : public QObject {
    Q_OBJECT

    static bool near(double a, double b, double tolerance = 1e-12)
    {
        return std::abs(a - b) <= tolerance * std::max(std::abs(a), std::abs(b));
    }

    // The share of all ways to split the values of which the sum of ranks is as extreme.
    static double slowP(std::vector<double> first, std::vector<double> second)
    {
        auto all = first;
        all.insert(all.end(), second.begin(), second.end());
        const auto uOf = [&](unsigned long chosen) {
            int twice = 0;
            for (std::size_t i = 0; i < all.size(); ++i) {
                for (std::size_t j = 0; j < all.size(); ++j) {
                    if ((chosen >> i & 1) == 1 && (chosen >> j & 1) == 0)
                        twice += all[i] > all[j] ? 2 : all[i] == all[j] ? 1 : 0;
                }
            }
            return twice;
        };
        const auto actual = uOf((1ul << first.size()) - 1);
        double splits = 0, atMost = 0, atLeast = 0;
        for (unsigned long chosen = 0; chosen < 1ul << all.size(); ++chosen) {
            if (static_cast<std::size_t>(__builtin_popcountl(chosen)) != first.size())
                continue;
            const auto u = uOf(chosen);
            splits += 1;
            atMost += u <= actual ? 1 : 0;
            atLeast += u >= actual ? 1 : 0;
        }
        return std::min(1.0, 2 * std::min(atMost, atLeast) / splits);
    }

private Q_SLOTS:
    void intervalsOfFewValues()
    {
        for (std::uint64_t n = 1; n < 6; ++n) {
            const auto ranks = medianRanks(n);
            QVERIFY(ranks.low < 1 || ranks.high > n);
        }
        // TestSummaryNone: six values are enough for 95 %.
        const std::vector<double> six{-10, 2, 3, 4, 5, 6};
        const auto summary = summarize(six);
        QCOMPARE(summary.median, 3.5);
        QCOMPARE(*summary.low, -10.0);
        QCOMPARE(*summary.high, 6.0);
        QCOMPARE(summary.confidence, 1 - 0.03125);
        QCOMPARE(summary.min, -10.0);
        QCOMPARE(summary.max, 6.0);
        const std::vector<double> one{1};
        QVERIFY(!summarize(one).low);
        QCOMPARE(summarize(one).median, 1.0);
        QCOMPARE(summarize(one).confidence, 1.0);
        QCOMPARE(summarize({}).count, 0u);
    }

    // Ten values: the second and the ninth, 97.85 %.
    void intervalsAreOfTheBinomialDistribution()
    {
        const auto ten = medianRanks(10);
        QCOMPARE(ten.low, 2u);
        QCOMPARE(ten.high, 9u);
        QCOMPARE(ten.confidence, 1002.0 / 1024);
        for (std::uint64_t n = 6; n <= 60; ++n) {
            const auto ranks = medianRanks(n);
            double exact = 0, all = 0, ways = 1;
            for (std::uint64_t k = 0; k <= n; ++k) {
                all += ways;
                exact += k >= ranks.low && k < ranks.high ? ways : 0;
                ways *= static_cast<double>(n - k) / static_cast<double>(k + 1);
            }
            QVERIFY2(std::abs(ranks.confidence - exact / all) < 0.004,
                     qPrintable(QString::number(n)));
            QVERIFY(ranks.confidence >= 0.95);
            QVERIFY(ranks.low >= 1 && ranks.high <= n);
        }
    }

    void tellsHowFarIntervalsReach()
    {
        // TestSummaryFormat
        const auto text = [](double median, std::optional<double> low, std::optional<double> high) {
            return spreadText({.count = 9, .median = median, .low = low, .high = high});
        };
        QCOMPARE(text(1, 0.5, 1.1), std::string("50%"));
        QCOMPARE(text(1, 0.9, 1.5), std::string("50%"));
        QCOMPARE(text(1, 1, 1), std::string("0%"));
        QCOMPARE(text(-1, -0.5, -1.1), std::string("50%"));
        QCOMPARE(text(-1, -0.9, -1.5), std::string("50%"));
        QCOMPARE(text(1, std::nullopt, std::nullopt), std::string("\u221e"));
        QCOMPARE(text(1, -1, 1), std::string("?"));
        QCOMPARE(text(-1, 1, -1), std::string("?"));
        QCOMPARE(text(0, -1, 1), std::string("?"));
        QCOMPARE(text(0, 0, 0), std::string("0%"));
    }

    void comparesSmallSamples()
    {
        using Values = std::vector<double>;
        const Values s1{2, 1, 3, 5}, s2{12, 11, 13, 15}, s3{0, 4, 6, 7}, s4{2, 2, 2, 2};
        // TestMannWhitneyUTest
        QVERIFY(near(rankTest(s1, s2)->p, 0.028571428571428577));
        QCOMPARE(rankTest(s1, s2)->u, 0.0);
        QCOMPARE(rankTest(s2, s1)->u, 16.0);
        QVERIFY(near(rankTest(s2, s1)->p, 0.028571428571428577));
        QVERIFY(near(rankTest(s1, s3)->p, 0.485714285714285770));
        QCOMPARE(rankTest(s1, s1)->p, 1.0);
        QVERIFY(near(rankTest(s1, s4)->p, 0.7142857142857143));
        QCOMPARE(rankTest(s1, s4)->u, 10.0);
        QVERIFY(rankTest(s4, s4)->allEqual);
        QCOMPARE(rankTest(s4, s4)->p, 1.0);
        QVERIFY(!rankTest({}, s1) && !rankTest(s1, {}));
        // TestCompareNone
        QVERIFY(near(rankTest(Values{-1, -1, -1}, Values{1, 1, 1})->p, 0.1));
        QVERIFY(near(rankTest(Values{1, -1, -1, -1}, Values{-1, 1, 1, 1})->p, 0.4857142857142857));
        // uTestMinP: the smallest that samples of one size can reach.
        const double least[] = {1,
                                0.3333333333333333,
                                0.1,
                                0.02857142857142857,
                                0.007936507936507936,
                                0.0021645021645021645,
                                0.0005827505827505828,
                                0.0001554001554001554,
                                4.113533525298231e-05};
        for (std::size_t n = 1; n <= std::size(least); ++n) {
            Values a(n), b(n);
            std::iota(a.begin(), a.end(), 0.0);
            std::iota(b.begin(), b.end(), 100.0);
            QVERIFY(near(rankTest(a, b)->p, least[n - 1]));
        }
    }

    void comparesLargeSamples()
    {
        std::vector<double> l1(500), l2(600);
        for (std::size_t i = 0; i < l1.size(); ++i)
            l1[i] = static_cast<double>(i * 2);
        for (std::size_t i = 0; i < l2.size(); ++i)
            l2[i] = static_cast<double>(i * 2) - 41;
        auto l3 = l2;
        std::copy_n(l1.begin(), 30, l3.begin());
        QVERIFY(!rankTest(l1, l2)->exact);
        QCOMPARE(rankTest(l1, l2)->u, 135250.0);
        QVERIFY(near(rankTest(l1, l2)->p, 0.0049335360814172224, 1e-9));
        QCOMPARE(rankTest(l1, l1)->p, 1.0);
        QVERIFY(near(rankTest(l1, l3)->p, 0.0038703814239617884, 1e-9));
    }

    // Every split of small samples, with ties and of different sizes.
    void isTheShareOfAllSplits()
    {
        std::mt19937 random(7);
        for (int round = 0; round < 60; ++round) {
            const auto draw = [&](std::size_t n) {
                std::vector<double> out(n);
                for (auto &value : out)
                    value = static_cast<double>(random() % (round % 2 == 0 ? 6 : 1000));
                return out;
            };
            const auto a = draw(1 + random() % 6), b = draw(1 + random() % 6);
            const auto test = *rankTest(a, b);
            if (!test.allEqual)
                QVERIFY(near(test.p, slowP(a, b), 1e-9));
        }
    }

    void limitsOfTheExactTest()
    {
        std::vector<double> a(50), b(50);
        std::iota(a.begin(), a.end(), 0.0);
        std::iota(b.begin(), b.end(), 4.5);
        const auto exact = *rankTest(a, b);
        QVERIFY(exact.exact);
        b.push_back(24.75);
        QVERIFY(!rankTest(a, b)->exact);
        std::vector<double> tied(25, 1), other(25, 2);
        other[0] = 1;
        QVERIFY(rankTest(tied, other)->exact);
        other.push_back(2);
        QVERIFY(!rankTest(tied, other)->exact);
        // Near the limit both ways agree.
        QVERIFY(near(exact.p, rankTest(a, b)->p, 0.15));
    }

    void geometricMeans()
    {
        const std::vector<double> two{2, 8}, zero{2, 0}, none;
        QCOMPARE(*geometricMean(two), 4.0);
        QVERIFY(!geometricMean(zero));
        QVERIFY(!geometricMean(none));
        const std::vector<double> large{1e200, 1e200, 1e200};
        QVERIFY(near(*geometricMean(large), 1e200, 1e-9));
    }

    void units()
    {
        const auto base = [](std::string_view unit) { return benchmarkUnit(unit).base; };
        QCOMPARE(base("ns/op"), std::string("s/op"));
        QCOMPARE(base("us"), std::string("s"));
        QCOMPARE(base("sec/op"), std::string("s/op"));
        QCOMPARE(base("p99-ns"), std::string("p99-s"));
        QCOMPARE(base("MB/s"), std::string("B/s"));
        QCOMPARE(base("GiB/s"), std::string("B/s"));
        QCOMPARE(base("Melem/s"), std::string("elem/s"));
        QCOMPARE(base("text-bytes"), std::string("text-B"));
        QCOMPARE(base("ops/s"), std::string("ops/s"));
        QCOMPARE(base("allocs/op"), std::string("allocs/op"));
        QCOMPARE(base(""), std::string());
        QCOMPARE(benchmarkUnit("ns/op").factor, 1e-9);
        QVERIFY(benchmarkUnit("MB/s").binary && !benchmarkUnit("ns").binary);
        const auto text = [](double value, std::string_view unit) {
            const auto known = benchmarkUnit(unit);
            return formatBenchmark(value * known.factor, known);
        };
        QCOMPARE(text(46.55, "ns/op"), std::string("46.55 ns/op"));
        QCOMPARE(text(1701, "ns/op"), std::string("1.701 \u00b5s/op"));
        QCOMPARE(text(999.96, "ns"), std::string("1.000 \u00b5s"));
        QCOMPARE(text(0.25, "ns"), std::string("0.25 ns"));
        QCOMPARE(text(4321, "s"), std::string("4321 s"));
        QCOMPARE(text(337.74, "MB/s"), std::string("322.1 MiB/s"));
        QCOMPARE(text(1023.5, "B/op"), std::string("1024 B/op"));
        QCOMPARE(text(40, "allocs/op"), std::string("40.00 allocs/op"));
        QCOMPARE(text(12345, "allocs/op"), std::string("12.35k allocs/op"));
        QCOMPARE(text(3.333, "p99-ns"), std::string("3.333n p99-s"));
        QCOMPARE(text(0.19367, ""), std::string("0.1937"));
        QCOMPARE(text(0, "ns"), std::string("0 s"));
        const auto beside = [](std::string_view unit, std::string_view metric) {
            return unitBeside(benchmarkUnit(unit), metric).base;
        };
        QCOMPARE(beside("ns/op", "ns/op"), std::string("s"));
        QCOMPARE(beside("allocs/op", "allocs/op"), std::string());
        QCOMPARE(beside("MB/s", "MB/s"), std::string("B/s"));
        QCOMPARE(beside("p99-ns", "p99-ns"), std::string("s"));
        QCOMPARE(beside("ns/op", "avgt"), std::string("s/op"));
        QCOMPARE(beside("ops/s", "thrpt"), std::string("ops/s"));
        QCOMPARE(text(-2, "s"), std::string("-2.000 s"));
    }
};

QTEST_GUILESS_MAIN(TestBenchmarkStats)
#include "tst_benchmark_stats.moc"
