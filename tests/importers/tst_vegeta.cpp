#include "importers/formats.h"
#include "tests/support/load_totals.h"

#include <QTest>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

// What the same attack must give in every encoding; `urls`: the target was written as well.
std::string rowsOf(const Imported &in, bool urls)
{
    const auto &r = in.requests;
    const auto &texts = in.dimensions.strings;
    std::string out = std::to_string(in.meta.wallOffsetNs.value_or(-1)) + "\n";
    for (std::size_t i = 0; i < r.size(); ++i) {
        out += std::to_string(r.begin[i].time_since_epoch().count()) + " " +
               std::to_string(r.latency[i].count()) + " " + std::to_string(r.status[i]) + " " +
               std::to_string(r.ok[i]) + " " + std::to_string(r.bytesIn[i]) + " " +
               std::string(texts.text(r.error[i])) + " " + std::string(texts.text(r.phase[i]));
        if (urls)
            out += " " + in.meta.tracks.at(r.endpoint[i].raw - 1).name;
        out += "\n";
    }
    return out;
}

} // namespace

class TestVegeta : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void agreesWithPythonOnCountAndSums()
    {
        const auto in = importFixture(*makeVegetaGob(), "vegeta-gob/twelve-fields.bin");
        QVERIFY(in.result.has_value());
        QCOMPARE(in.broken, std::string());
        // Of the CSV, with Python's csv module.
        QVERIFY((loadTotals(in) == LoadTotals{.rows = 120,
                                              .failed = 19,
                                              .latencyNs = 1294344819,
                                              .maxNs = 43200924,
                                              .bytesIn = 1939}));
        QCOMPARE(in.meta.tracks.size(), std::size_t(4));
        QVERIFY(in.meta.notes.empty());
    }

    void readsTheSameFromEveryEncoding()
    {
        const auto gob = importFixture(*makeVegetaGob(), "vegeta-gob/twelve-fields.bin");
        const auto json = importFixture(*makeVegetaJson(), "vegeta-json/results.json");
        const auto csv = importFixture(*makeVegetaCsv(), "vegeta-csv/twelve-columns.csv");
        QCOMPARE(rowsOf(json, true), rowsOf(gob, true));
        QCOMPARE(rowsOf(csv, true), rowsOf(gob, true));
        // As it was before targets were written.
        const auto nine = importFixture(*makeVegetaGob(), "vegeta-gob/nine-fields.bin");
        const auto columns = importFixture(*makeVegetaCsv(), "vegeta-csv/nine-columns.csv");
        QCOMPARE(rowsOf(nine, false), rowsOf(gob, false));
        QCOMPARE(rowsOf(columns, false), rowsOf(gob, false));
        QCOMPARE(nine.meta.tracks.at(0).name, std::string("(all requests)"));
    }

    void keepsWhatStandsBeforeDamage()
    {
        const auto in = importFixture(*makeVegetaGob(), "vegeta-gob/bad-cut.bin");
        QVERIFY(in.result.has_value());
        QCOMPARE(in.noteCount("vegeta_cut_off"), 1u);
        QCOMPARE(in.noteCount("vegeta_bad_row"), 1u);
        QVERIFY(in.requests.size() > 15);
    }

    void countsWhatIsOddInJson()
    {
        const auto in = importFixture(*makeVegetaJson(), "vegeta-json/bad-odd.json");
        QVERIFY(in.result.has_value());
        QCOMPARE(in.requests.size(), std::size_t(4));
        QCOMPARE(in.noteCount("vegeta_zero_latency"), 1u);
        QCOMPARE(in.noteCount("negative_latency"), 1u);
        QCOMPARE(in.noteCount("vegeta_clock_backward"), 1u);
        // A time that is none, an object without an end, a status that does not fit, prose.
        QCOMPARE(in.noteCount("vegeta_bad_row"), 4u);
        QCOMPARE(in.noteCount("vegeta_cut_off"), 1u);
    }

    void countsWhatIsOddInCsv()
    {
        const auto in = importFixture(*makeVegetaCsv(), "vegeta-csv/bad-odd.csv");
        QVERIFY(in.result.has_value());
        QCOMPARE(in.requests.size(), std::size_t(4));
        QCOMPARE(in.noteCount("vegeta_zero_latency"), 1u);
        QCOMPARE(in.noteCount("negative_latency"), 1u);
        QCOMPARE(in.noteCount("vegeta_clock_backward"), 1u);
        QCOMPARE(in.noteCount("vegeta_bad_row"), 3u);
        const auto &r = in.requests;
        const auto failed = std::ranges::find(r.ok, 0) - r.ok.begin();
        QCOMPARE(std::string(in.dimensions.strings.text(r.error.at(std::size_t(failed)))),
                 "a \"b\"\nc");
    }

    void refusesOtherFiles()
    {
        for (const auto &importer : {makeVegetaGob(), makeVegetaJson(), makeVegetaCsv()}) {
            QVERIFY(!importBytes(*importer, "").result.has_value());
            QVERIFY(!importBytes(*importer, "{}\n").result.has_value());
            QVERIFY(!importBytes(*importer, "1,2,3\n").result.has_value());
        }
    }
};

QTEST_GUILESS_MAIN(TestVegeta)
#include "tst_vegeta.moc"
