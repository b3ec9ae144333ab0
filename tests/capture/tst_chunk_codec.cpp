#include "capture/session/chunk_codec.h"
#include "capture/session/level_rows.h"

#include <QRandomGenerator>
#include <QTest>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

using namespace flamewright;

namespace {

constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
constexpr auto kMax = std::numeric_limits<std::int64_t>::max();

Timestamp at(std::int64_t ns)
{
    return Timestamp{Duration{ns}};
}

SampleColumns samples(std::size_t n, quint32 seed)
{
    QRandomGenerator random(seed);
    SampleColumns c;
    std::int64_t time = kMin;
    for (std::size_t i = 0; i < n; ++i) {
        c.time.push_back(at(time));
        time += static_cast<std::int64_t>(random.bounded(1u << 30));
        c.track.push_back(TrackId{random.bounded(5u)});
        c.cpu.push_back(static_cast<std::int32_t>(random.bounded(9)) - 1);
        c.stack.push_back(StackId{random.generate()});
        c.measure.push_back(MeasureId{1});
        c.labels.push_back(StringId{random.bounded(2u)});
        c.value.push_back(static_cast<std::int64_t>(random.generate64()));
        c.count.push_back(i % 3 == 0 ? kMin : kMax);
    }
    return c;
}

} // namespace

