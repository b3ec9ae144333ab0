#include "capture/session/dimensions.h"
#include "session_support.h"

#include <functional>

using namespace flamewright;
using namespace flamewright::test;

// Reading all names, frames and stacks of a capture, of which nothing can be trusted.
class TestDimensions : public QObject {
    Q_OBJECT

    struct Parts {
        StringColumns strings{{1, 2}, "ab"};
        FrameColumns frames{{StringId{1}, StringId{2}, StringId{1}},
                            {{}, {}, StringId{2}},
                            {ModuleId{1}, {}, {}},
                            {0, 1, 2},
                            {FrameKind::User, FrameKind::User, FrameKind::User},
                            {SymbolSource::None, SymbolSource::None, SymbolSource::Dwarf},
                            {0, 0, kFrameInlined},
                            {16, 0, 0},
                            {{}, {}, FrameId{1}}};
        StackColumns stacks{{{}, StackId{1}}, {FrameId{3}, FrameId{2}}};
        CaptureMeta meta{.modules = {{"m", "", ModuleKind::Elf, -1, 0}},
                         .tracks = {{TrackKind::Process, "p", 1, -1, {}},
                                    {TrackKind::Thread, "t", 1, 2, TrackId{1}}}};
    };
    static Result<Dimensions> build(const Parts &parts)
    {
        DimensionsBuilder builder;
        FW_TRY(builder.add(encodeChunk(parts.stacks, 1)));
        FW_TRY(builder.add(encodeChunk(parts.strings, 1)));
        FW_TRY(builder.add(encodeChunk(parts.frames, 1)));
        return std::move(builder).finish(parts.meta);
    }

private Q_SLOTS:
    void resolvesNames()
    {
        const auto all = build({});
        FW_VERIFY(all);
        QVERIFY(all->function(FrameId{2}) == "b");
        QVERIFY(all->file(FrameId{3}) == "b");
        QVERIFY(all->module(FrameId{1}) == "m");
        QVERIFY(all->module(FrameId{2}).empty());
        QVERIFY(all->function(FrameId{}).empty());
        QVERIFY(all->strings.text(StringId{99}).empty());
    }

    void isEmptyWithoutChunks()
    {
        const auto all = DimensionsBuilder().finish({});
        FW_VERIFY(all);
        QCOMPARE(all->frames.size(), 1u);
        QCOMPARE(all->stacks.size(), 1u);
    }

    void refusesReferencesToNothing()
    {
        const std::function<void(Parts &)> defects[] = {
            [](Parts &p) { p.frames.function[0].raw = 3; },
            [](Parts &p) { p.frames.file[0].raw = UINT32_MAX; },
            [](Parts &p) { p.frames.module[1].raw = 2; },
            [](Parts &p) { p.frames.outer[2].raw = 4; },
            [](Parts &p) { p.stacks.frame[1].raw = 4; },
            [](Parts &p) { p.meta.tracks[0].parent.raw = 1; },
            [](Parts &p) { p.meta.tracks[1].parent.raw = 3; },
            [](Parts &p) { p.meta.modules.clear(); },
            // Chains that never end: a frame in itself, two in each other.
            [](Parts &p) { p.frames.outer[2].raw = 3; },
            [](Parts &p) {
                p.frames.flags[1] = kFrameInlined;
                p.frames.outer[1].raw = 3;
                p.frames.outer[2].raw = 2;
            },
        };
        int n = 0;
        for (const auto &defect : defects) {
            Parts parts;
            defect(parts);
            const auto built = build(parts);
            QVERIFY2(!built.has_value(), qPrintable(QString("defect %1").arg(n)));
            QCOMPARE(built.error().code(), Errc::Corrupt);
            ++n;
        }
    }

    // Many frames whose chains share one long tail: hostile, and quadratic when walked one by one.
    void judgesLongSharedChainsQuickly()
    {
        constexpr std::uint32_t kFrames = 60'000;
        Parts parts;
        parts.frames = {};
        for (std::uint32_t i = 1; i <= kFrames; ++i) {
            const auto outer = i < 1000 ? i + 1 : i == 1000 ? 0 : 1;
            parts.frames.function.push_back(StringId{1});
            parts.frames.file.push_back({});
            parts.frames.module.push_back({});
            parts.frames.line.push_back(0);
            parts.frames.kind.push_back(FrameKind::User);
            parts.frames.source.push_back(SymbolSource::Dwarf);
            parts.frames.flags.push_back(outer == 0 ? std::uint8_t{0}
                                                    : std::uint8_t{kFrameInlined});
            parts.frames.address.push_back(0);
            parts.frames.outer.push_back(FrameId{outer});
        }
        FW_VERIFY(build(parts));
        parts.frames.outer[999].raw = 500; // a ring far down
        parts.frames.flags[999] = kFrameInlined;
        QVERIFY(!build(parts).has_value());
    }

    void refusesMissingPages()
    {
        DimensionsBuilder builder;
        const Parts parts;
        FW_VERIFY(builder.add(encodeChunk(parts.strings, 1)));
        QVERIFY(!builder.add(encodeChunk(parts.strings, 4)).has_value());
        QVERIFY(!builder.add(encodeChunk(parts.strings, 1)).has_value());
        FW_VERIFY(builder.add(encodeChunk(parts.strings, 3)));
    }

    void loadsFromASession()
    {
        Workplace place;
        const auto session = openSession(place.file(), OpenMode::Create, place.options);
        FW_VERIFY(session);
        const auto id = addCapture(**session, {.stacks = 500});
        FW_VERIFY(id);
        const auto reader = (*session)->reader();
        FW_VERIFY(reader);
        JobContext job;
        const auto all = loadDimensions(**reader, *id, job);
        FW_VERIFY(all);
        QCOMPARE((*all)->stacks.size(), 501u);
        QCOMPARE((*all)->tracks.size(), 2u);
        QVERIFY((*all)->function((*all)->stacks.frame[500]).starts_with("function"));
        QVERIFY(!loadDimensions(**reader, CaptureId{9}, job).has_value());
    }
};

QTEST_GUILESS_MAIN(TestDimensions)
#include "tst_dimensions.moc"
