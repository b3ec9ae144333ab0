#include "importers/formats.h"
#include "tests/support/load_totals.h"

#include <QTest>

using namespace flamewright;
using namespace flamewright::testing;

class TestHeyCsv : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void agreesWithAwkOnCountAndSum()
    {
        const auto in = importFixture(*makeHeyCsv(), "hey-csv/checkout.csv");
        QVERIFY(in.result.has_value());
        QCOMPARE(in.broken, std::string());
        // awk -F, 'NR>1{n++; s+=$1*10000; if($1>m)m=$1}'
        QVERIFY((loadTotals(in) ==
                 LoadTotals{.rows = 120, .latencyNs = 5'808'100'000, .maxNs = 72'500'000}));
    }

    void readsTheColumnsOfARow()
    {
        const auto in = importFixture(*makeHeyCsv(), "hey-csv/checkout.csv");
        // 0.0221,0.0009,0.0000,0.0002,0.0208,0.0002,201,0.0054
        const auto &r = in.requests;
        const auto at =
            std::ranges::find(r.begin, Timestamp{Duration{5'400'000}}) - r.begin.begin();
        const auto i = static_cast<std::size_t>(at);
        QVERIFY(i < r.size());
        QCOMPARE(r.latency[i].count(), 22'100'000);
        QCOMPARE(r.connect[i].count(), 900'000);
        QCOMPARE(r.firstByte[i].count(), 21'900'000);
        QCOMPARE(int(r.status[i]), 201);
        QVERIFY(!in.meta.wallOffsetNs);
        QCOMPARE(in.noteCount("hey_answers_only"), 1u);
    }

    void countsWhatIsOdd()
    {
        const auto in = importFixture(*makeHeyCsv(), "hey-csv/bad-odd.csv");
        QVERIFY(in.result.has_value());
        QCOMPARE(in.requests.size(), std::size_t(5));
        QCOMPARE(loadTotals(in).failed, 2);
        QCOMPARE(in.noteCount("hey_bad_row"),
                 3u); // NaN, a number that does not fit, too few columns
        QCOMPARE(in.noteCount("hey_zero_latency"), 1u);
        QCOMPARE(in.noteCount("negative_latency"), 1u);
        QCOMPARE(in.noteCount("hey_no_line_end"), 1u);
        QCOMPARE(in.noteCount("hey_clock_backward"), 1u);
    }

    void refusesOtherFiles()
    {
        QVERIFY(!importBytes(*makeHeyCsv(), "").result.has_value());
        QVERIFY(!importBytes(*makeHeyCsv(), "a,b\n1,2\n").result.has_value());
    }
};

QTEST_GUILESS_MAIN(TestHeyCsv)
#include "tst_hey_csv.moc"
