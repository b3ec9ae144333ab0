#include "importers/formats.h"
#include "importers/load/run_splitter.h"
#include "tests/support/import_contract.h"

#include <QTest>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

constexpr std::int64_t kMilli = 1'000'000;

Imported importCsv(std::string_view text)
{
    return importBytes(*makeJmeterCsv(), text);
}
Imported importXml(std::string_view text)
{
    return importBytes(*makeJmeterXml(), text);
}

std::string endpoint(const Imported &in, std::size_t row)
{
    const auto id = in.requests.endpoint[row].raw;
    return id == 0 ? "" : in.meta.tracks[id - 1].name;
}
std::string worker(const Imported &in, std::size_t row)
{
    const auto id = in.requests.worker[row].raw;
    return id == 0 ? "" : in.meta.tracks[id - 1].name;
}
std::string text(const Imported &in, StringId id)
{
    return std::string(in.dimensions.strings.text(id));
}

// "GET /=request Login=transaction ...", in the order of time.
std::string kinds(const Imported &in)
{
    std::string out;
    const char *names[] = {"request", "transaction", "part"};
    for (std::size_t i = 0; i < in.requests.size(); ++i)
        out += (out.empty() ? "" : " ") + endpoint(in, i) + "=" +
               names[static_cast<int>(in.requests.kind[i])];
    return out;
}

constexpr std::string_view kNames = "timeStamp,elapsed,label,responseCode,responseMessage,"
                                    "threadName,success\n";

} // namespace

