#include "importers/formats.h"
#include "tests/support/load_totals.h"

#include <QTest>

using namespace flamewright;
using namespace flamewright::testing;

class TestAbGnuplot : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void agreesWithAwkOnCountAndSum()
    {
        const auto in = importFixture(*makeAbGnuplot(), "ab-gnuplot/product.tsv");
        QVERIFY(in.result.has_value());
        QCOMPARE(in.broken, std::string());
        // awk -F'\t' 'NR>1{n++; s+=$5; if($5>m)m=$5}'
        QVERIFY((loadTotals(in) ==
                 LoadTotals{.rows = 100, .latencyNs = 1'658'000'000, .maxNs = 18'000'000}));
        // Seconds of the epoch come back.
        QCOMPARE(*in.meta.wallOffsetNs + in.requests.begin[0].time_since_epoch().count(),
                 1'795'213'743'000'000'000);
    }

    void readsTheColumnsOfARow()
    {
        const auto in = importBytes(*makeAbGnuplot(),
                                    "starttime\tseconds\tctime\tdtime\tttime\twait\n"
                                    "Tue Mar 01 13:13:25 2016\t1456827205\t115\t117\t232\t100\n");
        const auto &r = in.requests;
        QCOMPARE(r.size(), std::size_t(1));
        QCOMPARE(r.latency[0].count(), 232'000'000);
        QCOMPARE(r.connect[0].count(), 115'000'000);
        QCOMPARE(r.firstByte[0].count(), 215'000'000);
        QVERIFY(r.ok[0] != 0);
        QCOMPARE(in.noteCount("ab_whole_milliseconds"), 1u);
    }

    void countsWhatIsOdd()
    {
        const auto in = importFixture(*makeAbGnuplot(), "ab-gnuplot/bad-odd.tsv");
        QVERIFY(in.result.has_value());
        QCOMPARE(in.requests.size(), std::size_t(3));
        QCOMPARE(in.noteCount("ab_bad_row"), 2u);
        QCOMPARE(in.noteCount("ab_zero_latency"), 1u);
        QCOMPARE(in.noteCount("negative_latency"), 1u);
        QCOMPARE(in.noteCount("ab_no_line_end"), 1u);
    }

    void refusesOtherFiles()
    {
        QVERIFY(!importBytes(*makeAbGnuplot(), "").result.has_value());
        QVERIFY(!importBytes(*makeAbGnuplot(), "a\tb\n1\t2\n").result.has_value());
    }
};

QTEST_GUILESS_MAIN(TestAbGnuplot)
#include "tst_ab_gnuplot.moc"
