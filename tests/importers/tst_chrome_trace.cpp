#include "importers/formats.h"
#include "tests/support/import_contract.h"

#include <QTest>

#include <algorithm>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

// JSON with ' for ", which reads better here.
std::string json(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

Imported import(std::string text)
{
    return importBytes(*makeChromeTrace(), json(std::move(text)));
}

std::string textOf(const Imported &in, StringId id)
{
    return std::string(in.dimensions.strings.text(id));
}

// "name begin+length depth" of each slice, by begin; "track:" in front where there are several.
std::string slicesOf(const Imported &in)
{
    std::string out;
    for (std::size_t i = 0; i < in.slices.size(); ++i) {
        const auto &s = in.slices;
        out += (out.empty() ? "" : ", ") + textOf(in, s.name[i]) + ' ' +
               std::to_string(s.begin[i].time_since_epoch().count()) + '+' +
               std::to_string(s.length[i].count()) + " d" + std::to_string(s.depth[i]);
        if (s.kind[i] != SliceKind::Slice)
            out += s.kind[i] == SliceKind::Async ? " async" : " instant";
        if ((s.flags[i] & kSliceNoEnd) != 0)
            out += " no end";
        if ((s.flags[i] & kSliceNoBegin) != 0)
            out += " no begin";
    }
    return out;
}

std::string argsOf(const Imported &in, std::size_t slice)
{
    const auto id = in.slices.args[slice];
    return id.raw == 0 ? std::string() : in.texts[id.raw - 1];
}

std::string trackOf(const Imported &in, TrackId id)
{
    return in.meta.tracks[id.raw - 1].name;
}

Match probe(const std::string &text)
{
    const auto head = json(text);
    return makeChromeTrace()->probe({.head = std::as_bytes(std::span(head)), .headIsAll = true});
}

} // namespace

