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

Imported importLog(std::string_view text)
{
    return importBytes(*makeGatlingLog(), text);
}
Imported importBinary(std::string_view bytes)
{
    return importBytes(*makeGatlingBinary(), bytes);
}
Imported layout(const std::string &version)
{
    return importLog(readFile(kFixtures / "gatling-log" / ("layout-" + version + ".log")));
}

std::string textOf(const Imported &in, StringId id)
{
    return std::string(in.dimensions.strings.text(id));
}
std::string trackOf(const Imported &in, TrackId id)
{
    return id.raw == 0 ? std::string() : in.meta.tracks[id.raw - 1].name;
}

// What all layouts have.
std::multiset<std::string> rowsOf(const Imported &in)
{
    std::multiset<std::string> out;
    const auto &r = in.requests;
    for (std::size_t i = 0; i < r.size(); ++i)
        out.insert(std::to_string(r.begin[i].time_since_epoch().count()) + '|' +
                   std::to_string(r.latency[i].count()) + '|' + trackOf(in, r.endpoint[i]) + '|' +
                   std::to_string(r.status[i]) + '|' + std::to_string(r.ok[i]) + '|' +
                   textOf(in, r.error[i]) + '|' + std::to_string(int(r.kind[i])) + '|' +
                   textOf(in, r.labels[i]));
    return out;
}

// time and value of a counter
std::vector<std::string> pointsOf(const Imported &in, std::string_view track)
{
    std::vector<std::string> out;
    for (std::size_t i = 0; i < in.counters.size(); ++i) {
        if (trackOf(in, in.counters.track[i]) == track)
            out.push_back(std::to_string(in.counters.time[i].time_since_epoch().count()) + ' ' +
                          std::to_string(int(in.counters.value[i])));
    }
    return out;
}

std::string provenance(const Imported &in, std::string_view key)
{
    for (const auto &[k, v] : in.meta.provenance) {
        if (k == key)
            return v;
    }
    return {};
}

void append32(std::string &out, std::int32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        out += static_cast<char>(static_cast<std::uint32_t>(value) >> shift & 0xff);
}
void appendText(std::string &out, std::string_view text, char coder = 0)
{
    append32(out, static_cast<std::int32_t>(text.size()));
    out += text;
    if (!text.empty())
        out += coder;
}
std::string header()
{
    std::string out(1, '\0');
    appendText(out, "3.13.1");
    appendText(out, "a.Simulation");
    out += std::string("\0\0\x01\x9b\x8d\x6b\x41\x28", 8);
    appendText(out, " ");
    append32(out, 1);
    appendText(out, "s");
    append32(out, 0);
    return out;
}
std::string request(std::int32_t begin, std::int32_t end)
{
    std::string out(1, '\1');
    append32(out, 0);
    append32(out, 1);
    appendText(out, "\xfcr"); // Latin-1
    append32(out, begin);
    append32(out, end);
    out += '\1';
    append32(out, 2);
    appendText(out, "");
    return out;
}

} // namespace

