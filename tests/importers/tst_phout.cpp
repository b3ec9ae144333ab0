#include "importers/formats.h"
#include "tests/support/load_totals.h"

#include <QTest>

using namespace flamewright;
using namespace flamewright::testing;

class TestPhout : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void agreesWithAwkOnCountAndSums()
    {
        const auto in = importFixture(*makePhout(), "phout/three-tags.phout");
        QVERIFY(in.result.has_value());
        QCOMPARE(in.broken, std::string());
        // awk -F'\t' '{n++; s+=$3; if($11!=0||$12>=400)e++; bi+=$10; bo+=$9}'
        const auto totals = loadTotals(in);
        QCOMPARE(totals.rows, 120);
        QCOMPARE(totals.failed, 9);
        QCOMPARE(totals.latencyNs, 23'972'813'000);
        QCOMPARE(totals.bytesIn, 754'486);
        QCOMPARE(totals.bytesOut, 35'197);
        QCOMPARE(in.meta.tracks.size(), std::size_t(3)); // tags without their ammo's numbers
    }

    void readsTheColumnsOfARow()
    {
        const auto in = importBytes(*makePhout(),
                                    "1795305600.012\tsearch#0\t4360\t334\t23\t3164\t839\t4367\t375"
                                    "\t1464\t0\t200\n"
                                    "1795305600.013\t\t50\t0\t0\t0\t0\t0\t0\t0\t110\t0\n");
        const auto &r = in.requests;
        QCOMPARE(r.size(), std::size_t(2));
        QCOMPARE(*in.meta.wallOffsetNs, 1'795'305'600'012'000'000);
        QCOMPARE(r.latency[0].count(), 4'360'000);
        QCOMPARE(r.connect[0].count(), 334'000);
        QCOMPARE(r.firstByte[0].count(), (334 + 23 + 3164) * 1000);
        QCOMPARE(r.begin[1].time_since_epoch().count(), 1'000'000);
        QVERIFY(r.ok[1] == 0);
        QCOMPARE(std::string(in.dimensions.strings.text(r.error[1])),
                 "errno 110: Connection timed out");
        QCOMPARE(in.meta.tracks.at(r.endpoint[1].raw - 1).name, std::string("(no tag)"));
        QCOMPARE(r.firstByte[1].count(), kUnknownDuration.count());
    }

    void countsWhatIsOdd()
    {
        const auto in = importFixture(*makePhout(), "phout/bad-odd.phout");
        QVERIFY(in.result.has_value());
        QCOMPARE(in.requests.size(), std::size_t(4));
        QCOMPARE(in.noteCount("phout_bad_row"), 4u);
        QCOMPARE(in.noteCount("phout_zero_latency"), 1u);
        QCOMPARE(in.noteCount("negative_latency"), 1u);
        QCOMPARE(in.noteCount("phout_clock_backward"), 1u);
    }

    void refusesOtherFiles()
    {
        QVERIFY(!importBytes(*makePhout(), "").result.has_value());
        QVERIFY(!importBytes(*makePhout(), "1\t2\t3\n").result.has_value());
    }
};

QTEST_GUILESS_MAIN(TestPhout)
#include "tst_phout.moc"
