#include "importers/formats.h"
#include "tests/support/import_contract.h"
#include "tests/support/pprof_writer.h"

#include <QTest>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

// A profile with one function "work" at location 1.
PprofWriter oneFunction()
{
    PprofWriter w;
    w.function(1, "work", "work.c");
    w.location(1, 0, 0x10, {{1, 7}});
    return w;
}

std::int64_t onlyValue(const PprofWriter &w)
{
    const auto in = importBytes(*makePprof(), w.bytes());
    return in.result.has_value() && in.samples.size() == 1 ? in.samples.value[0] : INT64_MIN;
}

std::string labelsOf(const PprofWriter &w)
{
    const auto in = importBytes(*makePprof(), w.bytes());
    if (!in.result.has_value() || in.samples.size() != 1)
        return "?";
    return std::string(in.dimensions.strings.text(in.samples.labels[0]));
}

} // namespace

class TestPprof : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void scalesTimeAndSizesExactly_data()
    {
        QTest::addColumn<QString>("unit");
        QTest::addColumn<int>("expectedUnit");
        QTest::addColumn<qint64>("value");
        QTest::addColumn<qint64>("expected");
        const auto ns = static_cast<int>(Unit::Nanoseconds), bytes = static_cast<int>(Unit::Bytes),
                   count = static_cast<int>(Unit::Count);
        QTest::newRow("ns") << "nanoseconds" << ns << qint64(9007199254740993)
                            << qint64(9007199254740993);
        QTest::newRow("us") << "microseconds" << ns << qint64(3) << qint64(3000);
        QTest::newRow("mu") << "\u03bcs" << ns << qint64(3) << qint64(3000);
        QTest::newRow("ms") << "Milliseconds" << ns << qint64(-2) << qint64(-2'000'000);
        QTest::newRow("s") << "s" << ns << qint64(2) << qint64(2'000'000'000);
        QTest::newRow("seconds") << "seconds" << ns << qint64(1) << qint64(1'000'000'000);
        QTest::newRow("too large") << "seconds" << ns << qint64(INT64_MAX) << qint64(INT64_MAX);
        QTest::newRow("too small") << "seconds" << ns << qint64(INT64_MIN) << qint64(INT64_MIN);
        QTest::newRow("bytes") << "bytes" << bytes << qint64(5) << qint64(5);
        QTest::newRow("kB") << "kilobytes" << bytes << qint64(5) << qint64(5120);
        QTest::newRow("MB") << "MB" << bytes << qint64(5) << qint64(5 << 20);
        QTest::newRow("count") << "count" << count << qint64(5) << qint64(5);
        QTest::newRow("objects") << "objects" << count << qint64(5) << qint64(5);
        QTest::newRow("none") << "" << count << qint64(5) << qint64(5);
    }
    void scalesTimeAndSizesExactly()
    {
        QFETCH(QString, unit);
        QFETCH(int, expectedUnit);
        QFETCH(qint64, value);
        QFETCH(qint64, expected);
        auto w = oneFunction();
        w.sampleType("thing", unit.toStdString());
        w.sample({1}, {value});
        const auto in = importBytes(*makePprof(), w.bytes());
        QVERIFY(in.result.has_value());
        QCOMPARE(static_cast<int>(in.meta.measures.at(0).unit), expectedUnit);
        QCOMPARE(QString::fromStdString(in.meta.measures[0].name), QString("thing"));
        QCOMPARE(qint64(in.samples.value.at(0)), expected);
        QCOMPARE(in.noteCount("pprof_value_saturated"),
                 value == INT64_MAX || value == INT64_MIN ? 1u : 0u);
    }

    void keepsUnknownUnitInTheName()
    {
        auto w = oneFunction();
        w.sampleType("power", "milliwatts");
        w.sample({1}, {4});
        const auto in = importBytes(*makePprof(), w.bytes());
        QVERIFY(in.measure("power (milliwatts)"));
        QCOMPARE(in.measure("power (milliwatts)")->total, 4);
    }

    void showsTheDefaultSampleTypeFirst()
    {
        auto w = oneFunction();
        w.sampleType("alloc_objects", "count");
        w.sampleType("alloc_space", "bytes");
        w.sampleType("inuse_space", "bytes");
        w.sample({1}, {1, 2, 3});
        QCOMPARE(importBytes(*makePprof(), w.bytes()).meta.measures[0].name, "inuse_space");
        w.defaultSampleType("alloc_space");
        const auto in = importBytes(*makePprof(), w.bytes());
        QCOMPARE(in.meta.measures[0].name, "alloc_space");
        QCOMPARE(in.meta.measures.size(), std::size_t(3));
        QCOMPARE(in.provenance("default_sample_type"), "alloc_space");
    }

    void keepsTwoSampleTypesOfOneNameApart()
    {
        auto w = oneFunction();
        w.sampleType("x", "count");
        w.sampleType("x", "count");
        w.sample({1}, {1, 2});
        const auto in = importBytes(*makePprof(), w.bytes());
        QVERIFY(in.measure("x"));
        QVERIFY(in.measure("x #2"));
        QCOMPARE(in.measure("x")->total, 1);
        QCOMPARE(in.measure("x #2")->total, 2);
    }

    void countsSamplesByTheCountThatBelongs()
    {
        auto w = oneFunction();
        w.sampleType("alloc_objects", "count");
        w.sampleType("alloc_space", "bytes");
        w.sampleType("inuse_objects", "count");
        w.sampleType("inuse_space", "bytes");
        w.sample({1}, {10, 1000, 3, 300});
        w.sample({1}, {7, 700, 0, 0}); // nothing in use: no rows for it
        const auto in = importBytes(*makePprof(), w.bytes());
        QCOMPARE(in.measure("alloc_space")->samples, 17);
        QCOMPARE(in.measure("inuse_space")->samples, 3);
        QCOMPARE(in.measure("inuse_space")->rows, 1u);
        QCOMPARE(in.measure("alloc_space")->rows, 2u);
    }

    void countsOneWhereNothingIsCounted()
    {
        auto w = oneFunction();
        w.sampleType("cpu", "nanoseconds");
        w.sample({1}, {10});
        w.sample({1}, {0});
        const auto in = importBytes(*makePprof(), w.bytes());
        QCOMPARE(in.measure("cpu")->samples, 1);
    }

    void keepsNegativeValuesOfDifferences()
    {
        auto w = oneFunction();
        w.sampleType("samples", "count");
        w.sampleType("cpu", "nanoseconds");
        w.sample({1}, {-3, -30});
        const auto in = importBytes(*makePprof(), w.bytes());
        QCOMPARE(in.measure("cpu")->total, -30);
        QCOMPARE(in.measure("cpu")->samples, 3); // evidence is not negative
    }

    void writesLabelsAsCanonicalJson()
    {
        auto w = oneFunction();
        w.sampleType("n", "count");
        w.sample({1}, {1},
                 {{"zone", "b\"\n"},
                  {"endpoint", "/cart"},
                  {"bytes", 16, "bytes"},
                  {"delay", 5, "seconds"},
                  {"zone", "a"},
                  {"line", -4, ""}});
        const std::string expected =
            "{\"bytes\":16,\"delay\":{\"value\":5,\"unit\":\"seconds\"},"
            "\"endpoint\":\"/cart\",\"line\":-4,\"zone\":[\"b\\\"\\u000a\",\"a\"]}";
        QCOMPARE(labelsOf(w), expected);
    }

    void dropsLabelsThatAreAbsurdlyLong()
    {
        auto w = oneFunction();
        w.sampleType("n", "count");
        w.sample({1}, {1}, {{"k", std::string(40'000, 'x')}});
        const auto in = importBytes(*makePprof(), w.bytes());
        QCOMPARE(in.noteCount("pprof_labels_too_long"), 1u);
        QCOMPARE(in.samples.labels.at(0).raw, 0u);
    }

    void makesThreadsOfThreadLabels()
    {
        auto w = oneFunction();
        w.sampleType("n", "count");
        w.sample({1}, {1}, {{"thread_id", 17, ""}, {"thread_name", "io"}});
        w.sample({1}, {1}, {{"Thread ID", "18"}, {"Process ID", "4"}});
        w.sample({1}, {1});
        const auto in = importBytes(*makePprof(), w.bytes());
        const auto trackOf = [&](std::size_t i) {
            return in.meta.tracks.at(in.samples.track[i].raw - 1);
        };
        QCOMPARE(trackOf(0).name, "io");
        QCOMPARE(trackOf(0).tid, 17);
        QVERIFY(trackOf(0).kind == TrackKind::Thread);
        QCOMPARE(trackOf(1).tid, 18);
        QCOMPARE(trackOf(1).pid, 4);
        QVERIFY(trackOf(2).kind == TrackKind::Process);
    }

    void takesTheTimeOfASampleFromItsLabel()
    {
        auto w = oneFunction();
        w.sampleType("n", "count");
        w.time(1'700'000'000'000'000'000, 5'000'000'000);
        w.sample({1}, {1}, {{"end_timestamp_ns", 1'700'000'001'000'000'000, ""}, {"k", "v"}});
        const auto in = importBytes(*makePprof(), w.bytes());
        QCOMPARE(*in.meta.wallOffsetNs, 1'700'000'000'000'000'000);
        QCOMPARE(*in.meta.durationNs, 5'000'000'000);
        QCOMPARE(in.samples.time.at(0).time_since_epoch().count(), 1'000'000'000);
        QCOMPARE(labelsOf(w), std::string("{\"k\":\"v\"}"));
    }

    void chainsInlinedFunctions()
    {
        PprofWriter w;
        w.function(1, "inner", "a.h");
        w.function(2, "middle", "a.h");
        w.function(3, "outer", "b.c");
        w.mapping(1, 0x400000, 0x500000, 0x1000, "/bin/shop", "ABCD12");
        w.location(1, 1, 0x400020, {{1, 5}, {2, 9}, {3, 40}}); // innermost first
        w.location(2, 1, 0x400900, {});
        w.sampleType("n", "count");
        w.sample({1, 2}, {1});
        const auto in = importBytes(*makePprof(), w.bytes());
        const auto &d = in.dimensions;
        const auto stack = in.samples.stack.at(0);
        const auto leaf = d.stacks.frame[stack.raw];
        QCOMPARE(std::string(d.function(leaf)), "inner");
        QCOMPARE(d.frames.address[leaf.raw], 0x1020u); // an offset in the file
        QCOMPARE(d.frames.line[leaf.raw], 5u);
        const auto middle = d.frames.outer[leaf.raw], outer = d.frames.outer[middle.raw];
        QCOMPARE(std::string(d.function(middle)), "middle");
        QCOMPARE(std::string(d.function(outer)), "outer");
        QCOMPARE(d.frames.outer[outer.raw].raw, 0u);
        QCOMPARE(int(d.frames.flags[outer.raw]), 0);
        const auto root = d.stacks.frame[d.stacks.caller[stack.raw].raw];
        QVERIFY(d.function(root).empty());
        QVERIFY(d.frames.source[root.raw] == SymbolSource::None);
        QCOMPARE(d.frames.address[root.raw], 0x1900u);
        QCOMPARE(in.meta.modules.at(0).buildId, "abcd12");
        QVERIFY(in.meta.modules[0].kind == ModuleKind::Elf);
    }

    void dropsFramesAsTheProfileAsks()
    {
        PprofWriter w;
        w.function(1, "malloc", "");
        w.function(2, "tc_new", "");
        w.function(3, "std::vector::push(int)", "");
        w.function(4, "main", "");
        w.function(5, ".operator()(int)", "");
        w.location(1, 0, 1, {{1, 1}});
        w.location(2, 0, 2, {{2, 1}});
        w.location(3, 0, 3, {{2, 1}, {3, 1}}); // tc_new inlined into push
        w.location(4, 0, 4, {{4, 1}});
        w.location(5, 0, 5, {{5, 1}});
        w.dropFrames("malloc|tc_.*|operator\\(\\)", "");
        w.sampleType("n", "count");
        w.sample({1, 2, 4}, {1}); // main
        w.sample({1, 3, 4}, {2}); // main;push
        w.sample({1, 2}, {4});    // all of it: nobody's frame is below
        w.sample({5, 4}, {8});    // main
        const auto in = importBytes(*makePprof(), w.bytes());
        const auto text = dump(in);
        QVERIFY2(text.find("[n] main 9 ") != std::string::npos, text.c_str());
        QVERIFY2(text.find("[n] main;std::vector::push(int) 2 ") != std::string::npos,
                 text.c_str());
        QVERIFY2(text.find("[n] tc_new;malloc 4 ") != std::string::npos, text.c_str());
        QCOMPARE(in.noteCount("pprof_frames_dropped"), 3u);
    }

    void keepsFramesThatTheProfileWantsToKeep()
    {
        PprofWriter w;
        w.function(1, "runtime.panic", "");
        w.function(2, "runtime.goexit", "");
        w.function(3, "main", "");
        w.location(1, 0, 1, {{1, 1}});
        w.location(2, 0, 2, {{2, 1}});
        w.location(3, 0, 3, {{3, 1}});
        w.dropFrames("runtime\\..*", "runtime\\.panic");
        w.sampleType("n", "count");
        w.sample({1, 3}, {1});
        w.sample({2, 3}, {1});
        const auto text = dump(importBytes(*makePprof(), w.bytes()));
        QVERIFY2(text.find("main;runtime.panic 1 ") != std::string::npos, text.c_str());
        QVERIFY2(text.find("[n] main 1 ") != std::string::npos, text.c_str());
    }

    void ignoresAFrameFilterThatIsNoExpression()
    {
        auto w = oneFunction();
        w.dropFrames("((", "");
        w.sampleType("n", "count");
        w.sample({1}, {1});
        const auto in = importBytes(*makePprof(), w.bytes());
        QCOMPARE(in.noteCount("pprof_bad_frame_filter"), 1u);
        QCOMPARE(in.samples.size(), std::size_t(1));
    }

    void notesWhatIsNotThere()
    {
        auto w = oneFunction();
        w.location(2, 9, 0x20, {{77, 1}}); // no such mapping, no such function
        w.location(1, 0, 0x30, {});        // the id again
        w.rawFunction(3, 1'000'000);       // no such string
        w.sampleType("n", "count");
        w.sample({1, 99}, {1});
        w.sample({1}, {1, 2});
        w.sample({1}, {});
        const auto in = importBytes(*makePprof(), w.bytes());
        QVERIFY(in.result.has_value());
        QCOMPARE(in.noteCount("pprof_unknown_function"), 1u);
        QCOMPARE(in.noteCount("pprof_duplicate_id"), 1u);
        QCOMPARE(in.noteCount("pprof_bad_string"), 1u);
        QCOMPARE(in.noteCount("pprof_unknown_location"), 1u);
        QCOMPARE(in.noteCount("pprof_value_count"), 2u);
        QCOMPARE(in.measure("n")->total, 2);
    }

    void skipsFieldsOfNewerWriters()
    {
        auto w = oneFunction();
        w.sampleType("n", "count");
        w.sample({1}, {5});
        w.unknownField(2000, "whatever");
        QCOMPARE(onlyValue(w), 5);
    }

    void readsUnpackedNumbersToo()
    {
        auto w = oneFunction();
        w.sampleType("n", "count");
        w.unpackedSample({1, 1}, {6});
        QCOMPARE(onlyValue(w), 6);
    }

    void readsAProfileWithoutSamples()
    {
        PprofWriter w;
        w.sampleType("cpu", "nanoseconds");
        const auto in = importBytes(*makePprof(), w.bytes());
        QVERIFY(in.result.has_value());
        QCOMPARE(in.samples.size(), std::size_t(0));
        QCOMPARE(in.meta.measures.size(), std::size_t(1));
    }

    void refusesWhatIsNoProfile()
    {
        QVERIFY(importBytes(*makePprof(), "").result.error().code() == Errc::Corrupt);
        QVERIFY(importBytes(*makePprof(), "hello world").result.error().code() == Errc::Corrupt);
        auto w = oneFunction();
        w.sample({1}, {5}); // of no type
        QVERIFY(importBytes(*makePprof(), w.bytes()).result.error().code() == Errc::Corrupt);
    }

    void readsAStackOf50000Frames()
    {
        auto w = oneFunction();
        w.sampleType("n", "count");
        w.sample(std::vector<std::uint64_t>(50'000, 1), {5});
        const auto in = importBytes(*makePprof(), w.bytes());
        QVERIFY(in.result.has_value());
        QCOMPARE(in.dimensions.stacks.size(), std::size_t(50'001));
        QCOMPARE(functionTable(in, "n"), "5 5 work\n");
    }

    // The fixture that the contract, the detection and the comparison with go tool pprof use.
    void madeTheFixtureOfEverything()
    {
        PprofWriter w;
        w.sampleType("samples", "count");
        w.sampleType("cpu", "microseconds");
        w.sampleType("alloc", "kilobytes");
        w.function(10, "malloc", "malloc.c");
        w.function(20, "List::push(int)", "list.h");
        w.function(30, "handle", "shop.cc");
        w.function(40, "main", "main.cc");
        w.function(50, "", "");
        w.mapping(3, 0x400000, 0x480000, 0x1000, "/usr/bin/shop", "00aabbcc");
        w.mapping(7, 0x7f0000000000, 0x7f0000010000, 0, "/lib/libc.so.6", "");
        w.mapping(9, 0, 0, 0, "[kernel.kallsyms]_text", "");
        w.location(1, 3, 0x400100, {{40, 12}});
        w.location(2, 3, 0x400200, {{20, 3}, {30, 77}});
        w.location(3, 7, 0x7f0000000300, {{10, 1}});
        w.location(4, 7, 0x7f0000000400, {});
        w.location(5, 9, 0xffffffff81000500, {});
        w.location(6, 0, 0x6000, {});
        w.location(7, 3, 0x400700, {{50, 0}});
        w.sample({3, 2, 1}, {3, 3000, 12}, {{"endpoint", "/cart"}, {"bytes", 4096, "bytes"}});
        w.sample({2, 1}, {2, 2000, 0}, {{"endpoint", "/search"}});
        w.sample({4, 2, 2, 1}, {1, 1500, 7}, {{"thread_id", 8, ""}, {"thread_name", "worker"}});
        w.sample({5, 4, 1}, {1, 1000, 0});
        w.sample({6}, {1, 1, -1});
        w.sample({7, 1}, {1, 5, 0});
        w.sample({1}, {0, 0, 0});
        w.sample({3}, {4, 4, 4});
        w.dropFrames("malloc", "");
        w.period("cpu", "microseconds", 1000);
        w.time(1'700'000'000'123'456'789, 10'000'000'000);
        w.comment("made by a test");
        w.comment("twice");
        w.defaultSampleType("cpu");
        w.docUrl("https://example.org/doc");
        w.unknownField(99, "from the future");
        const auto difference =
            compareGolden(FW_SOURCE_DIR "/tests/fixtures/pprof/features.pb", w.bytes());
        QVERIFY2(difference.empty(), difference.c_str());
    }

    void withstandsManyLinesInOneLocation()
    {
        PprofWriter w;
        w.function(1, "f", "");
        w.location(1, 0, 1, std::vector<std::pair<std::uint64_t, std::int64_t>>(5000, {1, 1}));
        w.sampleType("n", "count");
        w.sample({1}, {5});
        const auto in = importBytes(*makePprof(), w.bytes());
        QCOMPARE(in.broken, std::string());
        QCOMPARE(in.noteCount("pprof_inline_too_deep"), 1u);
    }
};

QTEST_GUILESS_MAIN(TestPprof)
#include "tst_pprof.moc"
