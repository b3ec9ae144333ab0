#include "analysis/compare/profile_diff.h"
#include "analysis/compare/rate_change.h"
#include "analysis/compare/sample_blocks.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace flamewright;

namespace {

// Counts that vary by chance alone.
SampledAmount counted(double count, double divisor = 1)
{
    return {.value = count,
            .variance = count,
            .divisor = divisor,
            .samples = static_cast<std::uint64_t>(count)};
}

bool near(double a, double b, double relative = 1e-9)
{
    return std::abs(a - b) <= relative * std::max(1.0, std::abs(b));
}

// A made program: the expected number of samples of each function and run, and how it varies.
struct Program {
    std::vector<double> samples;
    double bursts = 0;   // how much stretches of a run differ, relative
    double perRun = 0;   // how much runs differ, relative
    int burstBlocks = 1; // how many blocks a burst lasts
};

class Recorder {
public:
    explicit Recorder(unsigned seed) : m_random(seed) {}

    ProfileRun record(const Program &program)
    {
        const auto functions = static_cast<std::uint32_t>(program.samples.size());
        auto profile = std::make_shared<Profile>();
        profile->measure = "samples";
        profile->functions.resize(functions + 1);
        auto &tree = profile->tree;
        for (std::uint32_t f = 0; f <= functions; ++f) {
            profile->functions[f].name = f == 0 ? "" : "f" + std::to_string(f);
            tree.function.push_back({f});
            tree.parent.push_back(0);
            tree.subtreeEnd.push_back(f == 0 ? functions + 1 : f + 1);
            tree.depth.push_back(f == 0 ? 0 : 1);
            tree.inlined.push_back(0);
        }
        std::normal_distribution<double> normal;
        std::vector<std::int64_t> counts(functions + 1, 0);
        std::vector<BlockedWeight> weights;
        for (std::uint32_t f = 1; f <= functions; ++f) {
            const auto ofRun = std::max(0.0, 1 + program.perRun * normal(m_random));
            double burst = 1;
            for (std::uint32_t b = 0; b < kSampleBlocks; ++b) {
                if (b % static_cast<unsigned>(program.burstBlocks) == 0)
                    burst = std::max(0.0, 1 + program.bursts * normal(m_random));
                const auto mean = program.samples[f - 1] / kSampleBlocks * ofRun * burst;
                if (!(mean > 0))
                    continue;
                const auto n = std::poisson_distribution<std::int64_t>(mean)(m_random);
                counts[f] += n;
                counts[0] += n;
                weights.push_back({b, f, n});
            }
        }
        tree.self = counts;
        tree.self[0] = 0;
        tree.selfSamples = tree.self;
        tree.total = tree.totalSamples = counts;
        profile->total = profile->samples = counts[0];
        ProfileRun out;
        out.blocks = sampleBlocks(*profile, kSampleBlocks, std::move(weights));
        out.profile = std::move(profile);
        return out;
    }
    std::vector<ProfileRun> record(const Program &program, int runs)
    {
        std::vector<ProfileRun> out;
        for (int i = 0; i < runs; ++i)
            out.push_back(record(program));
        return out;
    }

private:
    std::mt19937 m_random;
};

struct Rates {
    int comparisons = 0, withAlarm = 0, found = 0; // found: f1 regressed
    std::size_t verdicts = 0, alarms = 0, nodeAlarms = 0;
};

Rates rates(const Program &base, const Program &cand, int runs, int rounds, VerdictRules rules)
{
    Recorder recorder(11);
    Rates out;
    for (; out.comparisons < rounds; ++out.comparisons) {
        const auto a = recorder.record(base, runs), b = recorder.record(cand, runs);
        const auto diff = diffProfiles(a, b, {.rules = rules}).value();
        const auto before = out.alarms;
        for (const auto &row : diff.table) {
            const auto judged =
                row.self.verdict == Verdict::Regressed || row.self.verdict == Verdict::Improved;
            out.verdicts += row.self.adjustedP.has_value();
            out.alarms += judged;
            if (diff.functions[row.function].name == "f1")
                out.found += row.self.verdict == Verdict::Regressed;
        }
        out.withAlarm += out.alarms > before;
        for (const auto verdict : diff.tree.totalVerdict)
            out.nodeAlarms += verdict == Verdict::Regressed || verdict == Verdict::Improved;
    }
    return out;
}

std::vector<double> sizes()
{
    std::vector<double> out{1000};
    for (int i = 0; i < 40; ++i)
        out.push_back(20 + 25 * i);
    return out;
}

} // namespace

