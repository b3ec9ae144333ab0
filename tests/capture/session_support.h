#pragma once

#include "capture/session/chunk_codec.h"
#include "capture/session/memory_store.h"
#include "capture/session/record_sink.h"
#include "capture/session/session.h"

#include <QTemporaryDir>
#include <QTest>

#include <cstdlib>
#include <string>

// What the tests of the session file share: a directory of their own, captures of known content,
// and a way to compare all of a capture with another.
namespace flamewright::test {

template <class T>
std::string errorOf(const Result<T> &result)
{
    return result.has_value() ? std::string() : result.error().text();
}
#define FW_VERIFY(expr)                                                                            \
    do {                                                                                           \
        const auto &fwResult_ = (expr);                                                            \
        QVERIFY2(fwResult_.has_value(), ::flamewright::test::errorOf(fwResult_).c_str());          \
    } while (false)

// A directory for sessions, whose state directory is not the user's.
struct Workplace {
    QTemporaryDir directory;
    std::filesystem::path root = directory.path().toStdString();
    SessionOptions options{.stateDirectory = root / "state"};
    std::filesystem::path file(const char *name = "s.fws") const { return root / name; }
};

struct Shape {
    int samples = 1000;
    int stacks = 50;
    std::uint32_t rowsPerChunk = 256;
    std::int64_t seed = 1;
};

// Imports a capture whose content depends on `shape` only.
inline Result<> fill(ChunkStore &store, const Shape &shape)
{
    RecordSink sink(store, {.rowsPerChunk = shape.rowsPerChunk});
    const auto process = sink.track({.kind = TrackKind::Process, .name = "shop", .pid = 10});
    const auto thread = sink.track(
        {.kind = TrackKind::Thread, .name = "worker", .pid = 10, .tid = 11, .parent = process});
    const auto measure = sink.measure({"cpu-clock", Unit::Nanoseconds});
    const auto module = sink.module({.name = "/usr/bin/shop", .kind = ModuleKind::Elf});
    std::vector<StackId> stacks;
    for (int i = 0; i < shape.stacks; ++i) {
        const auto name = "function" + std::to_string(i * shape.seed);
        const auto frame = sink.frame({.function = name,
                                       .module = module,
                                       .kind = FrameKind::User,
                                       .address = static_cast<std::uint64_t>(i) * 16});
        stacks.push_back(
            sink.stack(i == 0 ? StackId{} : stacks[static_cast<std::size_t>(i * 7 % i)], frame));
    }
    std::uint64_t random = static_cast<std::uint64_t>(shape.seed);
    for (int i = 0; i < shape.samples; ++i) {
        random = random * 6364136223846793005ull + 1442695040888963407ull;
        sink.add({.time = Timestamp{Duration{i * 1000 + static_cast<std::int64_t>(random >> 56)}},
                  .track = thread,
                  .cpu = i % 4,
                  .stack = stacks[(random >> 33) % stacks.size()],
                  .measure = measure,
                  .value = static_cast<std::int64_t>(random >> 48)});
    }
    sink.note(Severity::Notice, "test_note", 12, "a note");
    sink.provenance("host", "here");
    sink.setWallOffset(1'700'000'000'000'000'000);
    return sink.finish();
}

inline Result<CaptureId> addCapture(Session &session, const Shape &shape = {},
                                    const std::string &name = "capture")
{
    FW_ASSIGN(auto writer, session.beginCapture({.name = name, .formatId = "test"}));
    FW_TRY(fill(*writer, shape));
    FW_TRY(writer->finish(CaptureState::Complete));
    return writer->id();
}

// Everything a reader can get from a capture, as bytes: payloads in scan order and the
// description.
inline Result<std::string> contentOf(SessionReader &reader, const CaptureInfo &info)
{
    std::string out;
    JobContext job;
    const auto add = [&](const auto &value) { out += value, out += '\n'; };
    const auto number = [&](auto value) { out += std::to_string(value), out += ' '; };
    add(info.desc.name), add(info.desc.formatId), add(info.desc.sourcePath), add(info.kind);
    number(info.id.raw), number(info.desc.sourceBytes);
    number(static_cast<int>(info.desc.role)), number(static_cast<int>(info.state));
    for (const auto n : {info.samples, info.slices, info.counters, info.requests, info.strings,
                         info.frames, info.stacks, info.chunks, info.storedBytes})
        number(n);
    number(info.meta.wallOffsetNs.value_or(-1)), number(info.meta.durationNs.value_or(-1));
    number(info.startedAtNs().value_or(-1)), number(info.durationNs().value_or(-1));
    for (const auto &m : info.meta.modules)
        add(m.name), add(m.buildId), number(static_cast<int>(m.kind)), number(m.pid),
            number(m.base);
    for (const auto &t : info.meta.tracks)
        add(t.name), number(static_cast<int>(t.kind)), number(t.pid), number(t.tid),
            number(t.parent.raw);
    for (const auto &m : info.meta.measures)
        add(m.name), number(static_cast<int>(m.unit)), number(m.rows), number(m.total),
            number(m.samples);
    for (const auto &n : info.meta.notes)
        add(n.code), add(n.detail), number(n.count), number(n.firstOffset),
            number(static_cast<int>(n.severity));
    for (const auto &[key, value] : info.meta.provenance)
        add(key), add(value);
    for (const auto kind : kChunkKinds) {
        FW_TRY(reader.scan(info.id, kind, {}, job, [&](const Chunk &chunk) -> Result<> {
            number(static_cast<int>(chunk.kind)), number(chunk.firstRow), number(chunk.rows);
            number(chunk.span.begin.time_since_epoch().count());
            number(chunk.span.end.time_since_epoch().count());
            out.append(reinterpret_cast<const char *>(chunk.payload.data()), chunk.payload.size());
            return {};
        }));
    }
    return out;
}

// The same of all captures; Errc::Corrupt when any of them is damaged.
inline Result<std::vector<std::string>> contents(const Session &session)
{
    FW_ASSIGN(const auto reader, session.reader());
    FW_ASSIGN(const auto captures, reader->captures());
    std::vector<std::string> out;
    for (const auto &info : captures) {
        if (!info.damage.empty())
            return fail(Errc::Corrupt, info.damage);
        FW_ASSIGN(auto content, contentOf(*reader, info));
        out.push_back(std::move(content));
    }
    return out;
}

} // namespace flamewright::test
