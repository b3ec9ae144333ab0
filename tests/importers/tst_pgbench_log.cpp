#include "importers/formats.h"
#include "tests/support/load_totals.h"

#include <QTest>

using namespace flamewright;
using namespace flamewright::testing;

class TestPgbenchLog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void agreesWithAwkOnCountAndSum()
    {
        const auto plain = importFixture(*makePgbenchLog(), "pgbench-log/plain.6957");
        QVERIFY(plain.result.has_value());
        QCOMPARE(plain.broken, std::string());
        // awk '$3 != "skipped" {n++; s+=$3}'
        QCOMPARE(loadTotals(plain).rows, 150);
        QCOMPARE(loadTotals(plain).latencyNs, 773'907'000);
        const auto rate = importFixture(*makePgbenchLog(), "pgbench-log/rate.6978");
        QCOMPARE(loadTotals(rate).rows, 74);
        QCOMPARE(loadTotals(rate).latencyNs, 354'628'000);
        QCOMPARE(rate.noteCount("pgbench_skipped"), 26u);
        QCOMPARE(rate.noteCount("pgbench_scheduled"), 74u);
    }

    void countsBackFromTheEnd()
    {
        const auto in = importBytes(*makePgbenchLog(), "0 1 7085 3 1795207027 636244 206\n");
        const auto &r = in.requests;
        QCOMPARE(r.size(), std::size_t(1));
        QCOMPARE(*in.meta.wallOffsetNs + r.begin[0].time_since_epoch().count(),
                 1'795'207'027'629'159'000);
        QCOMPARE(r.latency[0].count(), 7'085'000);
        QCOMPARE(in.meta.tracks.at(r.endpoint[0].raw - 1).name, std::string("script 3"));
        QCOMPARE(in.meta.tracks.at(r.worker[0].raw - 1).name, std::string("client 0"));
        QCOMPARE(std::string(in.dimensions.strings.text(r.labels[0])),
                 "{\"schedule_lag_us\":\"206\"}");
    }

    void tellsRetriesFromLag()
    {
        const auto in = importFixture(*makePgbenchLog(), "pgbench-log/retries.log");
        const auto &texts = in.dimensions.strings;
        std::vector<std::string> labels;
        for (const auto id : in.requests.labels)
            labels.emplace_back(texts.text(id));
        std::ranges::sort(labels);
        QCOMPARE(labels, (std::vector<std::string>{"", "", "", "{\"retries\":\"1\"}",
                                                   "{\"retries\":\"2\"}"}));
        QCOMPARE(loadTotals(in).failed, 1);
        QCOMPARE(in.noteCount("pgbench_no_latency"), 1u);
        QCOMPARE(in.noteCount("pgbench_scheduled"), 0u);

        const auto both = importFixture(*makePgbenchLog(), "pgbench-log/rate-retries.log");
        QCOMPARE(both.requests.size(), std::size_t(3));
        QCOMPARE(both.noteCount("pgbench_skipped"), 1u);
        QCOMPARE(both.noteCount("pgbench_seventh_column"), 0u);
        for (std::size_t i = 0; i < 3; ++i) {
            if (both.requests.ok[i] == 0)
                QCOMPARE(std::string(both.dimensions.strings.text(both.requests.labels[i])),
                         "{\"retries\":\"3\",\"schedule_lag_us\":\"20\"}");
        }
    }

    void countsWhatIsOdd()
    {
        const auto in = importFixture(*makePgbenchLog(), "pgbench-log/bad-odd.log");
        QVERIFY(in.result.has_value());
        QCOMPARE(in.requests.size(), std::size_t(4));
        QCOMPARE(in.noteCount("pgbench_zero_latency"), 1u);
        QCOMPARE(in.noteCount("pgbench_clock_backward"), 1u);
        // Negative, twice a number that does not fit, too few columns, too many microseconds.
        QCOMPARE(in.noteCount("pgbench_bad_row"), 5u);
        QCOMPARE(in.noteCount("pgbench_no_line_end"), 1u);
    }

    void refusesOtherFiles()
    {
        QVERIFY(!importBytes(*makePgbenchLog(), "").result.has_value());
        QVERIFY(!importBytes(*makePgbenchLog(), "1 2 3\n").result.has_value());
    }
};

QTEST_GUILESS_MAIN(TestPgbenchLog)
#include "tst_pgbench_log.moc"
