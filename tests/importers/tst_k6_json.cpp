#include "importers/formats.h"
#include "tests/support/import_contract.h"

#include <QTest>

#include <algorithm>
#include <map>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

// JSON with ' for ", which reads better here.
std::string json(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

std::string cartTags()
{
    return json("{'method':'GET','name':'/cart','status':'200','scenario':'s'}");
}

std::string point(const std::string &metric, const std::string &value,
                  const std::string &tags = cartTags(),
                  const std::string &time = "2026-01-05T10:00:01.5+01:00")
{
    return json("{'metric':'") + metric + json("','type':'Point','data':{'time':'") + time +
           json("','value':") + value + json(",'tags':") + tags + "}}\n";
}

// The nine samples of a request, which took 1 + 30 + 2 ms.
std::string request(const std::string &tags = cartTags(),
                    const std::string &time = "2026-01-05T10:00:01.5+01:00")
{
    std::string out;
    for (const auto &[metric, value] :
         std::vector<std::pair<std::string, std::string>>{{"http_reqs", "1"},
                                                          {"http_req_duration", "33"},
                                                          {"http_req_blocked", "12.5"},
                                                          {"http_req_connecting", "5"},
                                                          {"http_req_tls_handshaking", "6"},
                                                          {"http_req_sending", "1"},
                                                          {"http_req_waiting", "30"},
                                                          {"http_req_receiving", "2"},
                                                          {"http_req_failed", "0"}})
        out += point(metric, value, tags, time);
    return out;
}

Imported import(std::string_view text)
{
    return importBytes(*makeK6Json(), text);
}

std::string textOf(const Imported &in, StringId id)
{
    return std::string(in.dimensions.strings.text(id));
}
std::string trackOf(const Imported &in, TrackId id)
{
    return id.raw == 0 ? std::string() : in.meta.tracks[id.raw - 1].name;
}

Match probe(std::string_view text)
{
    return makeK6Json()->probe({.head = std::as_bytes(std::span(text)), .headIsAll = true});
}

constexpr std::int64_t kEnd = 1'767'603'601'500'000'000; // 09:00:01.5 UTC

} // namespace

