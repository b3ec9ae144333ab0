#include "analysis/order_statistics.h"
#include "analysis/percentile_curve.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>

using namespace flamewright;

namespace {

std::vector<std::int64_t> drawn(std::size_t n, unsigned seed = 5)
{
    std::mt19937 random(seed);
    std::lognormal_distribution<double> latency(17, 1);
    std::vector<std::int64_t> out;
    for (std::size_t i = 0; i < n; ++i)
        out.push_back(static_cast<std::int64_t>(latency(random)));
    return out;
}

LoadRows grouped(const std::vector<std::size_t> &sizes)
{
    LoadRows rows;
    for (std::size_t g = 0; g < sizes.size(); ++g) {
        rows.groups.push_back("g" + std::to_string(g));
        for (std::size_t i = 0; i < sizes[g]; ++i) {
            rows.group.push_back(static_cast<std::uint32_t>(g));
            rows.latency.push_back(static_cast<std::int64_t>(1000 * g + i));
            rows.failed.push_back(i % 10 == 9 ? 1 : 0);
        }
    }
    return rows;
}

} // namespace

class TestPercentileCurve : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyPointIsTheNearestRank_data()
    {
        QTest::addColumn<int>("n");
        for (const int n : {1, 2, 6, 40, 368, 5000, 50'000})
            QTest::addRow("%d", n) << n;
    }
    void everyPointIsTheNearestRank()
    {
        QFETCH(int, n);
        const auto values = drawn(static_cast<std::size_t>(n));
        auto sorted = values;
        std::sort(sorted.begin(), sorted.end());
        const auto curve = percentileCurve(values);
        QCOMPARE(curve.count, std::uint64_t(n));
        QCOMPARE(curve.min, sorted.front());
        QCOMPARE(curve.max, sorted.back());
        QVERIFY(!curve.points.empty() && curve.points.size() <= kCurvePoints + 8);
        double last = 0;
        for (const auto &point : curve.points) {
            QVERIFY(point.quantile > last);
            last = point.quantile;
            const auto rank = static_cast<std::size_t>(std::ceil(point.quantile * n - 1e-6));
            QCOMPARE(point.value, sorted[rank - 1]);
            if (point.interval) {
                QVERIFY(point.interval->low <= point.value && point.value <= point.interval->high);
                QVERIFY(std::binary_search(sorted.begin(), sorted.end(), point.interval->high));
            }
        }
        QCOMPARE(curve.lastQuantile, last);
    }

    void namedPercentilesAreThoseOfTables()
    {
        for (const std::size_t n : {std::size_t{35}, std::size_t{400}, std::size_t{40'000}}) {
            const auto values = drawn(n);
            const auto curve = percentileCurve(values);
            const auto table = summarizeLatencies(values);
            for (std::size_t i = 0; i < kPercentiles.size(); ++i) {
                const auto &expected = table.percentiles[i];
                QCOMPARE(curve.marks[i].has_value(), expected.interval.has_value());
                if (!expected.interval)
                    continue;
                QCOMPARE(curve.marks[i]->value, expected.value);
                QCOMPARE(curve.marks[i]->interval->low, expected.interval->low);
                QCOMPARE(curve.marks[i]->interval->high, expected.interval->high);
            }
        }
    }

    // The last point has an interval; of the next rank there is none.
    void endsWhereThereAreTooFew()
    {
        for (const std::uint64_t n : {100u, 1000u, 33'333u}) {
            const auto curve = percentileCurve(drawn(n));
            QVERIFY(curve.points.back().interval);
            QVERIFY(curve.lastQuantile < 1);
            const auto rank =
                static_cast<double>(std::llround(curve.lastQuantile * static_cast<double>(n)));
            QVERIFY(!quantileIntervalAt((rank + 1) / static_cast<double>(n), n));
        }
        QVERIFY(percentileCurve({}).points.empty());
    }

    void groupsHaveTheirCurvesAndTheSmallestShareOne()
    {
        const auto rows = grouped({50, 200, 10, 100, 20});
        const auto all = percentileCurves(rows, false, 8);
        QCOMPARE(all.curves.size(), std::size_t{5});
        QCOMPARE(all.curves[0].name, std::string("g1"));
        QCOMPARE(all.curves[0].count, std::uint64_t{180});
        QCOMPARE(all.curves[0].failed, std::uint64_t{20});
        QCOMPARE(all.requests, std::uint64_t{380});
        QCOMPARE(all.failed, std::uint64_t{38});
        QCOMPARE(all.othersGroups, std::uint64_t{0});

        const auto given = percentileCurves(rows, false, 8, SeriesOrder::Given);
        QCOMPARE(given.curves[0].name, std::string("g0"));
        QCOMPARE(given.curves[4].name, std::string("g4"));

        const auto few = percentileCurves(rows, true, 3);
        QCOMPARE(few.curves.size(), std::size_t{3});
        QCOMPARE(few.othersGroups, std::uint64_t{3});
        QVERIFY(!few.curves[2].group);
        QCOMPARE(few.curves[2].count, std::uint64_t{80}); // g0, g4, g2
        QCOMPARE(few.curves[2].failed, std::uint64_t{8});
        QCOMPARE(few.curves[2].max, std::int64_t{4019});
    }

    void whatAToolPrintedIsItsOwn()
    {
        ToolLatency figures{.endpoint = "GET /", .method = "wrk, corrected"};
        QVERIFY(!printedPercentiles(figures, "a.txt", "wrk"));
        figures.quantiles = {{0.5, 12.4e6}, {0.99, 80e6}, {1, 90e6}, {0.999, 1e300}, {-1, 5}};
        const auto printed = printedPercentiles(figures, "a.txt", "wrk");
        QVERIFY(printed);
        QCOMPARE(printed->points.size(), std::size_t{2});
        QCOMPARE(printed->points[0].value, std::int64_t{12'400'000});
        QVERIFY(!printed->points[0].interval);
        QCOMPARE(printed->method, std::string("wrk, corrected"));
    }

    void groupsOfFailuresAloneHaveNone()
    {
        auto rows = grouped({20, 20});
        std::fill(rows.failed.begin() + 20, rows.failed.end(), std::uint8_t{1});
        QCOMPARE(percentileCurves(rows, false, 8).curves.size(), std::size_t{1});
        QCOMPARE(percentileCurves(rows, true, 8).curves.size(), std::size_t{2});
        QVERIFY(percentileCurves({}, false, 8).curves.empty());
    }
};

QTEST_GUILESS_MAIN(TestPercentileCurve)
#include "tst_percentile_curve.moc"
