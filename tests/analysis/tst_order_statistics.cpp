#include "analysis/order_statistics.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

using namespace flamewright;

namespace {

// P(Bin(n, q) <= k), term by term, with numbers that are exact enough for small n.
double binomialAtMost(std::uint64_t k, std::uint64_t n, double q)
{
    double sum = 0;
    for (std::uint64_t i = 0; i <= k; ++i) {
        double term = 1;
        for (std::uint64_t j = 0; j < i; ++j)
            term *= static_cast<double>(n - j) / static_cast<double>(j + 1) * q;
        sum += term * std::pow(1 - q, static_cast<double>(n - i));
    }
    return sum;
}

std::vector<std::int64_t> sortedAt(std::vector<std::int64_t> values,
                                   const std::vector<std::uint64_t> &ranks)
{
    std::sort(values.begin(), values.end());
    std::vector<std::int64_t> out;
    for (const auto rank : ranks)
        out.push_back(values[rank - 1]);
    return out;
}

} // namespace

class TestOrderStatistics : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void ranksAreTheNearest()
    {
        QCOMPARE(nearestRank(5000, 1), 1u);
        QCOMPARE(nearestRank(5000, 2), 1u);
        QCOMPARE(nearestRank(5000, 3), 2u);
        QCOMPARE(nearestRank(9900, 100), 99u); // 0.99 * 100 is 99.00000000000001 elsewhere
        QCOMPARE(nearestRank(9900, 101), 100u);
        QCOMPARE(nearestRank(9999, 10'000), 9999u);
        QCOMPARE(nearestRank(9999, 10), 10u);
        QCOMPARE(nearestRank(5000, 0), 0u);
        QCOMPARE(nearestRank(1, 3), 1u);
        QCOMPARE(nearestRank(9999, UINT64_MAX), UINT64_MAX - UINT64_MAX / 10'000);
    }

    // formats.md, and by (1 - tail)^n: the smallest n with an interval of equal tails.
    void smallestNumbersWithAnInterval()
    {
        const std::pair<unsigned, std::uint64_t> least[] = {
            {5000, 6}, {9000, 36}, {9500, 72}, {9900, 368}, {9990, 3688}, {9999, 36'887}};
        for (const auto &[q, n] : least) {
            QVERIFY2(!quantileInterval(q, n - 1), qPrintable(QString::number(q)));
            QVERIFY2(quantileInterval(q, n), qPrintable(QString::number(q)));
            QVERIFY(std::pow(q / 10'000.0, static_cast<double>(n)) <= 0.025);
            QVERIFY(std::pow(q / 10'000.0, static_cast<double>(n - 1)) > 0.025);
        }
        QVERIFY(!quantileInterval(5000, 0));
    }

    // Conover, Practical Nonparametric Statistics: n = 16 for the median gives the 4th and the 13th.
    void agreesWithTheTextbook()
    {
        QCOMPARE(*quantileInterval(5000, 16), (RankInterval{4, 13}));
        QCOMPARE(*quantileInterval(5000, 6), (RankInterval{1, 6}));
    }

    void tailsAreAtMostTwoAndAHalfPercent()
    {
        for (const unsigned q : {5000u, 9000u, 9500u, 9900u}) {
            for (std::uint64_t n = 1; n <= 800; n += 7) {
                const auto interval = quantileInterval(q, n);
                if (!interval)
                    continue;
                const auto p = q / 10'000.0;
                QVERIFY(interval->low >= 1 && interval->high <= n);
                QVERIFY(binomialAtMost(interval->low - 1, n, p) <= 0.025 + 1e-12);
                QVERIFY(binomialAtMost(interval->low, n, p) > 0.025 - 1e-12);
                QVERIFY(binomialAtMost(interval->high - 1, n, p) >= 0.975 - 1e-12);
                QVERIFY(interval->high < 2 ||
                        binomialAtMost(interval->high - 2, n, p) < 0.975 + 1e-12);
            }
        }
    }

    void isTheNormalIntervalForManyValues()
    {
        for (const std::uint64_t n : {100'000ull, 10'000'000ull, 4'000'000'000ull}) {
            const auto interval = quantileInterval(9900, n);
            QVERIFY(interval);
            const auto count = static_cast<double>(n);
            const auto half = 1.959964 * std::sqrt(count * 0.99 * 0.01);
            QVERIFY(std::abs(static_cast<double>(interval->low) - (count * 0.99 - half)) < 3);
            QVERIFY(std::abs(static_cast<double>(interval->high) - (count * 0.99 + half)) < 3);
        }
    }

    void findsValuesAsSortingDoes_data()
    {
        QTest::addColumn<int>("shape");
        const char *shapes[] = {"small",   "uniform",     "log-normal", "equal",    "two values",
                                "outlier", "whole range", "sorted",     "backwards"};
        for (int i = 0; i < 9; ++i)
            QTest::newRow(shapes[i]) << i;
    }
    void findsValuesAsSortingDoes()
    {
        QFETCH(int, shape);
        std::mt19937_64 random(static_cast<unsigned>(shape));
        std::lognormal_distribution<double> log(15, 1);
        for (const std::size_t n : {1u, 2u, 17u, 4096u, 4097u, 100'000u}) {
            std::vector<std::int64_t> values;
            for (std::size_t i = 0; i < n; ++i) {
                switch (shape) {
                case 0: values.push_back(static_cast<std::int64_t>(random() % 10)); break;
                case 1: values.push_back(static_cast<std::int64_t>(random() % 100'000'000)); break;
                case 2: values.push_back(static_cast<std::int64_t>(log(random))); break;
                case 3: values.push_back(42); break;
                case 4: values.push_back(random() % 2 ? INT64_MAX : INT64_MIN); break;
                case 5:
                    values.push_back(i == 0 ? INT64_MAX
                                            : static_cast<std::int64_t>(random() % 1'000'000));
                    break;
                case 6: values.push_back(static_cast<std::int64_t>(random())); break;
                case 7: values.push_back(static_cast<std::int64_t>(i) * 3); break;
                default: values.push_back(-static_cast<std::int64_t>(i)); break;
                }
            }
            std::vector<std::uint64_t> ranks{1, n};
            for (int i = 0; i < 20; ++i)
                ranks.push_back(1 + random() % n);
            for (const unsigned q : {5000u, 9000u, 9900u, 9999u})
                ranks.push_back(nearestRank(q, n));
            std::sort(ranks.begin(), ranks.end());
            ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
            QVERIFY(valuesAtRanks(values, ranks) == sortedAt(values, ranks));
        }
        QVERIFY(valuesAtRanks({}, {}).empty());
    }
};

QTEST_GUILESS_MAIN(TestOrderStatistics)
#include "tst_order_statistics.moc"
