#include "analysis/usl_fit.h"

#include <QTest>

#include <cmath>
#include <random>
#include <vector>

using namespace flamewright;

namespace {

// The Cisco benchmark from "Practical Scalability Analysis with the Universal Scalability Law"
// (B. Schwartz), as in codahale/usl4j, src/test/java/com/codahale/usl4j/tests/ModelTest.java
// (commit 04348879).
std::vector<UslPoint> cisco()
{
    const double throughput[] = {
        955.16,   1878.91,  2688.01,  3548.68,  4315.54,  5130.43,  5931.37, 6531.08,
        7219.8,   7867.61,  8278.71,  8646.7,   9047.84,  9426.55,  9645.37, 9897.24,
        10097.6,  10240.5,  10532.39, 10798.52, 11151.43, 11518.63, 11806,   12089.37,
        12075.41, 12177.29, 12211.41, 12158.93, 12155.27, 12118.04, 12140.4, 12074.39};
    std::vector<UslPoint> out;
    for (const auto x : throughput)
        out.push_back({static_cast<double>(out.size() + 1), x});
    return out;
}

std::vector<UslPoint> sampled(const UslLaw &law, const std::vector<double> &concurrencies,
                              double noise, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<double> off;
    std::vector<UslPoint> out;
    for (const auto n : concurrencies)
        out.push_back({n, law.throughput(n) * (1 + noise * off(random))});
    return out;
}

bool near(double value, double expected, double relative)
{
    return std::abs(value - expected) <= relative * std::abs(expected);
}

} // namespace

