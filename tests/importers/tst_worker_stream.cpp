#include "capture/session/chunk_codec.h"
#include "capture/session/record_sink.h"
#include "importers/worker/pipe_store.h"
#include "tests/support/worker_stream.h"

#include <QTest>

#include <cstring>
#include <fstream>
#include <functional>
#include <random>
#include <sys/mman.h>
#include <unistd.h>

using namespace flamewright;
using testing::ReceivedStream;
using testing::receiveStream;

namespace {

using Messages = std::vector<WorkerMessage>;

std::vector<std::byte> framed(const Messages &messages)
{
    std::vector<std::byte> out;
    for (const auto &message : messages) {
        const auto frame = encodeMessage(message);
        const auto size = static_cast<std::uint32_t>(frame.size() * 8);
        const auto at = out.size();
        out.resize(at + 4 + size);
        std::memcpy(out.data() + at, &size, 4);
        std::memcpy(out.data() + at + 4, frame.data(), size);
    }
    return out;
}

// What a sound worker sends for a small capture with inlined frames, labels and several pages.
Messages soundStream(int samples = 300)
{
    const int file = ::memfd_create("stream", MFD_CLOEXEC);
    FrameWriter writer(file);
    PipeStore store(writer);
    RecordSink sink(store, {.rowsPerChunk = 100});
    const auto module = sink.module({.name = "libm.so", .kind = ModuleKind::Elf});
    const auto process = sink.track({.kind = TrackKind::Process, .name = "shop", .pid = 1});
    const auto thread = sink.track(
        {.kind = TrackKind::Thread, .name = "main", .pid = 1, .tid = 2, .parent = process});
    const auto measure = sink.measure({"cycles", Unit::Cycles});
    const auto endpoint = sink.track({.kind = TrackKind::Endpoint, .name = "GET /"});
    const auto refused = sink.string("connection refused");
    sink.add(Summary{.endpoint = endpoint, .metric = refused, .method = refused});
    sink.add(BenchmarkValue{.name = refused, .value = 1.5});
    for (int i = 0; i < samples; ++i) {
        const auto outer = sink.frame({.function = "f" + std::to_string(i % 37),
                                       .file = "a.cpp",
                                       .module = module,
                                       .line = 3,
                                       .source = SymbolSource::Dwarf});
        const auto inner =
            sink.frame({.function = "inlined", .module = module, .inlined = true, .outer = outer});
        const auto stack = sink.stack(sink.stack({}, outer), inner);
        sink.add({.time = Timestamp{Duration{1000 + i}},
                  .track = thread,
                  .stack = stack,
                  .measure = measure,
                  .labels = sink.string("{\"n\":\"" + std::to_string(i % 5) + "\"}"),
                  .value = i});
        sink.add(Request{.begin = Timestamp{Duration{1000 + i}},
                         .latency = Duration{i},
                         .endpoint = endpoint,
                         .ok = i % 3 != 0,
                         .worker = thread,
                         .error = i % 3 == 0 ? refused : StringId{}});
        if (i == samples / 2)
            sink.renameTrack(thread, "renamed");
    }
    sink.setBuildId(module, "abcdef");
    sink.note(Severity::Notice, "odd_thing", 12, "detail");
    sink.provenance("host", "h");
    (void)sink.finish();

    ::lseek(file, 0, SEEK_SET);
    Messages messages = {HelloMessage{"limits"}, FormatMessage{"folded"}};
    for (;;) {
        const auto frame = readFrame(file);
        if (!frame.has_value() || frame->empty())
            break;
        messages.push_back(*decodeMessage(*frame));
    }
    messages.push_back(ProgressMessage{10, 10});
    messages.push_back(EndMessage{store.chunks(), 10});
    ::close(file);
    return messages;
}

std::string received(const Messages &messages)
{
    ReceivedStream stream;
    receiveStream(framed(messages), stream);
    if (!stream.broken.empty())
        return "let through: " + stream.broken;
    return stream.result.has_value() ? "" : stream.result.error().text();
}

Chunk *firstChunk(Messages &messages, ChunkKind kind)
{
    for (auto &message : messages) {
        auto *chunk = std::get_if<Chunk>(&message);
        if (chunk != nullptr && chunk->kind == kind)
            return chunk;
    }
    return nullptr;
}

MetaPart *lastMeta(Messages &messages)
{
    MetaPart *last = nullptr;
    for (auto &message : messages) {
        if (auto *part = std::get_if<MetaPart>(&message))
            last = part;
    }
    return last;
}

// Decodes the first chunk of a kind, lets `change` at its columns and puts it back.
template <class Decode, class Change>
void rewrite(Messages &messages, ChunkKind kind, Decode decode, Change change)
{
    auto *chunk = firstChunk(messages, kind);
    auto columns = *decode(*chunk);
    change(columns);
    if constexpr (requires { encodeChunk(columns); })
        *chunk = encodeChunk(columns);
    else
        *chunk = encodeChunk(columns, chunk->firstRow);
}

} // namespace

