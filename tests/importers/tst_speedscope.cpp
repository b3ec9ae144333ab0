#include "importers/formats.h"
#include "importers/speedscope/evented_profile.h"
#include "importers/speedscope/speedscope_units.h"
#include "tests/support/load_totals.h"

#include <QTest>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

// JSON, written with ' instead of ".
std::string quoted(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

Imported import(const std::string &profiles,
                const std::string &frames = "{'name':'a'},{'name':'b','file':'b.py','line':7}")
{
    return importBytes(*makeSpeedscope(), quoted("{'shared':{'frames':[" + frames +
                                                 "]},'profiles':[" + profiles + "]}"));
}

// "a;b 12@5", from the outermost, with value and time.
std::vector<std::string> rowsOf(const Imported &in)
{
    const auto &d = in.dimensions;
    std::vector<std::string> out;
    for (std::size_t i = 0; i < in.samples.size(); ++i) {
        std::string stack;
        for (auto id = in.samples.stack[i]; id.raw != 0; id = d.stacks.caller[id.raw]) {
            const std::string name(d.strings.text(d.frames.function[d.stacks.frame[id.raw].raw]));
            stack = stack.empty() ? name : name + ';' + stack;
        }
        stack += ' ' + std::to_string(in.samples.value[i]);
        if (in.samples.time[i] != kNoTime)
            stack += '@' + std::to_string(in.samples.time[i].time_since_epoch().count());
        out.push_back(std::move(stack));
    }
    return out;
}

using Rows = std::vector<std::string>;

} // namespace

