#include "importers/formats.h"
#include "tests/support/load_totals.h"

#include <QTest>

#include <algorithm>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

std::string function(const Imported &in, std::size_t sample)
{
    const auto &d = in.dimensions;
    const auto frame = d.stacks.frame[in.samples.stack[sample].raw];
    return std::string(d.strings.text(d.frames.function[frame.raw]));
}

// From the outermost, with ';' between.
std::string stackText(const Imported &in, std::size_t sample)
{
    const auto &d = in.dimensions;
    std::string out;
    for (auto id = in.samples.stack[sample]; id.raw != 0; id = d.stacks.caller[id.raw]) {
        const std::string name(d.strings.text(d.frames.function[d.stacks.frame[id.raw].raw]));
        out = out.empty() ? name : name + ';' + out;
    }
    return out;
}

// JSON, written with ' instead of ".
std::string quoted(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

std::string profile(std::string_view samples, std::string_view deltas)
{
    return quoted(
        "{'nodes':[{'id':1,'callFrame':{'functionName':'(root)','scriptId':'0','url':'',"
        "'lineNumber':-1,'columnNumber':-1},'hitCount':0,'children':[2,4]},"
        "{'id':2,'callFrame':{'functionName':'main','scriptId':'7','url':'file:///shop.js',"
        "'lineNumber':9,'columnNumber':0},'hitCount':1,'children':[3]},"
        "{'id':3,'callFrame':{'functionName':'','scriptId':'7','url':'file:///shop.js',"
        "'lineNumber':0,'columnNumber':4},'hitCount':2},"
        "{'id':4,'callFrame':{'functionName':'(idle)','scriptId':'0','url':'',"
        "'lineNumber':-1,'columnNumber':-1},'hitCount':1}],"
        "'startTime':1000,'endTime':2000,'samples':[" +
        std::string(samples) + "],'timeDeltas':[" + std::string(deltas) + "]}");
}

} // namespace

