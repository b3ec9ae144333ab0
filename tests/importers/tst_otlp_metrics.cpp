#include "importers/formats.h"
#include "tests/support/span_lookup.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <protozero/pbf_writer.hpp>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

// JSON with ' for ", which reads better here.
Imported importMetrics(const std::string &metrics)
{
    auto text = "{'resourceMetrics':[{'resource':{'attributes':[{'key':'service.name','value':"
                "{'stringValue':'shop'}}]},'scopeMetrics':[{'metrics':[" +
                metrics + "]}]}]}";
    std::replace(text.begin(), text.end(), '\'', '"');
    return importBytes(*makeOtlpJson(), text);
}

std::vector<std::string> summaryLines(const Imported &in)
{
    std::vector<std::string> out;
    const auto &s = in.summaries;
    for (std::size_t i = 0; i < s.size(); ++i) {
        char line[256];
        std::snprintf(line, sizeof line, "%d %g %g", static_cast<int>(s.figure[i]), s.position[i],
                      s.value[i]);
        out.push_back(line);
    }
    return out;
}

} // namespace

class TestOtlpMetrics : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void gaugesAndSumsAreCounters()
    {
        const auto in = importMetrics(
            "{'name':'heap','unit':'By','gauge':{'dataPoints':[{'timeUnixNano':'5','asInt':'7',"
            "'attributes':[{'key':'space','value':{'stringValue':'old'}}]},"
            "{'timeUnixNano':6,'asDouble':1.5}]}},"
            // What kind of sum it is may come after its points.
            "{'sum':{'dataPoints':[{'timeUnixNano':'7','asInt':3}],'isMonotonic':true,"
            "'aggregationTemporality':2},'unit':'{request}','name':'requests'},"
            "{'name':'sent','sum':{'aggregationTemporality':'AGGREGATION_TEMPORALITY_DELTA',"
            "'dataPoints':[{'timeUnixNano':'8','asInt':'4'}]}},"
            "{'name':'open','sum':{'aggregationTemporality':2,'dataPoints':[{'timeUnixNano':'9',"
            "'asInt':'-5'}]}}");
        QVERIFY(in.result.has_value());
        std::vector<std::string> lines;
        for (std::size_t i = 0; i < in.counters.size(); ++i)
            lines.push_back(trackOf(in, in.counters.track[i]) + " " +
                            std::to_string(in.counters.time[i].time_since_epoch().count()) + " " +
                            std::to_string(in.counters.value[i]));
        QCOMPARE(lines, (std::vector<std::string>{"heap{space=old} [bytes] 5 7.000000",
                                                  "heap [bytes] 6 1.500000",
                                                  "requests (cumulative) [request] 7 3.000000",
                                                  "sent (delta) 8 4.000000", "open 9 -5.000000"}));
        const auto &track = in.meta.tracks[in.counters.track[0].raw - 1];
        QVERIFY(track.kind == TrackKind::Counter);
        QCOMPARE(in.meta.tracks[track.parent.raw - 1].name, std::string("shop"));
    }

    void pointsThatSayNothingAreCounted()
    {
        const auto in = importMetrics(
            "{'name':'a','gauge':{'dataPoints':[{'timeUnixNano':'5','flags':1},{'asInt':1},"
            "{'timeUnixNano':'6'},{'timeUnixNano':'7','asInt':'9007199254740993',"
            "'exemplars':[{},{}]},{'timeUnixNano':'8','asDouble':'NaN'}]}}");
        QCOMPARE(in.counters.size(), std::size_t(2));
        QVERIFY(std::isnan(in.counters.value[1]));
        QCOMPARE(in.noteCount("otlp_no_recorded_value"), 1u);
        QCOMPARE(in.noteCount("otlp_bad_point"), 2u);
        QCOMPARE(in.noteCount("otlp_value_rounded"), 1u);
        QCOMPARE(in.noteCount("otlp_exemplars"), 2u);
    }

    void histogramsAreSummariesWithTheirBuckets()
    {
        const auto in = importMetrics(
            "{'name':'duration','unit':'ms','histogram':{'aggregationTemporality':2,'dataPoints':[{"
            "'startTimeUnixNano':'100','timeUnixNano':'400','count':'3','sum':2.5,'min':0.5,"
            "'max':1.25,'bucketCounts':['1','2','0'],'explicitBounds':[0.5,2],'attributes':["
            "{'key':'route','value':{'stringValue':'/a'}},{'key':'code','value':{'intValue':200}}"
            "]}]}}");
        // Count, sum, least, largest, buckets; milliseconds become nanoseconds.
        QCOMPARE(summaryLines(in),
                 (std::vector<std::string>{"0 0 3", "2 0 2.5e+06", "3 0 500000", "5 0 1.25e+06",
                                           "10 500000 1", "10 2e+06 2", "10 inf 0"}));
        const auto &s = in.summaries;
        QCOMPARE(textOf(in, s.metric[0]), std::string("duration"));
        QCOMPARE(textOf(in, s.subset[0]), std::string("code=200, route=/a"));
        QCOMPARE(textOf(in, s.method[0]), std::string("OTLP histogram, cumulative"));
        QVERIFY(s.unit[0] == Unit::Count && s.unit[1] == Unit::Nanoseconds);
        QCOMPARE(s.begin[0].time_since_epoch().count(), std::int64_t(100));
        QCOMPARE(s.length[0].count(), std::int64_t(300));
        const auto &track = in.meta.tracks[s.endpoint[0].raw - 1];
        QVERIFY(track.kind == TrackKind::Endpoint && track.name == "shop");
    }

    // By hand: scale 1 is a base of sqrt(2); bucket i ends at base^(i+1).
    void exponentialHistogramsSayWhereTheirBucketsEnd()
    {
        const auto in = importMetrics(
            "{'name':'size','unit':'By','exponentialHistogram':{'aggregationTemporality':1,"
            "'dataPoints':[{'timeUnixNano':'9','count':8,'scale':1,'zeroCount':1,"
            "'zeroThreshold':0.25,'positive':{'offset':1,'bucketCounts':[1,0,2]},"
            "'negative':{'offset':-1,'bucketCounts':['3','1']}}]}}");
        QCOMPARE(summaryLines(in),
                 (std::vector<std::string>{"0 0 8", "10 -1 1", "10 -0.707107 3", "10 0.25 1",
                                           "10 2 1", "10 2.82843 0", "10 4 2"}));
        QCOMPARE(textOf(in, in.summaries.method[1]),
                 std::string("OTLP exponential histogram, delta"));
    }

    void summariesKeepTheirQuantiles()
    {
        const auto in = importMetrics(
            "{'name':'lag','unit':'s','summary':{'dataPoints':[{'timeUnixNano':'9','count':'4',"
            "'sum':8,'quantileValues':[{'quantile':0.5,'value':2},{'value':3,'quantile':1}]}]}}");
        QCOMPARE(summaryLines(in),
                 (std::vector<std::string>{"0 0 4", "2 0 8e+09", "7 0.5 2e+09", "7 1 3e+09"}));
    }

    void bucketsThatDoNotFitTheirBoundsAreLeftOut()
    {
        const auto in =
            importMetrics("{'name':'a','histogram':{'dataPoints':[{'timeUnixNano':'9','count':1,"
                          "'bucketCounts':[1,2,3],'explicitBounds':[1,2,3,4,5,6]}]}}");
        QCOMPARE(summaryLines(in), (std::vector<std::string>{"0 0 1"}));
        QCOMPARE(in.noteCount("otlp_bad_buckets"), 1u);
    }

    // A histogram and an exponential one, field by field of the schema.
    void protobufSaysTheSame()
    {
        std::string point, data, metric, exponential, buckets;
        {
            protozero::pbf_writer w(point);
            w.add_fixed64(2, 100);
            w.add_fixed64(3, 400);
            w.add_fixed64(4, 3);
            w.add_double(5, 2.5);
            const std::uint64_t counts[]{1, 2, 0};
            const double bounds[]{0.5, 2};
            w.add_packed_fixed64(6, std::begin(counts), std::end(counts));
            w.add_packed_double(7, std::begin(bounds), std::end(bounds));
            w.add_double(11, 0.5);
            w.add_double(12, 1.25);
        }
        protozero::pbf_writer(data).add_message(1, point);
        protozero::pbf_writer(data).add_uint64(2, 2);
        protozero::pbf_writer(metric).add_string(1, "duration");
        protozero::pbf_writer(metric).add_string(3, "ms");
        protozero::pbf_writer(metric).add_message(9, data);

        const std::uint64_t counts[]{1, 0, 2};
        protozero::pbf_writer(buckets).add_sint32(1, 1);
        protozero::pbf_writer(buckets).add_packed_uint64(2, std::begin(counts), std::end(counts));
        point.clear();
        data.clear();
        protozero::pbf_writer(point).add_fixed64(3, 9);
        protozero::pbf_writer(point).add_fixed64(4, 3);
        protozero::pbf_writer(point).add_sint32(6, 1);
        protozero::pbf_writer(point).add_message(8, buckets);
        protozero::pbf_writer(data).add_message(1, point);
        protozero::pbf_writer(exponential).add_string(1, "size");
        protozero::pbf_writer(exponential).add_message(10, data);

        std::string scope, resource, request;
        protozero::pbf_writer(scope).add_message(2, metric);
        protozero::pbf_writer(scope).add_message(2, exponential);
        protozero::pbf_writer(resource).add_message(2, scope);
        protozero::pbf_writer(request).add_message(1, resource);
        const auto in = importDetected(request);
        QVERIFY(in.result.has_value());
        auto lines = summaryLines(in);
        std::sort(lines.begin(), lines.end());
        std::vector<std::string> expected{
            "0 0 3",    "2 0 2.5e+06", "3 0 500000", "5 0 1.25e+06", "10 500000 1", "10 2e+06 2",
            "10 inf 0", "0 0 3",       "10 2 1",     "10 2.82843 0", "10 4 2"};
        std::sort(expected.begin(), expected.end());
        QCOMPARE(lines, expected);
    }
};

QTEST_GUILESS_MAIN(TestOtlpMetrics)
#include "tst_otlp_metrics.moc"
