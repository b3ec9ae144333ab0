#include "importers/formats.h"
#include "tests/support/load_totals.h"

#include <QTest>

#include <algorithm>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

std::string textOf(const Imported &in, StringId id)
{
    return std::string(in.dimensions.strings.text(id));
}

// From the outermost; addresses as "module+address".
std::string stackText(const Imported &in, std::size_t sample)
{
    const auto &d = in.dimensions;
    std::string out;
    for (auto id = in.samples.stack[sample]; id.raw != 0; id = d.stacks.caller[id.raw]) {
        const auto frame = d.stacks.frame[id.raw];
        auto name = textOf(in, d.frames.function[frame.raw]);
        if (name.empty())
            name = std::string(d.module(frame)) + "+" + std::to_string(d.frames.address[frame.raw]);
        out = out.empty() ? name : name + ';' + out;
    }
    return out;
}

// "stack value@time" of one measure and thread, in order of time.
std::vector<std::string> rowsOf(const Imported &in, std::string_view measure,
                                std::string_view track)
{
    std::vector<std::string> out;
    for (std::size_t i = 0; i < in.samples.size(); ++i) {
        if (in.meta.measures[in.samples.measure[i].raw - 1].name == measure &&
            in.meta.tracks[in.samples.track[i].raw - 1].name == track)
            out.push_back(stackText(in, i) + ' ' + std::to_string(in.samples.value[i]) + '@' +
                          std::to_string(in.samples.time[i].time_since_epoch().count()));
    }
    return out;
}

// "name begin+length kind flags args" of the markers of a thread, sorted.
std::vector<std::string> markersOf(const Imported &in, std::string_view track,
                                   std::string_view process)
{
    std::vector<std::string> out;
    for (std::size_t i = 0; i < in.slices.size(); ++i) {
        const auto &row = in.meta.tracks[in.slices.track[i].raw - 1];
        if (row.name != track || in.meta.tracks[row.parent.raw - 1].name != process)
            continue;
        out.push_back(textOf(in, in.slices.name[i]) + ' ' +
                      std::to_string(in.slices.begin[i].time_since_epoch().count()) + '+' +
                      std::to_string(in.slices.length[i].count()) +
                      (in.slices.kind[i] == SliceKind::Instant ? " instant" : " interval") + ' ' +
                      std::to_string(in.slices.flags[i]));
    }
    std::sort(out.begin(), out.end());
    return out;
}

using Rows = std::vector<std::string>;

} // namespace

