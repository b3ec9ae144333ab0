#pragma once

#include "capture/session/record_sink.h"
#include "capture/session/session.h"

#include <cstdint>
#include <string>

namespace flamewright {

// What is known of the traces that fillShop() makes.
inline constexpr int kShopCheckouts = 40, kShopProducts = 80, kShopQueries = 6;
inline constexpr std::int64_t kShopStart = 1'700'000'000'000'000'001;

inline std::string shopTrace(int i)
{
    std::string out = "00000000000000000000000000000000";
    for (int digit = 31; i > 0; i /= 10, --digit)
        out[static_cast<std::size_t>(digit)] = static_cast<char>('0' + i % 10);
    return out;
}

// A small shop. POST /checkout of "web" waits for a connection, asks for six prices one after the
// other and has "pricing" work; GET /product asks once. Every tenth checkout waits ten times as
// long; the first two fail. Lengths depend on the number of the trace only.
inline Result<> fillShop(ChunkStore &store, std::uint32_t rowsPerChunk = kRowsPerChunk)
{
    RecordSink sink(store, {.rowsPerChunk = rowsPerChunk});
    const auto web = sink.track({.kind = TrackKind::Service, .name = "web"});
    const auto pricing = sink.track({.kind = TrackKind::Service, .name = "pricing"});
    StringId trace;
    const auto add = [&](TrackId track, const char *name, SliceKind kind, std::uint64_t id,
                         std::uint64_t parent, std::int64_t begin, std::int64_t length,
                         const std::string &args = {}, bool failed = false) {
        sink.add(Slice{.begin = Timestamp{Duration{begin}},
                       .length = Duration{length},
                       .track = track,
                       .name = sink.string(name),
                       .depth = kFreeLane,
                       .kind = kind,
                       .flags = static_cast<std::uint8_t>(failed ? kSliceError : 0),
                       .trace = trace,
                       .span = id,
                       .parent = parent,
                       .args = sink.text(args)});
    };
    const std::string sql = R"({"db.system":"postgresql","db.query.text":"SELECT price FROM p )";
    for (int i = 0; i < kShopCheckouts; ++i) {
        trace = sink.string(shopTrace(1000 + i));
        const auto begin = kShopStart + i * 100'000'000ll;
        const auto id = static_cast<std::uint64_t>(1000 + i) * 100;
        const std::int64_t wait = i % 10 == 9 ? 20'000'000 : 2'000'000;
        const auto length = wait + 20'000'000 + i * 1'000;
        add(web, "POST /checkout", SliceKind::SpanServer, id, 0, begin, length,
            R"({"region":")" + std::string(i % 10 == 9 ? "far" : "near") + R"("})", i < 2);
        add(web, "pool.connect", SliceKind::SpanClient, id + 1, id, begin + 500'000, wait);
        auto at = begin + wait + 1'000'000;
        for (std::uint64_t call = 0; call < kShopQueries; ++call, at += 1'100'000)
            add(web, "SELECT shop", SliceKind::SpanClient, id + 2 + call, id, at, 1'000'000,
                sql + "WHERE id = " + std::to_string(call) + "\"}");
        add(web, "POST", SliceKind::SpanClient, id + 20, id, at, 8'000'000,
            R"({"server.address":"127.0.0.1"})");
        add(pricing, "POST /quote", SliceKind::SpanServer, id + 21, id + 20, at + 500'000,
            7'000'000, {}, i == 0);
        add(pricing, "SELECT shop", SliceKind::SpanClient, id + 22, id + 21, at + 1'000'000,
            3'000'000, sql + "LIMIT 1\"}");
    }
    for (int i = 0; i < kShopProducts; ++i) {
        trace = sink.string(shopTrace(2000 + i));
        const auto begin = kShopStart + i * 50'000'000ll + 7;
        const auto id = static_cast<std::uint64_t>(2000 + i) * 100;
        add(web, "GET /product", SliceKind::SpanServer, id, 0, begin, 3'000'000 + i * 10'000);
        add(web, "SELECT shop", SliceKind::SpanClient, id + 1, id, begin + 400'000, 2'000'000,
            sql + "WHERE id = 7\"}");
    }
    // What is no span of a trace.
    sink.add(Slice{.begin = Timestamp{Duration{kShopStart}},
                   .length = Duration{5},
                   .track = web,
                   .name = sink.string("not a span"),
                   .kind = SliceKind::Slice});
    sink.setWallOffset(0);
    return sink.finish();
}

// A session file with the shop in it.
inline Result<CaptureId> addShop(Session &session, const std::string &name = "shop",
                                 std::uint32_t rowsPerChunk = kRowsPerChunk)
{
    FW_ASSIGN(auto writer, session.beginCapture({.name = name, .formatId = "test"}));
    FW_TRY(fillShop(*writer, rowsPerChunk));
    FW_TRY(writer->finish(CaptureState::Complete));
    return writer->id();
}

} // namespace flamewright
