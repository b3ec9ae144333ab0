#pragma once

#include "capture/session/chunk_codec.h"
#include "capture/session/dimensions.h"
#include "capture/session/memory_store.h"
#include "capture/session/record_sink.h"
#include "capture/session/shown_tables.h"
#include "tests/capture/raw_session.h"

#include <QTest>

#include <bit>
#include <random>

// Random captures for the tests of the virtual tables, and the same rows in plain tables.
namespace flamewright::testing {

inline Timestamp at(std::int64_t ns)
{
    return Timestamp{Duration{ns}};
}

// A profile with `samples` samples in chunks of `rowsPerChunk`, one sample per microsecond with
// a jitter that makes chunks overlap; with `untimed`, every 17th has no time.
inline void writeProfile(ChunkStore &store, std::uint32_t seed, int samples,
                         std::uint32_t rowsPerChunk, bool untimed = false)
{
    std::mt19937 random(seed);
    SinkLimits limits;
    limits.rowsPerChunk = rowsPerChunk;
    RecordSink sink(store, limits);
    const auto module = sink.module({.name = "/bin/shop", .buildId = "ab12"});
    const auto process = sink.track({.kind = TrackKind::Process, .name = "shop", .pid = 7});
    const auto thread = sink.track(
        {.kind = TrackKind::Thread, .name = "worker", .pid = 7, .tid = 8, .parent = process});
    const auto cycles = sink.measure({.name = "cycles", .unit = Unit::Cycles});
    const auto clock = sink.measure({.name = "cpu-clock", .unit = Unit::Nanoseconds});
    const auto labels = sink.string(R"({"endpoint":"/cart"})");
    for (int i = 0; i < samples; ++i) {
        StackId stack;
        const auto depth = random() % 6;
        for (std::uint32_t d = 0; d < depth; ++d) {
            const auto name = "f" + std::to_string(random() % 40);
            const auto outer = sink.frame({.function = name, .file = "a.cpp", .module = module});
            const bool inlined = random() % 3 == 0;
            stack = sink.stack(stack, inlined ? sink.frame({.function = "inl",
                                                            .line = 3,
                                                            .kind = FrameKind::Kernel,
                                                            .inlined = true,
                                                            .returnAddress = true,
                                                            .source = SymbolSource::Dwarf,
                                                            .address = ~0ull - 15,
                                                            .outer = outer})
                                              : outer);
        }
        sink.add({.time = untimed && i % 17 == 0
                              ? kNoTime
                              : at(1000 * i + static_cast<std::int64_t>(random() % 9000)),
                  .track = random() % 2 == 0 ? process : thread,
                  .cpu = static_cast<std::int32_t>(random() % 5) - 1,
                  .stack = stack,
                  .measure = random() % 4 == 0 ? cycles : clock,
                  .labels = random() % 5 == 0 ? labels : StringId{},
                  .value = static_cast<std::int64_t>(random() % 1000) - 100,
                  .count = 1 + static_cast<std::int64_t>(random() % 3)});
    }
    const auto done = sink.finish();
    QVERIFY(done.has_value());
}

// The tables as plain SQLite tables with the same columns, `plain_sample` ..., filled by the
// typed decoders: what SQLite itself answers over ordinary rows is the oracle.
inline void fillPlainTables(RawSession &session,
                            const std::vector<std::pair<int, MemoryStore>> &captures)
{
    for (const auto &table : shownTables()) {
        auto sql = table.declaration();
        sql.replace(sql.find(" x("), 3, " plain_" + std::string(table.name) + "(");
        QVERIFY(session.run(sql));
    }
    QVERIFY(session.run("BEGIN"));
    const auto quoted = [](std::string_view text) { return "'" + std::string(text) + "'"; };
    for (const auto &[id, store] : captures) {
        DimensionsBuilder builder;
        for (const auto &chunk : store.chunks())
            QVERIFY(builder.add(chunk).has_value());
        auto built = std::move(builder).finish(store.meta());
        QVERIFY(built.has_value());
        const auto &dims = *built;
        const auto textOf = [&](StringId text) {
            return text.raw == 0 ? std::string("NULL") : quoted(dims.strings.text(text));
        };
        const auto insert = [&](const char *table, std::vector<std::string> values) {
            std::string sql = std::string("INSERT INTO plain_") + table + " VALUES (";
            for (std::size_t i = 0; i < values.size(); ++i)
                sql += (i > 0 ? "," : "") + values[i];
            QVERIFY2(session.run(sql + ")"), session.lastError.c_str());
        };
        const auto text = [](auto v) { return std::to_string(v); };
        for (const auto &chunk : store.chunks()) {
            if (chunk.kind != ChunkKind::Samples)
                continue;
            const auto samples = decodeSamples(chunk);
            QVERIFY(samples.has_value());
            for (std::size_t i = 0; i < samples->size(); ++i) {
                insert("sample", {text(id),
                                  samples->time[i] == kNoTime
                                      ? "NULL"
                                      : text(samples->time[i].time_since_epoch().count()),
                                  text(samples->track[i].raw),
                                  samples->cpu[i] < 0 ? "NULL" : text(samples->cpu[i]),
                                  text(samples->stack[i].raw), text(samples->measure[i].raw),
                                  textOf(samples->labels[i]), text(samples->value[i]),
                                  text(samples->count[i])});
            }
        }
        for (std::size_t i = 1; i < dims.frames.size(); ++i) {
            const auto &f = dims.frames;
            insert("frame", {text(id), text(i), textOf(f.function[i]), textOf(f.file[i]),
                             text(f.module[i].raw), text(f.line[i]), quoted(nameOf(f.kind[i])),
                             quoted(nameOf(f.source[i])), text(f.flags[i] & kFrameInlined ? 1 : 0),
                             text(f.flags[i] & kFrameReturnAddress ? 1 : 0),
                             text(static_cast<std::int64_t>(f.address[i])), text(f.outer[i].raw)});
        }
        for (std::size_t i = 1; i < dims.stacks.size(); ++i)
            insert("stack", {text(id), text(i), text(dims.stacks.caller[i].raw),
                             text(dims.stacks.frame[i].raw)});
        for (std::size_t i = 1; i < dims.strings.size(); ++i)
            insert("string",
                   {text(id), text(i), quoted(dims.strings.text({static_cast<std::uint32_t>(i)}))});
    }
    QVERIFY(session.run("COMMIT"));
}

inline std::string replaced(std::string text, const std::string &from, const std::string &to)
{
    for (auto i = text.find(from); i != std::string::npos; i = text.find(from, i + to.size()))
        text.replace(i, from.size(), to);
    return text;
}

} // namespace flamewright::testing