class TestFirefox : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsTheBrowsersOwnForm()
    {
        const auto in = importFixture(*makeFirefox(), "firefox/gecko.json");
        QVERIFY(in.result.has_value());
        QCOMPARE(in.broken, std::string());
        // By hand from what ORIGIN.md says: addresses less the begin of their library.
        QCOMPARE(rowsOf(in, "samples", "Compositor"),
                 (Rows{"(root);/opt/firefox/firefox+3972;/opt/firefox/libxul.so+6725 1@1500000",
                       "(root);/opt/firefox/firefox+3972;/opt/firefox/libxul.so+6725 1@2500000",
                       "(root);Startup::XRE_Main;js 1@3750000",
                       "(root);Startup::XRE_Main;js;layout::Reflow() 1@5500000",
                       "(root);CPU cores (4) 1@6500000"}));
        QCOMPARE(rowsOf(in, "cpu", "Compositor").at(1),
                 "(root);/opt/firefox/firefox+3972;/opt/firefox/libxul.so+6725 1000000@2500000");
        QCOMPARE(in.noteCount("firefox_no_stack"), 3u); // one of each thread
        QCOMPARE(*in.meta.wallOffsetNs, 1'700'000'000'123'500'000);
        const auto &d = in.dimensions;
        for (std::uint32_t i = 1; i < d.frames.size(); ++i) {
            const auto name = textOf(in, d.frames.function[i]);
            if (name == "js") {
                QCOMPARE(textOf(in, d.frames.file[i]), std::string("https://shop.example/app.js"));
                QCOMPARE(d.frames.line[i], 12u);
                QCOMPARE(d.frames.kind[i], FrameKind::Jit);
            } else if (name == "layout::Reflow()") {
                QCOMPARE(std::string(d.module(FrameId{i})), std::string("libxul.so"));
            } else if (name == "Startup::XRE_Main") {
                QCOMPARE(d.frames.line[i], 4391u);
            } else if (name.empty()) {
                QCOMPARE(d.frames.source[i], SymbolSource::None);
            }
        }
    }

    // A process that began a second later.
    void movesTimesOfOtherProcesses()
    {
        const auto in = importFixture(*makeFirefox(), "firefox/gecko.json");
        Timestamp first = Timestamp::max();
        for (std::size_t i = 0; i < in.samples.size(); ++i) {
            const auto &track = in.meta.tracks[in.samples.track[i].raw - 1];
            if (track.pid == 950)
                first = std::min(first, in.samples.time[i]);
        }
        QCOMPARE(first.time_since_epoch().count(), 1'001'500'000);
    }

    void readsMarkersOfEveryPhase()
    {
        const auto in = importFixture(*makeFirefox(), "firefox/gecko.json");
        // By hand; the thread was last seen at 6.5 ms, which is how long GCMinor lasts.
        QCOMPARE(markersOf(in, "Compositor markers", "Firefox"),
                 (Rows{"GCMinor 6000000+500000 interval 2", "Load 1000000+0 interval 4",
                       "Paint 3000000+2000000 interval 0", "Paint 3250000+250000 interval 0",
                       "Reflow 2500000+2000000 interval 0", "VsyncTimestamp 2000000+0 instant 0"}));
        QCOMPARE(in.noteCount("firefox_marker_no_begin"), 3u);
        QCOMPARE(in.noteCount("firefox_marker_no_end"), 3u);
    }

    void readsMarkersWithoutPhases()
    {
        const auto in = importFixture(*makeFirefox(), "firefox/gecko-old.json");
        QVERIFY(in.result.has_value());
        QCOMPARE(in.broken, std::string());
        QCOMPARE(markersOf(in, "GeckoMain markers", "Firefox"),
                 (Rows{"Load 9000000+0 instant 0", "Paint 2000000+3000000 interval 0",
                       "Reflow 8000000+1500000 interval 0", "VsyncTimestamp 0+0 instant 0"}));
        // The other process, a text in the file, began three seconds later.
        QCOMPARE(markersOf(in, "Content markers", "Firefox").at(0),
                 std::string("Load 3009000000+0 instant 0"));
    }

    void keepsWhatMarkersSay()
    {
        const auto in = importFixture(*makeFirefox(), "firefox/gecko.json");
        Rows args;
        for (std::size_t i = 0; i < in.slices.size(); ++i) {
            if (in.slices.args[i].raw != 0)
                args.push_back(std::string(in.texts.at(in.slices.args[i].raw - 1)));
        }
        std::sort(args.begin(), args.end());
        args.erase(std::unique(args.begin(), args.end()), args.end());
        QCOMPARE(args.size(), std::size_t(3));
        QCOMPARE(args.at(0), std::string("{\"a\":\"\\u00e9\",\"type\":\"GC\",\"z\":1}"));
        QCOMPARE(args.at(1),
                 std::string("{\"elementsStyled\":7,\"nested\":{\"b\":[1,2],\"a\":\"x\"},\"type\":"
                             "\"Styles\"}"));
    }

    void readsTheProcessedForm_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("tables of each thread") << "processed.json";
        QTest::newRow("shared tables") << "shared.json";
    }
    void readsTheProcessedForm()
    {
        QFETCH(QString, file);
        const auto in = importFixture(*makeFirefox(), "firefox/" + file.toStdString());
        QVERIFY(in.result.has_value());
        QCOMPARE(in.broken, std::string());
        // By hand: deltas add up to 10.5, 11.5, 12.5 (without a stack), 12.75 and 14.75 ms.
        const std::string base = "/srv/shop/shop+4660;/srv/shop/shop+22136";
        QCOMPARE(rowsOf(in, "samples", "shop"),
                 (Rows{base + " 1@10500000", base + ";render 3@11500000",
                       base + ";priceOf(Item const&) 1@12750000", base + ";render 1@14750000"}));
        QCOMPARE(in.measure("native allocations")->total, 4096 - 1024 + 8);
        QCOMPARE(in.measure("cpu")->total, 1000 + 2500 + 1);
        QCOMPARE(*std::max_element(in.samples.count.begin(), in.samples.count.end()), 3);
        QCOMPARE(markersOf(in, "shop markers", "shop"),
                 (Rows{"Mark 11000000+0 instant 0", "Mark 12000000+2500000 interval 0"}));
        QCOMPARE(in.meta.modules.at(0).buildId,
                 std::string("9a9c6aeba5df4178de168e26fe30ddcdab47d374"));
        QCOMPARE(in.meta.tracks.at(1).tid, 4243);
        const auto &d = in.dimensions;
        for (std::uint32_t i = 1; i < d.frames.size(); ++i) {
            if (textOf(in, d.frames.function[i]) == "render") {
                QCOMPARE(textOf(in, d.frames.file[i]), std::string("app.js"));
                QCOMPARE(d.frames.line[i], 7u);
            }
        }
        if (file == "shared.json") {
            QCOMPARE(in.measure("time")->total, 2'250'000);
            QCOMPARE(rowsOf(in, "time", "worker").at(0),
                     base + ";priceOf(Item const&) 250000@20000000");
        }
    }

    // Points of memory are changes; older files have them in groups.
    void readsCounters()
    {
        const std::string table =
            "{\"schema\":{\"time\":0,\"count\":1},\"data\":[[1,100],[2.5,-30]]}";
        const std::string begin = "{\"meta\":{\"startTime\":5},\"threads\":[{}],\"counters\":[";
        const auto now =
            importBytes(*makeFirefox(), begin +
                                            "{\"name\":\"malloc\",\"category\":\"Memory\","
                                            "\"pid\":\"7\",\"samples\":" +
                                            table + "}]}");
        const auto old = importBytes(
            *makeFirefox(),
            begin + "{\"name\":\"power\",\"sample_groups\":[{\"id\":0,\"samples\":" + table +
                "}]},{\"samples\":{\"time\":[1],\"count\":[null]}}]}");
        QCOMPARE(now.counters.value, (std::vector<double>{100, 70}));
        QCOMPARE(now.counters.time[1].time_since_epoch().count(), 2'500'000);
        QCOMPARE(now.meta.tracks.back().name, std::string("malloc [bytes] of process 7"));
        QCOMPARE(old.counters.value, (std::vector<double>{100, -30}));
        QCOMPARE(old.noteCount("firefox_bad_counter"), 1u);
    }

    void countsWhatIsOdd()
    {
        const auto in = importFixture(*makeFirefox(), "firefox/bad-odd.json");
        QVERIFY(in.result.has_value());
        QCOMPARE(in.broken, std::string());
        QCOMPARE(in.noteCount("firefox_unknown_stack"), 1u);
        QCOMPARE(in.noteCount("firefox_bad_prefix"), 1u);
        QCOMPARE(in.noteCount("firefox_unknown_frame"), 1u);
        QCOMPARE(in.noteCount("firefox_marker_no_time"), 2u);
        QCOMPARE(in.noteCount("firefox_bad_process"), 2u);
    }

    void keepsWhatIsWholeOfATruncatedFile()
    {
        auto text = readFile(FW_SOURCE_DIR "/tests/fixtures/firefox/gecko.json");
        text.resize(text.size() / 2);
        const auto in = importBytes(*makeFirefox(), text);
        QVERIFY(in.result.has_value());
        QCOMPARE(in.noteCount("firefox_truncated"), 1u);
        QVERIFY(in.samples.size() >= 5);
    }

    void refusesOtherFiles()
    {
        for (const auto *const text : {"", "{}", "[]", "{\"threads\":[]}", "{\"meta\":{}}"})
            QVERIFY(!importBytes(*makeFirefox(), text).result.has_value());
    }
};

QTEST_GUILESS_MAIN(TestFirefox)
#include "tst_firefox.moc"