// Intervals and p values of sampled figures; how often they are wrong, on made programs.
class TestRateChange : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // Against the integral of the density, by Simpson's rule.
    void knowsStudentsDistribution()
    {
        QVERIFY(near(studentP(2, 1), 0.2951672, 1e-6));
        QVERIFY(near(studentP(4, 2), 0.0571909584, 1e-9));
        QVERIFY(std::abs(studentP(4, 3) / 0.0280084560 - 1) < 1e-3);
        QVERIFY(std::abs(studentP(7, 5) / 0.000916747514 - 1) < 1e-3);
        QVERIFY(std::abs(studentP(4, 9) / 0.00311042831 - 1) < 1e-5);
        QVERIFY(std::abs(studentP(7, 19) / 1.14715556e-06 - 1) < 1e-5);
        QVERIFY(near(studentP(1.959963984540054, 0), 0.05));
        QVERIFY(near(studentP(studentQuantile(0.05, 9), 9), 0.05));
        QVERIFY(near(studentQuantile(0.05, 0), 1.959963984540054));
    }
    // Wilson's formula for the share, turned into odds, worked out by itself.
    void makesIntervalsOfRatios()
    {
        const auto up = rateChange(counted(100), counted(150));
        QVERIFY(near(up.relative->low, 0.16544738339802, 1e-7));
        QVERIFY(near(up.relative->high, 0.93058908711933, 1e-7));
        const auto less = rateChange(counted(40, 2), counted(10, 1));
        QVERIFY(near(less.relative->low, -0.74663756033460, 1e-7));
        QVERIFY(near(less.relative->high, -0.01327126337198, 1e-7));
        QVERIFY(near(*up.ratio(), 0.5));
        QVERIFY(*up.p < 0.01 && *up.p > 0.0005);
        const auto gone = rateChange(counted(30), counted(0));
        QCOMPARE(gone.relative->low, -1.0);
        QVERIFY(near(gone.relative->high, -0.87195137264354, 1e-7));
        QVERIFY(gone.difference->high < 0);
        // Twice as long with twice as many samples is no change.
        const auto same = rateChange(counted(100, 1), counted(200, 2));
        QCOMPARE(*same.ratio(), 0.0);
        QVERIFY(*same.p > 0.9);
        const auto fresh = rateChange(counted(0), counted(30), false, true);
        QVERIFY(!fresh.relative && !fresh.base && fresh.difference->low > 0);
        QCOMPARE(rateChange(counted(3), counted(5)).verdict, Verdict::NotEnoughData);
        QCOMPARE(rateChange({}, {}).verdict, Verdict::NotEnoughData);
    }
    void coversTheTruthNineteenTimesInTwenty_data()
    {
        QTest::addColumn<double>("base");
        QTest::addColumn<double>("ratio");
        for (const double base : {8.0, 30.0, 300.0, 5000.0}) {
            for (const double ratio : {0.3, 1.0, 1.2, 4.0})
                QTest::addRow("%g of %g", ratio, base) << base << ratio;
        }
    }
    void coversTheTruthNineteenTimesInTwenty()
    {
        QFETCH(double, base);
        QFETCH(double, ratio);
        std::mt19937 random(5);
        std::poisson_distribution<int> a(base), b(base * ratio);
        int relative = 0, difference = 0, n = 0;
        constexpr int kRounds = 4000;
        for (int i = 0; i < kRounds; ++i) {
            const auto change = rateChange(counted(a(random)), counted(b(random)));
            if (!change.relative || !change.difference)
                continue;
            ++n;
            relative += change.relative->low <= ratio - 1 && ratio - 1 <= change.relative->high;
            const auto truth = base * (ratio - 1);
            difference += change.difference->low <= truth && truth <= change.difference->high;
        }
        // 4,000 rounds of 95 % vary by 0.34 points; small counts cannot be met exactly.
        const auto least = base < 20 ? 0.925 : 0.935;
        QVERIFY2(relative >= least * n && relative <= 0.985 * n,
                 qPrintable(QString::number(relative)));
        QVERIFY2(difference >= least * n && difference <= 0.985 * n,
                 qPrintable(QString::number(difference)));
    }
    void seldomCallsOneProgramDifferent_data()
    {
        QTest::addColumn<double>("bursts");
        QTest::addColumn<int>("blocks");
        QTest::addColumn<double>("perRun");
        QTest::addColumn<int>("runs");
        QTest::newRow("steady") << 0.0 << 1 << 0.0 << 1;
        QTest::newRow("bursts") << 0.6 << 1 << 0.0 << 1;
        QTest::newRow("long bursts") << 0.6 << 3 << 0.0 << 1;
        QTest::newRow("runs that differ by less than the noise") << 0.0 << 1 << 0.015 << 1;
        QTest::newRow("three runs that differ") << 0.0 << 1 << 0.05 << 3;
        QTest::newRow("five runs that differ, in bursts") << 0.3 << 2 << 0.1 << 5;
    }
    void seldomCallsOneProgramDifferent()
    {
        QFETCH(double, bursts);
        QFETCH(int, blocks);
        QFETCH(double, perRun);
        QFETCH(int, runs);
        const Program program{sizes(), bursts, perRun, blocks};
        const auto found = rates(program, program, runs, 100, {.noise = runs >= 3 ? 0.02 : 0.05});
        // One comparison in twenty, of 100, is 5; 3 sigma more is 11.
        QVERIFY2(found.withAlarm <= 11, qPrintable(QString::number(found.withAlarm)));
        QVERIFY(found.verdicts > 3000);
        QVERIFY(static_cast<double>(found.alarms) < 0.05 * static_cast<double>(found.verdicts));
    }
    void findsWhatChanged()
    {
        const Program before{sizes()};
        auto after = before;
        after.samples[0] *= 1.2;
        // Of 1,000 samples 20 % more, 41 functions tested: one run sees it at times, five nearly always.
        QVERIFY(rates(before, after, 5, 60, {.noise = 0.02}).found >= 55);
        after.samples[0] = before.samples[0] * 1.5;
        QVERIFY(rates(before, after, 1, 60, {.noise = 0.05}).found >= 55);
    }
    void adjustsAsHolmDoes()
    {
        // By hand: 4 * 0.01, 3 * 0.013 (not below the one before), 2 * 0.03, 0.5.
        const std::vector<double> p{0.5, 0.01, 0.03, 0.013};
        QCOMPARE(holmAdjusted(p), (std::vector<double>{0.5, 0.04, 0.06, 0.04}));
    }
};

QTEST_APPLESS_MAIN(TestRateChange)
#include "tst_rate_change.moc"