class TestJmeter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsColumnsInAnyOrderWithAnySeparator_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::newRow("commas") << std::string("timeStamp,elapsed,label,responseCode,threadName,"
                                               "success,bytes,sentBytes,Latency,Connect\n"
                                               "1000,41,GET /,200,T 1-1,true,7,8,39,12\n");
        QTest::newRow("another order")
            << std::string("Connect;success;label;bytes;elapsed;threadName;Latency;sentBytes;"
                           "timeStamp;responseCode\n12;TRUE;GET /;7;41;T 1-1;39;8;1000;200\n");
        QTest::newRow("tabs and a mark")
            << std::string("\xef\xbb\xbf"
                           "timeStamp\telapsed\tlabel\tresponseCode\tthreadName\tsuccess\tbytes\t"
                           "sentBytes\tLatency\tConnect\n1000\t41\tGET /\t200\tT 1-1\ttrue\t7\t8\t"
                           "39\t12\n");
        QTest::newRow("bars, Windows") << std::string(
            "timeStamp|elapsed|label|responseCode|threadName|success|bytes|"
            "sentBytes|Latency|Connect\r\n1000|41|GET /|200|T 1-1|true|7|8|39|12\r\n");
        QTest::newRow("an odd separator")
            << std::string("timeStamp^elapsed^label^responseCode^threadName^success^bytes^"
                           "sentBytes^Latency^Connect\n1000^41^GET /^200^T 1-1^true^7^8^39^12\n");
    }
    void readsColumnsInAnyOrderWithAnySeparator()
    {
        QFETCH(std::string, text);
        const auto in = importDetected(text);
        QVERIFY2(in.result.has_value(),
                 in.result.has_value() ? "" : in.result.error().text().c_str());
        QCOMPARE(in.broken, std::string());
        QCOMPARE(in.requests.size(), 1u);
        const auto &r = in.requests;
        QCOMPARE(r.begin[0].time_since_epoch().count(), 0);
        QCOMPARE(*in.meta.wallOffsetNs, 1000 * kMilli);
        QCOMPARE(r.latency[0].count(), 41 * kMilli);
        QCOMPARE(endpoint(in, 0), std::string("GET /"));
        QCOMPARE(worker(in, 0), std::string("T 1-1"));
        QCOMPARE(r.status[0], 200);
        QCOMPARE(r.ok[0], 1);
        QCOMPARE(r.bytesIn[0], 7u);
        QCOMPARE(r.bytesOut[0], 8u);
        QCOMPARE(r.firstByte[0].count(), 39 * kMilli);
        QCOMPARE(r.connect[0].count(), 12 * kMilli);
        QVERIFY(r.kind[0] == RequestKind::Request);
        QVERIFY(in.meta.notes.empty());
    }

    void keepsCodesThatAreNoNumbers()
    {
        const auto in = importCsv(std::string(kNames) +
                                  "1,5,a,Non HTTP response code: java.net.SocketException,Non HTTP "
                                  "response message: Connection reset,T,false\n"
                                  "2,5,a,0200,,T,true\n3,5,a,70000,,T,true\n4,5,a,,,T,true\n");
        QCOMPARE(in.requests.size(), 4u);
        QCOMPARE(text(in, in.requests.statusText[0]),
                 std::string("Non HTTP response code: java.net.SocketException"));
        QCOMPARE(text(in, in.requests.error[0]),
                 std::string("Non HTTP response message: Connection reset"));
        QCOMPARE(in.requests.status[0], 0);
        QCOMPARE(text(in, in.requests.statusText[1]), std::string("0200"));
        QCOMPARE(text(in, in.requests.statusText[2]), std::string("70000"));
        QCOMPARE(in.requests.statusText[3].raw, 0u);
        QCOMPARE(in.requests.error[1].raw, 0u); // messages of successes are no errors
    }

    void tellsTransactionsFromRequests()
    {
        const auto in =
            importBytes(*makeJmeterCsv(),
                        readFile(FW_SOURCE_DIR "/tests/fixtures/jmeter-csv/transactions.csv"));
        // Browse speaks of four samples, of which the file has none: it is all there is of them.
        QCOMPARE(kinds(in),
                 std::string("Checkout=transaction GET /cart=request POST /pay=request GET "
                             "/home=request Browse=request GET /cart=request GET /cart=request"));
        QCOMPARE(in.noteCount("jmeter_lone_transaction"), 1u);
        QCOMPARE(text(in, in.requests.error[2]), std::string("expected 200\ngot \"500\""));
        QCOMPARE(text(in, in.requests.labels[1]), std::string("{\"tenant\":\"a\"}"));
        // A day later somebody ran it again.
        QCOMPARE(text(in, in.requests.phase[0]), std::string("run 1"));
        QCOMPARE(text(in, in.requests.phase[6]), std::string("run 2"));
        QCOMPARE(in.noteCount("load_runs_appended"), 1u);
    }

    void readsFilesWithoutNames()
    {
        const auto in = importDetected("1393227741256,1425,GET /login,200,OK,Group 1-1,text,true,,"
                                       "3478,99,3,4,https://shop.test/,1016,0,77\n"
                                       "1393227742815,59,GET /x,500,Bad,Group 1-1,text,false,oh no,"
                                       "31,98,3,4,https://shop.test/,38,0,0\n");
        QCOMPARE(in.requests.size(), 2u);
        QCOMPARE(in.noteCount("jmeter_no_header"), 1u);
        QCOMPARE(in.requests.bytesIn[0], 3478u);
        QCOMPARE(in.requests.bytesOut[0], 99u);
        QCOMPARE(in.requests.connect[0].count(), 77 * kMilli);
        QCOMPARE(in.requests.firstByte[0].count(), 1016 * kMilli);
        QCOMPARE(text(in, in.requests.error[1]), std::string("oh no"));
    }

    void saysWhatIsMissing()
    {
        const auto in = importCsv("elapsed,label,responseCode\n41,a,200\n42,a,500\n");
        QCOMPARE(in.requests.size(), 2u);
        QVERIFY(in.requests.begin[0] == kNoTime);
        QCOMPARE(in.requests.ok[0] + in.requests.ok[1], 1); // by the code
        QCOMPARE(in.noteCount("jmeter_no_time"), 1u);
        QCOMPARE(in.noteCount("jmeter_no_thread"), 1u);
        QCOMPARE(in.noteCount("jmeter_no_success"), 2u);
        const auto none = importCsv("label,responseCode,threadName,success\na,200,T,true\n");
        QVERIFY(!none.result.has_value());
        QVERIFY(none.result.error().code() == Errc::Unsupported);
        QVERIFY(none.result.error().text().find("elapsed") != std::string::npos);
    }

    void costsOnlyWhatIsDamaged()
    {
        const auto in =
            importCsv(std::string(kNames) + "1,NaN,a,200,OK,T,true\n" // no time
                                            "2,-5,a,200,OK,T,true\n"  // negative
                                            "3,7,a\n"                 // short
                                            "x,8,a,200,OK,T,true\n"   // when?
                                            "5,9,\"a,200,OK,T,true\n" // a quote without an end
                                            "6,10,a,200,OK,T,true,1,2\n"
                                            "99999999999999999,11,a,200,OK,T,true\n"
                                            "7,12,a,200,O");
        QCOMPARE(in.broken, std::string());
        QCOMPARE(in.noteCount("jmeter_bad_row"), 1u);
        QCOMPARE(in.noteCount("negative_latency"), 1u);
        QCOMPARE(in.noteCount("jmeter_short_row"), 1u);
        QCOMPARE(in.noteCount("jmeter_bad_time"), 2u);
        QCOMPARE(in.noteCount("jmeter_open_quote"), 1u);
        QCOMPARE(in.noteCount("jmeter_long_row"), 1u);
        QCOMPARE(in.noteCount("jmeter_truncated"), 1u);
        QCOMPARE(in.requests.size(), 5u);
    }

    void readsFormattedTimes()
    {
        const auto in =
            importCsv(std::string(kNames) + "2026/01/05 10:00:00.250,5,a,200,OK,T,true\n"
                                            "2026/01/05 10:00:01.000,5,a,200,OK,T,true\n");
        QCOMPARE(*in.meta.wallOffsetNs, 1767607200'250'000'000);
        QCOMPARE(in.requests.begin[1].time_since_epoch().count(), 750 * kMilli);
        QCOMPARE(in.noteCount("jmeter_local_time"), 2u);
    }

    void seesRunsThatWereAppended()
    {
        // Names again in the middle, seconds later.
        const auto again = importCsv(std::string(kNames) + "1000,5,a,200,OK,T,true\n" +
                                     std::string(kNames) + "9000,5,a,200,OK,T,true\n");
        QCOMPARE(again.requests.size(), 2u);
        QCOMPARE(text(again, again.requests.phase[1]), std::string("run 2"));
        RunSplitter runs;
        constexpr std::int64_t kMinute = 60'000 * kMilli;
        QVERIFY(!runs.isNewRun(0, 5));
        for (int i = 1; i < 20; ++i) // asks every quarter of an hour
            QVERIFY(!runs.isNewRun(i * 15 * kMinute, i * 15 * kMinute + 5));
        QVERIFY(!runs.isNewRun(20 * 15 * kMinute + 60 * kMinute, 20 * 15 * kMinute + 61 * kMinute));
        RunSplitter busy;
        QVERIFY(!busy.isNewRun(0, 5));
        QVERIFY(!busy.isNewRun(kMinute, kMinute + 5));
        QVERIFY(!busy.isNewRun(0, 2 * kMinute)); // rows are written when they end
        QVERIFY(busy.isNewRun(23 * kMinute, 23 * kMinute + 5));
        QCOMPARE(busy.run(), 2u);
        QVERIFY(busy.isNewRun(-90 * kMinute, -90 * kMinute + 1)); // an older run behind
        QCOMPARE(std::string(busy.phase()), std::string("run 3"));
        RunSplitter wild; // hostile numbers do not overflow
        for (const auto t : {INT64_MIN + 1, INT64_MAX, std::int64_t{0}, INT64_MIN + 1})
            (void)wild.isNewRun(t, t);
    }

    void countsThreads()
    {
        const auto in =
            importCsv("timeStamp,elapsed,label,success,allThreads,Hostname\n"
                      "1,1,a,true,1,h\n2,1,a,true,2,h\n3,1,a,true,2,h\n4,1,a,true,9,g\n");
        int counters = 0;
        for (const auto &track : in.meta.tracks)
            counters += track.kind == TrackKind::Counter;
        QCOMPARE(counters, 2); // one for each engine
    }

    void readsNestedXml()
    {
        const auto in = importXml(readFile(FW_SOURCE_DIR "/tests/fixtures/jmeter-xml/nested.jtl"));
        QVERIFY(in.result.has_value());
        QCOMPARE(kinds(in), std::string("GET /login=request Login=transaction POST /login=request "
                                        "Visit=transaction Page-0=part Page=request Page-1=part"));
        QCOMPARE(text(in, in.requests.error[2]), std::string("expected \"200\""));
        QVERIFY(in.meta.notes.empty()); // also not for a character that XML forbids
    }

    void readsOldXml()
    {
        const auto in = importDetected(
            "\n <?xml version='1.0' encoding='ISO-8859-1'?><testResults><sampleResult "
            "timeStamp='1000' time='41' label='Caf\xe9' responseCode='200' threadName='T' "
            "success='true'/></testResults>");
        QCOMPARE(in.requests.size(), 1u);
        QCOMPARE(endpoint(in, 0), std::string("Caf\xc3\xa9"));
        QCOMPARE(in.requests.latency[0].count(), 41 * kMilli);
    }

    void goesOnBehindDamage()
    {
        const std::string good = "<sample t='1' ts='1' s='true' lb='a'/>";
        const auto in = importXml("<testResults>" + good + "<sample t='2' ts='1' s='true' lb='b'>" +
                                  "<x & y></sample>\n" + good + good + "</testResults>");
        QCOMPARE(in.noteCount("jmeter_bad_xml"), 1u);
        QCOMPARE(in.requests.size(), 4u);
        QCOMPARE(in.noteCount("jmeter_truncated"), 0u);
        const auto cut =
            importXml("<testResults>" + good + "<sample t='3' ts='2' s='true' lb='c'>");
        QCOMPARE(cut.requests.size(), 2u); // what counts stands in the start tag
        QCOMPARE(cut.noteCount("jmeter_truncated"), 1u);
        QVERIFY(cut.noteCount("jmeter_bad_xml") == 0);
        // Appended without taking the end off.
        const auto twice = importXml("<testResults>" + good +
                                     "</testResults>\n<?xml version='1.0'?>"
                                     "<testResults>" +
                                     good + "</testResults>");
        QCOMPARE(twice.requests.size(), 2u);
        QCOMPARE(twice.noteCount("jmeter_bad_xml"), 0u);
    }

    // A long tag costs its sample; depth and damage without end cost time that is bounded.
    void boundsHostileXml()
    {
        const std::string good = "<sample t='1' ts='1' s='true' lb='a'/>";
        const auto huge = importXml("<testResults><sample lb='" + std::string(9u << 20, 'x') +
                                    "' t='1'/>" + good + "</testResults>");
        QCOMPARE(huge.requests.size(), 1u);
        QCOMPARE(huge.noteCount("jmeter_bad_xml"), 1u);
        std::string deep = "<testResults>";
        for (int i = 0; i < 300'000; ++i)
            deep += "<sample t='1'>";
        const auto nested = importXml(deep);
        QCOMPARE(nested.broken, std::string());
        QVERIFY(nested.noteCount("jmeter_bad_xml") >= 1000);
    }

    void neverResolvesEntities()
    {
        const auto in = importXml("<?xml version='1.0'?><!DOCTYPE testResults [<!ENTITY a "
                                  "SYSTEM 'file:///etc/passwd'>]><testResults><sample t='1' "
                                  "ts='1' s='true' lb='&a;'/></testResults>");
        QVERIFY(!in.result.has_value());
        QVERIFY(in.result.error().code() == Errc::Unsupported);
        QCOMPARE(in.requests.size(), 0u);
        const auto undefined = importXml("<testResults><sample t='1' s='true' lb='&a;'/>"
                                         "<sample t='2' s='true' lb='b'/></testResults>");
        QCOMPARE(undefined.requests.size(), 1u);
        QCOMPARE(undefined.noteCount("jmeter_bad_xml"), 1u);
    }

    void isToldApart_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<int>("csv");
        QTest::addColumn<int>("xml");
        const auto no = int(Match::No), weak = int(Match::Weak), strong = int(Match::Strong);
        QTest::newRow("names") << std::string(kNames) << strong << no;
        QTest::newRow("no elapsed time")
            << std::string("label,responseCode,threadName,success\n") << weak << no;
        QTest::newRow("no names") << std::string("1393227741256,59,a,200,OK,T,text,true,1,2\n")
                                  << weak << no;
        QTest::newRow("xml") << std::string("<?xml version='1.0'?>\n<testResults>") << no << strong;
        QTest::newRow("other xml") << std::string("<?xml version='1.0'?>\n<results>") << no << no;
        QTest::newRow("k6") << std::string("metric_name,timestamp,metric_value\n") << no << no;
        QTest::newRow("vegeta") << std::string(
                                       "1589827200000000000,200,1000,0,10,,,a,0,GET,http://x/,\n")
                                << no << no;
    }
    void isToldApart()
    {
        QFETCH(std::string, text);
        QFETCH(int, csv);
        QFETCH(int, xml);
        const Probe probe{.head = std::as_bytes(std::span(text)), .headIsAll = true};
        QCOMPARE(int(makeJmeterCsv()->probe(probe)), csv);
        QCOMPARE(int(makeJmeterXml()->probe(probe)), xml);
    }
};

QTEST_GUILESS_MAIN(TestJmeter)
#include "tst_jmeter.moc"
