#include "importers/formats.h"
#include "tests/support/span_lookup.h"

#include <QTest>

#include <algorithm>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

const std::filesystem::path kFixtures = FW_SOURCE_DIR "/tests/fixtures";

// JSON with ' for ", which reads better here.
std::string json(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

Imported jaeger(const std::string &text)
{
    return importBytes(*makeJaeger(), json(text));
}

Imported zipkin(const std::string &text)
{
    return importBytes(*makeZipkin(), json(text));
}

std::vector<std::string> lines(const Imported &in)
{
    std::vector<std::string> out;
    for (std::size_t i = 0; i < in.slices.size(); ++i)
        out.push_back(sliceLine(in, i, false));
    return out;
}

constexpr auto kTrace =
    "{'traceID':'AA','spans':["
    "{'traceID':'AA','spanID':'1','operationName':'root','startTime':100,'duration':40,'tags':["
    "{'key':'span.kind','type':'string','value':'server'},{'key':'n','type':'int64','value':7}],"
    "'processID':'p1'},"
    "{'traceID':'AA','spanID':'2','operationName':'call','references':["
    "{'refType':'FOLLOWS_FROM','traceID':'AA','spanID':'9'},"
    "{'refType':'CHILD_OF','traceID':'AA','spanID':'1'},"
    "{'refType':'CHILD_OF','traceID':'BB','spanID':'5'}],'startTime':110,'duration':10,"
    "'tags':[{'key':'error','value':true,'type':'bool'}],'logs':[{'timestamp':115,'fields':["
    "{'key':'event','type':'string','value':'retry'},{'key':'n','type':'int64','value':2}]}],"
    "'processID':'p2','warnings':['clock skew']}],"
    "'processes':{'p1':{'serviceName':'front','tags':[]},'p2':{'serviceName':'back'}}}";

} // namespace

