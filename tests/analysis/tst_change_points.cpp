#include "analysis/compare/change_points.h"

#include <QFile>
#include <QTest>

#include <cmath>
#include <random>

using namespace flamewright;

namespace {

using Values = std::vector<double>;
using Indexes = std::vector<std::size_t>;

Indexes indexesOf(const std::vector<ChangePoint> &points)
{
    Indexes out;
    for (const auto &one : points)
        out.push_back(one.index);
    return out;
}

Values tigerbeetle()
{
    QFile file(QString::fromUtf8(FW_SOURCE_DIR "/tests/golden/otava/tigerbeetle.txt"));
    Values out;
    if (!file.open(QIODevice::ReadOnly))
        return out;
    for (const auto &word : QString::fromUtf8(file.readAll()).simplified().split(' '))
        out.push_back(word.toDouble());
    return out;
}

} // namespace

class TestChangePoints : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // Otava's tests of compute_change_points on a series of Tigerbeetle's throughput.
    void findsWhatOtavaFinds_data()
    {
        QTest::addColumn<double>("p");
        QTest::addColumn<double>("magnitude");
        QTest::addColumn<QString>("expected");
        const auto row = [](double p, double magnitude, const char *expected) {
            QTest::newRow(("p " + std::to_string(p) + ", " + std::to_string(magnitude)).c_str())
                << p << magnitude << expected;
        };
        row(0.01, 0.05, "15 71");
        row(0.05, 0.05, "15 71");
        row(0.1, 0.05, "10 11 15 71 363");
        row(0.2, 0.05, "10 11 15 71");
        row(0.1, 0.01,
            "10 11 15 28 29 35 37 48 49 61 71 95 117 131 142 148 165 169 192 206 212 260 265 268 "
            "278 "
            "282 363");
        row(0.2, 0,
            "3 6 7 10 11 13 15 16 28 29 35 37 39 41 44 48 49 56 58 61 65 66 69 71 74 76 82 95 108 "
            "117 "
            "125 126 129 131 136 137 142 148 165 169 187 190 192 197 200 212 220 241 243 246 247 "
            "249 "
            "250 260 265 266 268 278 282 288 305 306 325 330 337 338 340 347 349 363");
        row(0.1, 0,
            "3 6 10 11 15 16 28 29 35 37 39 41 44 48 49 61 71 95 117 131 142 148 165 169 192 206 "
            "212 "
            "260 265 268 278 282 288 305 363");
        row(0.01, 0, "15 26 61 71 95 117 131 142 148 165 169 192 212 260");
        row(0.001, 0, "15 61 71 95 117 131 142 148 192 212 260");
        row(0.0001, 0, "71 95 117 131 142 148 192 212");
        row(0.00001, 0, "71 95 131 192 212");
    }
    void findsWhatOtavaFinds()
    {
        QFETCH(double, p);
        QFETCH(double, magnitude);
        QFETCH(QString, expected);
        const auto series = tigerbeetle();
        QCOMPARE(series.size(), 365u);
        QString found;
        for (const auto index : indexesOf(changePoints(series, {30, p, magnitude, false})))
            found += (found.isEmpty() ? "" : " ") + QString::number(index);
        QCOMPARE(found, expected);
    }

    // Nothing is left that is weaker than was asked for.
    void keepsOnlyWhatSatisfies()
    {
        const auto series = tigerbeetle();
        for (const double p : {0.2, 0.1, 0.01, 0.001, 0.0001}) {
            const auto points = changePoints(series, {30, p, 0.01});
            QVERIFY(!points.empty());
            for (const auto &one : points)
                QVERIFY(one.p < p && one.magnitude() > 0.01);
        }
        QCOMPARE(indexesOf(changePoints(series, {30, 0.01, 0.05})), (Indexes{15, 71}));
    }

    // Its test_single_series.
    void findsTheStepOfItsSmallExample()
    {
        const Values series{1.02, 0.95, 0.99, 1.00, 1.12, 1.00, 1.01, 0.98, 1.01, 0.96,
                            0.50, 0.51, 0.48, 0.48, 0.55, 0.50, 0.49, 0.51, 0.50, 0.49};
        const auto points = changePoints(series, {10, 0.0001, 0});
        QCOMPARE(indexesOf(points), Indexes{10});
        // By hand: 10.04 / 10 and 5.01 / 10.
        QVERIFY(std::abs(points[0].before - 1.004) < 1e-12);
        QVERIFY(std::abs(points[0].after - 0.501) < 1e-12);
        QVERIFY(std::abs(points[0].ratio() - (0.501 / 1.004 - 1)) < 1e-12);
        QVERIFY(std::abs(points[0].magnitude() - (1.004 / 0.501 - 1)) < 1e-12);
        QCOMPARE(points[0].beforeCount, 10u);
        QCOMPARE(points[0].afterCount, 10u);
        // scipy.stats.ttest_ind_from_stats of means and numpy.std of both halves.
        QVERIFY(std::abs(points[0].p / 1.4271728389900107e-17 - 1) < 1e-9);
    }

    void findsNothingWhereNothingIs()
    {
        QVERIFY(changePoints({}, {}).empty());
        QVERIFY(changePoints(Values{1}, {}).empty());
        QVERIFY(changePoints(Values{1, 5}, {}).empty());
        QVERIFY(changePoints(Values(200, 7), {}).empty());
        QVERIFY(changePoints(Values(20, 0), {.window = 0, .maxP = 1}).empty());
    }

    // Without any spread a step is certain; a change to or from 0 has no ratio.
    void findsExactSteps()
    {
        Values series(12, 4);
        series.insert(series.end(), 12, 5);
        const auto points = changePoints(series, {});
        QCOMPARE(indexesOf(points), Indexes{12});
        QCOMPARE(points[0].p, 0.0);
        QCOMPARE(points[0].ratio(), 0.25);
        Values gone(12, 4);
        gone.insert(gone.end(), 12, 0);
        QCOMPARE(indexesOf(changePoints(gone, {})), Indexes{12});
        QVERIFY(changePoints(series, {.minMagnitude = 0.3}).empty());
    }

    // Series in which nothing happens have a point in few cases; a step of 5 % among a spread of 1 %
    // is found at its place.
    void callsFewAndFindsSteps()
    {
        std::mt19937_64 random(5);
        std::normal_distribution<double> normal(0, 1);
        int called = 0, found = 0;
        constexpr int kTimes = 300;
        for (int i = 0; i < kTimes; ++i) {
            Values quiet, step;
            for (int j = 0; j < 40; ++j) {
                quiet.push_back(100 + normal(random));
                step.push_back((j < 25 ? 100 : 105) + normal(random));
            }
            called += changePoints(quiet, {}).empty() ? 0 : 1;
            const auto points = changePoints(step, {.minMagnitude = 0.02});
            found += points.size() == 1 && points[0].index >= 24 && points[0].index <= 26 ? 1 : 0;
        }
        qInfo("p 0.001: %d of %d quiet series have a point, %d of %d steps are found", called,
              kTimes, found, kTimes);
        QVERIFY(called <= kTimes * 0.05);
        QVERIFY(found >= kTimes * 0.95);
    }
};

QTEST_GUILESS_MAIN(TestChangePoints)
#include "tst_change_points.moc"
