#include "importers/formats.h"
#include "tests/support/import_contract.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

// JSON with ' for ", which reads better here.
std::string json(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

const std::filesystem::path kFixtures = FW_SOURCE_DIR "/tests/fixtures";

Imported import(std::string_view text)
{
    return importBytes(*makeK6Csv(), text);
}

std::string textOf(const Imported &in, StringId id)
{
    return std::string(in.dimensions.strings.text(id));
}

// Everything about requests that the other output has as well.
std::multiset<std::string> rowsOf(const Imported &in, bool withTimes)
{
    std::multiset<std::string> out;
    const auto &r = in.requests;
    for (std::size_t i = 0; i < r.size(); ++i) {
        const auto begin = r.begin[i].time_since_epoch().count() + in.meta.wallOffsetNs.value();
        out.insert((withTimes ? std::to_string(begin) : std::string()) + '|' +
                   std::to_string(r.latency[i].count()) + '|' +
                   in.meta.tracks[r.endpoint[i].raw - 1].name + '|' + std::to_string(r.status[i]) +
                   '|' + std::to_string(r.ok[i]) + '|' + textOf(in, r.phase[i]) + '|' +
                   textOf(in, r.error[i]) + '|' + std::to_string(r.connect[i].count()) + '|' +
                   std::to_string(r.firstByte[i].count()) + '|' + textOf(in, r.labels[i]));
    }
    return out;
}

constexpr std::string_view kHead =
    "metric_name,timestamp,metric_value,name,status,extra_tags,metadata\n";

} // namespace

class TestK6Csv : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // The two outputs of one run.
    void readsTheSameAsFromJson()
    {
        const auto json = importBytes(*makeK6Json(), readFile(kFixtures / "k6-json/shop.json"));
        const auto nanoseconds = import(readFile(kFixtures / "k6-csv/nanoseconds.csv"));
        const auto seconds = import(readFile(kFixtures / "k6-csv/seconds.csv"));
        QCOMPARE(json.requests.size(), std::size_t(10));
        QVERIFY(rowsOf(nanoseconds, true) == rowsOf(json, true));
        QVERIFY(rowsOf(seconds, false) == rowsOf(json, false));
        QCOMPARE(nanoseconds.counters.size(), json.counters.size());
        QCOMPARE(seconds.noteCount("k6_generator_saturated"), 3u);
        QVERIFY(seconds.noteCount("k6_whole_seconds") > 90);
        QCOMPARE(nanoseconds.noteCount("k6_whole_seconds"), 0u);
    }

    void tellsTheUnitOfTimesByTheirDigits_data()
    {
        QTest::addColumn<QByteArray>("time");
        QTest::addColumn<qint64>("end");
        QTest::newRow("seconds") << QByteArray("1767603601") << qint64(1'767'603'601'000'000'000);
        QTest::newRow("ms") << QByteArray("1767603601500") << qint64(1'767'603'601'500'000'000);
        QTest::newRow("us") << QByteArray("1767603601500001") << qint64(1'767'603'601'500'001'000);
        QTest::newRow("ns") << QByteArray("1767603601500001002")
                            << qint64(1'767'603'601'500'001'002);
        QTest::newRow("rfc3339") << QByteArray("2026-01-05T10:00:01+01:00")
                                 << qint64(1'767'603'601'000'000'000);
        QTest::newRow("rfc3339_nano")
            << QByteArray("2026-01-05T09:00:01.500001002Z") << qint64(1'767'603'601'500'001'002);
    }
    void tellsTheUnitOfTimesByTheirDigits()
    {
        QFETCH(QByteArray, time);
        QFETCH(qint64, end);
        const auto in = import(std::string(kHead) + "http_req_duration," + time.toStdString() +
                               ",2.000000,/a,200,,\n");
        QCOMPARE(in.requests.size(), std::size_t(1));
        QCOMPARE(in.requests.begin[0].time_since_epoch().count() + *in.meta.wallOffsetNs,
                 end - 2'000'000);
        QCOMPARE(in.noteCount("k6_whole_seconds"), end % 1'000'000'000 == 0 ? 1u : 0u);
    }

    void readsTagsWithoutAColumn()
    {
        const auto in =
            import(std::string(kHead) +
                   "http_req_duration,1767603601,1,\"/a,b\",200,team=x&area=y=z&bad,vu=3&iter=4\n");
        QCOMPARE(textOf(in, in.requests.labels[0]), std::string(json("{'area':'y=z','team':'x'}")));
        QCOMPARE(in.meta.tracks[in.requests.endpoint[0].raw - 1].name, std::string("/a,b"));
        QCOMPARE(in.meta.tracks[in.requests.worker[0].raw - 1].name, std::string("VU 3"));
    }

    void followsAHeaderInTheMiddle()
    {
        const auto in = import("metric_name,timestamp,metric_value,status,name\n"
                               "http_req_duration,1767603601,1.0,200,/a\n"
                               "metric_value,name,metric_name,timestamp,status\n"
                               "2.0,/a,http_req_duration,1767603601,500\n");
        QCOMPARE(in.requests.size(), std::size_t(2));
        QCOMPARE(int(in.requests.status[0] + in.requests.status[1]), 700);
        QCOMPARE(int(in.requests.ok[0] + in.requests.ok[1]), 1);
    }

    void damageCostsALine()
    {
        const auto in = import(std::string(kHead) + "\nhttp_reqs,1767603601,1\n" +
                               "http_req_duration,soon,1,/a,200,,\n" +
                               "http_req_duration,1767603601,fast,/a,200,,\n" +
                               "http_req_duration,1767603601,1,/a,200,,\nhttp_req_du");
        QCOMPARE(in.requests.size(), std::size_t(1));
        QCOMPARE(in.noteCount("k6_bad_line"), 1u);
        QCOMPARE(in.noteCount("k6_bad_point"), 1u);
        QCOMPARE(in.noteCount("k6_bad_value"), 1u);
        QCOMPARE(in.noteCount("k6_cut_line"), 1u);
        const auto none = import("http_reqs,1767603601,1\n");
        QVERIFY(!none.result.has_value());
        QCOMPARE(none.result.error().code(), Errc::Corrupt);
    }
};

QTEST_GUILESS_MAIN(TestK6Csv)
#include "tst_k6_csv.moc"