class TestV8 : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void givesEachSampleTheTimeUntilTheNext()
    {
        const auto in = importBytes(*makeCpuProfile(), profile("2,3,3,4", "100,50,150,200"));
        QVERIFY(in.result.has_value());
        QCOMPARE(in.broken, std::string());
        QCOMPARE(in.samples.size(), std::size_t(4));
        // By hand: 1100, 1150, 1300 and 1500 us; the last lasts until the end at 2000 us.
        const std::int64_t times[] = {1'100'000, 1'150'000, 1'300'000, 1'500'000};
        const std::int64_t values[] = {50'000, 150'000, 200'000, 500'000};
        for (std::size_t i = 0; i < 4; ++i) {
            QCOMPARE(in.samples.time[i].time_since_epoch().count(), times[i]);
            QCOMPARE(in.samples.value[i], values[i]);
        }
        QCOMPARE(stackText(in, 0), std::string("main"));
        QCOMPARE(stackText(in, 1), std::string("main;(anonymous)"));
        QCOMPARE(stackText(in, 3), std::string("(idle)"));
        QCOMPARE(*in.meta.durationNs, 1'000'000);
        QVERIFY(in.meta.notes.empty());
        const auto &d = in.dimensions;
        const auto frame = d.stacks.frame[in.samples.stack[0].raw].raw;
        QCOMPARE(d.frames.line[frame], 10u); // V8 counts from 0
        QCOMPARE(std::string(d.strings.text(d.frames.file[frame])), std::string("file:///shop.js"));
        QCOMPARE(d.frames.kind[frame], FrameKind::Jit);
        QCOMPARE(d.frames.kind[d.stacks.frame[in.samples.stack[3].raw].raw], FrameKind::Marker);
    }

    void sortsSamplesWithNegativeDeltas()
    {
        const auto in = importBytes(*makeCpuProfile(), profile("2,3,4", "100,100,-50"));
        QVERIFY(in.result.has_value());
        QCOMPARE(in.noteCount("v8_time_backward"), 1u);
        QCOMPARE(function(in, 0), std::string("main"));
        QCOMPARE(function(in, 1), std::string("(idle)")); // at 1150 us
        QCOMPARE(function(in, 2), std::string("(anonymous)"));
        QCOMPARE(in.samples.value[1], 50'000);
        QCOMPARE(in.samples.value[2], 800'000);
    }

    void countsWhatIsMissing()
    {
        const auto in = importBytes(*makeCpuProfile(), profile("2,99,3", "100,100"));
        QVERIFY(in.result.has_value());
        QCOMPARE(in.noteCount("v8_unknown_node"), 1u);
        QCOMPARE(in.noteCount("v8_time_count"), 1u);
        QCOMPARE(in.samples.size(), std::size_t(3));
        QCOMPARE(function(in, 1), std::string("(unknown)"));
    }

    void readsASampleOfTheRootAsAFunction()
    {
        const auto in = importBytes(*makeCpuProfile(), profile("1", "5"));
        QCOMPARE(stackText(in, 0), std::string("(root)"));
    }

    void readsKeysInAnyOrder()
    {
        const auto in = importBytes(
            *makeCpuProfile(),
            quoted("{'timeDeltas':[10,10],'samples':[8,7],'endTime':130,'startTime':100,'nodes':["
                   "{'children':[8],'callFrame':{'functionName':'outer','scriptId':3},'id':7},"
                   "{'callFrame':{'functionName':'inner','scriptId':3},'id':8}]}"));
        QVERIFY(in.result.has_value());
        QCOMPARE(stackText(in, 0), std::string("outer;inner"));
        QCOMPARE(in.samples.value[1], 10'000);
    }

    void readsParentsInsteadOfChildren()
    {
        const auto in =
            importBytes(*makeCpuProfile(),
                        quoted("{'nodes':[{'id':2,'parent':1,'callFrame':{'functionName':'b'}},"
                               "{'id':1,'callFrame':{'functionName':'a'}}],'samples':[2],"
                               "'timeDeltas':[1],'startTime':0,'endTime':5}"));
        QCOMPARE(stackText(in, 0), std::string("a;b"));
    }

    void breaksCircles()
    {
        const auto in =
            importBytes(*makeCpuProfile(),
                        quoted("{'nodes':[{'id':1,'callFrame':{'functionName':'a'},'children':[2]},"
                               "{'id':2,'callFrame':{'functionName':'b'},'children':[1,1,5]}],"
                               "'samples':[1,2],'timeDeltas':[1,1],'startTime':0,'endTime':5}"));
        QVERIFY(in.result.has_value());
        QCOMPARE(in.broken, std::string());
        QCOMPARE(in.noteCount("v8_cycle"), 1u);
        QCOMPARE(in.noteCount("v8_two_callers"), 1u);
        QCOMPARE(in.noteCount("v8_unknown_child"), 1u);
    }

    void keepsWhatIsWholeOfATruncatedFile()
    {
        auto text = profile("2,3,3,4", "100,50,150,200");
        text.resize(text.size() - 6); // inside of the last delta
        const auto in = importBytes(*makeCpuProfile(), text);
        QVERIFY(in.result.has_value());
        QCOMPARE(in.noteCount("v8_truncated"), 1u);
        QCOMPARE(in.samples.size(), std::size_t(4));
        QVERIFY(!importBytes(*makeCpuProfile(), text.substr(0, 300)).result.has_value());
    }

    void spreadsTimesOfOldFilesWithoutAny()
    {
        const auto in = importBytes(
            *makeCpuProfile(),
            quoted("{'head':{'functionName':'node','url':'','lineNumber':0,'id':0,'hitCount':0,"
                   "'children':[{'functionName':'f','id':0,'hitCount':2,'children':[]},"
                   "{'functionName':'g','id':1,'hitCount':2,'children':[]}]},"
                   "'startTime':'10.5','endTime':12.5,'samples':[0,1,0,1],'title':'old'}"));
        QVERIFY(in.result.has_value());
        QCOMPARE(in.noteCount("v8_times_spread"), 4u);
        QCOMPARE(in.noteCount("v8_duplicate_node"), 1u);
        QCOMPARE(stackText(in, 0), std::string("node;f")); // the one with hits
        QCOMPARE(in.samples.time[1].time_since_epoch().count(), 11'000'000'000);
        QCOMPARE(in.samples.value[3], 500'000'000);
        QCOMPARE(in.meta.tracks.at(1).name, std::string("old"));
    }

    void readsTimestampsOfOldFiles()
    {
        const auto in =
            importBytes(*makeCpuProfile(),
                        quoted("{'head':{'functionName':'(root)','id':1,'hitCount':0,'children':"
                               "[{'functionName':'f','id':2,'hitCount':2,'children':[]}]},"
                               "'samples':[2,2],'timestamps':[1000,1500,1700]}"));
        QVERIFY(in.result.has_value());
        QCOMPARE(in.samples.value[0], 500'000);
        QCOMPARE(in.samples.value[1], 200'000);
    }

    void readsTreesThatAreVeryDeep()
    {
        std::string text = "{\"head\":";
        constexpr int kDepth = 100'000;
        for (int i = 0; i < kDepth; ++i)
            text += quoted("{'callFrame':{'functionName':'f'},'selfSize':1,'children':[");
        for (int i = 0; i < kDepth; ++i)
            text += "]}";
        text += '}';
        const auto in = importBytes(*makeHeapProfile(), text);
        QVERIFY(in.result.has_value());
        QCOMPARE(in.broken, std::string());
        QCOMPARE(in.measure("inuse_space")->total, kDepth);
        QVERIFY(in.noteCount("stack_too_deep") > 0);
    }

    void countsThePiecesOfAHeapProfile()
    {
        const auto in = importBytes(
            *makeHeapProfile(),
            quoted("{'head':{'callFrame':{'functionName':'(root)'},'selfSize':0,'id':1,'children':["
                   "{'callFrame':{'functionName':'a'},'selfSize':300,'id':2,'children':["
                   "{'callFrame':{'functionName':'b'},'selfSize':50,'id':3,'children':[]}]}]},"
                   "'samples':[{'size':100,'nodeId':2,'ordinal':1},{'size':200,'nodeId':2,'ordinal'"
                   ":2},"
                   "{'size':60,'nodeId':3,'ordinal':3},{'size':1,'nodeId':77,'ordinal':4}]}"));
        QVERIFY(in.result.has_value());
        QCOMPARE(in.samples.size(), std::size_t(2));
        QCOMPARE(in.samples.value[0], 300);
        QCOMPARE(in.samples.count[0], 2);
        QCOMPARE(stackText(in, 1), std::string("a;b"));
        QCOMPARE(in.samples.value[1], 50);
        QCOMPARE(in.noteCount("v8_heap_lists_differ"), 1u);
        QCOMPARE(in.noteCount("v8_unknown_node"), 1u);
    }

    void refusesOtherFiles()
    {
        for (const auto *const text : {"", "{}", "[]", "{'nodes':[]}", "{'head':null}"}) {
            QVERIFY(!importBytes(*makeCpuProfile(), quoted(text)).result.has_value());
            QVERIFY(!importBytes(*makeHeapProfile(), quoted(text)).result.has_value());
        }
    }
};

QTEST_GUILESS_MAIN(TestV8)
#include "tst_v8.moc"