class TestWorkerStream : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void takesASoundStream()
    {
        const auto messages = soundStream();
        const auto bytes = framed(messages);
        for (const std::size_t step : {std::size_t{1}, std::size_t{7}, bytes.size()}) {
            ReceivedStream stream;
            receiveStream(bytes, stream, step);
            QVERIFY2(stream.result.has_value(),
                     stream.result.has_value() ? "" : stream.result.error().text().c_str());
            QVERIFY2(stream.broken.empty(), stream.broken.c_str());
            const auto &meta = stream.store.meta();
            QCOMPARE(meta.measures.front().rows, 300u);
            QCOMPARE(meta.measures.front().total, 300 * 299 / 2);
            QCOMPARE(meta.tracks[1].name, std::string("renamed"));
            QCOMPARE(meta.modules.front().buildId, std::string("abcdef"));
        }
        // Seeds for the fuzz target: FW_SEED_DIR=tests/fuzz/corpus/worker_frames.
        if (const auto folder = qEnvironmentVariable("FW_SEED_DIR"); !folder.isEmpty()) {
            for (const int samples : {1, 120}) {
                const auto seed = framed(soundStream(samples));
                std::ofstream(folder.toStdString() + "/sound-" + std::to_string(samples),
                              std::ios::binary)
                    .write(reinterpret_cast<const char *>(seed.data()),
                           static_cast<std::streamsize>(seed.size()));
            }
        }
    }

    void refusesEveryViolation_data()
    {
        QTest::addColumn<int>("which");
        for (std::size_t i = 0; i < violations().size(); ++i)
            QTest::newRow(violations()[i].first) << static_cast<int>(i);
    }
    void refusesEveryViolation()
    {
        QFETCH(int, which);
        auto messages = soundStream();
        violations()[static_cast<std::size_t>(which)].second(messages);
        const auto text = received(messages);
        QVERIFY2(text.starts_with("the import worker broke the rules") ||
                     text.starts_with("the import worker sent nonsense"),
                 text.c_str());
    }

    void refusesAnythingMissingOrTwice()
    {
        const auto sound = soundStream();
        for (std::size_t i = 0; i < sound.size(); ++i) {
            if (std::holds_alternative<HelloMessage>(sound[i]) ||
                std::holds_alternative<ProgressMessage>(sound[i]))
                continue;
            auto missing = sound;
            missing.erase(missing.begin() + static_cast<std::ptrdiff_t>(i));
            const auto gone = received(missing);
            // Meta data is sent as changes; one may be made up for by the next.
            if (!std::holds_alternative<MetaPart>(sound[i]))
                QVERIFY2(gone.starts_with("the "), qPrintable(QString::number(i)));
            QVERIFY(!gone.starts_with("let through"));
        }
    }

    void survivesFlippedBytes()
    {
        const auto sound = framed(soundStream(120));
        std::mt19937 random(11);
        int refused = 0;
        for (int i = 0; i < 3000; ++i) {
            auto bytes = sound;
            for (unsigned flips = 0; flips <= random() % 4; ++flips)
                bytes[random() % bytes.size()] ^= static_cast<std::byte>(1u << random() % 8);
            ReceivedStream stream;
            receiveStream(bytes, stream);
            QVERIFY2(stream.broken.empty(), stream.broken.c_str());
            refused += stream.result.has_value() ? 0 : 1;
        }
        QVERIFY(refused > 0);
    }

    void survivesTruncation()
    {
        const auto sound = framed(soundStream(120));
        for (std::size_t size = 0; size < sound.size(); size += 13) {
            ReceivedStream stream;
            receiveStream(std::span(sound).first(size), stream);
            QVERIFY(!stream.result.has_value());
            const auto broken = testing::checkReceived(stream.store);
            QVERIFY2(broken.empty(), broken.c_str());
        }
    }

