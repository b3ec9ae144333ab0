#include "capture/session/chunk_codec.h"
#include "capture/session/dimensions.h"
#include "capture/session/memory_store.h"
#include "capture/session/record_sink.h"

#include <QTest>

#include <cmath>
#include <set>

using namespace flamewright;

namespace {

Timestamp at(std::int64_t ns)
{
    return Timestamp{Duration{ns}};
}

Result<Dimensions> dimensionsOf(const MemoryStore &store)
{
    DimensionsBuilder builder;
    for (const auto kind : {ChunkKind::Strings, ChunkKind::Frames, ChunkKind::Stacks}) {
        for (const auto &chunk : store.chunks()) {
            if (chunk.kind == kind)
                FW_TRY(builder.add(chunk));
        }
    }
    return std::move(builder).finish(store.meta());
}

// Refuses the n-th chunk.
class FailingStore final : public ChunkStore {
public:
    Result<> putChunk(const Chunk &) override
    {
        if (++calls >= 2)
            return fail(Errc::DiskFull, "no room");
        return {};
    }
    Result<> putMeta(const CaptureMeta &) override { return {}; }
    int calls = 0;
};

} // namespace

class TestRecordSink : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void givesEqualThingsEqualIds()
    {
        MemoryStore store;
        RecordSink sink(store);
        QCOMPARE(sink.string("").raw, 0u);
        QCOMPARE(sink.string("a").raw, 1u);
        QCOMPARE(sink.string("b").raw, 2u);
        QCOMPARE(sink.string("a").raw, 1u);
        const auto f = sink.frame({.function = "main", .line = 3});
        QVERIFY(sink.frame({.function = "main", .line = 3}) == f);
        QVERIFY(!(sink.frame({.function = "main", .line = 4}) == f));
        QVERIFY(!(sink.frame({.function = "main", .line = 3, .returnAddress = true}) == f));
        const auto s = sink.stack({}, f);
        QVERIFY(sink.stack({}, f) == s);
        QVERIFY(!(sink.stack(s, f) == s));
        QCOMPARE(sink.depthOf(sink.stack(s, f)), 2u);
        const auto t = sink.track({.kind = TrackKind::Thread, .name = "old", .pid = 1, .tid = 2});
        QVERIFY(sink.track({.kind = TrackKind::Thread, .name = "new", .pid = 1, .tid = 2}) == t);
        sink.renameTrack(t, "last");
        QVERIFY(sink.measure({"cycles", Unit::Cycles}) == sink.measure({"cycles", Unit::Cycles}));
        QVERIFY(sink.finish().has_value());
        QCOMPARE(store.meta().tracks.at(0).name, std::string("last"));
        const auto all = dimensionsOf(store);
        QVERIFY(all.has_value());
        QVERIFY(all->function(f) == "main");
        QCOMPARE(all->stacks.size(), 3u);
    }

    void sortsFactsAndSealsFullChunks()
    {
        MemoryStore store;
        RecordSink sink(store, {.rowsPerChunk = 100});
        const auto measure = sink.measure({"n", Unit::Count});
        for (int i = 0; i < 250; ++i)
            sink.add(Sample{.time = at(1000 - i), .measure = measure, .value = i, .count = 2});
        for (int i = 0; i < 120; ++i) {
            sink.add(Slice{.begin = at(500 - i), .length = Duration{i - 1}});
            sink.add(CounterPoint{.time = at(i), .value = i / 2.0});
            sink.add(Request{.begin = at(-i),
                             .latency = Duration{i - 1},
                             .status = 200,
                             .phase = sink.string("run " + std::to_string(i % 2)),
                             .connect = Duration{-5 + i},
                             .firstByte = Duration{i}});
            sink.add(Summary{.begin = at(-i), .length = Duration{i}, .value = i * 2.0});
            sink.add(BenchmarkValue{.time = at(-i),
                                    .repetition = static_cast<std::uint32_t>(i),
                                    .value = i == 3   ? std::nan("")
                                             : i == 4 ? -HUGE_VAL
                                                      : i * 0.5});
        }
        QVERIFY(sink.finish().has_value());
        std::map<ChunkKind, std::uint32_t> rows;
        std::map<ChunkKind, int> chunks;
        for (const auto &chunk : store.chunks()) {
            rows[chunk.kind] += chunk.rows;
            ++chunks[chunk.kind];
            QVERIFY(chunk.rows <= 100);
            switch (chunk.kind) {
            case ChunkKind::Samples: {
                const auto c = decodeSamples(chunk); // checks the order
                QVERIFY(c.has_value());
                for (std::size_t i = 0; i < c->size(); ++i) // rows stay together
                    QCOMPARE(c->value[i], 1000 - c->time[i].time_since_epoch().count());
                break;
            }
            case ChunkKind::Slices: QVERIFY(decodeSlices(chunk).has_value()); break;
            case ChunkKind::Counters: QVERIFY(decodeCounters(chunk).has_value()); break;
            case ChunkKind::Requests: {
                const auto c = decodeRequests(chunk);
                QVERIFY(c.has_value());
                for (std::size_t i = 0; i < c->size(); ++i) {
                    const auto n = -c->begin[i].time_since_epoch().count();
                    QCOMPARE(c->phase[i].raw, n % 2 == 0 ? 1u : 2u);
                    QCOMPARE(c->firstByte[i].count(), n);
                    QCOMPARE(c->connect[i].count(), std::max<std::int64_t>(n - 5, -1));
                }
                break;
            }
            case ChunkKind::Summaries: {
                const auto c = decodeSummaries(chunk);
                QVERIFY(c.has_value());
                for (std::size_t i = 0; i < c->size(); ++i)
                    QCOMPARE(c->value[i], 2.0 * static_cast<double>(c->length[i].count()));
                break;
            }
            case ChunkKind::Benchmarks: {
                const auto c = decodeBenchmarks(chunk);
                QVERIFY(c.has_value());
                for (std::size_t i = 0; i < c->size(); ++i)
                    QCOMPARE(c->value[i], 0.5 * c->repetition[i]);
                break;
            }
            default: break;
            }
        }
        QCOMPARE(rows[ChunkKind::Samples], 250u);
        QCOMPARE(chunks[ChunkKind::Samples], 3);
        QCOMPARE(rows[ChunkKind::Slices], 120u);
        QCOMPARE(rows[ChunkKind::Counters], 120u);
        QCOMPARE(rows[ChunkKind::Requests], 120u);
        QCOMPARE(rows[ChunkKind::Summaries], 120u);
        QCOMPARE(rows[ChunkKind::Benchmarks], 118u); // without what is no number
        QCOMPARE(sink.benchmarkValuesAdded(), 118u);
        const auto &m = store.meta().measures.at(0);
        QCOMPARE(m.rows, 250u);
        QCOMPARE(m.total, 250 * 249 / 2);
        QCOMPARE(m.samples, 500);
        // The two negative lengths became notes, and the two values that are no finite numbers one.
        QCOMPARE(store.meta().notes.size(), 3u);
        for (const auto &note : store.meta().notes)
            QCOMPARE(note.count, note.code == "benchmark_no_number" ? 2u : 1u);
    }

    // Texts are not interned, but one that comes again and again is not written again and again.
    void keepsTextsOutOfMemoryAndFindsRecentOnes()
    {
        MemoryStore store;
        RecordSink sink(store, {.rowsPerChunk = 1000});
        const auto track = sink.track({.kind = TrackKind::Thread, .name = "t", .pid = 1, .tid = 1});
        QCOMPARE(sink.text("").raw, 0u);
        const auto again = sink.text("{}");
        QVERIFY(sink.text("{}") == again);
        const auto spent = sink.dimensionBytes();
        std::vector<TextId> ids;
        for (int i = 0; i < 5000; ++i) {
            ids.push_back(sink.text(std::to_string(i)));
            sink.add(Slice{.begin = at(i), .track = track, .args = ids.back()});
        }
        QCOMPARE(sink.dimensionBytes(), spent);
        sink.add(Flow{.begin = at(10), .length = Duration{-4}, .from = track, .to = track});
        QVERIFY(sink.finish().has_value());
        std::vector<std::string> texts;
        for (const auto &chunk : store.chunks()) {
            if (chunk.kind == ChunkKind::Texts) {
                QCOMPARE(chunk.firstRow, texts.size() + 1);
                const auto page = decodeStrings(chunk);
                QVERIFY(page.has_value());
                for (std::size_t i = 0; i < page->size(); ++i)
                    texts.emplace_back(page->at(i));
            } else if (chunk.kind == ChunkKind::Slices) {
                const auto rows = decodeSlices(chunk);
                QVERIFY(rows.has_value());
                // What a slice refers to is in the store before it.
                for (std::size_t i = 0; i < rows->size(); ++i)
                    QCOMPARE(texts.at(rows->args[i].raw - 1),
                             std::to_string(rows->begin[i].time_since_epoch().count()));
            } else if (chunk.kind == ChunkKind::Flows) {
                const auto rows = decodeFlows(chunk);
                QVERIFY(rows.has_value());
                QVERIFY(rows->begin[0] == at(6) && rows->length[0] == Duration{4});
                QCOMPARE(int{rows->backward[0]}, 1);
            }
        }
        QCOMPARE(texts.size(), 5001u);
    }

    // Whatever arrived before a crash can be read: nothing refers to what comes later.
    void storesDimensionsBeforeTheFactsThatUseThem()
    {
        MemoryStore store;
        RecordSink sink(store, {.rowsPerChunk = 10});
        const auto measure = sink.measure({"n", Unit::Count});
        StackId stack;
        for (int i = 0; i < 95; ++i) {
            stack = sink.stack(stack, sink.frame({.function = "f" + std::to_string(i)}));
            sink.add(Sample{.time = at(i), .stack = stack, .measure = measure});
        }
        QVERIFY(sink.finish().has_value());
        std::uint64_t strings = 0, frames = 0, stacks = 0;
        for (const auto &chunk : store.chunks()) {
            if (chunk.kind == ChunkKind::Strings)
                strings += chunk.rows;
            if (chunk.kind == ChunkKind::Frames) {
                frames += chunk.rows;
                const auto page = decodeFrames(chunk);
                for (const auto id : page->function)
                    QVERIFY(id.raw <= strings);
            }
            if (chunk.kind == ChunkKind::Stacks) {
                stacks += chunk.rows;
                const auto page = decodeStacks(chunk);
                for (const auto id : page->frame)
                    QVERIFY(id.raw <= frames);
            }
            if (chunk.kind == ChunkKind::Samples) {
                const auto page = decodeSamples(chunk);
                for (const auto id : page->stack)
                    QVERIFY(id.raw <= stacks);
            }
        }
        QCOMPARE(stacks, 95u);
    }

    void cutsLongTextBetweenCharacters()
    {
        MemoryStore store;
        RecordSink sink(store, {.maxStringBytes = 10});
        const auto id = sink.string("123456789\xc3\xa4");       // the umlaut would be cut in half
        QVERIFY(sink.string(std::string(11, '\x80')).raw != 0); // no sequence at all
        QVERIFY(sink.finish().has_value());
        const auto all = dimensionsOf(store);
        QVERIFY(all.has_value());
        QVERIFY(all->strings.text(id) == "123456789");
        QCOMPARE(store.meta().notes.at(0).code, std::string("text_cut"));
        QCOMPARE(store.meta().notes.at(0).count, 2u);
        QVERIFY(sink.lostData());
    }

    void keepsManyLongStrings()
    {
        MemoryStore store;
        RecordSink sink(store, {.maxStringBytes = 3u << 20});
        std::vector<StringId> ids;
        for (int i = 0; i < 5; ++i)
            ids.push_back(sink.string(std::string(2'000'000, static_cast<char>('a' + i))));
        QVERIFY(sink.finish().has_value());
        const auto all = dimensionsOf(store);
        QVERIFY(all.has_value());
        for (std::size_t i = 0; i < ids.size(); ++i)
            QVERIFY(all->strings.text(ids[i]) ==
                    std::string(2'000'000, static_cast<char>('a' + i)));
    }

    void limitsDepth()
    {
        MemoryStore store;
        RecordSink sink(store, {.maxStackDepth = 50});
        const auto f = sink.frame({.function = "f"});
        StackId stack;
        for (int i = 0; i < 60; ++i)
            stack = sink.stack(stack, f);
        QCOMPARE(sink.depthOf(stack), 50u);
        QCOMPARE(sink.notes().at(0).count, 10u);
    }

    void limitsMemory()
    {
        MemoryStore store;
        RecordSink sink(store, {.maxDimensionBytes = 100'000, .maxTracks = 10});
        for (int i = 0; i < 100'000; ++i)
            sink.string("string" + std::to_string(i));
        QVERIFY(!sink.status().has_value());
        QCOMPARE(sink.status().error().code(), Errc::Limit);
        QVERIFY(!sink.finish().has_value());

        RecordSink tracks(store, {.maxDimensionBytes = 100'000});
        for (int i = 0; i < 1000; ++i)
            tracks.track(
                {.kind = TrackKind::Thread, .name = std::string(50'000, 'x'), .pid = 1, .tid = i});
        QVERIFY(!tracks.status().has_value());

        RecordSink many(store, {.maxTracks = 10});
        for (int i = 0; i < 12; ++i)
            many.track({.kind = TrackKind::Thread, .pid = 1, .tid = i});
        QCOMPARE(many.status().error().code(), Errc::Limit);
    }

    void stopsAfterTheFirstFailedWrite()
    {
        FailingStore store;
        RecordSink sink(store, {.rowsPerChunk = 4});
        const auto measure = sink.measure({"n", Unit::Count});
        for (int i = 0; i < 100; ++i)
            sink.add(Sample{.time = at(i), .measure = measure});
        QVERIFY(!sink.status().has_value());
        QCOMPARE(sink.status().error().code(), Errc::DiskFull);
        QCOMPARE(store.calls, 2);
        QCOMPARE(sink.finish().error().code(), Errc::DiskFull);
    }

    void countsNotesByCode()
    {
        MemoryStore store;
        RecordSink sink(store, {.maxNoteCodes = 3});
        sink.note(Severity::Info, "a", 10, "first");
        sink.note(Severity::DataLoss, "a", 20, "second", 4);
        sink.note(Severity::Info, "none", 0, "", 0);
        for (int i = 0; i < 10; ++i)
            sink.note(Severity::Info, "code" + std::to_string(i), 0);
        QCOMPARE(sink.notes().size(), 3u);
        QVERIFY(sink.notes().at(0) == (ImportNote{Severity::DataLoss, "a", 5, 10, "first"}));
        QVERIFY(sink.lostData());
    }

    void saturatesTotals()
    {
        MemoryStore store;
        RecordSink sink(store);
        const auto measure = sink.measure({"n", Unit::Count});
        for (int i = 0; i < 3; ++i)
            sink.add(Sample{.measure = measure, .value = INT64_MAX, .count = INT64_MIN});
        QVERIFY(sink.finish().has_value());
        QCOMPARE(store.meta().measures.at(0).total, INT64_MAX);
        QCOMPARE(store.meta().measures.at(0).samples, INT64_MIN);
    }
};

QTEST_GUILESS_MAIN(TestRecordSink)
#include "tst_record_sink.moc"