class TestSpeedscope : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsSampledProfilesAlongTime()
    {
        const auto in = import("{'type':'sampled','name':'main','unit':'milliseconds',"
                               "'startValue':10,'endValue':20,'samples':[[0],[0,1],[]],"
                               "'weights':[1.5,2.000001,3]}");
        QVERIFY(in.result.has_value());
        QCOMPARE(in.broken, std::string());
        QCOMPARE(rowsOf(in), (Rows{"a 1500000@10000000", "a;b 2000001@11500000"}));
        QCOMPARE(in.meta.measures.at(0).unit, Unit::Nanoseconds);
        QCOMPARE(in.meta.tracks.at(1).name, std::string("main"));
        QVERIFY(in.meta.notes.empty());
    }

    void readsEventedProfiles()
    {
        // By hand: a alone 0..2 and 7..9, b in it 2..7; nothing is open 9..10.
        const std::string events = "'events':[{'type':'O','frame':0,'at':0},"
                                   "{'type':'O','frame':1,'at':2},{'at':7,'frame':1,'type':'C'},"
                                   "{'type':'C','frame':0,'at':9}]";
        const std::string about =
            "'type':'evented','name':'x','unit':'seconds','startValue':0,'endValue':10";
        const Rows expected{"a 2000000000@0", "a;b 5000000000@2000000000",
                            "a 2000000000@7000000000"};
        QCOMPARE(rowsOf(import("{" + about + "," + events + "}")), expected);
        // The unit behind what it is for, and the frames behind everything.
        QCOMPARE(rowsOf(import("{" + events + "," + about + "}")), expected);
        const auto last = importBytes(
            *makeSpeedscope(), quoted("{'profiles':[{" + events + "," + about +
                                      "}],'shared':{'frames':[{'name':'a'},{'name':'b'}]}}"));
        QCOMPARE(rowsOf(last), expected);
    }

    void givesEachProfileATrackAndEachUnitAMeasure()
    {
        const std::string rest = ",'startValue':0,'endValue':1,'samples':[[0]],'weights':[4]}";
        const auto in = import("{'type':'sampled','name':'t','unit':'none'" + rest +
                               ",{'type':'sampled','name':'t','unit':'bytes'" + rest +
                               ",{'type':'sampled','name':'u','unit':'nanoseconds'" + rest +
                               ",{'type':'sampled','name':'v','unit':'parsecs'" + rest);
        QCOMPARE(in.meta.tracks.size(), std::size_t(5)); // and what they belong to
        QCOMPARE(in.meta.tracks.at(2).name, std::string("t #2"));
        QCOMPARE(in.measure("weight")->total, 4);
        QCOMPARE(in.measure("bytes")->unit, Unit::Bytes);
        QCOMPARE(in.measure("time")->unit, Unit::Nanoseconds);
        QCOMPARE(in.measure("weight (parsecs)")->total, 4);
        for (std::size_t i = 0; i < in.samples.size(); ++i)
            QCOMPARE(in.samples.time[i] != kNoTime,
                     in.meta.measures[in.samples.measure[i].raw - 1].name == "time");
    }

    void countsEventsThatDoNotFit()
    {
        const auto in = importFixture(*makeSpeedscope(), "speedscope/bad-odd.speedscope.json");
        QVERIFY(in.result.has_value());
        QCOMPARE(in.broken, std::string());
        QCOMPARE(in.noteCount("speedscope_crossed"), 1u);       // b inside of a
        QCOMPARE(in.noteCount("speedscope_no_begin"), 1u);      // b, once more
        QCOMPARE(in.noteCount("speedscope_time_backward"), 1u); // 4 after 6
        QCOMPARE(in.noteCount("speedscope_no_end"), 2u);        // frames 7 and 2
        QCOMPARE(in.noteCount("speedscope_bad_event"), 2u);
        QCOMPARE(in.noteCount("speedscope_weight_count"), 1u);
        QCOMPARE(in.noteCount("speedscope_bad_sample"), 1u);
        QCOMPARE(in.noteCount("speedscope_unknown_type"), 1u);
        QCOMPARE(in.noteCount("speedscope_fraction"), 1u);
        QVERIFY(in.noteCount("speedscope_unknown_frame") > 0);
    }

    void keepsNumbersExactUntilTheUnitIsKnown()
    {
        const auto times = [](const char *text, std::int64_t scale) {
            bool saturated = false;
            const auto number = WrittenNumber::parse(text);
            const auto out = number ? number->times(scale, saturated) : -1;
            return std::pair(out, saturated);
        };
        QCOMPARE(times("1700000000123456789", 1),
                 std::pair(std::int64_t{1700000000123456789}, false));
        QCOMPARE(times("1700000000.123456789", 1'000'000'000),
                 std::pair(std::int64_t{1700000000123456789}, false));
        QCOMPARE(times("1700000000123456.789", 1000),
                 std::pair(std::int64_t{1700000000123456789}, false));
        QCOMPARE(times("-0.5", 1), std::pair(std::int64_t{-1}, false));
        QCOMPARE(times("1e-3", 1'000'000'000), std::pair(std::int64_t{1'000'000}, false));
        QCOMPARE(times("9300000000", 1'000'000'000), std::pair(std::int64_t{INT64_MAX}, true));
        QVERIFY(!WrittenNumber::parse("1e300"));
        QVERIFY(!WrittenNumber::parse("x"));
    }

    void readsFramesThatAreVeryDeep()
    {
        std::string events;
        constexpr int kDepth = 70'000;
        for (int i = 0; i < kDepth; ++i)
            events += "{'type':'O','frame':0,'at':" + std::to_string(i) + "},";
        events += "{'type':'C','frame':0,'at':70000}";
        const auto in = import("{'type':'evented','name':'x','unit':'none','startValue':0,"
                               "'endValue':70001,'events':[" +
                               events + "]}");
        QVERIFY(in.result.has_value());
        QCOMPARE(in.broken, std::string());
        QCOMPARE(in.measure("weight")->total, 70'001);
        QVERIFY(in.noteCount("stack_too_deep") > 0);
    }

    void keepsWhatIsWholeOfATruncatedFile()
    {
        auto text = readFile(FW_SOURCE_DIR "/tests/fixtures/speedscope/sampled.speedscope.json");
        text.resize(text.size() * 3 / 4);
        const auto in = importBytes(*makeSpeedscope(), text);
        QVERIFY(in.result.has_value());
        QCOMPARE(in.noteCount("speedscope_truncated"), 1u);
        QVERIFY(in.samples.size() > 5);
    }

    void refusesOtherFiles()
    {
        for (const auto *const text : {"", "{}", "[]", "{'profiles':[]}", "{'profiles':[7]}"})
            QVERIFY(!importBytes(*makeSpeedscope(), quoted(text)).result.has_value());
    }
};

QTEST_GUILESS_MAIN(TestSpeedscope)
#include "tst_speedscope.moc"
