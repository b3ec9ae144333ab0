#include "importers/formats.h"
#include "importers/hdr/hdr_histogram.h"
#include "tests/support/load_totals.h"
#include "tests/support/summary_lookup.h"

#include <QTest>

#include <sstream>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

// All histograms of a log put together with three digits, as HdrHistogram's own tests do it.
struct Log {
    int histograms = 0;
    HdrHistogram all;
};

std::int64_t highestOfThreeDigits(std::int64_t value)
{
    const int bits =
        64 - __builtin_clzll(static_cast<unsigned long long>(std::max<std::int64_t>(value, 1)));
    return value | ((std::int64_t{1} << std::max(bits - 11, 0)) - 1);
}

Log readLog(const std::string &path)
{
    Log out;
    std::map<std::int64_t, std::int64_t> counts;
    std::istringstream lines(readFile(path));
    for (std::string line; std::getline(lines, line);) {
        const auto at = line.find("HIST");
        if (at == std::string::npos || line.front() == '#' || line.front() == '"')
            continue;
        while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
            line.pop_back();
        const auto histogram = decodeHdrHistogram(std::string_view(line).substr(at));
        if (!histogram)
            continue;
        ++out.histograms;
        for (const auto &bucket : histogram->buckets)
            counts[highestOfThreeDigits(bucket.lowest)] += bucket.count;
    }
    for (const auto &[value, count] : counts)
        out.all.buckets.push_back({value, value, count});
    return out;
}

} // namespace

