#include "importers/formats.h"
#include "tests/support/span_lookup.h"

#include <QTest>

#include <zstd.h>

#include <algorithm>
#include <protozero/pbf_writer.hpp>

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

std::string inDocument(const std::string &spans, const std::string &service = "shop")
{
    return json("{'resourceSpans':[{'resource':{'attributes':[{'key':'service.name','value':"
                "{'stringValue':'" +
                service + "'}}]},'scopeSpans':[{'spans':[" + spans + "]}]}]}");
}

Imported importJson(std::string_view text)
{
    return importBytes(*makeOtlpJson(), text);
}

Imported importProto(std::string_view bytes)
{
    return importBytes(*makeOtlpProto(), bytes);
}

constexpr auto kSpan =
    "{'traceId':'5B8EFFF798038103D269B633813FC60C','spanId':'eee19b7ec3c1b174','parentSpanId':"
    "'eee19b7ec3c1b173','name':'GET /','kind':2,'startTimeUnixNano':'1544712660000000000',"
    "'endTimeUnixNano':'1544712661000000000','status':{'code':2,'message':'bad'}}";

std::string protoSpan(std::string_view name, std::uint64_t begin, std::uint64_t end)
{
    std::string span;
    protozero::pbf_writer writer(span);
    writer.add_bytes(1, std::string(15, '\0') + '\x01');
    writer.add_bytes(2, std::string(7, '\0') + '\x02');
    writer.add_string(5, name.data(), name.size());
    writer.add_fixed64(7, begin);
    writer.add_fixed64(8, end);
    return span;
}

std::string wrapped(std::uint32_t field, const std::string &message)
{
    std::string out;
    protozero::pbf_writer(out).add_message(field, message);
    return out;
}

// A request with one resource, one scope and this row.
std::string protoRequest(const std::string &row)
{
    return wrapped(1, wrapped(2, wrapped(2, row)));
}

std::string framed(const std::string &message)
{
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8)
        out += static_cast<char>(message.size() >> shift & 0xff);
    return out + message;
}

std::string nested(int levels)
{
    std::string begin, end;
    for (int i = 0; i < levels; ++i) {
        begin += "{'arrayValue':{'values':[";
        end += "]}}";
    }
    return begin + "{'intValue':1}" + end;
}

} // namespace