class TestUslFit : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // The published constants: the book's (7.690945e-4, 0.02671591, 995.6486, 35, 12341), and those
    // of a fit to more digits.
    void publishedConstants()
    {
        const auto answer = fitUsl(cisco());
        QVERIFY(answer.fit && answer.whyNot.empty());
        const auto &law = answer.fit->law;
        QCOMPARE(QString::number(law.sigma, 'f', 8), QStringLiteral("0.02671595"));
        // The same minimum in 50 decimal digits (Gauss-Newton over Python's decimal).
        QVERIFY(near(law.sigma, 0.026715945035725380, 1e-9));
        QVERIFY(near(law.kappa, 0.000769093920610458, 1e-9));
        QVERIFY(near(law.lambda, 995.6487859290531141, 1e-9));
        QCOMPARE(QString::number(law.kappa, 'e', 5), QStringLiteral("7.69094e-04"));
        QCOMPARE(QString::number(law.lambda, 'f', 4), QStringLiteral("995.6488"));
        QCOMPARE(*law.bestConcurrency(), 35.0);
        QCOMPARE(QString::number(*law.mostThroughput(), 'f', 1), QStringLiteral("12341.7"));
        QCOMPARE(QString::number(answer.fit->rSquared, 'f', 4), QStringLiteral("0.9972"));
        // usl4j's tests of the fitted model.
        QVERIFY(std::abs(law.throughput(1) - 995.648772003358) < 1e-4);
        QVERIFY(std::abs(law.throughput(20) - 11063.633137626028) < 1e-3);
        QVERIFY(std::abs(law.throughput(35) - 12341.7456205207) < 1e-3);
        QVERIFY(std::abs(law.latency(20) - 0.0018077217982978785) < 1e-8);
    }
    // Every interval holds the estimate, and is about as wide as 1.96 standard errors by the
    // curvature at the minimum (a script over the same formula): 0.0088, 0.000169, 56.2.
    void intervalsOfPublishedData()
    {
        const auto fit = *fitUsl(cisco()).fit;
        QVERIFY(near((fit.sigma.high - fit.sigma.low) / 2, 0.0088079, 0.15));
        QVERIFY(near((fit.kappa.high - fit.kappa.low) / 2, 0.00016945, 0.15));
        QVERIFY(near((fit.lambda.high - fit.lambda.low) / 2, 56.2488, 0.15));
        QVERIFY(fit.sigma.low < fit.law.sigma && fit.law.sigma < fit.sigma.high);
        QVERIFY(fit.kappa.low < fit.law.kappa && fit.law.kappa < fit.kappa.high);
        QVERIFY(fit.lambda.low < fit.law.lambda && fit.law.lambda < fit.lambda.high);
        QVERIFY(fit.bestConcurrency->low <= 35 && fit.bestConcurrency->high >= 35);
        QVERIFY(fit.mostThroughput->low < 12341.7 && fit.mostThroughput->high > 12341.7);
        QCOMPARE(fit.resamples, kUslResamples);
        // The same again: it is not drawn by lot.
        QCOMPARE(fitUsl(cisco()).fit->sigma.low, fit.sigma.low);
    }
    // Exact points give the law back, wherever the fit starts from.
    void findsTheLawOfExactPoints()
    {
        std::mt19937 random(2);
        std::uniform_real_distribution<double> unit;
        for (int round = 0; round < 300; ++round) {
            const UslLaw law{unit(random), std::pow(10, -5 * unit(random) - 1),
                             std::pow(10, 6 * unit(random) - 2)};
            const auto answer = fitUsl(sampled(law, {1, 2, 4, 8, 16, 32, 64}, 0, 1), 0);
            QVERIFY(answer.fit);
            QVERIFY(near(answer.fit->law.sigma, law.sigma, 1e-4) ||
                    std::abs(answer.fit->law.sigma - law.sigma) < 1e-6);
            QVERIFY(near(answer.fit->law.kappa, law.kappa, 1e-4));
            QVERIFY(near(answer.fit->law.lambda, law.lambda, 1e-5));
            QVERIFY(answer.fit->rSquared > 1 - 1e-9);
        }
    }
    // No point of a fine grid around is better, also where a parameter is at its limit.
    void noNeighbourIsBetter()
    {
        const auto error = [](const UslLaw &law, const std::vector<UslPoint> &points) {
            double sum = 0;
            for (const auto &[n, x] : points)
                sum += (x - law.throughput(n)) * (x - law.throughput(n));
            return sum;
        };
        int atLimit = 0;
        for (unsigned seed = 0; seed < 60; ++seed) {
            const auto points = sampled({0.02, seed % 2 ? 0.0 : 1e-4, 100},
                                        {1, 2, 3, 5, 8, 13, 21, 34}, 0.05, seed);
            const auto law = fitUsl(points, 0).fit->law;
            QVERIFY(law.sigma >= 0 && law.kappa >= 0 && law.lambda >= 0);
            atLimit += law.kappa == 0 || law.sigma == 0;
            const auto least = error(law, points);
            for (int i = 0; i < 27; ++i) {
                const UslLaw other{std::max(law.sigma + 1e-4 * (i % 3 - 1), 0.0),
                                   std::max(law.kappa + 1e-6 * (i / 3 % 3 - 1), 0.0),
                                   law.lambda + 1e-2 * (i / 9 - 1)};
                QVERIFY(error(other, points) >= least * (1 - 1e-9));
            }
        }
        QVERIFY(atLimit > 5);
    }
    // 95 of 100 intervals hold the truth, or nearly so.
    void intervalsHoldWhatTheyPromise()
    {
        const UslLaw law{0.05, 5e-4, 200};
        int held = 0;
        for (unsigned seed = 0; seed < 200; ++seed) {
            std::mt19937 random(seed);
            std::normal_distribution<double> off(0, 20);
            std::vector<UslPoint> points;
            for (const double n : {1, 4, 8, 12, 16, 20, 28, 36, 44, 52})
                points.push_back({n, law.throughput(n) + off(random)});
            const auto fit = *fitUsl(points, 200).fit;
            held += fit.sigma.low <= law.sigma && law.sigma <= fit.sigma.high;
        }
        QVERIFY2(held >= 174 && held <= 200, qPrintable(QString::number(held)));
    }
    void whatHasNoMaximum()
    {
        const UslLaw contention{0.1, 0, 100}, none{0, 0, 100}, serial{1, 0.1, 100};
        QVERIFY(!contention.bestConcurrency());
        QCOMPARE(*contention.mostThroughput(), 1000.0);
        QVERIFY(!none.bestConcurrency() && !none.mostThroughput());
        QCOMPARE(*serial.bestConcurrency(), 1.0);
        QCOMPARE(*serial.mostThroughput(), 100.0);
        const auto linear = fitUsl(sampled(none, {1, 2, 3, 4, 5, 6}, 0, 1));
        QVERIFY(linear.fit->law.sigma < 1e-9 && linear.fit->law.kappa < 1e-9);
        QVERIFY(near(linear.fit->law.lambda, 100, 1e-9));
    }
    void tooLittleToFit()
    {
        QVERIFY(!fitUsl({}).fit);
        QVERIFY(!fitUsl({}).whyNot.empty());
        const auto all = cisco();
        QVERIFY(!fitUsl(std::span(all).first(5)).fit);
        QVERIFY(fitUsl(std::span(all).first(6)).fit);
        const std::vector<UslPoint> same(8, {4, 100});
        QVERIFY(!fitUsl(same).fit && !fitUsl(same).whyNot.empty());
    }
    void hostileValues()
    {
        const auto inf = std::numeric_limits<double>::infinity();
        std::vector<UslPoint> points{{0, 5},   {-1, 5},   {1, -5},   {NAN, 5},
                                     {5, NAN}, {inf, 10}, {10, inf}, {1, 0}};
        QVERIFY(!fitUsl(points).fit);
        points = {{1, 1e300}, {2, 1e-300}, {3, 1e300}, {1e300, 1}, {5, 7}, {1e-300, 1e300}, {7, 2}};
        const auto answer = fitUsl(points, 50);
        QVERIFY(answer.fit || !answer.whyNot.empty());
        // Throughput that falls from the start.
        points = {{1, 100}, {2, 60}, {4, 30}, {8, 14}, {16, 7}, {32, 3}};
        const auto falls = fitUsl(points, 50);
        QVERIFY(falls.fit && falls.fit->law.sigma >= 0 && falls.fit->law.kappa >= 0);
    }
};

QTEST_GUILESS_MAIN(TestUslFit)
#include "tst_usl_fit.moc"