private:
    using Violation = std::pair<const char *, std::function<void(Messages &)>>;
    static const std::vector<Violation> &violations()
    {
        static const std::vector<Violation> all = {
            {"frame names a string that is not there",
             [](Messages &m) {
                 rewrite(m, ChunkKind::Frames, decodeFrames,
                         [](FrameColumns &c) { c.function[3].raw = 1'000'000; });
             }},
            {"frame names a module that is not there",
             [](Messages &m) {
                 rewrite(m, ChunkKind::Frames, decodeFrames,
                         [](FrameColumns &c) { c.module[3].raw = 9; });
             }},
            {"frame is inlined into a later one",
             [](Messages &m) {
                 rewrite(m, ChunkKind::Frames, decodeFrames, [](FrameColumns &c) {
                     c.flags[0] = kFrameInlined;
                     c.outer[0].raw = 2;
                 });
             }},
            {"stack names a frame that is not there",
             [](Messages &m) {
                 rewrite(m, ChunkKind::Stacks, decodeStacks,
                         [](StackColumns &c) { c.frame[0].raw = 1'000'000; });
             }},
            {"sample names a stack that is not there",
             [](Messages &m) {
                 rewrite(m, ChunkKind::Samples, decodeSamples,
                         [](SampleColumns &c) { c.stack[0].raw = 1'000'000; });
             }},
            {"sample names a track that is not there",
             [](Messages &m) {
                 rewrite(m, ChunkKind::Samples, decodeSamples,
                         [](SampleColumns &c) { c.track[0].raw = 4; });
             }},
            {"sample names a measure that is not there",
             [](Messages &m) {
                 rewrite(m, ChunkKind::Samples, decodeSamples,
                         [](SampleColumns &c) { c.measure[0].raw = 0; });
             }},
            {"sample names labels that are not there",
             [](Messages &m) {
                 rewrite(m, ChunkKind::Samples, decodeSamples,
                         [](SampleColumns &c) { c.labels[0].raw = 1'000'000; });
             }},
            {"request of an endpoint that is not there",
             [](Messages &m) {
                 rewrite(m, ChunkKind::Requests, decodeRequests,
                         [](RequestColumns &c) { c.endpoint[0].raw = 4; });
             }},
            {"request of a worker that is not there",
             [](Messages &m) {
                 rewrite(m, ChunkKind::Requests, decodeRequests,
                         [](RequestColumns &c) { c.worker[9].raw = 4; });
             }},
            {"request with an error text that is not there",
             [](Messages &m) {
                 rewrite(m, ChunkKind::Requests, decodeRequests,
                         [](RequestColumns &c) { c.error[0].raw = 1'000'000; });
             }},
            {"request with labels that are not there",
             [](Messages &m) {
                 rewrite(m, ChunkKind::Requests, decodeRequests,
                         [](RequestColumns &c) { c.labels[0].raw = 1'000'000; });
             }},
            {"summary of an endpoint that is not there",
             [](Messages &m) {
                 rewrite(m, ChunkKind::Summaries, decodeSummaries,
                         [](SummaryColumns &c) { c.endpoint[0].raw = 4; });
             }},
            {"benchmark value with labels that are not there",
             [](auto &m) {
                 rewrite(m, ChunkKind::Benchmarks, decodeBenchmarks,
                         [](BenchmarkColumns &c) { c.labels[0].raw = 1'000'000; });
             }},
            {"summary with a method that is not there",
             [](Messages &m) {
                 rewrite(m, ChunkKind::Summaries, decodeSummaries,
                         [](SummaryColumns &c) { c.method[0].raw = 1'000'000; });
             }},
            {"sample changes the total",
             [](Messages &m) {
                 rewrite(m, ChunkKind::Samples, decodeSamples,
                         [](SampleColumns &c) { c.value[0] += 1; });
             }},
            {"string is too long",
             [](Messages &m) {
                 rewrite(m, ChunkKind::Strings, decodeStrings, [](StringColumns &c) {
                     c.text.append(70'000, 'x');
                     c.end.back() += 70'000;
                 });
             }},
            {"page is out of order",
             [](Messages &m) { firstChunk(m, ChunkKind::Strings)->firstRow = 2; }},
            {"span is wrong",
             [](Messages &m) { firstChunk(m, ChunkKind::Samples)->span = TimeRange{}; }},
            {"more rows than there are",
             [](Messages &m) { ++firstChunk(m, ChunkKind::Samples)->rows; }},
            {"rows that overflow",
             [](Messages &m) { firstChunk(m, ChunkKind::Samples)->rows = UINT32_MAX; }},
            {"payload that is cut",
             [](Messages &m) { firstChunk(m, ChunkKind::Samples)->payload.resize(16); }},
            {"total that is a lie",
             [](Messages &m) { lastMeta(m)->rest.measures.front().total += 1; }},
            {"measure that vanishes", [](Messages &m) { lastMeta(m)->rest.measures.clear(); }},
            {"note with an escape in its code",
             [](Messages &m) {
                 lastMeta(m)->rest.notes.push_back({.code = "a\x1b[7m", .count = 1});
             }},
            {"parent that comes later",
             [](Messages &m) { lastMeta(m)->tracks.push_back({.parent = TrackId{9}}); }},
            {"name for no track",
             [](Messages &m) {
                 lastMeta(m)->renames.push_back({TrackId{9}, "x"});
             }},
            {"end with other numbers",
             [](Messages &m) { std::get<EndMessage>(m.back()).chunks += 1; }},
            {"two formats", [](Messages &m) { m.insert(m.begin() + 2, FormatMessage{"pprof"}); }},
            {"no format", [](Messages &m) { m.erase(m.begin() + 1); }},
            {"unknown kind of frame",
             [](Messages &m) {
                 rewrite(m, ChunkKind::Frames, decodeFrames,
                         [](FrameColumns &c) { c.kind[0] = static_cast<FrameKind>(99); });
             }},
        };
        return all;
    }
};

QTEST_GUILESS_MAIN(TestWorkerStream)
#include "tst_worker_stream.moc"
