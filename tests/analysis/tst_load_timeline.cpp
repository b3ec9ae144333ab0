#include "analysis/load_timeline.h"
#include "analysis/order_statistics.h"
#include "tests/views/drawn_load.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace flamewright;

namespace {

// Bin by bin, in the most simple way.
void compareWithBruteForce(const LoadRows &rows, const LoadTimeline &made, bool includeFailures)
{
    const auto &series = made.series.front();
    for (std::size_t bin = 0; bin < made.bins(); ++bin) {
        const auto begin = made.binBegin(bin), end = begin + made.binNs;
        std::uint32_t count = 0, failed = 0;
        double underWay = 0;
        std::vector<std::int64_t> latencies;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto from = rows.begin[i], to = from + rows.latency[i];
            underWay +=
                double(std::max<std::int64_t>(std::min(to, end) - std::max(from, begin), 0));
            if (from < begin || from >= end)
                continue;
            ++count;
            failed += rows.failed[i];
            if (includeFailures || rows.failed[i] == 0)
                latencies.push_back(rows.latency[i]);
        }
        QCOMPARE(series.count[bin], count);
        QCOMPARE(series.failed[bin], failed);
        const auto covered = made.coveredSeconds(bin) * 1e9;
        QVERIFY(std::abs(series.concurrency[bin] - underWay / covered) < 1e-6);
        std::sort(latencies.begin(), latencies.end());
        for (std::size_t p = 0; p < kTimelinePercentiles.size(); ++p) {
            const auto rank = nearestRank(kTimelinePercentiles[p].perMyriad, latencies.size());
            QCOMPARE(series.percentiles[p][bin],
                     rank < latencies.size() ? latencies[rank - 1] : TimelineSeries::kTooFew);
        }
    }
}

} // namespace

class TestLoadTimeline : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyBinIsWhatItsRequestsAre_data()
    {
        QTest::addColumn<double>("pixels");
        QTest::addColumn<bool>("failures");
        QTest::newRow("narrow") << 100.0 << false;
        QTest::newRow("wide") << 4000.0 << false;
        QTest::newRow("with failures") << 1000.0 << true;
    }
    void everyBinIsWhatItsRequestsAre()
    {
        QFETCH(double, pixels);
        QFETCH(bool, failures);
        const auto rows = drawnLoad(40, 60);
        const auto made = loadTimeline(rows, {.pixels = pixels, .includeFailures = failures});
        QVERIFY(made.bins() >= 12 && static_cast<double>(made.bins()) <= pixels / 2);
        QVERIFY(made.binBegin(made.bins() - 1) < made.whole.endNs);
        QVERIFY(made.binBegin(made.bins() - 1) + made.binNs >= made.whole.endNs);
        compareWithBruteForce(rows, made, failures);
        std::uint64_t errors = 0, inBins = 0;
        for (const auto &kind : made.errors) {
            errors += kind.total;
            for (const auto n : kind.count)
                inBins += n;
        }
        QCOMPARE(errors, made.failed);
        QCOMPARE(inBins, made.failed);
        QVERIFY(made.failed > 10);
    }

    void aPartIsCountedAsInTheWhole()
    {
        const auto rows = drawnLoad(40, 60);
        const auto part = loadTimeline(
            rows, {.shown = LoadSpan{17 * kDrawnSecond + 3, 23 * kDrawnSecond}, .pixels = 300});
        QVERIFY(part.binNs < loadTimeline(rows, {.pixels = 300}).binNs);
        QCOMPARE(part.beginNs % part.binNs, std::int64_t{0});
        QVERIFY(part.beginNs <= 17 * kDrawnSecond);
        compareWithBruteForce(rows, part, false);
        QCOMPARE(part.requests, rows.size());
    }

    void groupsAddUpToTheWhole()
    {
        auto rows = drawnLoad(20, 50);
        const auto all = loadTimeline(rows);
        const auto grouped = loadTimeline(rows, {.grouped = true});
        QCOMPARE(grouped.series.size(), std::size_t{3});
        QCOMPARE(grouped.othersGroups, std::uint64_t{0});
        const auto few = loadTimeline(rows, {.grouped = true, .most = 2});
        QCOMPARE(few.series.size(), std::size_t{2});
        QCOMPARE(few.othersGroups, std::uint64_t{2});
        QVERIFY(!few.series[1].group);
        for (const auto *made : {&grouped, &few}) {
            for (std::size_t bin = 0; bin < all.bins(); ++bin) {
                std::uint32_t count = 0;
                double concurrency = 0;
                for (const auto &series : made->series) {
                    count += series.count[bin];
                    concurrency += series.concurrency[bin];
                }
                QCOMPARE(count, all.series[0].count[bin]);
                QVERIFY(std::abs(concurrency - all.series[0].concurrency[bin]) < 1e-6);
            }
        }
    }

    void rareErrorsAreOneKind()
    {
        LoadRows rows;
        addRequest(rows, 0, 5);
        rows.errors.clear();
        for (int e = 0; e < 10; ++e)
            rows.errors.push_back(e == 0 ? "" : "error " + std::to_string(e));
        for (std::uint32_t i = 0; i < 200; ++i)
            addRequest(rows, i, 5, 0, i < 100 ? 3 : 1 + i % 9);
        const auto made = loadTimeline(rows);
        QCOMPARE(made.errors.size(), std::size_t{5});
        QCOMPARE(made.errors[0].name, std::string("error 3"));
        QCOMPARE(made.errors[4].othersKinds, std::uint64_t{5});
        // Without a reason the status is one.
        LoadRows statuses;
        addRequest(statuses, 0, 5, 0, 1);
        statuses.error[0] = 0;
        QCOMPARE(loadTimeline(statuses).errors[0].name, std::string("503"));
    }

    void binsAreWiderWhereThereAreFewRequests()
    {
        const auto few = loadTimeline(drawnLoad(60, 5), {.pixels = 2000});
        const auto many = loadTimeline(drawnLoad(60, 500), {.pixels = 2000});
        QVERIFY(few.binNs > many.binNs);
        QVERIFY(few.bins() >= 12);
    }

    void whatHasNoTimeIsCounted()
    {
        LoadRows rows;
        addRequest(rows, LoadRows::kUntimed, 5);
        const auto none = loadTimeline(rows);
        QCOMPARE(none.bins(), std::size_t{0});
        QCOMPARE(none.untimed, std::uint64_t{1});
        addRequest(rows, 0, 5);
        const auto one = loadTimeline(rows);
        QVERIFY(one.bins() >= 1);
        QCOMPARE(one.series[0].count[0], 1u);
        QCOMPARE(loadTimeline({}).requests, std::uint64_t{0});
    }

    void hostileTimesAreHeld()
    {
        LoadRows rows;
        addRequest(rows, 0, INT64_MAX);
        addRequest(rows, 5, -7);
        addRequest(rows, INT64_MAX / 4, INT64_MAX);
        addRequest(rows, INT64_MAX - 3, INT64_MAX); // later than there is an axis for
        const auto made = loadTimeline(rows, {.pixels = 500});
        QVERIFY(made.bins() > 0 && made.bins() <= 1000);
        std::uint32_t count = 0;
        for (const auto n : made.series[0].count)
            count += n;
        QCOMPARE(count, 3u);
    }
};

QTEST_GUILESS_MAIN(TestLoadTimeline)
#include "tst_load_timeline.moc"