class TestK6Json : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void putsTheSamplesOfARequestTogether()
    {
        const auto in = import(request());
        QCOMPARE(in.requests.size(), std::size_t(1));
        const auto &r = in.requests;
        QCOMPARE(r.latency[0].count(), 33'000'000);
        // The time of the samples is the end; the offset of the zone is part of it.
        QCOMPARE(r.begin[0].time_since_epoch().count() + in.meta.wallOffsetNs.value(),
                 kEnd - 33'000'000);
        QCOMPARE(trackOf(in, r.endpoint[0]), std::string("GET /cart"));
        QCOMPARE(int(r.status[0]), 200);
        QCOMPARE(int(r.ok[0]), 1);
        QCOMPARE(textOf(in, r.phase[0]), std::string("s"));
        QCOMPARE(r.connect[0].count(), 12'500'000); // with the name look-up
        QCOMPARE(r.firstByte[0].count(), 31'000'000);
        QVERIFY(in.meta.notes.empty());
    }

    // Samples that were sorted or filtered, and two requests that cannot be told apart.
    void putsRequestsTogetherInAnyOrder()
    {
        std::string text, second;
        const auto one = request(), other = request(json("{'name':'/b','method':'POST'}"));
        for (std::size_t a = 0, b = 0; a < one.size();) {
            const auto endA = one.find('\n', a) + 1, endB = other.find('\n', b) + 1;
            text += one.substr(a, endA - a) + other.substr(b, endB - b) + one.substr(a, endA - a);
            a = endA;
            b = endB;
        }
        const auto in = import(text);
        QCOMPARE(in.requests.size(), std::size_t(3));
        for (std::size_t i = 0; i < 3; ++i) {
            QCOMPARE(in.requests.latency[i].count(), 33'000'000);
            QCOMPARE(in.requests.firstByte[i].count(), 31'000'000);
        }
        QVERIFY(in.meta.notes.empty());
        QCOMPARE(import(point("http_req_duration", "5") + point("http_req_duration", "7"))
                     .requests.size(),
                 std::size_t(2));
    }

    void holdsFewRequestsOpen()
    {
        std::string text;
        for (int i = 0; i < 5000; ++i)
            text += point("http_req_duration", std::to_string(i));
        const auto in = import(text);
        QCOMPARE(in.requests.size(), std::size_t(5000));
        std::int64_t sum = 0;
        for (const auto latency : in.requests.latency)
            sum += latency.count();
        QCOMPARE(sum, std::int64_t{5000} * 4999 / 2 * 1'000'000);
    }

    void readsKeysInAnyOrderAndEscapes()
    {
        const auto in = import(json(
            " {'data':{'tags':{'status':'201','name':'\\u00fc\\'x','method':'GET'},'value':1.25e1,"
            "'time':'2026-01-05T09:00:01.5Z'},'type':'Point','metric':'http_req_duration'}"
            "\r\n\r\n"));
        QCOMPARE(in.requests.size(), std::size_t(1));
        QCOMPARE(in.requests.latency[0].count(), 12'500'000);
        QCOMPARE(in.requests.begin[0].time_since_epoch().count() + *in.meta.wallOffsetNs,
                 kEnd - 12'500'000);
        QCOMPARE(trackOf(in, in.requests.endpoint[0]), std::string("GET \xc3\xbc\"x"));
        QVERIFY(in.meta.notes.empty());
    }

    void saysWhyRequestsFailed()
    {
        const auto failed = [](const std::string &tags) {
            return point("http_req_duration", "1", tags) + point("http_req_failed", "1", tags);
        };
        const auto in = import(
            failed(json("{'name':'a','status':'0','error':'dial: refused','error_code':'1212'}")) +
            failed(json("{'name':'b','status':'404','error_code':'1404'}")) +
            point("http_req_duration", "1", json("{'name':'c','status':'500'}")) +
            point("http_req_duration", "1",
                  json("{'name':'d','status':'404','expected_response':'true'}")));
        std::map<std::string, std::string> errors;
        std::map<std::string, int> ok;
        for (std::size_t i = 0; i < in.requests.size(); ++i) {
            const auto name = trackOf(in, in.requests.endpoint[i]);
            errors[name] = textOf(in, in.requests.error[i]);
            ok[name] = in.requests.ok[i];
        }
        QCOMPARE(errors["a"], std::string("dial: refused"));
        QCOMPARE(errors["b"], std::string("error code 1404"));
        QCOMPARE(ok["a"] + ok["b"] + ok["c"], 0); // c: by its status
        QCOMPARE(ok["d"], 1);                     // the script expected it
    }

    void keepsTagsThatHaveNoColumn()
    {
        const auto in = import(request(
            json("{'url':'/cart','team':'a\\'b','name':'/cart','group':'::pay','proto':'h2',"
                 "'vu':'7','iter':'12','scenario':'s','empty':''}")));
        QCOMPARE(textOf(in, in.requests.labels[0]),
                 std::string(json("{'group':'::pay','proto':'h2','team':'a\\'b'}")));
        QCOMPARE(trackOf(in, in.requests.worker[0]), std::string("VU 7"));
        auto line = point("http_req_duration", "1");
        line.replace(line.find("}}\n"), 3,
                     json("},'metadata':{'iter':'1','vu':'9'}}}"
                          "\n"));
        line.replace(line.find("}},\"metadata"), 2, "}");
        const auto other = import(line);
        QCOMPARE(trackOf(other, other.requests.worker[0]), std::string("VU 9"));
    }

    void namesThePhaseOfSetup()
    {
        const auto in = import(request(json("{'name':'/a','group':'::setup'}")));
        QCOMPARE(textOf(in, in.requests.phase[0]), std::string("setup"));
        QCOMPARE(in.requests.labels[0].raw, 0u);
    }

    void doesNotCallWaitingConnecting()
    {
        const auto in =
            import(point("http_req_duration", "1") + point("http_req_blocked", "80") +
                   point("http_req_connecting", "0") + point("http_req_tls_handshaking", "0"));
        QCOMPARE(in.requests.connect[0].count(), 0);
        QCOMPARE(in.noteCount("k6_waited_for_connection"), 1u);
    }

    void readsCallsOfGrpc()
    {
        const auto tags = [](const char *status) {
            return std::string(json("{'name':'grpc://h/shop.Cart/Add','service':'shop.Cart',"
                                    "'method':'Add','status':'")) +
                   status + json("'}");
        };
        const auto in = import(point("grpc_req_duration", "4.5", tags("0")) +
                               point("grpc_req_duration", "2", tags("14")));
        QCOMPARE(in.requests.size(), std::size_t(2));
        QCOMPARE(trackOf(in, in.requests.endpoint[0]), std::string("shop.Cart/Add"));
        QCOMPARE(int(in.requests.ok[0] + in.requests.ok[1]), 1);
    }

    void countsEverythingElse()
    {
        const auto in = import(
            json("{'type':'Metric','data':{'name':'queue','type':'trend','contains':'time',"
                 "'thresholds':['avg<5','p(95)<9'],'submetrics':null},'metric':'queue'}"
                 "\n") +
            point("queue", "2.5") + point("vus", "3", "null") + point("vus", "5", "null") +
            point("data_sent", "100") + point("checks", "1", json("{'check':'is 200'}")) +
            point("checks", "0", json("{'check':'is 200'}")) + point("dropped_iterations", "4"));
        std::map<std::string, double> sums;
        for (std::size_t i = 0; i < in.counters.size(); ++i)
            sums[trackOf(in, in.counters.track[i])] += in.counters.value[i];
        const std::map<std::string, double> expected{{"queue (ms)", 2.5},
                                                     {"vus", 8},
                                                     {"data_sent (bytes)", 100},
                                                     {"check: is 200", 1},
                                                     {"dropped_iterations", 4}};
        QVERIFY(sums == expected);
        QCOMPARE(in.noteCount("k6_generator_saturated"), 4u);
        QCOMPARE(in.noteCount("k6_failed_checks"), 1u);
        std::map<std::string, std::string> provenance(in.meta.provenance.begin(),
                                                      in.meta.provenance.end());
        QCOMPARE(provenance["checks"], std::string("is 200: 1 of 2"));
        QCOMPARE(provenance["thresholds"], std::string("queue avg<5; queue p(95)<9"));
    }

    void damageCostsALine()
    {
        const auto in = import(
            request() + "{\"metric\":\n" + "{\"a\":1}\n" + "nonsense\n" +
            point("http_reqs", "\"x\"") + point("http_req_duration", "1", cartTags(), "yesterday") +
            point("http_reqs", "1", json("{'name':'only'}")) + std::string(5u << 20, 'x') + '\n' +
            request() + json("{'metric':'http_reqs','type':'Po"));
        QCOMPARE(in.broken, std::string());
        QCOMPARE(in.requests.size(), std::size_t(2));
        QCOMPARE(in.noteCount("k6_bad_line"), 2u);
        QCOMPARE(in.noteCount("k6_unknown_line"), 1u);
        QCOMPARE(in.noteCount("k6_bad_value"), 1u);
        QCOMPARE(in.noteCount("k6_bad_point"), 1u);
        QCOMPARE(in.noteCount("k6_request_without_duration"), 1u);
        QCOMPARE(in.noteCount("k6_long_line"), 1u);
        QCOMPARE(in.noteCount("k6_cut_line"), 1u);
    }

    void forgetsTagsThatAreTooMany()
    {
        std::string text;
        for (int i = 0; i < 40'000; ++i) {
            const auto tags = "{\"name\":\"/" + std::to_string(i) + "\"}";
            text += point("http_req_duration", "1", tags) + point("http_req_failed", "1", tags);
        }
        const auto in = import(text);
        QCOMPARE(in.requests.size(), std::size_t(40'000));
        QCOMPARE(std::count(in.requests.ok.begin(), in.requests.ok.end(), 0), 40'000);
    }

    void putsMetricsThatAreTooManyTogether()
    {
        std::string text;
        for (int i = 0; i < 5000; ++i)
            text += point("m" + std::to_string(i), "1");
        text += point(std::string(2000, 'm'), "1");
        const auto in = import(text);
        QCOMPARE(in.counters.size(), std::size_t(5001));
        QVERIFY(in.meta.tracks.size() > 4000 && in.meta.tracks.size() < 4200);
        QCOMPARE(in.meta.tracks.back().name, std::string("(other metrics)"));
    }

    void withstandsNumbersThatCannotBe()
    {
        const auto in =
            import(point("http_req_duration", "-3") + point("http_req_duration", "9e300") +
                   point("http_req_duration", "9223372036854.7") +
                   point("http_req_waiting", "9223372036854.7") +
                   point("http_req_sending", "9223372036854.7"));
        QCOMPARE(in.broken, std::string());
        QCOMPARE(in.noteCount("k6_bad_value"), 1u);
        QCOMPARE(in.noteCount("negative_latency"), 1u);
    }

    void isToldFromOtherJsonLines()
    {
        QVERIFY(probe(request()) == Match::Strong);
        QVERIFY(probe("\xef\xbb\xbf\n" + request()) == Match::Strong);
        QVERIFY(probe(json("{ 'type': 'Metric', 'data': {}, 'metric': 'vus' }")) == Match::Strong);
        QVERIFY(probe(json("{'type':'Event','metric':'vus'}")) == Match::No);
        QVERIFY(probe(json("[{'type':'Point','metric':'vus'}]")) == Match::No);
        QVERIFY(probe(json("{'type':'Point','metric':'vus'} {}")) == Match::No);
        QVERIFY(probe(json("{'type':'Point','metric':")) == Match::No);
    }
};

QTEST_GUILESS_MAIN(TestK6Json)
#include "tst_k6_json.moc"