class TestOtlp : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsASpan()
    {
        const auto in = importJson(inDocument(kSpan));
        QVERIFY(in.result.has_value());
        QCOMPARE(in.slices.size(), std::size_t(1));
        QCOMPARE(sliceLine(in, 0), std::string("5b8efff798038103d269b633813fc60c "
                                               "eee19b7ec3c1b174<eee19b7ec3c1b173 7/1 shop GET / "
                                               "1544712660000000000+1000000000"));
        QCOMPARE(argsOf(in, 0), json("{'status.message':'bad'}"));
        QVERIFY(in.meta.tracks[0].kind == TrackKind::Service);
        QCOMPARE(in.meta.wallOffsetNs, std::optional<std::int64_t>(0));
        QCOMPARE(in.provenance("resource.service.name"), std::string("shop"));
    }

    // Integers and names, hex and base64, texts and numbers.
    void spellingsOfASpanAreTheSame_data()
    {
        QTest::addColumn<QByteArray>("span");
        const QByteArray ids =
            "{'traceId':'5b8efff798038103d269b633813fc60c','spanId':'EEE19B7EC3C1B174',"
            "'parentSpanId':'eee19b7ec3c1b173',";
        QTest::newRow("numbers") << ids + "'name':'GET /','kind':2,"
                                          "'startTimeUnixNano':1544712660000000000,"
                                          "'endTimeUnixNano':1544712661000000000,"
                                          "'status':{'message':'bad','code':2}}";
        QTest::newRow("names") << ids + "'name':'GET \\u002f','kind':'SPAN_KIND_SERVER',"
                                        "'startTimeUnixNano':'1544712660000000000',"
                                        "'endTimeUnixNano':'1544712661000000000',"
                                        "'status':{'code':'STATUS_CODE_ERROR','message':'bad'}}";
        // python3: base64.b64encode(bytes.fromhex("5b8e...")).
        QTest::newRow("base64") << QByteArray(
            "{'traceId':'W47/95gDgQPSabYzgT/GDA==','spanId':'7uGbfsPBsXQ=',"
            "'parentSpanId':'7uGbfsPBsXM=','name':'GET /','kind':2,"
            "'startTimeUnixNano':'1544712660000000000','endTimeUnixNano':'1544712661000000000',"
            "'status':{'code':2,'message':'bad'}}");
    }
    void spellingsOfASpanAreTheSame()
    {
        QFETCH(QByteArray, span);
        const auto in = importJson(inDocument(span.toStdString()));
        QVERIFY(spanLines(in, true) == spanLines(importJson(inDocument(kSpan)), true));
    }

    void orderOfKeysDoesNotMatter()
    {
        const auto in = importJson(
            json("{'resourceSpans':[{'scopeSpans':[{'spans':[" + std::string(kSpan) +
                 "],'scope':{'name':'lib','version':'2'}}],'resource':{'attributes':[{'value':"
                 "{'stringValue':'shop'},'key':'service.name'}]}}]}"));
        QCOMPARE(trackOf(in, in.slices.track[0]), std::string("shop"));
        QCOMPARE(argsOf(in, 0), json("{'scope':'lib 2','status.message':'bad'}"));
    }

    void envelopesAreTheSame()
    {
        const auto document = importJson(readFile(kFixtures / "otlp-json/document.json"));
        QCOMPARE(spanLines(document).size(), std::size_t(2));
        for (const auto *const name : {"tempo-v1.json", "tempo-v2.json"}) {
            const auto in = importJson(readFile(kFixtures / "otlp-json" / name));
            QVERIFY(in.result.has_value());
            QVERIFY(spanLines(in, true) == spanLines(document, true));
        }
        // The name of before 2022.
        auto old = readFile(kFixtures / "otlp-json/document.json");
        for (const auto &[from, to] : {std::pair("scopeSpans", "instrumentationLibrarySpans"),
                                       std::pair("\"scope\"", "\"instrumentationLibrary\"")}) {
            for (auto at = old.find(from); at != old.npos; at = old.find(from, at + 30))
                old.replace(at, std::string_view(from).size(), to);
        }
        QVERIFY(old.find("instrumentationLibrarySpans") != old.npos);
        QVERIFY(spanLines(importJson(old), true) == spanLines(document, true));
    }

    void attributesAreOneSortedObject()
    {
        const auto in = importJson(inDocument(
            "{'traceId':'1','spanId':'2','startTimeUnixNano':'1','endTimeUnixNano':'2',"
            "'attributes':[{'key':'z','value':{'intValue':'-9223372036854775808'}},"
            "{'key':'b','value':{'doubleValue':2.50}},{'key':'c','value':{'boolValue':true}},"
            "{'key':'a','value':{'kvlistValue':{'values':[{'key':'y','value':{'stringValue':"
            "'\\u00e9\\n'}},{'key':'x','value':{'arrayValue':{'values':[{'intValue':1},{}]}}}]}}},"
            "{'key':'d','value':{'bytesValue':'AAEC'}},{'key':'e'}]}"));
        QCOMPARE(argsOf(in, 0),
                 json("{'a':{'x':[1,null],'y':'\xc3\xa9\\u000a'},'b':2.5,'c':true,'d':'AAEC',"
                      "'e':null,'z':-9223372036854775808}"));
    }

    void eventsAndLinksBelongToTheirSpans()
    {
        const auto in = importJson(inDocument(
            "{'traceId':'a','spanId':'1','name':'send','startTimeUnixNano':'10',"
            "'endTimeUnixNano':'20'},"
            "{'traceId':'b','spanId':'2','name':'receive','startTimeUnixNano':'50',"
            "'endTimeUnixNano':'90','events':[{'name':'woke','timeUnixNano':'60'},{'name':'lost'}],"
            "'links':[{'traceId':'a','spanId':'1'},{'traceId':'c','spanId':'9'}],"
            "'droppedLinksCount':3}"));
        const auto totals = spanTotals(in);
        QCOMPARE(totals.spans, 2u);
        QCOMPARE(totals.events, 2u);
        QCOMPARE(in.flows.size(), std::size_t(2));
        QCOMPARE(in.flows.begin[0].time_since_epoch().count(), std::int64_t(10));
        QCOMPARE(in.flows.length[0].count(), std::int64_t(40));
        QCOMPARE(in.flows.fromSpan[0], std::uint64_t(1));
        QCOMPARE(in.flows.toSpan[0], std::uint64_t(2));
        QCOMPARE(textOf(in, in.flows.name[0]), std::string("link"));
        QCOMPARE(in.noteCount("link_to_unknown_span"), 1u);
        QCOMPARE(in.noteCount("otlp_dropped_links"), 3u);
        QCOMPARE(in.noteCount("event_no_time"), 1u);
    }

    void oddSpansAreKeptAndCounted()
    {
        const auto in = importJson(inDocument(
            // In a circle, and twice; the parent of the third is not there.
            "{'traceId':'1','spanId':'a','parentSpanId':'b','name':'x','startTimeUnixNano':'5',"
            "'endTimeUnixNano':'9'},"
            "{'traceId':'1','spanId':'b','parentSpanId':'a','name':'x','startTimeUnixNano':'9',"
            "'endTimeUnixNano':'5'},"
            "{'traceId':'1','spanId':'b','parentSpanId':'c','name':'x','startTimeUnixNano':'6'},"
            "{'traceId':'1','spanId':'d','endTimeUnixNano':'7','kind':42},"
            "{'traceId':'zz','spanId':'!','startTimeUnixNano':'9223372036854775809',"
            "'endTimeUnixNano':'18446744073709551615'},"
            "{'traceId':'1','spanId':'e','name':'never'}"));
        QVERIFY(in.result.has_value());
        QCOMPARE(in.broken, std::string());
        QCOMPARE(in.slices.size(), std::size_t(5));
        for (const auto *const code :
             {"span_duplicate_id", "span_backward", "span_no_end", "span_no_begin", "span_no_time",
              "span_bad_id", "span_no_id", "span_unknown_kind"})
            QCOMPARE(std::pair(code, in.noteCount(code)), std::pair(code, std::uint64_t(1)));
        QCOMPARE(in.noteCount("span_time_saturated"), 2u);
        QCOMPARE(spanTotals(in).totalNs, std::int64_t(4));
    }

    void valuesThatAreNestedAbsurdlyAreLeftOut()
    {
        const auto spanWith = [](const std::string &value) {
            return inDocument("{'traceId':'1','spanId':'2','startTimeUnixNano':'1',"
                              "'endTimeUnixNano':'2','attributes':[{'key':'k','value':" +
                              value + "}]}");
        };
        for (const int levels : {20, 100'000}) {
            const auto in = importJson(spanWith(nested(levels)));
            QCOMPARE(in.broken, std::string());
            QCOMPARE(in.noteCount("attributes_too_deep"), 1u);
            QCOMPARE(argsOf(in, 0),
                     json("{'k':" + std::string(16, '[') + "null" + std::string(16, ']') + "}"));
        }
    }

    void longAttributesStayJson()
    {
        const auto in = importJson(
            inDocument("{'traceId':'1','spanId':'2','startTimeUnixNano':'1','endTimeUnixNano':'2',"
                       "'attributes':[{'key':'a','value':{'stringValue':'" +
                       std::string(100'000, 'x') + "'}},{'key':'b','value':{'intValue':7}}]}"));
        QCOMPARE(in.noteCount("attributes_shortened"), 1u);
        QCOMPARE(argsOf(in, 0),
                 json("{'a':'" + std::string(1024 - 1, 'x') + "... (100000 bytes)','b':7}"));
    }

    // Up to a limit it is read and cut; beyond, what it lies in is left out, and only that.
    void hugeTextsCostTheirMessage()
    {
        const auto span = [](std::size_t length) {
            return inDocument("{'traceId':'1','spanId':'2','name':'" + std::string(length, 'n') +
                              "','startTimeUnixNano':'1','endTimeUnixNano':'2'}");
        };
        const auto in = importJson(span(10'000'000) + '\n' + span(100'000'000) + '\n' + span(3));
        QCOMPARE(in.slices.size(), std::size_t(2));
        QCOMPARE(textOf(in, in.slices.name[0]), std::string(1024, 'n'));
        QCOMPARE(textOf(in, in.slices.name[1]), std::string("nnn"));
        QCOMPARE(in.noteCount("span_name_cut"), 1u);
        QCOMPARE(in.noteCount("otlp_long_message"), 1u);
    }

    void damageCostsALine()
    {
        const auto line = inDocument(kSpan);
        const auto in =
            importJson(line + "\n{\"resourceSpans\":[oops\n\n" + line + '\n' + line.substr(0, 99));
        QCOMPARE(in.slices.size(), std::size_t(2));
        QCOMPARE(in.noteCount("otlp_bad_message"), 1u);
        QCOMPARE(in.noteCount("otlp_cut_off"), 1u);
        QVERIFY(!importJson("{\"resourceSpans\":[oops").result.has_value());
    }

    // With line breaks within: piece by piece.
    void aDocumentThatIsCutKeepsWhatCameBefore()
    {
        auto text = inDocument(kSpan);
        text = "{\n" + text.substr(1, text.size() - 3) + ",\n" + text.substr(18);
        const auto whole = importJson(text);
        QVERIFY(whole.result.has_value());
        QCOMPARE(whole.slices.size(), std::size_t(2));
        const auto cut = importJson(text.substr(0, text.size() - 40));
        QVERIFY(cut.result.has_value());
        QCOMPARE(cut.slices.size(), std::size_t(1));
        QCOMPARE(cut.noteCount("otlp_cut_off"), 1u);
    }

    void profilesAreNamedAsWhatTheyAre()
    {
        const auto in = importDetected(json("{'resourceProfiles':[{'scopeProfiles':[]}]}"));
        QVERIFY(!in.result.has_value());
        QVERIFY(in.result.error().code() == Errc::Unsupported);
        QVERIFY(in.result.error().message().find("profiles") != std::string::npos);
        std::string profile;
        protozero::pbf_writer(profile).add_fixed64(3, 5);
        const auto proto = importProto(protoRequest(profile));
        QVERIFY(!proto.result.has_value());
        QVERIFY(proto.result.error().code() == Errc::Unsupported);
    }

    void logsAreMomentsOfTheirSpans()
    {
        const auto in = importJson(json(
            "{'resourceLogs':[{'resource':{},'scopeLogs':[{'logRecords':["
            "{'timeUnixNano':'5','severityNumber':9,'body':{'stringValue':'two\\nlines'},"
            "'traceId':'0af7651916cd43dd8448eb211c80319c','spanId':'b7ad6b7169203331'},"
            "{'observedTimeUnixNano':'6','severityNumber':'SEVERITY_NUMBER_ERROR','severityText':"
            "'ERR','body':{'kvlistValue':{'values':[{'key':'k','value':{'intValue':'1'}}]}}},"
            "{'timeUnixNano':'7','eventName':'page','attributes':[{'key':'u','value':{'stringValue'"
            ":'/'}}]},{'severityNumber':1}]}]}]}"));
        QCOMPARE(in.slices.size(), std::size_t(3));
        QCOMPARE(in.noteCount("log_no_time"), 1u);
        QCOMPARE(sliceLine(in, 0), std::string("0af7651916cd43dd8448eb211c80319c "
                                               "0000000000000000<b7ad6b7169203331 4/0 "
                                               "unknown_service two 5+0"));
        QCOMPARE(argsOf(in, 0), json("{'body':'two\\u000alines','severity.number':9}"));
        QCOMPARE(sliceLine(in, 1, false),
                 std::string("0000000000000000<0000000000000000 4/1 unknown_service ERR 6+0"));
        QCOMPARE(argsOf(in, 1), json("{'body':{'k':1},'severity':'ERR','severity.number':17}"));
        QCOMPARE(textOf(in, in.slices.name[2]), std::string("page"));
        QCOMPARE(argsOf(in, 2), json("{'u':'/'}"));
    }

    void messagesThatFollowEachOtherAreAddedUp()
    {
        const auto first = protoRequest(protoSpan("a", 10, 20));
        const auto second = protoRequest(protoSpan("b", 30, 40));
        const auto in = importDetected(first + second);
        QVERIFY(in.result.has_value());
        QCOMPARE(spanLines(in).size(), std::size_t(2));
        QCOMPARE(sliceLine(in, 1), std::string("00000000000000000000000000000001 "
                                               "0000000000000002<0000000000000000 5/0 "
                                               "unknown_service b 30+10"));
    }

    void messagesWithTheirLengthAreReadWhateverTheyAre()
    {
        const auto proto = protoRequest(protoSpan("proto", 10, 20));
        std::string packed(ZSTD_compressBound(proto.size()), '\0');
        packed.resize(ZSTD_compress(packed.data(), packed.size(), proto.data(), proto.size(), 3));
        const auto text = inDocument(kSpan);
        const auto in = importDetected(framed(proto) + framed(text) + framed(packed));
        QVERIFY(in.result.has_value());
        QCOMPARE(spanTotals(in).spans, 3u);
        const auto damaged =
            importProto(framed(proto) + framed(packed.substr(0, packed.size() - 5)) +
                        framed(text).substr(0, 50));
        QCOMPARE(spanTotals(damaged).spans, 1u);
        QCOMPARE(damaged.noteCount("otlp_bad_message"), 1u);
        QCOMPARE(damaged.noteCount("otlp_cut_off"), 1u);
    }

    void lengthsThatLieCostNoMemory()
    {
        const auto span = protoRequest(protoSpan("a", 10, 20));
        // Field 1 with a length of 2^62; a message of 4 GB; a field without an end.
        for (const auto &tail :
             {std::string("\x0a\x80\x80\x80\x80\x80\x80\x80\x80\x40zz", 12),
              std::string("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12),
              std::string("\x0b\x0a", 2)}) {
            const auto in = importProto(span + tail);
            QCOMPARE(spanTotals(in).spans, 1u);
            QCOMPARE(in.noteCount("otlp_cut_off"), 1u);
        }
        const auto long_ = importProto(framed(span) + std::string("\xff\xff\xff\xff{", 5));
        QCOMPARE(spanTotals(long_).spans, 1u);
        QCOMPARE(long_.noteCount("otlp_cut_off"), 1u);
    }

    void otherFormatsAreNotTaken()
    {
        const auto probe = [](const Importer &importer, std::string_view bytes) {
            return importer.probe({.head = std::as_bytes(std::span(bytes)), .headIsAll = true});
        };
        const auto proto = makeOtlpProto();
        for (const auto *const text : {"", "\x0a", "\x0a\x02\x08\x01",
                                       "\x0a\x04\x08\x01\x10\x02\x32", "plain text", "{\"a\":1}"})
            QVERIFY(probe(*proto, text) == Match::No);
        QVERIFY(probe(*makeOtlpJson(), json("{'traceEvents':[]}")) == Match::No);
        QVERIFY(probe(*proto, protoRequest(protoSpan("a", 1, 2))) == Match::Strong);
    }
};

QTEST_GUILESS_MAIN(TestOtlp)
#include "tst_otlp.moc"
