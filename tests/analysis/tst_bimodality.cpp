#include "analysis/bimodality.h"

#include <QTest>

#include <cmath>
#include <random>
#include <vector>

using namespace flamewright;

namespace {

constexpr std::int64_t kMs = 1'000'000;

// Log-normal around two medians, in ns; `share` of the second.
std::vector<std::int64_t> mixed(unsigned seed, std::size_t n, double median, double other,
                                double share, double sigma, std::int64_t unit = 1)
{
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    std::uniform_real_distribution<double> uniform;
    std::vector<std::int64_t> out;
    for (std::size_t i = 0; i < n; ++i) {
        const auto value =
            (uniform(random) < share ? other : median) * std::exp(sigma * normal(random));
        out.push_back(std::llround(value / static_cast<double>(unit)) * unit);
    }
    return out;
}

bool near(std::int64_t value, double expected, double relative)
{
    return std::abs(static_cast<double>(value) / expected - 1) < relative;
}

} // namespace

class TestBimodality : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void findsTwoModes_data()
    {
        QTest::addColumn<int>("n");
        QTest::addColumn<double>("factor");
        QTest::addColumn<double>("share");
        QTest::addColumn<qint64>("unit");
        QTest::newRow("half") << 10'000 << 10.0 << 0.5 << qint64{1};
        QTest::newRow("few slow ones") << 10'000 << 10.0 << 0.1 << qint64{1};
        QTest::newRow("few fast ones") << 10'000 << 10.0 << 0.9 << qint64{1};
        QTest::newRow("close") << 20'000 << 4.0 << 0.4 << qint64{1};
        QTest::newRow("little") << 1'000 << 20.0 << 0.3 << qint64{1};
        QTest::newRow("many") << 500'000 << 10.0 << 0.2 << qint64{1};
        QTest::newRow("in milliseconds") << 10'000 << 10.0 << 0.3 << qint64{kMs};
    }
    void findsTwoModes()
    {
        QFETCH(const int, n);
        QFETCH(const double, factor);
        QFETCH(const double, share);
        QFETCH(const qint64, unit);
        const auto median = 20e6;
        for (unsigned seed = 0; seed < (n > 100'000 ? 2 : 20); ++seed) {
            const auto found = bimodality(mixed(seed, static_cast<std::size_t>(n), median,
                                                median * factor, share, 0.3, unit));
            QVERIFY(found);
            QVERIFY2(
                near(found->lowModeNs, median, 0.25) &&
                    near(found->highModeNs, median * factor, 0.25),
                qPrintable(QStringLiteral("%1 %2").arg(found->lowModeNs).arg(found->highModeNs)));
            QVERIFY(found->lowModeNs < found->valleyNs && found->valleyNs < found->highModeNs);
            QVERIFY(std::abs(found->highShare - share) < 0.06);
            QCOMPARE(found->lowShare + found->highShare, 1.0);
        }
    }
    // One peak, however wide, and rounded however coarsely.
    void fewFalseAlarms()
    {
        int alarms = 0, of = 0;
        for (unsigned seed = 0; seed < 200; ++seed) {
            const std::size_t sizes[] = {100, 1000, 10'000};
            const double sigmas[] = {0.1, 0.5, 1.5};
            const std::int64_t units[] = {1, 1000, kMs};
            alarms += bimodality(mixed(seed, sizes[seed % 3], 5e6, 5e6, 0, sigmas[seed / 3 % 3],
                                       units[seed / 9 % 3]))
                          .has_value();
            ++of;
        }
        QVERIFY2(alarms <= 2, qPrintable(QStringLiteral("%1 of %2").arg(alarms).arg(of)));
    }
    void otherShapesWithOnePeak()
    {
        std::mt19937_64 random(7);
        for (int round = 0; round < 20; ++round) {
            std::vector<std::int64_t> uniform, exponential;
            for (int i = 0; i < 5000; ++i) {
                uniform.push_back(kMs + static_cast<std::int64_t>(random() % (100 * kMs)));
                exponential.push_back(
                    static_cast<std::int64_t>(std::exponential_distribution<double>(1e-7)(random)) +
                    1);
            }
            QVERIFY(!bimodality(uniform));
            QVERIFY(!bimodality(exponential));
        }
    }
    // A hundredth of timeouts is a tail, not a second kind of answer.
    void rareOnesAreNoMode() { QVERIFY(!bimodality(mixed(3, 10'000, 10e6, 10e9, 0.01, 0.3))); }
    void littleAndHostile()
    {
        QVERIFY(!bimodality({}));
        QVERIFY(!bimodality(mixed(1, 50, 1e6, 1e9, 0.5, 0.1)));
        QVERIFY(!bimodality(std::vector<std::int64_t>(1000, 5)));
        QVERIFY(!bimodality(std::vector<std::int64_t>(1000, 0)));
        QVERIFY(!bimodality(std::vector<std::int64_t>(1000, INT64_MIN)));
        std::vector<std::int64_t> values;
        for (int i = 0; i < 1000; ++i)
            values.push_back(i % 2 ? INT64_MAX : (i % 4 ? -5 : 1));
        const auto found = bimodality(values);
        QVERIFY(!found || (found->lowShare >= 0 && found->highShare <= 1));
    }
};

QTEST_GUILESS_MAIN(TestBimodality)
#include "tst_bimodality.moc"
