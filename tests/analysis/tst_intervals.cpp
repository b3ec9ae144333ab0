#include "analysis/intervals.h"

#include <QTest>

#include <cmath>

using namespace flamewright;

class TestIntervals : public QObject {
    Q_OBJECT
    static bool near(double a, double b, double tolerance) { return std::abs(a - b) < tolerance; }

private Q_SLOTS:
    // Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I,
    // method 3 (score interval without continuity correction).
    void agreesWithNewcombesTable()
    {
        const struct {
            int hits, n;
            double low, high;
        } rows[] = {{81, 263, 0.2553, 0.3662},
                    {15, 148, 0.0624, 0.1605},
                    {0, 20, 0.0000, 0.1611},
                    {1, 29, 0.0061, 0.1718}};
        for (const auto &row : rows) {
            const auto i = wilson(row.hits, row.n);
            QVERIFY2(near(i.low, row.low, 6e-5), qPrintable(QString::number(i.low)));
            QVERIFY2(near(i.high, row.high, 6e-5), qPrintable(QString::number(i.high)));
        }
    }
    // The ends solve (p - x)^2 = z^2 x (1 - x) / n: the defining equation of the score interval.
    void endsSolveTheScoreEquation()
    {
        for (const std::int64_t n : {1, 7, 100, 18204, 10'000'000}) {
            for (const std::int64_t hits : {std::int64_t{0}, n / 3, n / 2, n}) {
                const auto i = wilson(hits, n);
                const auto p = static_cast<double>(hits) / static_cast<double>(n);
                for (const auto x : {i.low, i.high}) {
                    const auto left = (p - x) * (p - x);
                    const auto right = kZ95 * kZ95 * x * (1 - x) / static_cast<double>(n);
                    QVERIFY(near(left, right, 1e-12));
                }
                QVERIFY(i.low <= p && p <= i.high);
            }
        }
    }
    void staysWithinBoundsForOddInput()
    {
        QCOMPARE(wilson(0, 0).low, 0.0);
        QCOMPARE(wilson(0, 0).high, 1.0);
        QCOMPARE(wilson(5, 5).high, 1.0);
        QVERIFY(wilson(9, 5).low <= 1.0);
        QCOMPARE(wilson(-3, 5).low, 0.0);
        QVERIFY(wilson(INT64_MAX, INT64_MAX).low > 0.999);
    }
};

QTEST_GUILESS_MAIN(TestIntervals)
#include "tst_intervals.moc"
