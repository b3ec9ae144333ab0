#include "importers/formats.h"
#include "importers/load/unit_text.h"
#include "tests/support/load_totals.h"
#include "tests/support/summary_lookup.h"

#include <QTest>

using namespace flamewright;
using namespace flamewright::testing;

// Figures that tools computed: as they are in the file, in nanoseconds and bytes, with the tool's name.
class TestLoadReports : public QObject {
    Q_OBJECT

    static std::string methodOf(const Imported &in, SummaryFigure which)
    {
        for (std::size_t i = 0; i < in.summaries.size(); ++i) {
            if (in.summaries.figure[i] == which)
                return std::string(in.dimensions.strings.text(in.summaries.method[i]));
        }
        return {};
    }

private Q_SLOTS:
    void readsUnits()
    {
        QCOMPARE(*parseTimeText("329.71ms"), 329'710'000);
        QCOMPARE(*parseTimeText("1.42s"), 1'420'000'000);
        QCOMPARE(*parseTimeText("88us"), 88'000);
        QCOMPARE(*parseTimeText("1.50m"), 90'000'000'000);
        QCOMPARE(*parseTimeText("2h"), 7'200'000'000'000);
        QVERIFY(!parseTimeText("5"));
        QVERIFY(!parseTimeText("ms"));
        QVERIFY(!parseTimeText("nan s"));
        QCOMPARE(*parseSizeText("14.01MB"), 14.01 * 1024 * 1024);
        QCOMPARE(*parseSizeText("12B"), 12.0);
        QVERIFY(!parseSizeText("5.66XB"));
        QCOMPARE(*parseCountText("1.05k"), 1050.0);
        QVERIFY(!parseDouble("inf"));
    }

    void readsAbPercentiles()
    {
        const auto in = importFixture(*makeAbPercentiles(), "ab-percentiles/product.csv");
        QVERIFY(in.result.has_value());
        QCOMPARE(in.summaries.size(), std::size_t(101));
        QCOMPARE(figure(in, "latency", SummaryFigure::Quantile, 0.01), 15'809'000.0);
        QCOMPARE(methodOf(in, SummaryFigure::Quantile), std::string("ab, nearest rank"));
        QCOMPARE(importFixture(*makeAbPercentiles(), "ab-percentiles/bad-odd.csv")
                     .noteCount("ab_bad_row"),
                 2u);
        QVERIFY(!importBytes(*makeAbPercentiles(), "0,1\n").result);
    }

    void readsPgbenchIntervals()
    {
        const auto in = importFixture(*makePgbenchAggregate(), "pgbench-aggregate/rate.6964");
        // 1795207021 51 267045 2618213455 1121 23469 40512 338992378 16 15505 0 0 0 0 0
        QCOMPARE(*in.meta.wallOffsetNs, 1'795'207'021'000'000'000);
        QCOMPARE(figure(in, "latency", SummaryFigure::Count), 51.0);
        QCOMPARE(figure(in, "latency", SummaryFigure::Sum), 267'045'000.0);
        QCOMPARE(figure(in, "latency", SummaryFigure::Max), 23'469'000.0);
        QCOMPARE(figure(in, "schedule lag", SummaryFigure::Max), 15'505'000.0);
        QCOMPARE(figure(in, "deadlock failures", SummaryFigure::Count), 0.0);
        QCOMPARE(in.summaries.length.at(0).count(), 1'000'000'000);
        const auto plain =
            importFixture(*makePgbenchAggregate(), "pgbench-aggregate/bad-plain.log");
        QCOMPARE(plain.summaries.size(), std::size_t(8));
        QCOMPARE(plain.noteCount("pgbench_bad_row"), 1u);
        QCOMPARE(plain.noteCount("pgbench_cut_off"), 1u);
    }

    void readsTheLogOfSiege()
    {
        const auto in = importFixture(*makeSiegeLog(), "siege-log/two-runs.log");
        QVERIFY(in.result.has_value());
        QCOMPARE(in.summaries.size(), 16u); // eight figures of each run
        QCOMPARE(figure(in, "latency", SummaryFigure::Count), 1368.0);
        QCOMPARE(figure(in, "latency", SummaryFigure::Mean), 60e6);
        QCOMPARE(figure(in, "bytes received", SummaryFigure::Sum), 10.0 * 1024 * 1024);
        QCOMPARE(in.noteCount("siege_log_local_time"), 2u);
        // It ended at 22:29:24 after 9.52 s; the next one at 22:29:32 after 5.36 s.
        QCOMPARE(*in.meta.wallOffsetNs, 1'795'213'764'000'000'000 - 9'520'000'000);
        QCOMPARE(in.summaries.begin.back() - in.summaries.begin.front(),
                 Duration{8'000'000'000 - 5'360'000'000 + 9'520'000'000});
        const auto bad = importFixture(*makeSiegeLog(), "siege-log/bad-rows.log");
        QCOMPARE(bad.noteCount("siege_log_bad_row"), 3u);
        QVERIFY(!importBytes(*makeSiegeLog(), "").result);
    }
    void readsLocustsFiles()
    {
        const auto stats = importFixture(*makeLocustCsv(), "locust-csv/stats.csv");
        const FigureOf product{.endpoint = "GET /product/[id]"};
        QCOMPARE(figure(stats, "latency", SummaryFigure::Count, 0, product), 777.0);
        QCOMPARE(figure(stats, "latency", SummaryFigure::Quantile, 0.999, product), 200e6);
        QCOMPARE(figure(stats, "latency", SummaryFigure::Count), 1323.0);
        QCOMPARE(figure(stats, "latency", SummaryFigure::Quantile, 0.98), 98e6);
        QCOMPARE(methodOf(stats, SummaryFigure::Quantile),
                 std::string("Locust, rounded to two digits"));
        const auto window = importFixture(*makeLocustCsv(), "locust-csv/history.csv");
        QCOMPARE(methodOf(window, SummaryFigure::Quantile),
                 std::string("Locust, rounded to two digits, of the last ten seconds"));
        QCOMPARE(figure(window, "users", SummaryFigure::Last), 0.0);
        const auto soFar = importFixture(*makeLocustCsv(), "locust-csv/history-aggregated.csv");
        QCOMPARE(methodOf(soFar, SummaryFigure::Quantile),
                 std::string("Locust, rounded to two digits, since the start"));
        const auto failures = importFixture(*makeLocustCsv(), "locust-csv/failures.csv");
        QCOMPARE(figure(failures, "failures", SummaryFigure::Failed, 0,
                        {"GET /product/[id]", "HTTPError('503 Server Error: no, not now')"}),
                 12.0);
        const auto exceptions = importFixture(*makeLocustCsv(), "locust-csv/exceptions.csv");
        QCOMPARE(
            figure(exceptions, "exceptions", SummaryFigure::Count, 0, {{}, "division by zero"}),
            4.0);
        const auto bad = importFixture(*makeLocustCsv(), "locust-csv/bad-stats.csv");
        QCOMPARE(bad.noteCount("locust_bad_figure"), 2u);
        QCOMPARE(bad.noteCount("locust_bad_row"), 1u);
    }

    void readsLocustsHistogram()
    {
        const auto in = importFixture(*makeLocustJson(), "locust-json/two-names.json");
        const FigureOf product{.endpoint = "GET /product/[id]"};
        QCOMPARE(figure(in, "latency", SummaryFigure::Bucket, 30e6, product), 200.0);
        QCOMPARE(figure(in, "latency", SummaryFigure::Failed, 0, product), 3.0);
        QCOMPARE(figure(in, "latency", SummaryFigure::Sum, 0, product), 21'815'200'000.0);
        QCOMPARE(*in.meta.wallOffsetNs, 1'795'305'600'250'000'000);
        QVERIFY(!importBytes(*makeLocustJson(), "[]").result);
    }

    void readsWrk()
    {
        const auto in = importFixture(*makeWrk(), "wrk/mix-L1.txt");
        const FigureOf url{.endpoint = "http://127.0.0.1:18080"};
        QCOMPARE(figure(in, "latency", SummaryFigure::Mean, 0, url), 18'010'000.0);
        QCOMPARE(figure(in, "latency", SummaryFigure::Max, 0, url), 89'640'000.0);
        QVERIFY(methodOf(in, SummaryFigure::Quantile).starts_with("wrk, uncorrected"));
        const auto odd = importFixture(*makeWrk(), "wrk/bad-odd.txt");
        QCOMPARE(odd.noteCount("wrk_bad_line"), 4u);
        QVERIFY(!importBytes(*makeWrk(), "Running\n").result);
    }

    void readsBothLatenciesOfWrk2()
    {
        const auto in = importFixture(*makeWrk(), "wrk/wrk2.txt");
        const FigureOf url{.endpoint = "http://shop.test/product/7"};
        QCOMPARE(figure(in, "latency", SummaryFigure::Quantile, 0.1, url), 4'053'000.0);
        QCOMPARE(figure(in, "latency", SummaryFigure::Quantile, 0.99, url), 2'500'000.0);
        QCOMPARE(figure(in, "latency", SummaryFigure::Count, 0, url), 39500.0);
        QCOMPARE(figure(in, "requests", SummaryFigure::Failed, 0, url), 7.0);
        QCOMPARE(figure(in, "socket errors", SummaryFigure::Count, 0,
                        {"http://shop.test/product/7", "timeout"}),
                 12.0);
        for (std::size_t i = 0; i < in.summaries.size(); ++i) {
            if (in.summaries.position[i] == 0.99)
                QCOMPARE(std::string(in.dimensions.strings.text(in.summaries.method[i])),
                         "wrk2, from the actual start");
        }
    }

    void readsAutocannon()
    {
        const auto in = importFixture(*makeAutocannon(), "autocannon/mix-L3.json");
        const FigureOf url{.endpoint = "http://127.0.0.1:18080"};
        QCOMPARE(figure(in, "latency", SummaryFigure::Quantile, 0.975, url), 638e6);
        QCOMPARE(figure(in, "latency", SummaryFigure::Count, 0, url), 4971.0);
        QCOMPARE(figure(in, "responses", SummaryFigure::Failed, 0, url), 202.0);
        QCOMPARE(
            figure(in, "responses", SummaryFigure::Count, 0, {"http://127.0.0.1:18080", "5xx"}),
            202.0);
        QCOMPARE(figure(in, "bytes received", SummaryFigure::Sum, 0, url), 41'732'416.0);
        QCOMPARE(in.summaries.length.at(0).count(), 30'150'000'000);
        QVERIFY(!importBytes(*makeAutocannon(), "{}").result);
    }

    void readsOha()
    {
        const auto in = importFixture(*makeOha(), "oha/report.json");
        QCOMPARE(figure(in, "latency", SummaryFigure::Max), 410e6);
        QCOMPARE(figure(in, "latency", SummaryFigure::Bucket, 43.8e6), 900.0);
        QCOMPARE(figure(in, "latency", SummaryFigure::Bucket, 410e6, {{}, "failed"}), 19.0);
        QCOMPARE(figure(in, "responses", SummaryFigure::Count, 0, {{}, "503"}), 19.0);
        QCOMPARE(methodOf(in, SummaryFigure::Quantile), std::string("oha, element at floor(p n)"));
        QVERIFY(!importBytes(*makeOha(), "{\"summary\":3}").result);
    }

    void readsFortioAndNighthawk()
    {
        const auto in = importFixture(*makeFortio(), "fortio/http.json");
        const FigureOf url{.endpoint = "http://shop.test/product/7"};
        QCOMPARE(figure(in, "latency", SummaryFigure::Count, 0, url), 1000.0);
        QCOMPARE(figure(in, "latency", SummaryFigure::Quantile, 0.999, url), 39.7e6);
        QCOMPARE(figure(in, "latency", SummaryFigure::Bucket, 10e6, url), 260.0);
        QCOMPARE(*in.meta.wallOffsetNs, 1'795'213'800'123'456'789);
        const auto texts = importFixture(*makeFortio(), "fortio/nighthawk.json");
        QCOMPARE(figure(texts, "responses", SummaryFigure::Count, 0, {"https://shop.test/", "200"}),
                 56.0);
        QVERIFY(!importBytes(*makeFortio(), "{\"DurationHistogram\":{}}").result);
    }

    void readsSiege()
    {
        const auto in = importFixture(*makeSiege(), "siege/verbose.txt");
        QVERIFY(in.result.has_value());
        // grep -c HTTP/
        QCOMPARE(in.requests.size(), std::size_t(48));
        QCOMPARE(figure(in, "latency", SummaryFigure::Count), 1368.0);
        QCOMPARE(figure(in, "latency", SummaryFigure::Max), 160e6);
        QCOMPARE(in.summaries.length.at(0).count(), 9'520'000'000);
        const auto json = importFixture(*makeSiege(), "siege/report.json");
        QCOMPARE(figure(json, "latency", SummaryFigure::Count, 0, {{}, "ok"}), 802.0);
        QCOMPARE(figure(json, "availability", SummaryFigure::Last), 1.0);
        // Milliseconds, as newer versions print them.
        const auto newer =
            importBytes(*makeSiege(), "Transactions:\t7 hits\nResponse time:\t62.5 ms\n");
        QCOMPARE(figure(newer, "latency", SummaryFigure::Mean), 62'500'000.0);
        const auto bad = importFixture(*makeSiege(), "siege/bad-colours.txt");
        QCOMPARE(loadTotals(bad).rows, 2);
        QCOMPARE(loadTotals(bad).failed, 1);
        QCOMPARE(bad.noteCount("siege_bad_row"), 1u);
    }

    void readsBothVersionsOfArtillery()
    {
        const auto in = importFixture(*makeArtillery(), "artillery/two-periods.json");
        // Rows are sorted by time; the first period is the earliest.
        QCOMPARE(figure(in, "latency", SummaryFigure::Count, 0, {"/search", {}}), 1.0);
        const auto &s = in.summaries;
        bool whole = false;
        for (std::size_t i = 0; i < s.size(); ++i) {
            if (s.figure[i] == SummaryFigure::Count && s.value[i] == 314.0 &&
                in.dimensions.strings.text(s.metric[i]) == "latency")
                whole = s.length[i].count() == 29'725'000'000;
        }
        QVERIFY(whole); // from the first metric to the last
        const auto first = importFixture(*makeArtillery(), "artillery/version-1.json");
        QCOMPARE(figure(first, "latency", SummaryFigure::Quantile, 0.99), 242.3e6);
        QCOMPARE(figure(first, "codes", SummaryFigure::Count, 0, {{}, "503"}), 2.0);
        QVERIFY(!importBytes(*makeArtillery(), "{\"aggregate\":null}").result);
    }

    void readsVegetasReport()
    {
        const auto in = importFixture(*makeVegetaReport(), "vegeta-report/report.json");
        QCOMPARE(figure(in, "latency", SummaryFigure::Quantile, 0.95), 41.9e6);
        QCOMPARE(figure(in, "latency", SummaryFigure::Count), 120.0);
        QCOMPARE(figure(in, "responses", SummaryFigure::Count, 0, {{}, "0"}), 12.0);
        QCOMPARE(methodOf(in, SummaryFigure::Quantile), std::string("vegeta, t-digest"));
        QVERIFY(!importBytes(*makeVegetaReport(), "[1]").result);
    }
};

QTEST_GUILESS_MAIN(TestLoadReports)
#include "tst_load_reports.moc"
