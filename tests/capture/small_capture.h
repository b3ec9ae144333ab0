#pragma once

#include "capture/session/chunk_codec.h"
#include "capture/session/record_sink.h"

namespace flamewright::testing {

// A profile that one can check by hand, with each feature of the data model in it once: two
// threads, two measures, an inlined and a kernel frame, an unresolved one, labels, a sample
// without a time and one without a stack.
//
//   shop/worker   main -> handle -> (inlined: parse)   cycles 100 + 50
//   shop/worker   main -> [kernel] sys_read            cycles 30
//   shop/main     main -> libx.so+0x10                 samples 7 x 3
//   shop/main     no stack, no time                    samples 1
inline Result<> writeSmallCapture(ChunkStore &store)
{
    RecordSink sink(store);
    const auto shop = sink.module({.name = "/usr/bin/shop", .buildId = "c0ffee"});
    const auto libx = sink.module({.name = "/usr/lib/libx.so"});
    const auto process = sink.track({.kind = TrackKind::Process, .name = "shop", .pid = 41});
    const auto main = sink.track(
        {.kind = TrackKind::Thread, .name = "main", .pid = 41, .tid = 41, .parent = process});
    const auto worker = sink.track(
        {.kind = TrackKind::Thread, .name = "worker", .pid = 41, .tid = 42, .parent = process});
    const auto cycles = sink.measure({.name = "cycles", .unit = Unit::Cycles});
    const auto samples = sink.measure({.name = "samples"});

    const auto frameOf = [&](FrameDesc desc) { return sink.frame(desc); };
    const auto mainFrame = frameOf({.function = "main",
                                    .file = "shop.cpp",
                                    .module = shop,
                                    .line = 12,
                                    .kind = FrameKind::User,
                                    .returnAddress = true,
                                    .source = SymbolSource::Dwarf,
                                    .address = 0x1139});
    const auto handle = frameOf({.function = "handle",
                                 .file = "shop.cpp",
                                 .module = shop,
                                 .line = 30,
                                 .kind = FrameKind::User,
                                 .source = SymbolSource::Dwarf,
                                 .address = 0x1200});
    const auto parse = frameOf({.function = "parse<int>(std::string_view)",
                                .file = "parse.h",
                                .module = shop,
                                .line = 7,
                                .kind = FrameKind::User,
                                .inlined = true,
                                .source = SymbolSource::Dwarf,
                                .address = 0x1200,
                                .outer = handle});
    const auto kernel = frameOf({.function = "sys_read",
                                 .kind = FrameKind::Kernel,
                                 .source = SymbolSource::Symtab,
                                 .address = 0xffffffff81000010});
    const auto unknown = frameOf({.function = "libx.so+0x10",
                                  .module = libx,
                                  .kind = FrameKind::User,
                                  .source = SymbolSource::None,
                                  .address = 0x10});
    const auto root = sink.stack({}, mainFrame);
    const auto deep = sink.stack(root, parse);
    const auto reading = sink.stack(root, kernel);
    const auto foreign = sink.stack(root, unknown);

    const auto at = [](std::int64_t ns) { return Timestamp{Duration{ns}}; };
    const auto cart = sink.string(R"({"endpoint":"/cart"})");
    sink.add({.time = at(1000),
              .track = worker,
              .cpu = 0,
              .stack = deep,
              .measure = cycles,
              .labels = cart,
              .value = 100});
    sink.add({.time = at(3000),
              .track = worker,
              .cpu = 1,
              .stack = reading,
              .measure = cycles,
              .value = 30});
    sink.add({.time = at(2000),
              .track = worker,
              .cpu = 0,
              .stack = deep,
              .measure = cycles,
              .labels = cart,
              .value = 50});
    sink.add({.time = at(2500),
              .track = main,
              .stack = foreign,
              .measure = samples,
              .value = 7,
              .count = 3});
    sink.add({.track = main, .measure = samples, .value = 1});
    return sink.finish();
}

// The other kinds of facts, in every column that their tables show.
inline Result<> putOtherFacts(ChunkStore &store)
{
    const auto at = [](std::int64_t ns) { return Timestamp{Duration{ns}}; };
    FW_TRY(store.putChunk(
        encodeChunk(StringColumns{.end = {7, 7}, .text = R"({"a":1})"}, 1, ChunkKind::Texts)));
    FW_TRY(
        store.putChunk(encodeChunk(SliceColumns{.begin = {at(1000), at(1500)},
                                                .length = {Duration{900}, Duration{100}},
                                                .track = {{3}, {3}},
                                                .name = {{1}, {0}},
                                                .depth = {0, 1},
                                                .kind = {SliceKind::SpanServer, SliceKind::Slice},
                                                .flags = {kSliceError | kSliceNoEnd, 0},
                                                .trace = {{2}, {0}},
                                                .span = {UINT64_MAX, 0},
                                                .parent = {7, 0},
                                                .args = {{1}, {0}}})));
    FW_TRY(store.putChunk(encodeChunk(FlowColumns{.begin = {at(1000)},
                                                  .length = {Duration{50}},
                                                  .from = {{3}},
                                                  .to = {{1}},
                                                  .name = {{1}},
                                                  .fromSpan = {UINT64_MAX},
                                                  .toSpan = {0},
                                                  .backward = {1}})));
    FW_TRY(store.putChunk(encodeChunk(SliceLevelColumns{.begin = {at(1000)},
                                                        .length = {Duration{900}},
                                                        .track = {{3}},
                                                        .name = {{1}},
                                                        .depth = {0},
                                                        .kind = {SliceKind::SpanServer},
                                                        .flags = {kSliceError},
                                                        .count = {2},
                                                        .busy = {Duration{1000}},
                                                        .cellBits = {10}})));
    FW_TRY(store.putChunk(encodeChunk(CounterLevelColumns{.time = {at(1000)},
                                                          .length = {Duration{2000}},
                                                          .track = {{1}},
                                                          .min = {-2.25},
                                                          .max = {1e300},
                                                          .last = {1e300},
                                                          .count = {3},
                                                          .cellBits = {12}})));
    FW_TRY(store.putChunk(encodeChunk(CounterColumns{.time = {at(1000), at(2000), at(3000)},
                                                     .track = {{1}, {1}, {1}},
                                                     .value = {0.5, -2.25, 1e300}})));
    FW_TRY(store.putChunk(
        encodeChunk(SummaryColumns{.begin = {kNoTime, at(1100)},
                                   .length = {Duration{0}, Duration{1000}},
                                   .endpoint = {{0}, {1}},
                                   .metric = {{1}, {2}},
                                   .subset = {{0}, {3}},
                                   .figure = {SummaryFigure::Count, SummaryFigure::Quantile},
                                   .unit = {Unit::Count, Unit::Nanoseconds},
                                   .position = {0, 0.95},
                                   .value = {1e300, 0.5},
                                   .method = {{0}, {1}}})));
    FW_TRY(store.putChunk(encodeChunk(BenchmarkColumns{.time = {kNoTime, at(1300)},
                                                       .name = {{1}, {2}},
                                                       .metric = {{2}, {2}},
                                                       .unit = {{0}, {3}},
                                                       .run = {0, UINT32_MAX},
                                                       .repetition = {7, 0},
                                                       .iterations = {1000, 0},
                                                       .value = {0.125, -2.5},
                                                       .ok = {1, 0},
                                                       .statistic = {{0}, {1}},
                                                       .method = {{0}, {2}},
                                                       .labels = {{3}, {0}}})));
    return store.putChunk(
        encodeChunk(RequestColumns{.begin = {at(1100), at(1200)},
                                   .latency = {Duration{5}, Duration{70000}},
                                   .endpoint = {{1}, {1}},
                                   .status = {200, 503},
                                   .ok = {1, 0},
                                   .bytesIn = {10, 0},
                                   .bytesOut = {20, 1},
                                   .worker = {{2}, {0}},
                                   .phase = {{1}, {1}},
                                   .statusText = {{0}, {2}},
                                   .error = {{0}, {3}},
                                   .kind = {RequestKind::Request, RequestKind::Part},
                                   .connect = {Duration{2}, kUnknownDuration},
                                   .firstByte = {Duration{4}, kUnknownDuration},
                                   .labels = {{0}, {1}}}));
}

} // namespace flamewright::testing