class TestJaegerZipkin : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void jaegerTraceHasServicesParentsEventsAndLinks()
    {
        const auto in = jaeger("{'data':[" + std::string(kTrace) + "]}");
        QVERIFY(in.result.has_value());
        QCOMPARE(lines(in), (std::vector<std::string>{
                                "0000000000000001<0000000000000000 7/0 front root 100000+40000",
                                "0000000000000002<0000000000000001 5/1 back call 110000+10000",
                                "0000000000000000<0000000000000002 2/0 back retry 115000+0"}));
        QCOMPARE(textOf(in, in.slices.trace[0]), std::string("00000000000000aa"));
        QCOMPARE(argsOf(in, 0), json("{'n':7,'span.kind':'server'}"));
        QCOMPARE(argsOf(in, 1), json("{'error':true,'warning':'clock skew'}"));
        QCOMPARE(argsOf(in, 2), json("{'event':'retry','n':2}"));
        // The one it follows, and the one of another trace.
        QCOMPARE(in.flows.size(), std::size_t(2));
        QCOMPARE(in.noteCount("jaeger_warnings"), 1u);
    }

    void jaegerTraceAloneIsTheSame_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("bare") << QByteArray(kTrace);
        QTest::newRow("data_is_an_object") << "{'data':" + QByteArray(kTrace) + "}";
        QTest::newRow("lines") << QByteArray(kTrace) + "\n";
        QTest::newRow("array") << "[" + QByteArray(kTrace) + "]";
    }
    void jaegerTraceAloneIsTheSame()
    {
        QFETCH(QByteArray, text);
        const auto in = importDetected(json(text.toStdString()));
        QCOMPARE(lines(in), lines(jaeger("{'data':[" + std::string(kTrace) + "]}")));
    }

    // FOLLOWS_FROM is the parent where there is nothing nearer; old files have parentSpanID.
    void jaegerParentIsTheNearest()
    {
        const auto in = jaeger(
            "{'traceID':'1','spanID':'2','operationName':'a','references':[{'refType':"
            "'FOLLOWS_FROM','traceID':'1','spanID':'7'}],'startTime':1,'duration':0,'process':"
            "{'serviceName':'s'}}\n"
            "{'traceID':'1','spanID':'3','operationName':'b','parentSpanID':'8',"
            "'startTimeMillis':2,'duration':-1,'process':{'serviceName':'s'},"
            "'tag':{'http@method':'GET'}}");
        QCOMPARE(lines(in),
                 (std::vector<std::string>{"0000000000000002<0000000000000007 5/0 s a 1000+0",
                                           "0000000000000003<0000000000000008 5/0 s b 2000000+0"}));
        QCOMPARE(in.flows.size(), std::size_t(0));
        QCOMPARE(in.noteCount("span_backward"), 1u);
        QCOMPARE(argsOf(in, 1), json("{'http.method':'GET'}"));
    }

    void jaegerFixtureIsTheTraceThatItWasMadeOf()
    {
        const auto made =
            importBytes(*makeJaeger(), readFile(kFixtures / "jaeger-json/trace.json"));
        const auto from =
            importBytes(*makeOtlpJson(), readFile(kFixtures / "otlp-json/document.json"));
        QCOMPARE(spanTotals(made).spans, spanTotals(from).spans);
        QCOMPARE(spanTotals(made).errors, spanTotals(from).errors);
        QCOMPARE(spanTotals(made).traces, spanTotals(from).traces);
        // Jaeger has microseconds.
        for (std::size_t i = 0; i < made.slices.size(); ++i) {
            QVERIFY(made.slices.span[i] == from.slices.span[i]);
            QVERIFY(made.slices.parent[i] == from.slices.parent[i]);
            const auto cut = made.slices.begin[i] - from.slices.begin[i];
            QVERIFY(cut <= Duration(0) && cut > Duration(-1000));
        }
    }

    void hugeTimesSaturate()
    {
        const auto in = jaeger("{'traceID':'1','spanID':'2','operationName':'a','startTime':"
                               "9223372036854775808,'duration':9223372036854775807,'process':{}}");
        QCOMPARE(in.slices.size(), std::size_t(1));
        QCOMPARE(in.slices.begin[0].time_since_epoch().count(), INT64_MAX);
        QVERIFY(in.noteCount("span_time_saturated") >= 1);
    }

    void damagedJsonIsAnError()
    {
        for (const auto *const text : {"[{'traceID':'1','spanID':'2',]", "{'traceID':'1'"}) {
            const auto in = jaeger(text);
            QCOMPARE(in.broken, std::string());
            QVERIFY(!in.result.has_value());
        }
    }

    void zipkinKeepsBothHalvesOfASharedSpan()
    {
        const auto in = zipkin(
            "[{'traceId':'1','id':'a','kind':'CLIENT','name':'get','timestamp':10,'duration':9,"
            "'localEndpoint':{'serviceName':'front'},'remoteEndpoint':{'serviceName':'back',"
            "'ipv4':'10.0.0.1','port':80},'tags':{'error':'timeout'}},"
            "{'traceId':'1','id':'a','kind':'SERVER','name':'get','timestamp':12,'duration':3,"
            "'shared':true,'localEndpoint':{'serviceName':'back'},'annotations':[{'timestamp':13,"
            "'value':'ws'}]},"
            "{'traceId':'1','id':'b','parentId':'a','timestamp':14,'localEndpoint':{}}]");
        QCOMPARE(lines(in), (std::vector<std::string>{
                                "000000000000000a<0000000000000000 8/1 front get 10000+9000",
                                "000000000000000a<0000000000000000 7/8 back get 12000+3000",
                                "0000000000000000<000000000000000a 2/0 back ws 13000+0",
                                "000000000000000b<000000000000000a 5/2 unknown_service  14000+0"}));
        QCOMPARE(argsOf(in, 0), json("{'error':'timeout','remote.address':'10.0.0.1',"
                                     "'remote.port':'80','remote.service':'back'}"));
        QCOMPARE(in.noteCount("span_no_end"), 1u);
        QCOMPARE(in.noteCount("span_duplicate_id"), 0u);
    }

    void zipkinSpansWithoutTimesAreCounted()
    {
        const auto in = zipkin("[[{'traceId':'1','id':'a'}],[{'traceId':'1','id':'b','annotations':"
                               "[{'timestamp':7,'value':'x'}]},{'traceId':'1','id':'c','timestamp':"
                               "0,'duration':4}]]");
        QCOMPARE(in.noteCount("span_no_time"), 2u);
        QCOMPARE(lines(in), (std::vector<std::string>{
                                "000000000000000b<0000000000000000 5/2 unknown_service  7000+0",
                                "0000000000000000<000000000000000b 2/0 unknown_service x 7000+0"}));
    }

    void zipkinVersion1SaysKindsByAnnotations()
    {
        const auto in =
            zipkin("[{'traceId':'1','id':'2','name':'both','annotations':["
                   "{'timestamp':10,'value':'cs','endpoint':{'serviceName':'x'}},"
                   "{'timestamp':12,'value':'sr','endpoint':{'serviceName':'y'}},"
                   "{'timestamp':13,'value':'note'},{'timestamp':15,'value':'ss'},"
                   "{'timestamp':18,'value':'cr'}],'binaryAnnotations':[{'key':'k','value':'v'},"
                   "{'key':'sa','value':true,'endpoint':{'serviceName':'y'}}]},"
                   "{'traceId':'1','id':'3','parentId':'2','name':'half','annotations':["
                   "{'timestamp':12,'value':'sr','endpoint':{'serviceName':'z'}}]}]");
        auto got = lines(in);
        std::sort(got.begin(), got.end());
        QCOMPARE(got, (std::vector<std::string>{
                          "0000000000000000<0000000000000002 2/0 y note 13000+0",
                          "0000000000000002<0000000000000000 7/8 y both 12000+3000",
                          "0000000000000002<0000000000000000 8/0 x both 10000+8000",
                          "0000000000000003<0000000000000002 7/10 z half 12000+0"}));
        QCOMPARE(argsOf(in, 0), json("{'k':'v','remote.service':'y'}"));
    }

    void zipkinVersionsOfOneRunAreTheSame()
    {
        const auto one = importBytes(*makeZipkin(), readFile(kFixtures / "zipkin-json/v1.json"));
        const auto two = importBytes(*makeZipkin(), readFile(kFixtures / "zipkin-json/v2.json"));
        QVERIFY(spanLines(one).size() > 1);
        QVERIFY(spanLines(one) == spanLines(two));
    }
};

QTEST_GUILESS_MAIN(TestJaegerZipkin)
#include "tst_jaeger_zipkin.moc"
