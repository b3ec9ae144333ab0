#include "analysis/kneedle.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

using namespace flamewright;

namespace {

std::vector<double> upTo(int n)
{
    std::vector<double> out;
    for (int i = 0; i < n; ++i)
        out.push_back(i);
    return out;
}

} // namespace

class TestKneedle : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // Figure 2 of the paper: y = 5 - 1 / (x + 0.1), ten points in [0, 1]; its knee is at 0.22
    // (arvkevi/kneed, kneed/data_generator.py and tests/test_sample.py: rel_tol 0.05).
    void figureOfThePaper()
    {
        std::vector<double> x, y;
        for (int i = 0; i < 10; ++i) {
            x.push_back(i / 9.0);
            y.push_back(5 - 1 / (x.back() + 0.1));
        }
        const auto knee = strongestKnee(x, y, KneeShape::Flattens);
        QVERIFY(knee);
        QVERIFY(std::abs(knee->x / 0.22 - 1) < 0.05);
        QCOMPARE(knee->index, std::size_t{2});
    }
    // kneed's tests test_concave_increasing (knee 2) and test_convex_increasing (7), and of both cut
    // short (2 and 4: test_*_increasing_truncated).
    void examplesOfKneed()
    {
        const auto x = upTo(10);
        const std::vector<double> convex{1, 2, 3, 4, 5, 10, 15, 20, 40, 100};
        const std::vector<double> concave{0, 60, 80, 85, 90, 95, 96, 97, 98, 99};
        QCOMPARE(strongestKnee(x, concave, KneeShape::Flattens)->x, 2.0);
        QCOMPARE(strongestKnee(x, convex, KneeShape::Steepens)->x, 7.0);
        const auto few = std::span(x).first(7);
        QCOMPARE(strongestKnee(few, std::span(concave).first(7), KneeShape::Flattens)->x, 2.0);
        QCOMPARE(strongestKnee(few, std::span(convex).first(7), KneeShape::Steepens)->x, 4.0);
    }
    // Throughput that grows with load up to 8 workers: the knee is there, and the latency's too.
    void loadCurves()
    {
        const std::vector<double> load{1, 2, 4, 6, 8, 12, 16, 24};
        const std::vector<double> throughput{100, 200, 398, 590, 770, 800, 805, 806};
        const std::vector<double> latency{10, 10, 10, 10.2, 10.4, 15, 20, 30};
        QCOMPARE(strongestKnee(load, throughput, KneeShape::Flattens)->x, 8.0);
        QCOMPARE(strongestKnee(load, latency, KneeShape::Steepens)->x, 8.0);
    }
    // The order in which levels were tried does not matter, but the index tells them.
    void anyOrder()
    {
        const std::vector<double> x{3, 0, 1, 2, 4}, y{9.5, 0, 8, 9, 10};
        const auto knee = strongestKnee(x, y, KneeShape::Flattens);
        QVERIFY(knee);
        QCOMPARE(knee->x, 1.0);
        QCOMPARE(knee->index, std::size_t{2});
    }
    // A staircase has one at the edge of each step; insensitive, the small ones are not seen.
    void severalKnees()
    {
        const auto x = upTo(12);
        const std::vector<double> y{0, 6, 6, 6, 6, 12, 12, 12, 12, 18, 18, 18};
        const auto knees = kneedle(x, y, KneeShape::Flattens);
        QCOMPARE(knees.size(), std::size_t{3});
        QCOMPARE(knees[0].x, 1.0);
        QCOMPARE(knees[1].x, 5.0);
        QCOMPARE(knees[2].x, 9.0);
        QVERIFY(kneedle(x, y, KneeShape::Flattens, 5).empty());
    }
    void straightLinesHaveNone()
    {
        const auto x = upTo(10);
        QVERIFY(kneedle(x, x, KneeShape::Flattens).empty());
        QVERIFY(kneedle(x, std::vector<double>(10, 3), KneeShape::Flattens).empty());
        // Bent the other way.
        std::vector<double> squares;
        for (const auto value : x)
            squares.push_back(value * value);
        QVERIFY(kneedle(x, squares, KneeShape::Flattens).empty());
        QVERIFY(!kneedle(x, squares, KneeShape::Steepens).empty());
    }
    void scaleDoesNotMatter()
    {
        std::mt19937 random(4);
        for (int round = 0; round < 50; ++round) {
            auto x = upTo(12);
            std::vector<double> y, scaled;
            for (int i = 0; i < 12; ++i) {
                y.push_back(static_cast<double>(random() % 1000) + 300 * i);
                scaled.push_back(y.back() / 1024 - 7);
            }
            const auto one = kneedle(x, y, KneeShape::Flattens);
            const auto other = kneedle(x, scaled, KneeShape::Flattens);
            QCOMPARE(one.size(), other.size());
            for (std::size_t i = 0; i < one.size(); ++i)
                QCOMPARE(one[i].index, other[i].index);
        }
    }
    void littleAndHostile()
    {
        QVERIFY(kneedle({}, {}, KneeShape::Flattens).empty());
        const std::vector<double> two{1, 2};
        QVERIFY(kneedle(two, two, KneeShape::Flattens).empty());
        const auto inf = std::numeric_limits<double>::infinity();
        const std::vector<double> x{0, 1, 2, NAN, 3, 4, 4, 4}, y{0, 8, 9, 5, inf, 10, 3, 1};
        const auto knees = kneedle(x, y, KneeShape::Flattens);
        QCOMPARE(knees.size(), std::size_t{1});
        QCOMPARE(knees[0].x, 1.0);
        const auto most = std::numeric_limits<double>::max();
        const std::vector<double> far{-most, -most / 2, 0, most}, high{-most, most, most, most};
        QCOMPARE(kneedle(far, high, KneeShape::Flattens).size(), std::size_t{1});
        const std::vector<double> same(5, 2);
        QVERIFY(kneedle(same, upTo(5), KneeShape::Flattens).empty());
    }
};

QTEST_GUILESS_MAIN(TestKneedle)
#include "tst_kneedle.moc"