class TestChromeTrace : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nestsBeginsEndsAndCompleteSlices()
    {
        const auto in = import("[{'ph':'B','pid':1,'tid':2,'ts':0,'name':'a'},"
                               "{'ph':'X','pid':1,'tid':2,'ts':1,'dur':2,'name':'b'},"
                               "{'ph':'X','pid':1,'tid':2,'ts':1.5,'dur':1,'name':'c'},"
                               "{'ph':'E','pid':1,'tid':2,'ts':10}]");
        QCOMPARE(slicesOf(in), std::string("a 0+10000 d0, b 1000+2000 d1, c 1500+1000 d2"));
        QVERIFY(in.meta.notes.empty());
    }
    void readsFractionsOfMicrosecondsExactly()
    {
        const auto in = import("[{'ph':'X','ts':1661203462598738.123,'dur':0.001,'name':'a'},"
                               "{'ph':'X','ts':'2000000000000000','dur':'1.5','name':'b'}]");
        QCOMPARE(slicesOf(in), std::string("a 1661203462598738123+1 d0, "
                                           "b 2000000000000000000+1500 d0"));
    }
    void keepsTheEventsOfAFileWithoutAnEnd()
    {
        const auto in = import("[{'ph':'X','ts':1,'dur':1,'name':'a'},{'ph':'X','ts':2,'na");
        QVERIFY(in.result.has_value());
        QCOMPARE(slicesOf(in), std::string("a 1000+1000 d0"));
        QCOMPARE(in.noteCount("chrome_no_end"), 1u);
        QCOMPARE(in.noteCount("chrome_cut_event"), 1u);
        QVERIFY(import("[{'ph':'X','ts':1,'dur':1,'name':'a'},\n\n").noteCount("chrome_no_end") ==
                1);
        QCOMPARE(import("[{'ph':'X','ts':1,'dur':1,'name':'a'},\n").noteCount("chrome_cut_event"),
                 0u);
    }
    void takesTheListWhereverItIsInTheObject()
    {
        const auto in =
            import("{ 'otherData':{'host':'h','list':[1,{'a':']'}]}, 'displayTimeUnit':'ns',"
                   "'traceEvents' : [ {'ph':'X','ts':1,'dur':1,'name':'a'} ] ,"
                   "'metadata':{'product':'Node'} }");
        QCOMPARE(slicesOf(in), std::string("a 1000+1000 d0"));
        QCOMPARE(in.provenance("otherData.host"), std::string("h"));
        QCOMPARE(in.provenance("metadata.product"), std::string("Node"));
        QCOMPARE(in.noteCount("chrome_other_member"), 1u); // the list
    }
    void keepsArgumentsInOneForm()
    {
        const auto in = import(
            "[{'ph':'X','ts':1,'dur':1,'name':'a','cat':'c','args':{'z':1, 'b' : {'q': [1, 2]}}},"
            "{'ph':'B','ts':3,'name':'b','args':{'x':1,'y':'at begin'}},"
            "{'ph':'E','ts':4,'args':{'y':'at end','a':true}},"
            "{'ph':'X','ts':5,'dur':1,'name':'c','args':{}}]");
        QCOMPARE(argsOf(in, 0), json("{'b':{'q':[1,2]},'cat':'c','z':1}"));
        QCOMPARE(argsOf(in, 1), json("{'a':true,'x':1,'y':'at begin','y (end)':'at end'}"));
        QCOMPARE(argsOf(in, 2), std::string());
    }
    void readsEscapesInNames()
    {
        const auto in =
            import(R"([{'ph':'X','ts':1,'dur':1,'name':'a\'b\n\u00e4\ud83d\ude00\ud800'}])");
        QCOMPARE(textOf(in, in.slices.name[0]), std::string("a\"b\n\u00e4\U0001F600\uFFFD"));
    }
    void endsOfOneNameCloseItsSlice()
    {
        const auto in =
            import("[{'ph':'B','ts':0,'name':'alpha'},{'ph':'B','ts':1,'name':'beta'},"
                   "{'ph':'E','ts':9,'name':'alpha'},{'ph':'E','ts':10,'name':'beta'}]");
        QCOMPARE(slicesOf(in), std::string("alpha 0+9000 d0, beta 1000+9000 d1"));
        QCOMPARE(in.noteCount("trace_overlap"), 1u);
    }
    void slicesWithoutBeginOrEndReachTheEdgesOfTheirTrack()
    {
        const auto in = import("[{'ph':'X','ts':5,'dur':1,'name':'x'},{'ph':'E','ts':7,'name':'e'},"
                               "{'ph':'B','ts':8,'name':'b'},{'ph':'i','ts':9,'name':'i'}]");
        QCOMPARE(slicesOf(in), std::string("e 5000+2000 d0 no begin, x 5000+1000 d1, "
                                           "b 8000+1000 d0 no end, i 9000+0 d0 instant"));
        QCOMPARE(in.noteCount("trace_no_begin"), 1u);
        QCOMPARE(in.noteCount("trace_no_end"), 1u);
    }
    void matchesInOrderOfTimeWhereTheFileGoesBack()
    {
        // Two pieces of a thread's buffer, the later one first.
        const auto in =
            import("[{'ph':'E','ts':20},{'ph':'B','ts':30,'name':'c'},{'ph':'E','ts':40},"
                   "{'ph':'B','ts':0,'name':'a'},{'ph':'B','ts':10,'name':'b'},"
                   "{'ph':'E','ts':15}]");
        QCOMPARE(slicesOf(in), std::string("a 0+20000 d0, b 10000+5000 d1, c 30000+10000 d0"));
        QCOMPARE(in.noteCount("trace_backward_time"), 1u);
        QCOMPARE(in.meta.notes.size(), std::size_t(1));
    }
    void asynchronousSlicesNestById()
    {
        const auto in = import("[{'ph':'b','cat':'c','id':1,'ts':0,'name':'a','pid':1},"
                               "{'ph':'b','cat':'c','id':2,'ts':1,'name':'other','pid':1},"
                               "{'ph':'b','cat':'c','id':1,'ts':2,'name':'in','pid':1},"
                               "{'ph':'n','cat':'c','id':1,'ts':3,'name':'step','pid':1},"
                               "{'ph':'e','cat':'c','id':1,'ts':4,'name':'in','pid':1},"
                               "{'ph':'e','cat':'c','id':1,'ts':5,'name':'a','pid':1},"
                               "{'ph':'e','cat':'c','id':2,'ts':6,'name':'other','pid':1}]");
        QCOMPARE(slicesOf(in),
                 std::string("a 0+5000 d0 async, other 1000+5000 d1 async, in 2000+2000 d2 async, "
                             "step 3000+0 d0 instant"));
        QCOMPARE(trackOf(in, in.slices.track[0]), std::string("c"));
        QCOMPARE(trackOf(in, in.meta.tracks[in.slices.track[0].raw - 1].parent),
                 std::string("process 1"));
    }
    void localIdsAreOfTheirProcess()
    {
        const auto in =
            import("[{'ph':'b','cat':'c','id2':{'local':'1'},'ts':0,'name':'a','pid':1},"
                   "{'ph':'b','cat':'c','id2':{'local':'1'},'ts':1,'name':'a','pid':2},"
                   "{'ph':'e','cat':'c','id2':{'local':'1'},'ts':2,'name':'a','pid':1},"
                   "{'ph':'e','cat':'c','id2':{'local':'1'},'ts':4,'name':'a','pid':2}]");
        QCOMPARE(slicesOf(in), std::string("a 0+2000 d0 async, a 1000+3000 d0 async"));
    }
    void arrowsJoinTheirPoints()
    {
        const auto in = import("[{'ph':'X','pid':1,'tid':1,'ts':0,'dur':10,'name':'from'},"
                               "{'ph':'X','pid':1,'tid':2,'ts':20,'dur':10,'name':'to'},"
                               "{'ph':'s','pid':1,'tid':1,'ts':5,'id':7,'name':'f','cat':'c'},"
                               "{'ph':'f','pid':1,'tid':2,'ts':15,'id':7,'name':'f','cat':'c'},"
                               "{'ph':'s','pid':1,'tid':1,'ts':6,'id':8,'name':'f','cat':'c'}]");
        QCOMPARE(in.flows.size(), std::size_t(1));
        QCOMPARE(in.flows.begin[0].time_since_epoch().count(), 5000);
        QCOMPARE(in.flows.length[0].count(), 15000); // to the slice that begins next
        QCOMPARE(trackOf(in, in.flows.from[0]), std::string("thread 1"));
        QCOMPARE(trackOf(in, in.flows.to[0]), std::string("thread 2"));
        QCOMPARE(in.noteCount("trace_flow_no_end"), 1u);
    }
    void countersAreATrackASeries()
    {
        const auto in =
            import("[{'ph':'C','pid':1,'ts':1,'name':'heap','args':{'used':10,'free':'2.5'}},"
                   "{'ph':'C','pid':1,'ts':2,'name':'cpu','args':{'value':3}},"
                   "{'ph':'C','pid':1,'ts':3,'name':'cpu','args':{'value':'much'}}]");
        QCOMPARE(in.counters.size(), std::size_t(3));
        QStringList tracks;
        for (const auto id : in.counters.track)
            tracks << QString::fromStdString(trackOf(in, id));
        QCOMPARE(tracks, QStringList({"heap used", "heap free", "cpu"}));
        QCOMPARE(in.noteCount("chrome_bad_counter"), 1u);
    }
    void tracksHaveTheNamesThatTheFileGivesThem()
    {
        const auto in =
            import("[{'ph':'X','pid':'GPU 0','tid':'stream 7','ts':1,'dur':1,'name':'k'},"
                   "{'ph':'X','pid':5,'tid':6,'ts':1,'dur':1,'name':'a'},"
                   "{'ph':'M','pid':5,'tid':6,'name':'thread_name','args':{'name':'main'}},"
                   "{'ph':'M','pid':5,'name':'process_name','args':{'name':'shop'}}]");
        QStringList names;
        for (const auto &track : in.meta.tracks)
            names << QString::fromStdString(track.name);
        QCOMPARE(names, QStringList({"GPU 0", "stream 7", "shop", "main"}));
        QCOMPARE(in.meta.tracks[3].tid, 6);
    }
    void samplesReferToTheTreeOfFrames()
    {
        const auto in =
            import("{'traceEvents':[{'ph':'P','pid':1,'tid':1,'ts':9,'name':'s','sf':2}],"
                   "'samples':[{'cpu':3,'tid':1,'pid':1,'ts':'10','name':'x','sf':'3','weight':2}],"
                   "'stackFrames':{'1':{'name':'main','category':'m'},"
                   "'2':{'name':'f','parent':'1'},'3':{'name':'g','parent':2}}}");
        QVERIFY(in.result.has_value());
        QCOMPARE(in.samples.size(), std::size_t(2));
        QCOMPARE(functionTable(in, "samples"), std::string("2 2 g\n1 3 f\n0 3 main\n"));
    }
    void profilesOfV8AreSamples()
    {
        const auto in = import(
            "[{'ph':'P','pid':1,'tid':1,'ts':100,'id':'0x1','name':'Profile','args':{'data':{'"
            "startTime':100}}},"
            "{'ph':'P','pid':1,'tid':2,'ts':200,'id':'0x1','name':'ProfileChunk','args':{'data':{'"
            "cpuProfile':"
            "{'nodes':[{'id':1,'callFrame':{'functionName':'(root)'}},"
            "{'id':2,'parent':1,'callFrame':{'functionName':'f','url':'a.js','lineNumber':4}}],"
            "'samples':[2,2]},'timeDeltas':[10,20]}}},"
            "{'ph':'P','pid':1,'tid':2,'ts':300,'id':'0x1','name':'ProfileChunk','args':{'data':{'"
            "cpuProfile':"
            "{'nodes':[{'id':3,'parent':2,'callFrame':{'functionName':''}}],'samples':[3]},'"
            "timeDeltas':[5]}}}]");
        QCOMPARE(in.samples.size(), std::size_t(3));
        QCOMPARE(in.samples.time[0].time_since_epoch().count(), 110'000);
        QCOMPARE(in.samples.time[2].time_since_epoch().count(), 135'000);
        QCOMPARE(trackOf(in, in.samples.track[0]), std::string("thread 1"));
        QCOMPARE(functionTable(in, "time"), std::string("25000 25000 f\n"));
    }
    void timesOfPyTorchAreOnTheWallClock()
    {
        const auto base = import("{'schemaVersion':1,'baseTimeNanoseconds':1719853884000000000,"
                                 "'traceEvents':[{'ph':'X','ts':1,'dur':1,'name':'a'}]}");
        QCOMPARE(base.meta.wallOffsetNs.value_or(0), 1'719'853'884'000'000'000);
        const auto old =
            import("{'schemaVersion':1,"
                   "'traceEvents':[{'ph':'X','ts':1661203462598738,'dur':1,'name':'a'}]}");
        QCOMPARE(old.meta.wallOffsetNs.value_or(-1), 0);
        QVERIFY(!import("[{'ph':'X','ts':1661203462598738,'dur':1,'name':'a'}]").meta.wallOffsetNs);
    }
    void damageCostsWhatIsDamaged()
    {
        const auto in = import("[{'ph':'X','ts':1,'dur':1,'name':'a'},\n"
                               "{'ph':'X','ts':2,'na{'ph':'X','ts':3,'dur':1,'name':'c'},\n"
                               "{'ph':'X','ts':4,'dur':1,'name':'d'}, 17, null,\n"
                               "{'ph':'X','ts':'soon','dur':1,'name':'e'},\n"
                               "{'ph':'?','ts':6,'name':'f'}]");
        QCOMPARE(slicesOf(in), std::string("a 1000+1000 d0, d 4000+1000 d0"));
        QCOMPARE(in.noteCount("chrome_bad_event"), 1u);
        QCOMPARE(in.noteCount("chrome_no_event"), 2u);
        QCOMPARE(in.noteCount("chrome_bad_time"), 1u);
        QCOMPARE(in.noteCount("chrome_unknown_phase"), 1u);
    }
    void skipsAnEventThatIsTooLarge()
    {
        std::string text = json("[{'ph':'X','ts':1,'dur':1,'name':'a'},{'ph':'X','ts':2,'name':'");
        text.append(100u << 20, 'x');
        text += json("'},{'ph':'X','ts':3,'dur':1,'name':'b'}]");
        const auto in = importBytes(*makeChromeTrace(), text);
        QCOMPARE(slicesOf(in), std::string("a 1000+1000 d0, b 3000+1000 d0"));
        QCOMPARE(in.noteCount("chrome_long_event"), 1u);
    }
    void timesBeyondTheRangeAreMovedThere()
    {
        const auto in = import("[{'ph':'X','ts':9223372036854775808,'dur':1,'name':'a'},"
                               "{'ph':'X','ts':-1e300,'dur':1e300,'name':'b'}]");
        QCOMPARE(in.slices.begin[0].time_since_epoch().count(), INT64_MIN);
        QCOMPARE(in.slices.begin[1].time_since_epoch().count(), INT64_MAX);
        QCOMPARE(in.noteCount("trace_time_range"), 2u);
        QCOMPARE(in.broken, std::string());
    }
    void slicesAHundredThousandDeepAreNoTrouble()
    {
        std::string text = "[";
        for (int i = 0; i < 100'000; ++i)
            text += "{'ph':'B','ts':" + std::to_string(i) + ",'name':'a'},";
        for (int i = 0; i < 100'000; ++i)
            text += "{'ph':'E','ts':" + std::to_string(100'000 + i) + "},";
        const auto in = import(text + "]");
        QCOMPARE(in.slices.size(), std::size_t(100'000));
        QCOMPARE(*std::max_element(in.slices.depth.begin(), in.slices.depth.end()), 99'999u);
    }
    void recognisesItsFiles()
    {
        QCOMPARE(probe("[{'ph':'X','ts':1}"), Match::Strong);
        QCOMPARE(
            probe("\xef\xbb\xbf[\n {'pid':1,'args':{'name':'a'},'ph':'M','cat':'__metadata','na"),
            Match::Strong);
        QCOMPARE(probe("{'metadata':{},'traceEvents' : ["), Match::Strong);
        QCOMPARE(probe("{'traceEvents':{}}"), Match::No);
        QCOMPARE(probe("[{'phase':'X','ts':1}]"), Match::No);
        QCOMPARE(probe("[]"), Match::No);
        QCOMPARE(probe("{}"), Match::No);
    }
};

QTEST_GUILESS_MAIN(TestChromeTrace)
#include "tst_chrome_trace.moc"