class TestGatling : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsAllLayoutsAlike()
    {
        const auto newest = layout("3.10.5");
        QCOMPARE(newest.requests.size(), std::size_t(24 + 5));
        QVERIFY(newest.meta.wallOffsetNs.has_value());
        QCOMPARE(pointsOf(newest, "users").size(), std::size_t(6));
        for (const auto *version : {"2.0", "2.3", "3.2.1", "3.5.0"}) {
            const auto in = layout(version);
            QVERIFY2(rowsOf(in) == rowsOf(newest), version);
            QCOMPARE(in.meta.wallOffsetNs.value(), newest.meta.wallOffsetNs.value());
            QVERIFY2(pointsOf(in, "users") == pointsOf(newest, "users"), version);
            QVERIFY(pointsOf(in, "users: shoppers") == pointsOf(newest, "users: shoppers"));
            QCOMPARE(provenance(in, "tool_version"), std::string(version));
            QCOMPARE(provenance(in, "simulation"), std::string("shop.ShopSimulation"));
            for (const auto &note : in.meta.notes)
                QCOMPARE(note.code, std::string("gatling_error"));
        }
        const auto binary = importBinary(readFile(kFixtures / "gatling-binary/shop.log"));
        QVERIFY(rowsOf(binary) == rowsOf(newest));
        QCOMPARE(binary.meta.wallOffsetNs.value(), newest.meta.wallOffsetNs.value());
        QVERIFY(pointsOf(binary, "users: shoppers") == pointsOf(newest, "users: shoppers"));
        QCOMPARE(provenance(binary, "description"), std::string("a caf\xc3\xa9 \xe2\x98\x95"));
        QCOMPARE(binary.noteCount("gatling_error"), 1u);
    }

    // Users and scenarios of requests, where the layout has them.
    void namesUsersAndScenarios()
    {
        for (const auto *version : {"2.0", "2.3", "3.2.1"}) {
            const auto in = layout(version);
            std::set<std::string> workers, phases;
            for (std::size_t i = 0; i < in.requests.size(); ++i) {
                workers.insert(trackOf(in, in.requests.worker[i]));
                phases.insert(textOf(in, in.requests.phase[i]));
            }
            QVERIFY2((workers == std::set<std::string>{"user 1", "user 2", "user 3"}), version);
            QVERIFY2((phases == std::set<std::string>{"shoppers"}), version);
        }
    }

    void groupsAreTransactions()
    {
        const auto in = importLog("RUN\ta.S\ts\t1767603600000\t \t3.9.5\n"
                                  "REQUEST\tcheckout\tPOST /pay\t1767603600070\t1767603600312\tKO\t"
                                  "status.find.is(200), but actually found 500\n"
                                  "GROUP\tcheckout\t1767603600065\t1767603600320\t242\tKO\n");
        QCOMPARE(in.requests.size(), std::size_t(2));
        const auto group = in.requests.kind[0] == RequestKind::Transaction ? 0u : 1u;
        QCOMPARE(trackOf(in, in.requests.endpoint[group]), std::string("checkout"));
        QCOMPARE(in.requests.latency[group].count(), 242'000'000); // without pauses
        const auto request = 1 - group;
        QCOMPARE(int(in.requests.status[request]), 500);
        QCOMPARE(textOf(in, in.requests.error[request]),
                 std::string("status.find.is(200), but actually found 500"));
        QCOMPARE(textOf(in, in.requests.labels[request]),
                 std::string(json("{'group':'checkout'}")));
        QCOMPARE(in.requests.begin[request].time_since_epoch().count(), 70'000'000);
    }

    void readsTimesOfTheFirstByte()
    {
        const auto in = importLog("a.S\ts\tRUN\t1448309155252\t \t2.0\n"
                                  "All\t7-0\tREQUEST\t\tGet\t1448309155292\t1448309155293\t"
                                  "1448309155604\t1448309155605\tOK\t \n");
        QCOMPARE(in.requests.latency[0].count(), 313'000'000);
        QCOMPARE(in.requests.firstByte[0].count(), 312'000'000);
        QCOMPARE(trackOf(in, in.requests.worker[0]), std::string("user 7-0"));
    }

    // As a tool that rewrites logs leaves them.
    void readsRecordsWithoutScenarioAndUser()
    {
        const auto in = importLog("RUN\tTest\t\tgatling-1\t1549411934496\t \t3.5.1\n"
                                  "USER\tSTART\t1549411935145\t1549411935145\n"
                                  "USER\tTwo Words START\t1549411935146\t1549411935146\n"
                                  "REQUEST\t\t\t1549411935150\t1549411935154\tKO\tstatus.find."
                                  "lessThanOrEqual(399), but actually 401 is not less\n"
                                  "USER\tEND\t1549411935145\t1549411935160\n");
        QVERIFY(in.meta.notes.empty());
        QCOMPARE(int(in.requests.status[0]), 401);
        QCOMPARE(trackOf(in, in.requests.endpoint[0]), std::string("(no name)"));
        QCOMPARE(pointsOf(in, "users"),
                 (std::vector<std::string>{"649000000 1", "650000000 2", "664000000 1"}));
        QCOMPARE(pointsOf(in, "users: Two Words"), std::vector<std::string>{"650000000 1"});
    }

    void damageCostsALine()
    {
        const auto in = importLog("RUN\ta.S\ts\t1767603600000\t \t3.9.5\n"
                                  "REQUEST\t\tGET\t1767603600070\tx\tOK\t \n"
                                  "REQUEST\tOK\n"
                                  "what is this\n\n"
                                  "USER\tall\tLEFT\t1767603600070\n"
                                  "GROUP\tg\t1767603600070\t1767603600080\tOK\n"
                                  "REQUEST\t\tGET\t1767603600080\t1767603600070\tOK\t \n"
                                  "REQUEST\t\tGET\t1767603600070\t17676");
        QCOMPARE(in.broken, std::string());
        QCOMPARE(in.noteCount("gatling_bad_line"), 5u);
        QCOMPARE(in.noteCount("gatling_cut_record"), 1u);
        QCOMPARE(in.noteCount("negative_latency"), 1u);
        QCOMPARE(in.requests.size(), std::size_t(1));
    }

    void readsABinaryLogThatWasCut()
    {
        const auto whole = readFile(kFixtures / "gatling-binary/shop.log");
        int cuts = 0;
        for (std::size_t bytes = 1; bytes <= 80; ++bytes) {
            const auto cut = importBinary(std::string_view(whole).substr(0, whole.size() - bytes));
            QVERIFY(cut.result.has_value());
            QVERIFY(cut.requests.size() >= 24);
            cuts += static_cast<int>(cut.noteCount("gatling_cut_record"));
        }
        QVERIFY(cuts >= 75); // all but those between two records
        // Nothing of the run: not even that.
        QVERIFY(!importBinary(std::string_view(whole).substr(0, 20)).result.has_value());
    }

    void refusesBinaryLogsThatAreWrong()
    {
        const auto good = importBinary(header() + request(1, 5));
        QVERIFY(good.result.has_value());
        QCOMPARE(good.requests.latency[0].count(), 4'000'000);
        QCOMPARE(trackOf(good, good.requests.endpoint[0]), std::string("\xc3\xbcr"));
        std::string unknown(1, '\1');
        append32(unknown, 0);
        append32(unknown, -9);
        for (const auto &bad : {header() + '\7', header() + unknown, request(1, 5),
                                header() + request(1, 5) + request(1, 5)}) {
            const auto in = importBinary(bad);
            QVERIFY(!in.result.has_value());
            QCOMPARE(in.broken, std::string());
            QVERIFY(in.result.error().offset().has_value());
        }
        std::string user = header() + '\2';
        append32(user, 5);
        user += '\1';
        append32(user, 3);
        QCOMPARE(importBinary(user).noteCount("gatling_bad_scenario"), 1u);
    }

    void readsStatisticsAsTheyAre()
    {
        const auto in =
            importBytes(*makeGatlingStats(), readFile(kFixtures / "gatling-stats/stats.json"));
        QVERIFY(in.result.has_value());
        QCOMPARE(in.requests.size(), std::size_t(0));
        std::map<std::string, double> found;
        for (std::size_t i = 0; i < in.summaries.size(); ++i) {
            const auto &s = in.summaries;
            found[trackOf(in, s.endpoint[i]) + '|' + textOf(in, s.subset[i]) + '|' +
                  std::to_string(int(s.figure[i])) + '|' + std::to_string(s.position[i])] =
                s.value[i];
        }
        const auto at = [&](const std::string &key) { return found.count(key) ? found[key] : -1; };
        QCOMPARE(at("||0|0.000000"), 24.0);
        QCOMPARE(at("|ok|0|0.000000") + at("||1|0.000000"), 24.0);
        QCOMPARE(at("product|failed|0|0.000000"), 0.0);
        QVERIFY(at("product||7|0.950000") >= at("product||7|0.750000"));
        QVERIFY(in.noteCount("gatling_percentile_ranks") > 0);
        const auto global = importBytes(*makeGatlingStats(),
                                        readFile(kFixtures / "gatling-stats/global_stats.json"));
        QVERIFY(global.result.has_value());
        QVERIFY(global.summaries.size() * 2 < in.summaries.size());
    }

    void readsNumbersThatAreTexts()
    {
        const auto in = importBytes(
            *makeGatlingStats(),
            json("{'name':'Global Information','numberOfRequests':{'total':'5','ok':'5','ko':'-'},"
                 "'minResponseTime':{'total':'2','ok':'2','ko':'-'},'percentiles1':{'total':'9'},"
                 "'percentiles2':{'total':'11'}}"));
        QCOMPARE(in.summaries.size(), std::size_t(6));
        QCOMPARE(in.summaries.position.back(), 0.99); // there were two
        QVERIFY(!importBytes(*makeGatlingStats(), "{}").result.has_value());
    }
};

QTEST_GUILESS_MAIN(TestGatling)
#include "tst_gatling.moc"
