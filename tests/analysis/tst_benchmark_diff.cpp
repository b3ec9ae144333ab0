#include "analysis/compare/benchmark_diff.h"
#include "analysis/compare/rank_shift.h"

#include <QFile>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <random>

using namespace flamewright;

namespace {

using Values = std::vector<double>;

BenchmarkRuns runsOf(const std::string &name, const std::string &unit, const Values &values)
{
    BenchmarkRuns out{.name = name, .metric = unit};
    const auto known = benchmarkUnit(unit);
    out.unit = {known.base, 1, known.binary};
    for (const auto value : values)
        out.values.push_back(value * known.factor);
    out.processes = 1;
    return out;
}

BenchmarkDiff diff(const std::vector<BenchmarkRuns> &base, const std::vector<BenchmarkRuns> &cand,
                   const BenchmarkDiffOptions &options = {})
{
    return diffBenchmarks(base, cand, options);
}

std::string read(const char *name)
{
    QFile file(QString::fromUtf8(FW_SOURCE_DIR "/tests/golden/benchstat/") +
               QString::fromUtf8(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return file.readAll().toStdString();
}

std::string printed(const char *format, double value)
{
    char text[400];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

// "237.50n" as the same number of decimals of ours.
std::string likeTheirs(const QString &theirs, double ours)
{
    static const std::map<QString, double> kPrefixes{{"n", 1e-9}, {"\u00b5", 1e-6}, {"m", 1e-3},
                                                     {"", 1},     {"Mi", 0x1p20},   {"Gi", 0x1p30}};
    int at = 0;
    while (at < theirs.size() && (theirs[at].isDigit() || theirs[at] == '.'))
        ++at;
    const auto point = theirs.indexOf('.');
    const auto prefix = theirs.mid(at);
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", point < 0 ? 0 : at - static_cast<int>(point) - 1,
                  ours / kPrefixes.at(prefix));
    return text + prefix.toStdString();
}

// "~", "-4.62%" as benchstat writes it.
std::string deltaText(const BenchmarkChange &one, double alpha = 0.05)
{
    if (*one.change.p > alpha)
        return "~";
    if (*one.change.base == *one.change.cand)
        return "0.00%";
    if (*one.change.base == 0)
        return "?";
    return printed("%+.2f%%", 100 * *one.change.ratio());
}

} // namespace

class TestBenchmarkDiff : public QObject {
    Q_OBJECT

    static Values drawn(std::mt19937_64 &random, std::size_t n, double centre, double spread,
                        bool skewed)
    {
        Values out;
        std::normal_distribution<double> normal(0, 1);
        for (std::size_t i = 0; i < n; ++i) {
            const auto z = normal(random);
            out.push_back(skewed ? centre * std::exp(spread * z * std::abs(z))
                                 : centre * (1 + spread * z));
        }
        return out;
    }

    // The share of comparisons of `n` and `n` values that are called a change.
    static double called(unsigned seed, std::size_t n, double factor, double spread, bool skewed,
                         unsigned times)
    {
        std::mt19937_64 random(seed);
        unsigned out = 0;
        for (unsigned i = 0; i < times; ++i) {
            const auto a = runsOf("x", "ns/op", drawn(random, n, 100, spread, skewed));
            const auto b = runsOf("x", "ns/op", drawn(random, n, 100 * factor, spread, skewed));
            const auto verdict = diff({a}, {b}).benchmarks.front().change.verdict;
            out += verdict == Verdict::Regressed || verdict == Verdict::Improved ? 1 : 0;
        }
        return out / static_cast<double>(times);
    }

private Q_SLOTS:
    // 36 benchmarks in two units: medians, spreads, deltas, p and the geometric means, as printed.
    void equalsBenchstat()
    {
        std::vector<BenchmarkRuns> base, cand;
        for (const auto &line :
             QString::fromStdString(read("crc-old-new.tsv")).split('\n', Qt::SkipEmptyParts)) {
            const auto fields = line.split('\t');
            Values values;
            for (const auto &value : fields[3].split(' '))
                values.push_back(value.toDouble());
            (fields[0] == "old" ? base : cand)
                .push_back(runsOf(fields[1].toStdString(), fields[2].toStdString(), values));
        }
        const auto made = diff(base, cand);
        QCOMPARE(made.benchmarks.size(), 72u);
        QVERIFY(made.onlyBase.empty() && made.onlyCand.empty());
        int compared = 0;
        QString unit;
        for (const auto &line :
             QString::fromStdString(read("crc-ignore-note.txt")).split('\n', Qt::SkipEmptyParts)) {
            const auto fields = line.split(' ');
            if (fields.size() == 1) {
                unit = fields[0] == "sec/op" ? QStringLiteral("s/op") : fields[0];
                continue;
            }
            ++compared;
            if (fields[0] == "geomean") {
                const auto mean =
                    std::find_if(made.means.begin(), made.means.end(), [&](const auto &one) {
                        return one.unit.base == unit.toStdString();
                    });
                QVERIFY(mean != made.means.end());
                QCOMPARE(likeTheirs(fields[1], mean->base), fields[1].toStdString());
                QCOMPARE(likeTheirs(fields[2], mean->cand), fields[2].toStdString());
                QCOMPARE(printed("%+.2f%%", 100 * (mean->ratio - 1)), fields[3].toStdString());
                QCOMPARE(mean->benchmarks, 36u);
                QVERIFY(!mean->setsDiffer && mean->ratioIsKnown);
                continue;
            }
            const auto found =
                std::find_if(made.benchmarks.begin(), made.benchmarks.end(), [&](const auto &one) {
                    return one.name == fields[0].toStdString() &&
                           one.unit.base == unit.toStdString();
                });
            QVERIFY(found != made.benchmarks.end());
            QCOMPARE(likeTheirs(fields[1], *found->change.base), fields[1].toStdString());
            QCOMPARE(spreadText(found->base), fields[2].toStdString());
            QCOMPARE(likeTheirs(fields[3], *found->change.cand), fields[3].toStdString());
            QCOMPARE(spreadText(found->cand), fields[4].toStdString());
            QCOMPARE(deltaText(*found), fields[5].toStdString());
            QCOMPARE(printed("p=%.3f", *found->change.p), fields[6].toStdString());
            // A verdict where it prints a delta, and the other way round.
            const bool more = fields[5].startsWith('+');
            QCOMPARE(found->change.verdict, fields[5] == "~"          ? Verdict::NoEvidence
                                            : more == (unit == "B/s") ? Verdict::Improved
                                                                      : Verdict::Regressed);
            QVERIFY(*found->change.adjustedP >= *found->change.p);
            QVERIFY(found->change.relative && found->change.difference);
        }
        QCOMPARE(compared, 74);
    }

    // csvOldNew.stdout: all digits.
    void equalsItsExample()
    {
        const auto made = diff(
            {runsOf("json", "ns/op", {1726, 1723, 1707, 1707, 1713, 1729, 1736, 1707, 1705, 1774}),
             runsOf("gob", "ns/op", {3069, 3075, 3069, 3067, 3207, 3064, 3064, 3058, 3059, 3062})},
            {runsOf("json", "ns/op", {1423, 1416, 1411, 1413, 1412, 1426, 1422, 1424, 1447, 1425}),
             runsOf("gob", "ns/op", {3075, 3065, 3059, 3065, 3060, 3081, 3186, 3135, 3087, 3062})});
        QCOMPARE(deltaText(made.benchmarks[0]), std::string("-17.20%"));
        QCOMPARE(made.benchmarks[0].change.verdict, Verdict::Improved);
        QCOMPARE(deltaText(made.benchmarks[1]), std::string("~"));
        QCOMPARE(printed("%.3f", *made.benchmarks[1].change.p), std::string("0.446"));
        QCOMPARE(made.benchmarks[1].change.verdict, Verdict::NoEvidence);
        const auto &mean = made.means.front();
        QCOMPARE(mean.base, 2.294891936453654e-06);
        QCOMPARE(mean.cand, 2.089754770302007e-06);
        QCOMPARE(printed("%+.2f%%", 100 * (mean.ratio - 1)), std::string("-8.94%"));
        QCOMPARE(mean.change.verdict, Verdict::Improved);
        QVERIFY(mean.change.relative->low < mean.ratio - 1 &&
                mean.change.relative->high > mean.ratio - 1);
    }

    // smallSample.stdout, issue19634.stdout: 1 and 1 cannot differ, 5 and 5 can, without intervals of
    // their medians.
    void needsFourRuns()
    {
        const auto one = diff({runsOf("X", "ns/op", {100})}, {runsOf("X", "ns/op", {101})});
        QCOMPARE(one.benchmarks[0].change.verdict, Verdict::NotEnoughData);
        QVERIFY(!one.benchmarks[0].change.relative && !one.benchmarks[0].change.adjustedP);
        QVERIFY(!one.benchmarks[0].change.why.empty());
        QCOMPARE(*one.benchmarks[0].change.p, 1.0);
        const auto five = diff({runsOf("FloatSub", "ns/op", {115, 114, 115, 115, 115})},
                               {runsOf("FloatSub", "ns/op", {78.8, 78.8, 78.8, 78.8, 78.8})});
        QCOMPARE(deltaText(five.benchmarks[0]), std::string("-31.48%"));
        QCOMPARE(printed("p=%.3f", *five.benchmarks[0].change.p), std::string("p=0.008"));
        QCOMPARE(five.benchmarks[0].change.verdict, Verdict::Improved);
        for (const std::size_t n : {3u, 4u}) {
            Values a(n), b(n);
            for (std::size_t i = 0; i < n; ++i) {
                a[i] = 100 + static_cast<double>(i);
                b[i] = 200 + static_cast<double>(i);
            }
            const auto made = diff({runsOf("X", "ns/op", a)}, {runsOf("X", "ns/op", b)});
            QCOMPARE(made.benchmarks[0].change.verdict,
                     n == 3 ? Verdict::NotEnoughData : Verdict::Regressed);
            QCOMPARE(made.benchmarks[0].change.relative.has_value(), n == 4);
        }
    }

    // issue19565.stdout: sets that differ; the mean is of what both have, and says so.
    void comparesWhatBothHave()
    {
        const Values hundred(6, 100), tenThousand(6, 10000);
        const auto made = diff({runsOf("A", "ns/op", hundred), runsOf("B", "ns/op", tenThousand)},
                               {runsOf("A", "ns/op", hundred), runsOf("C", "ns/op", tenThousand)});
        QCOMPARE(made.benchmarks.size(), 1u);
        QCOMPARE(*made.benchmarks[0].change.p, 1.0);
        QCOMPARE(made.benchmarks[0].change.verdict, Verdict::NoEvidence);
        QCOMPARE(made.benchmarks[0].change.why, std::string("all values are the same"));
        QCOMPARE(made.onlyBase, std::vector<std::string>{"B (ns/op)"});
        QCOMPARE(made.onlyCand, std::vector<std::string>{"C (ns/op)"});
        QVERIFY(made.means[0].setsDiffer);
        QCOMPARE(made.means[0].ratio, 1.0);
        QVERIFY(std::abs(made.means[0].base - 1e-6) < 1e-18);
        QVERIFY(std::abs(made.means[0].cand - 1e-6) < 1e-18);
    }

    // zero.stdout: 0 of 0 is no change, 100 of 0 has no ratio.
    void hasNoRatioToZero()
    {
        const auto zero = diff({runsOf("Z", "x", {0}), runsOf("Z2", "x", {0})},
                               {runsOf("Z", "x", {0}), runsOf("Z2", "x", {0})});
        QCOMPARE(zero.means[0].ratio, 1.0);
        QVERIFY(zero.means[0].ratioIsKnown);
        QCOMPARE(zero.means[0].base, 0.0);
        const auto from = diff({runsOf("N", "y", {0}), runsOf("N2", "y", {0})},
                               {runsOf("N", "y", {100}), runsOf("N2", "y", {100})});
        QVERIFY(!from.means[0].ratioIsKnown);
        QVERIFY(!from.means[0].change.relative);
        const auto some = diff({runsOf("N", "allocs/op", Values(8, 0))},
                               {runsOf("N", "allocs/op", Values(8, 3))});
        QCOMPARE(some.benchmarks[0].change.verdict, Verdict::Regressed);
        QVERIFY(!some.benchmarks[0].change.relative);
        QCOMPARE(*some.benchmarks[0].change.difference, (ChangeInterval{3, 3}));
        QVERIFY(diff({}, {}).benchmarks.empty());
        QVERIFY(diff({runsOf("A", "ns/op", {})}, {runsOf("A", "ns/op", {1})}).benchmarks.empty());
    }

    void matchesUnitsAndLabels()
    {
        auto small = runsOf("A", "ns/op", Values(8, 100)),
             large = runsOf("A", "us/op", Values(8, 3));
        small.metric = large.metric = "time";
        QCOMPARE(diff({small}, {large}).benchmarks.size(), 1u);
        large.labels = R"({"size":"10"})";
        QVERIFY(diff({small}, {large}).benchmarks.empty());
    }

    // A noise above 0 asks for more than p.
    void respectsNoiseWhereAskedFor()
    {
        Values a, b;
        for (int i = 0; i < 10; ++i) {
            a.push_back(1000 + i);
            b.push_back(1015 + i);
        }
        const auto plain = diff({runsOf("A", "ns/op", a)}, {runsOf("A", "ns/op", b)});
        QCOMPARE(plain.benchmarks[0].change.verdict, Verdict::Regressed);
        const auto strict = diff({runsOf("A", "ns/op", a)}, {runsOf("A", "ns/op", b)},
                                 {.rules = {.alpha = 0.05, .noise = 0.02}});
        QCOMPARE(strict.benchmarks[0].change.verdict, Verdict::NoEvidence);
        QVERIFY(strict.method.find("2.000 %") != std::string::npos);
    }

    void knowsWhichWayIsBetter_data()
    {
        QTest::addColumn<QString>("metric");
        QTest::addColumn<QString>("unit");
        QTest::addColumn<int>("better");
        const auto row = [](const char *metric, const char *unit, Better better) {
            QTest::newRow((std::string(metric) + " in " + unit).c_str())
                << metric << unit << static_cast<int>(better);
        };
        row("ns/op", "ns/op", Better::Lower);
        row("B/op", "B/op", Better::Lower);
        row("allocs/op", "allocs/op", Better::Lower);
        row("MB/s", "MB/s", Better::Higher);
        row("req/sec", "req/sec", Better::Higher);
        row("p99-ns", "p99-ns", Better::Lower);
        row("text-bytes", "text-bytes", Better::Lower);
        row("real_time", "ns", Better::Lower);
        row("time", "s", Better::Lower);
        row("throughput", "ops/ms", Better::Higher); // JMH
        row("average time", "us/op", Better::Lower);
        row("items_per_second", "1/s", Better::Higher);
        row("bytes_per_second", "B/s", Better::Higher);
        row("gc.alloc.rate", "MB/sec", Better::Neither);
        row("gc.alloc.rate.norm", "B/op", Better::Lower);
        row("ipc", "", Better::Neither);
        row("items", "", Better::Neither);
    }
    void knowsWhichWayIsBetter()
    {
        QFETCH(QString, metric);
        QFETCH(QString, unit);
        QFETCH(int, better);
        QCOMPARE(
            static_cast<int>(betterOf(metric.toStdString(), benchmarkUnit(unit.toStdString()))),
            better);
    }

    // All differences, made and sorted; and the ranks against counting every way to split.
    void shiftsAreThoseOfAllPairs()
    {
        std::mt19937_64 random(7);
        for (int round = 0; round < 300; ++round) {
            Values a, b;
            const auto n1 = 1 + random() % 12, n2 = 1 + random() % 12;
            const bool ties = round % 2 == 0;
            for (std::size_t i = 0; i < n1; ++i)
                a.push_back(ties ? 1.0 + static_cast<double>(random() % 5)
                                 : 1 + static_cast<double>(random() % 100000) / 977);
            for (std::size_t i = 0; i < n2; ++i)
                b.push_back(ties ? 1.0 + static_cast<double>(random() % 5)
                                 : 1 + static_cast<double>(random() % 100000) / 977);
            std::sort(a.begin(), a.end());
            std::sort(b.begin(), b.end());
            Values differences, ratios;
            double larger = 0;
            for (const auto x : a) {
                for (const auto y : b) {
                    differences.push_back(y - x);
                    ratios.push_back(y / x);
                    larger += y > x ? 1 : y < x ? -1 : 0;
                }
            }
            std::sort(differences.begin(), differences.end());
            std::sort(ratios.begin(), ratios.end());
            const auto n = differences.size();
            const auto shift = rankShift(a, b);
            QCOMPARE(shift.estimate, n % 2 == 1
                                         ? differences[n / 2]
                                         : differences[n / 2 - 1] / 2 + differences[n / 2] / 2);
            QCOMPARE(cliffsDelta(a, b), larger / static_cast<double>(n));
            const auto ratio = rankRatio(a, b);
            const auto rank = shiftRank(n1, n2);
            QCOMPARE(shift.interval.has_value(), rank > 0);
            QCOMPARE(ratio->interval.has_value(), rank > 0);
            if (rank == 0)
                continue;
            QCOMPARE(shift.interval->low, differences[rank - 1]);
            QCOMPARE(shift.interval->high, differences[n - rank]);
            QCOMPARE(ratio->interval->low, ratios[rank - 1] - 1);
            QCOMPARE(ratio->interval->high, ratios[n - rank] - 1);
            // The interval is the test, turned around.
            const auto p = rankTest(a, b)->p;
            if (!ties && std::abs(p - 0.05) > 1e-9)
                QCOMPARE(shift.interval->low > 0 || shift.interval->high < 0, p <= 0.05);
        }
    }

    // Counted by the recursion of Mann and Whitney in Python, with whole numbers; one more than their
    // tables of critical values have.
    void ranksAreThoseOfTheDistribution()
    {
        constexpr std::size_t kRanks[][3] = {{3, 3, 0},   {3, 4, 0},     {3, 5, 1},    {4, 4, 1},
                                             {5, 5, 3},   {5, 10, 9},    {8, 8, 14},   {10, 10, 24},
                                             {12, 7, 19}, {20, 20, 128}, {30, 30, 318}};
        for (const auto &[first, second, rank] : kRanks) {
            QCOMPARE(shiftRank(first, second), rank);
            QCOMPARE(shiftRank(second, first), rank);
        }
        // Beyond the exact ones nothing jumps.
        const auto exact = static_cast<double>(shiftRank(50, 50));
        const auto normal = static_cast<double>(shiftRank(50, 51));
        QVERIFY(normal > exact && normal < exact + 40);
        QCOMPARE(shiftRank(0, 5), 0u);
    }

    // Of many values all pairs would be too many.
    void shiftsOfManyValues()
    {
        std::mt19937_64 random(3);
        auto a = drawn(random, 100000, 100, 0.1, false), b = drawn(random, 100000, 110, 0.1, false);
        std::sort(a.begin(), a.end());
        std::sort(b.begin(), b.end());
        const auto shift = rankShift(a, b);
        QVERIFY(std::abs(shift.estimate - 10) < 0.5);
        QVERIFY(shift.interval->low < shift.estimate && shift.estimate < shift.interval->high);
        const Values zero{0, 1}, some{1, 2};
        QVERIFY(!rankRatio(zero, some) && !rankRatio(some, zero));
        const Values tiny{5e-324}, huge{1e308};
        QVERIFY(!rankRatio(tiny, huge));
        QCOMPARE(rankShift(tiny, huge).estimate, 1e308);
    }

    // Two samples of one distribution are called different in at most 5 % of the cases, whatever it
    // is; 0.05 + 2.6 standard errors of 1000 is 0.068.
    void callsFewFalseChanges()
    {
        for (const std::size_t n : {4u, 6u, 10u, 20u}) {
            for (const bool skewed : {false, true}) {
                const auto share = called(static_cast<unsigned>(100 + n + (skewed ? 1 : 0)), n, 1,
                                          0.03, skewed, 1000);
                qInfo("%zu and %zu %s values: %.3f called a change", n, n,
                      skewed ? "skewed" : "normal", share);
                QVERIFY2(share <= 0.068, qPrintable(QString::number(share)));
            }
        }
    }

    // Real runs against themselves: 144 samples of ten, cut in two. What was measured first and what was
    // measured last are no runs of the same moment: machines drift, which is why runs of both
    // sides should take turns.
    void halvesOfRealRunsAreTheSame()
    {
        std::mt19937_64 random(1);
        int samples = 0, inTurn = 0, shuffled = 0, firstAndLast = 0;
        const auto differ = [](const Values &a, const Values &b) {
            const auto verdict = diff({runsOf("x", "ns/op", a)}, {runsOf("x", "ns/op", b)})
                                     .benchmarks[0]
                                     .change.verdict;
            return verdict == Verdict::Regressed || verdict == Verdict::Improved ? 1 : 0;
        };
        for (const auto &line :
             QString::fromStdString(read("crc-old-new.tsv")).split('\n', Qt::SkipEmptyParts)) {
            Values values;
            for (const auto &value : line.split('\t')[3].split(' '))
                values.push_back(value.toDouble());
            const auto half = values.begin() + 5;
            firstAndLast += differ({values.begin(), half}, {half, values.end()});
            Values even, odd;
            for (std::size_t i = 0; i < values.size(); ++i)
                (i % 2 == 0 ? even : odd).push_back(values[i]);
            inTurn += differ(even, odd);
            std::shuffle(values.begin(), values.end(), random);
            shuffled += differ({values.begin(), half}, {half, values.end()});
            ++samples;
        }
        qInfo(
            "of %d samples cut in two called a change: in turn %d, shuffled %d, first and last %d",
            samples, inTurn, shuffled, firstAndLast);
        QCOMPARE(samples, 144);
        QVERIFY(inTurn <= samples * 0.05);
        QVERIFY(shuffled <= samples * 0.05);
        // Counted by a script too.
        QCOMPARE(inTurn, 1);
        QCOMPARE(firstAndLast, 11);
    }

    // What ten runs with a spread of 3 % can tell.
    void seesInjectedChanges()
    {
        const auto five = called(1, 10, 1.05, 0.03, false, 400);
        const auto ten = called(2, 10, 1.10, 0.03, false, 400);
        const auto twenty = called(3, 10, 1.20, 0.03, false, 400);
        qInfo("power with 10 and 10 runs of spread 3 %%: +5 %% %.3f, +10 %% %.3f, +20 %% %.3f",
              five, ten, twenty);
        QVERIFY(five > 0.8 && ten > 0.99 && twenty > 0.99);
    }

    // The intervals hold the true factor as often as they promise.
    void intervalsHoldTheTruth()
    {
        std::mt19937_64 random(11);
        int held = 0, means = 0;
        for (int i = 0; i < 400; ++i) {
            std::vector<BenchmarkRuns> base, cand;
            for (const auto *name : {"a", "b", "c"}) {
                base.push_back(runsOf(name, "ns/op", drawn(random, 10, 100, 0.05, true)));
                cand.push_back(runsOf(name, "ns/op", drawn(random, 10, 130, 0.05, true)));
            }
            const auto made = diff(base, cand, {.rounds = 200});
            for (const auto &one : made.benchmarks) {
                held += one.change.relative->low <= 0.3 && one.change.relative->high >= 0.3 ? 1 : 0;
            }
            const auto &mean = *made.means.front().change.relative;
            means += mean.low <= 0.3 && mean.high >= 0.3 ? 1 : 0;
        }
        qInfo("held: ratios %.3f, geometric means %.3f", held / 1200.0, means / 400.0);
        QVERIFY(held >= 1200 * 0.935);
        QVERIFY(means >= 400 * 0.90);
    }
};

QTEST_GUILESS_MAIN(TestBenchmarkDiff)
#include "tst_benchmark_diff.moc"