class TestHdr : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // HdrHistogram's HistogramLogReaderWriterTest says these of its logs.
    void agreesWithHdrHistogramsOwnTests_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("histograms");
        QTest::addColumn<qint64>("total");
        QTest::addColumn<qint64>("p999");
        QTest::addColumn<qint64>("max");
        QTest::newRow("V1, words of 2 bytes")
            << "HdrHistogram__jHiccup-2.0.6.logV1.hlog" << 88 << qint64(65964) << qint64(1829765119)
            << qint64(1888485375);
        QTest::newRow("V1, words of 8 bytes")
            << "HdrHistogram__ycsb.logV1.hlog" << 602 << qint64(300056) << qint64(1214463)
            << qint64(1546239);
        QTest::newRow("V2") << "HdrHistogram_c__jHiccup-2.0.7S.logV3.hlog" << 62 << qint64(48761)
                            << qint64(1745879039) << qint64(1796210687);
    }
    void agreesWithHdrHistogramsOwnTests()
    {
        QFETCH(QString, file);
        const auto folder = qEnvironmentVariable("FW_SHARED_DATA");
        const auto path = (folder + "/corpus/hdr_hlog/" + file).toStdString();
        if (folder.isEmpty() || !std::filesystem::exists(path))
            QSKIP("FW_SHARED_DATA has no logs of HdrHistogram");
        const auto log = readLog(path);
        QTEST(log.histograms, "histograms");
        QTEST(qint64(log.all.totalCount()), "total");
        QTEST(qint64(log.all.valueAtPercentile(99.9)), "p999");
        QTEST(qint64(log.all.max()), "max");
    }

    // As hdr-histogram-js says of them: count, lowest value that is not zero, p50, p99.
    void agreesWithTheLibraryThatEncodedThem()
    {
        std::istringstream lines(readFile(FW_SOURCE_DIR "/tests/fixtures/hdr-log/tagged.v2.hlog"));
        std::vector<std::string> found;
        for (std::string line; std::getline(lines, line);) {
            if (const auto at = line.find(",HIST"); at != std::string::npos) {
                const auto h = decodeHdrHistogram(std::string_view(line).substr(at + 1));
                QVERIFY(h);
                found.push_back(std::to_string(h->totalCount()) + " " +
                                std::to_string(h->valueAtPercentile(50)) + " " +
                                std::to_string(h->valueAtPercentile(99)));
            }
        }
        QCOMPARE(found, (std::vector<std::string>{"40 5091327 19660799", "15 15400959 1275068415",
                                                  "40 5304319 16990207", "15 16252927 241172479",
                                                  "40 6131711 18939903", "15 25559039 65535999"}));
    }

    // The same values were written with every size of word; the script knew their sums.
    void readsEveryVersion()
    {
        for (const auto *const name : {"relative.v0.hlog", "absolute.v1.hlog"}) {
            const auto log = readLog(std::string(FW_SOURCE_DIR "/tests/fixtures/hdr-log/") + name);
            QCOMPARE(log.histograms, 4);
            QCOMPARE(log.all.totalCount(), 800);
            // The highest value is 14,331,691: in two digits 14,286,848 to 14,352,383.
            QCOMPARE(log.all.max(), highestOfThreeDigits(14'286'848));
        }
        const auto zero = importFixture(*makeHdrLog(), "hdr-log/relative.v0.hlog");
        const auto one = importFixture(*makeHdrLog(), "hdr-log/absolute.v1.hlog");
        QCOMPARE(zero.summaries.value, one.summaries.value);
        QCOMPARE(zero.summaries.position, one.summaries.position);
        // Stamps of version 0 are ends: 0.1 s after the start, of one second.
        QCOMPARE(*zero.meta.wallOffsetNs, 1'795'305'599'600'000'000);
        QCOMPARE(*one.meta.wallOffsetNs, 1'795'305'600'500'000'000);
    }

    void tellsTimesFromTheirRules()
    {
        const auto start = importFixture(*makeHdrLog(), "hdr-log/tagged.v2.hlog");
        QCOMPARE(*start.meta.wallOffsetNs, 1'795'305'600'377'000'000);
        const auto base = importFixture(*makeHdrLog(), "hdr-log/base-time.v2.hlog");
        QCOMPARE(*base.meta.wallOffsetNs, 1'795'300'000'127'000'000);
        const auto none = importFixture(*makeHdrLog(), "hdr-log/bad-rows.hlog");
        QVERIFY(!none.meta.wallOffsetNs);
        QCOMPARE(none.noteCount("hdr_bad_row"), 6u);
        QCOMPARE(figure(none, "latency", SummaryFigure::Count), 40.0);
    }

    void refusesDamagedHistograms()
    {
        QVERIFY(!decodeHdrHistogram(""));
        QVERIFY(!decodeHdrHistogram("HIST"));
        QVERIFY(!decodeHdrHistogram("HISTFAAAAA"));
        QVERIFY(!decodeHdrHistogram("!!!!"));
        QVERIFY(!importBytes(*makeHdrLog(), "#[Histogram log format version 1.2]\n").result);
    }

    void readsPrintedPercentiles()
    {
        const auto js = importFixture(*makeHgrm(), "hdr-percentiles/js.hgrm");
        QCOMPARE(js.noteCount("hdr_unit"), 1u);
        QCOMPARE(figure(js, "latency", SummaryFigure::Quantile, 0.5), 11'007'000.0);
        QCOMPARE(figure(js, "latency", SummaryFigure::Count), 5000.0);
        QCOMPARE(figure(js, "latency", SummaryFigure::Max), 148'408'000.0);
        QCOMPARE(figure(js, "latency", SummaryFigure::Mean), 28'862'000.0);
        const auto quoted = importFixture(*makeHgrm(), "hdr-percentiles/quoted.csv");
        QCOMPARE(figure(quoted, "latency", SummaryFigure::Quantile, 1), 99'000'000.0);
        const auto vegeta = importFixture(*makeHgrm(), "hdr-percentiles/bad-vegeta.hgrm");
        QCOMPARE(vegeta.noteCount("hdr_unit"), 0u);
        QCOMPARE(vegeta.noteCount("hdr_bad_row"), 2u);
        QVERIFY(!importBytes(*makeHgrm(), "Value\n1 2 3\n").result);
    }
};

QTEST_GUILESS_MAIN(TestHdr)
#include "tst_hdr.moc"