class TestChunkCodec : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void keepsIntegersOfEveryWidth()
    {
        QRandomGenerator random(5);
        for (int shift = 0; shift < 64; ++shift) {
            for (const bool sorted : {false, true}) {
                std::vector<std::int64_t> values;
                for (int i = 0; i < 100; ++i)
                    values.push_back(static_cast<std::int64_t>(random.generate64() >> shift));
                if (sorted)
                    std::sort(values.begin(), values.end());
                ColumnWriter writer(100);
                writer.integers(3, values);
                const auto message = writer.message();
                const auto reader = ColumnReader::open(message, 100);
                QVERIFY(reader.has_value());
                QVERIFY(reader->integers(3) == values);
                QVERIFY(reader->integers(4, 77) == std::vector<std::int64_t>(100, 77));
            }
        }
    }

    void keepsExtremes()
    {
        for (const auto &values : std::vector<std::vector<std::int64_t>>{{kMin},
                                                                         {kMax},
                                                                         {kMin, kMax},
                                                                         {kMax, kMin},
                                                                         {0, kMin, -1, kMax, 1},
                                                                         {-1, 0},
                                                                         {5, 5}}) {
            ColumnWriter writer(static_cast<std::uint32_t>(values.size()));
            writer.integers(0, values);
            const auto message = writer.message();
            const auto reader =
                ColumnReader::open(message, static_cast<std::uint32_t>(values.size()));
            QVERIFY(reader.has_value());
            QVERIFY(reader->integers(0) == values);
        }
    }

    void keepsSamples()
    {
        for (const std::size_t n : {1u, 2u, 1000u, 65'536u}) {
            const auto c = samples(n, static_cast<quint32>(n));
            const auto chunk = encodeChunk(c);
            QCOMPARE(chunk.rows, static_cast<std::uint32_t>(n));
            QVERIFY(chunk.payload.size() <= kMaxChunkBytes);
            const auto back = decodeSamples(chunk);
            QVERIFY(back.has_value());
            QVERIFY(back->time == c.time && back->track == c.track && back->cpu == c.cpu);
            QVERIFY(back->stack == c.stack && back->measure == c.measure);
            QVERIFY(back->labels == c.labels && back->value == c.value && back->count == c.count);
        }
    }

    void keepsTheLastNanosecond()
    {
        SampleColumns c = samples(2, 1);
        c.time = {at(kMax - 1), at(kMax)};
        const auto back = decodeSamples(encodeChunk(c));
        QVERIFY(back.has_value());
        QVERIFY(back->time == c.time);
    }

    void keepsSlicesCountersAndRequests()
    {
        SliceColumns slices;
        CounterColumns counters;
        RequestColumns requests;
        for (int i = 0; i < 500; ++i) {
            slices.begin.push_back(at(i * 10));
            slices.length.push_back(Duration{i == 3 ? kMax : 500 - i});
            slices.track.push_back(TrackId{1});
            slices.name.push_back(StringId{static_cast<std::uint32_t>(i % 7)});
            slices.depth.push_back(i == 9 ? 100'000u : static_cast<std::uint32_t>(i % 5));
            slices.kind.push_back(static_cast<SliceKind>(i % 11));
            slices.flags.push_back(static_cast<std::uint8_t>(i % 16));
            slices.trace.push_back(StringId{static_cast<std::uint32_t>(i % 3)});
            slices.span.push_back(i == 10 ? UINT64_MAX : static_cast<std::uint64_t>(i));
            slices.parent.push_back(static_cast<std::uint64_t>(i / 2));
            slices.args.push_back(TextId{i == 11 ? UINT32_MAX : 0u});
            counters.time.push_back(at(i));
            counters.track.push_back(TrackId{2});
            counters.value.push_back(i == 0   ? std::nan("")
                                     : i == 1 ? -0.0
                                     : i == 2 ? INFINITY
                                              : i / 3.0);
            requests.begin.push_back(at(i));
            requests.latency.push_back(Duration{i});
            requests.endpoint.push_back(TrackId{3});
            requests.status.push_back(static_cast<std::uint16_t>(i % 2 ? 200 : 503));
            requests.ok.push_back(i % 2 == 1 ? 1 : 0);
            requests.bytesIn.push_back(i == 4 ? UINT64_MAX : 12);
            requests.bytesOut.push_back(static_cast<std::uint64_t>(i));
            requests.worker.push_back(TrackId{static_cast<std::uint32_t>(i % 5)});
            requests.phase.push_back(StringId{static_cast<std::uint32_t>(i / 100)});
            requests.statusText.push_back(StringId{i == 5 ? 9u : 0u});
            requests.error.push_back(StringId{i % 2 ? 0u : 8u});
            requests.kind.push_back(static_cast<RequestKind>(i % 3));
            requests.connect.push_back(Duration{i % 4 - 1}); // -1: unknown
            requests.firstByte.push_back(i == 6 ? Duration{kMax} : kUnknownDuration);
            requests.labels.push_back(StringId{i == 7 ? UINT32_MAX : 0u});
        }
        const auto sliceChunk = encodeChunk(slices);
        QVERIFY(sliceChunk.span.end == at(kMax)); // as far as the longest reaches
        const auto s = decodeSlices(sliceChunk);
        QVERIFY(s.has_value());
        QVERIFY(s->begin == slices.begin && s->length == slices.length &&
                s->depth == slices.depth && s->name == slices.name && s->track == slices.track);
        QVERIFY(s->kind == slices.kind && s->flags == slices.flags && s->trace == slices.trace &&
                s->span == slices.span && s->parent == slices.parent && s->args == slices.args);
        const auto c = decodeCounters(encodeChunk(counters));
        QVERIFY(c.has_value());
        QCOMPARE(c->value.size(), counters.value.size());
        QVERIFY(std::memcmp(c->value.data(), counters.value.data(), 500 * sizeof(double)) == 0);
        const auto requestChunk = encodeChunk(requests);
        QVERIFY(requestChunk.span.end == at(499 + 499 + 1));
        const auto r = decodeRequests(requestChunk);
        QVERIFY(r.has_value());
        QVERIFY(r->begin == requests.begin && r->latency == requests.latency &&
                r->ok == requests.ok);
        QVERIFY(r->status == requests.status && r->bytesIn == requests.bytesIn &&
                r->bytesOut == requests.bytesOut && r->endpoint == requests.endpoint);
        QVERIFY(r->worker == requests.worker && r->phase == requests.phase &&
                r->statusText == requests.statusText && r->error == requests.error);
        QVERIFY(r->kind == requests.kind && r->connect == requests.connect &&
                r->firstByte == requests.firstByte && r->labels == requests.labels);
    }

    void keepsFlowsAndLevels()
    {
        FlowColumns flows;
        SliceLevelColumns slices;
        CounterLevelColumns counters;
        for (int i = 0; i < 300; ++i) {
            const auto n = static_cast<std::uint32_t>(i);
            flows.begin.push_back(at(i));
            flows.length.push_back(Duration{i * 3});
            flows.from.push_back(TrackId{n % 5});
            flows.to.push_back(TrackId{n % 7});
            flows.name.push_back(StringId{n});
            flows.fromSpan.push_back(i == 4 ? UINT64_MAX : n);
            flows.toSpan.push_back(n / 2);
            flows.backward.push_back(n % 2);
            slices.begin.push_back(at(i));
            slices.length.push_back(Duration{i});
            slices.track.push_back(TrackId{n % 5});
            slices.name.push_back(StringId{n});
            slices.depth.push_back(n * 1000);
            slices.kind.push_back(static_cast<SliceKind>(i % 11));
            slices.flags.push_back(static_cast<std::uint8_t>(i % 16));
            slices.count.push_back(i == 5 ? UINT32_MAX : n + 1);
            slices.busy.push_back(i == 6 ? Duration{kMax} : Duration{i});
            slices.cellBits.push_back(8);
            counters.time.push_back(at(i));
            counters.length.push_back(Duration{i});
            counters.track.push_back(TrackId{n % 3});
            counters.min.push_back(-i / 3.0);
            counters.max.push_back(i / 3.0);
            counters.last.push_back(i == 7 ? INFINITY : 0.5);
            counters.count.push_back(n + 1);
            counters.cellBits.push_back(kLastCellBits);
        }
        const auto f = decodeFlows(encodeChunk(flows));
        QVERIFY(f.has_value());
        QVERIFY(f->begin == flows.begin && f->length == flows.length && f->from == flows.from &&
                f->to == flows.to && f->name == flows.name);
        QVERIFY(f->fromSpan == flows.fromSpan && f->toSpan == flows.toSpan &&
                f->backward == flows.backward);
        const auto s = decodeSliceLevels(encodeChunk(slices));
        QVERIFY(s.has_value());
        QVERIFY(s->begin == slices.begin && s->length == slices.length &&
                s->track == slices.track && s->name == slices.name && s->depth == slices.depth);
        QVERIFY(s->kind == slices.kind && s->flags == slices.flags && s->count == slices.count &&
                s->busy == slices.busy && s->cellBits == slices.cellBits);
        const auto c = decodeCounterLevels(encodeChunk(counters));
        QVERIFY(c.has_value());
        QVERIFY(c->time == counters.time && c->length == counters.length &&
                c->track == counters.track && c->min == counters.min);
        QVERIFY(c->max == counters.max && c->last == counters.last && c->count == counters.count &&
                c->cellBits == counters.cellBits);
    }

    void keepsSummaries()
    {
        SummaryColumns summaries;
        for (int i = 0; i < 300; ++i) {
            summaries.begin.push_back(i < 3 ? kNoTime : at(i));
            summaries.length.push_back(Duration{i < 3 ? kMax : 7});
            summaries.endpoint.push_back(TrackId{static_cast<std::uint32_t>(i % 4)});
            summaries.metric.push_back(StringId{1});
            summaries.subset.push_back(StringId{static_cast<std::uint32_t>(i % 3)});
            summaries.figure.push_back(static_cast<SummaryFigure>(i % 11));
            summaries.unit.push_back(static_cast<Unit>(i % 5));
            summaries.position.push_back(i / 300.0);
            summaries.value.push_back(i == 5 ? std::nan("") : i * 1e9);
            summaries.method.push_back(StringId{i == 7 ? UINT32_MAX : 2u});
        }
        const auto chunk = encodeChunk(summaries);
        QVERIFY(chunk.span.end == at(299 + 7 + 1)); // what has no begin has no end
        const auto s = decodeSummaries(chunk);
        QVERIFY(s.has_value());
        QVERIFY(s->begin == summaries.begin && s->length == summaries.length &&
                s->endpoint == summaries.endpoint && s->metric == summaries.metric);
        QVERIFY(s->subset == summaries.subset && s->figure == summaries.figure &&
                s->unit == summaries.unit && s->position == summaries.position &&
                s->method == summaries.method);
        QVERIFY(std::memcmp(s->value.data(), summaries.value.data(), 300 * sizeof(double)) == 0);
    }

    void keepsBenchmarkValues()
    {
        BenchmarkColumns values;
        for (int i = 0; i < 300; ++i) {
            const auto n = static_cast<std::uint32_t>(i);
            values.time.push_back(i < 3 ? kNoTime : at(i));
            values.name.push_back(StringId{1 + n % 7});
            values.metric.push_back(StringId{2});
            values.unit.push_back(StringId{n % 2});
            values.run.push_back(i == 9 ? UINT32_MAX : n / 100);
            values.repetition.push_back(n % 100);
            values.iterations.push_back(i == 4 ? UINT64_MAX : 1000);
            values.value.push_back(i == 5 ? -5e-324 : i * 1e-9);
            values.ok.push_back(i % 50 == 0 ? 0 : 1);
            values.statistic.push_back(StringId{i % 100 == 99 ? 3u : 0u});
            values.method.push_back(StringId{i % 100 == 99 ? UINT32_MAX : 0u});
            values.labels.push_back(StringId{n % 3});
        }
        const auto chunk = encodeChunk(values);
        QVERIFY(chunk.span.begin == kNoTime && chunk.span.end == at(300));
        const auto b = decodeBenchmarks(chunk);
        QVERIFY(b.has_value());
        QVERIFY(b->time == values.time && b->name == values.name && b->metric == values.metric &&
                b->unit == values.unit && b->run == values.run &&
                b->repetition == values.repetition);
        QVERIFY(b->iterations == values.iterations && b->value == values.value &&
                b->ok == values.ok && b->statistic == values.statistic &&
                b->method == values.method && b->labels == values.labels);
    }

    void fillsInBenchmarkValuesOfOtherWriters()
    {
        ColumnWriter writer(2);
        const std::int64_t times[] = {5, 6};
        writer.integers(0, times);
        const auto back =
            decodeBenchmarks({ChunkKind::Benchmarks, {at(5), at(7)}, 0, 2, writer.message()});
        QVERIFY(back.has_value());
        QVERIFY(back->ok == std::vector<std::uint8_t>(2, 1));
        QVERIFY(back->statistic == std::vector(2, StringId{}));
    }

    // Programs before load tests wrote seven columns.
    void fillsInRequestsOfOlderWriters()
    {
        ColumnWriter writer(2);
        const std::int64_t begins[] = {5, 6}, ones[] = {1, 1};
        writer.integers(0, begins);
        writer.integers(4, ones);
        const Chunk chunk{ChunkKind::Requests, {at(5), at(7)}, 0, 2, writer.message()};
        const auto back = decodeRequests(chunk);
        QVERIFY(back.has_value());
        QVERIFY(back->kind == std::vector(2, RequestKind::Request));
        QVERIFY(back->worker == std::vector(2, TrackId{}) &&
                back->error == std::vector(2, StringId{}));
        QVERIFY(back->connect == std::vector(2, kUnknownDuration) &&
                back->firstByte == std::vector(2, kUnknownDuration));
    }

    void keepsDimensions()
    {
        StringColumns strings{{3, 3, 8}, "abcdefgh"};
        const auto s = decodeStrings(encodeChunk(strings, 5));
        QVERIFY(s.has_value());
        QVERIFY(s->end == strings.end && s->text == strings.text);
        StackColumns stacks{{StackId{0}, StackId{1}, StackId{1}},
                            {FrameId{9}, FrameId{8}, FrameId{7}}};
        const auto t = decodeStacks(encodeChunk(stacks, 1));
        QVERIFY(t.has_value());
        QVERIFY(t->caller == stacks.caller && t->frame == stacks.frame);
        FrameColumns frames;
        frames.function = {StringId{1}, StringId{UINT32_MAX}};
        frames.file = {StringId{}, StringId{2}};
        frames.module = {ModuleId{1}, ModuleId{}};
        frames.line = {0, UINT32_MAX};
        frames.kind = {FrameKind::Marker, FrameKind::Unknown};
        frames.source = {SymbolSource::Dwarf, SymbolSource::None};
        frames.flags = {kFrameInlined | kFrameReturnAddress, 0};
        frames.address = {UINT64_MAX, 0};
        frames.outer = {FrameId{2}, FrameId{}};
        const auto f = decodeFrames(encodeChunk(frames, 1));
        QVERIFY(f.has_value());
        QVERIFY(f->function == frames.function && f->line == frames.line && f->kind == frames.kind);
        QVERIFY(f->address == frames.address && f->outer == frames.outer &&
                f->flags == frames.flags);
        QVERIFY(f->file == frames.file && f->module == frames.module && f->source == frames.source);
    }

    // Each breaks one rule that a hostile writer could break; all are errors, none a crash.
    void refusesColumnsThatBreakTheRules_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("column");
        QTest::addColumn<qint64>("value");
        const auto samples = int(ChunkKind::Samples), slices = int(ChunkKind::Slices);
        const auto frames = int(ChunkKind::Frames), stacks = int(ChunkKind::Stacks);
        const auto requests = int(ChunkKind::Requests), summaries = int(ChunkKind::Summaries);
        const auto benchmarks = int(ChunkKind::Benchmarks), flows = int(ChunkKind::Flows);
        const auto sliceLevels = int(ChunkKind::SliceLevels);
        const auto counterLevels = int(ChunkKind::CounterLevels);
        QTest::newRow("time before the range") << samples << 0 << qint64(-1);
        QTest::newRow("time after the range") << samples << 0 << qint64(100);
        QTest::newRow("negative track") << samples << 1 << qint64(-1);
        QTest::newRow("track of 33 bits") << samples << 1 << (qint64(1) << 32);
        QTest::newRow("CPU -2") << samples << 2 << qint64(-2);
        QTest::newRow("huge stack") << samples << 3 << qint64(kMax);
        QTest::newRow("negative length") << slices << 1 << qint64(-1);
        QTest::newRow("length out of the range") << slices << 1 << qint64(101);
        QTest::newRow("depth of 33 bits") << slices << 4 << (qint64(1) << 32);
        QTest::newRow("kind of slice") << slices << 5 << qint64(11);
        QTest::newRow("flags of a slice") << slices << 6 << qint64(16);
        QTest::newRow("negative trace") << slices << 7 << qint64(-1);
        QTest::newRow("arguments of 33 bits") << slices << 10 << (qint64(1) << 32);
        QTest::newRow("negative length of a flow") << flows << 1 << qint64(-1);
        QTest::newRow("flow from a track of 33 bits") << flows << 2 << (qint64(1) << 32);
        QTest::newRow("neither forward nor backward") << flows << 7 << qint64(2);
        QTest::newRow("level of cells that are too long") << sliceLevels << 9 << qint64(53);
        QTest::newRow("negative time that was busy") << sliceLevels << 8 << qint64(-1);
        QTest::newRow("level of no counter points") << counterLevels << 6 << qint64(-1);
        QTest::newRow("status of 17 bits") << requests << 3 << qint64(65536);
        QTest::newRow("ok neither 0 nor 1") << requests << 4 << qint64(2);
        QTest::newRow("worker of 33 bits") << requests << 7 << (qint64(1) << 32);
        QTest::newRow("negative error text") << requests << 10 << qint64(-1);
        QTest::newRow("kind of request") << requests << 11 << qint64(3);
        QTest::newRow("connect less than unknown") << requests << 12 << qint64(-2);
        QTest::newRow("first byte less than unknown") << requests << 13 << qint64(-2);
        QTest::newRow("negative length of a summary") << summaries << 1 << qint64(-1);
        QTest::newRow("metric of 33 bits") << summaries << 3 << (qint64(1) << 32);
        QTest::newRow("figure") << summaries << 5 << qint64(11);
        QTest::newRow("unit") << summaries << 6 << qint64(5);
        QTest::newRow("name of 33 bits") << benchmarks << 1 << (qint64(1) << 32);
        QTest::newRow("run of 33 bits") << benchmarks << 4 << (qint64(1) << 32);
        QTest::newRow("negative repetition") << benchmarks << 5 << qint64(-1);
        QTest::newRow("value that is no number")
            << benchmarks << 7 << qint64(0x7ff8'0000'0000'0000);
        QTest::newRow("value that is infinite") << benchmarks << 7 << qint64(0x7ff0'0000'0000'0000);
        QTest::newRow("neither measured well nor badly") << benchmarks << 8 << qint64(2);
        QTest::newRow("negative labels") << benchmarks << 11 << qint64(-1);
        QTest::newRow("kind of frame") << frames << 4 << qint64(8);
        QTest::newRow("source of symbol") << frames << 5 << qint64(4);
        QTest::newRow("flags") << frames << 6 << qint64(4);
        QTest::newRow("inlined into nothing") << frames << 6 << qint64(kFrameInlined);
        QTest::newRow("line of 33 bits") << frames << 3 << (qint64(1) << 32);
        QTest::newRow("caller is itself") << stacks << 0 << qint64(2);
    }
    void refusesColumnsThatBreakTheRules()
    {
        QFETCH(int, kind);
        QFETCH(int, column);
        QFETCH(qint64, value);
        const auto decode = [&](const Chunk &chunk) {
            switch (static_cast<ChunkKind>(kind)) {
            case ChunkKind::Samples: return decodeSamples(chunk).has_value();
            case ChunkKind::Slices: return decodeSlices(chunk).has_value();
            case ChunkKind::Requests: return decodeRequests(chunk).has_value();
            case ChunkKind::Summaries: return decodeSummaries(chunk).has_value();
            case ChunkKind::Benchmarks: return decodeBenchmarks(chunk).has_value();
            case ChunkKind::Flows: return decodeFlows(chunk).has_value();
            case ChunkKind::SliceLevels: return decodeSliceLevels(chunk).has_value();
            case ChunkKind::CounterLevels: return decodeCounterLevels(chunk).has_value();
            case ChunkKind::Frames: return decodeFrames(chunk).has_value();
            default: return decodeStacks(chunk).has_value();
            }
        };
        const bool facts = kind < int(ChunkKind::Strings);
        Chunk chunk{static_cast<ChunkKind>(kind),
                    facts ? TimeRange{at(0), at(100)} : TimeRange{},
                    1,
                    2,
                    {}};
        for (const bool bad : {false, true}) {
            // As the last row, the first, and in both: offset, delta and constant coding.
            for (const auto &rows : {std::pair{false, true}, {true, false}, {true, true}}) {
                ColumnWriter writer(2);
                if (column != 0 && facts)
                    writer.integers(0, std::vector<std::int64_t>{0, 0});
                // A row of a level stands for one at least.
                const bool counts = (kind == int(ChunkKind::SliceLevels) && column == 7) ||
                                    (kind == int(ChunkKind::CounterLevels) && column == 6);
                const std::int64_t good = counts ? 1 : 0;
                const std::int64_t wrong = bad ? value : good;
                writer.integers(static_cast<std::uint16_t>(column),
                                std::vector<std::int64_t>{rows.first ? wrong : good,
                                                          rows.second ? wrong : good});
                chunk.payload = writer.message();
                // A stack may well call the first row of the page.
                if (kind == int(ChunkKind::Stacks) && bad && !rows.second)
                    chunk.firstRow = 1;
                QCOMPARE(decode(chunk), !bad);
            }
        }
    }

    void refusesUnsortedTimes()
    {
        ColumnWriter writer(3);
        writer.integers(0, std::vector<std::int64_t>{0, 2, 1});
        const Chunk chunk{ChunkKind::Samples, {at(0), at(3)}, 0, 3, writer.message()};
        const auto decoded = decodeSamples(chunk);
        QVERIFY(!decoded.has_value());
        QCOMPARE(decoded.error().code(), Errc::Corrupt);
    }

    void refusesStringsOutsideTheirText()
    {
        for (const auto &ends : std::vector<std::vector<std::int64_t>>{
                 {4}, {-1}, {3, 2}, {kMax}, {std::int64_t{1} << 32}}) {
            ColumnWriter writer(static_cast<std::uint32_t>(ends.size()));
            writer.integers(0, ends);
            writer.bytes(1, "abc");
            const Chunk chunk{ChunkKind::Strings,
                              {},
                              1,
                              static_cast<std::uint32_t>(ends.size()),
                              writer.message()};
            QVERIFY(!decodeStrings(chunk).has_value());
        }
    }

    void refusesAnotherNumberOfRows()
    {
        auto chunk = encodeChunk(samples(10, 3));
        for (const std::uint32_t rows : {0u, 9u, 11u, UINT32_MAX}) {
            chunk.rows = rows;
            QVERIFY(!decodeSamples(chunk).has_value());
        }
    }

    // Messages are hostile: whatever the bytes, the answer is columns or an error.
    void survivesEveryTruncationAndFlip()
    {
        const auto good = encodeChunk(samples(40, 9));
        for (std::size_t size = 0; size < good.payload.size(); ++size) {
            auto chunk = good;
            chunk.payload.resize(size);
            QVERIFY(!decodeSamples(chunk).has_value());
        }
        int refused = 0;
        for (std::size_t bit = 0; bit < good.payload.size() * 8; ++bit) {
            auto chunk = good;
            chunk.payload[bit / 8] ^= std::byte(1u << bit % 8);
            if (const auto decoded = decodeSamples(chunk); decoded.has_value())
                QCOMPARE(decoded->size(), 40u);
            else
                ++refused;
        }
        QVERIFY(refused > 100);
    }

    void survivesRandomMessages()
    {
        QRandomGenerator random(11);
        for (int i = 0; i < 20'000; ++i) {
            Chunk chunk{ChunkKind::Samples, {}, 0, random.bounded(4u), {}};
            chunk.payload.resize(8 * random.bounded(1u, 40u));
            for (auto &byte : chunk.payload)
                byte =
                    std::byte(random.bounded(3u) == 0 ? random.bounded(256u) : random.bounded(4u));
            (void)decodeSamples(chunk);
            (void)decodeStrings(chunk);
        }
    }

    void readsUnalignedMessages()
    {
        const auto chunk = encodeChunk(samples(40, 9));
        std::vector<std::byte> shifted(chunk.payload.size() + 1);
        std::copy(chunk.payload.begin(), chunk.payload.end(), shifted.begin() + 1);
        const auto reader = ColumnReader::open(std::span(shifted).subspan(1), 40);
        QVERIFY(reader.has_value());
        QCOMPARE(reader->integers(6).size(), 40u);
    }
};

QTEST_GUILESS_MAIN(TestChunkCodec)
#include "tst_chunk_codec.moc"
