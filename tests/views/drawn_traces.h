#pragma once

#include "analysis/trace_tracks.h"
#include "capture/session/chunk_codec.h"
#include "capture/session/memory_store.h"
#include "capture/session/record_sink.h"

#include <memory>
#include <random>
#include <string>
#include <vector>

// A trace for tests of the timeline: two processes with threads, a service with spans that overlap, a
// counter, flows, instants, states, a failed slice and one without an end.
namespace flamewright {

inline void drawTrace(RecordSink &sink, int requests = 30, bool samples = false)
{
    const auto shop = sink.track({.kind = TrackKind::Process, .name = "shop", .pid = 10});
    const auto worker = sink.track(
        {.kind = TrackKind::Thread, .name = "worker", .pid = 10, .tid = 11, .parent = shop});
    const auto other = sink.track(
        {.kind = TrackKind::Thread, .name = "other", .pid = 10, .tid = 12, .parent = shop});
    const auto cpu = sink.track({.kind = TrackKind::Cpu, .name = "CPU 0"});
    const auto heap =
        sink.track({.kind = TrackKind::Counter, .name = "heap [bytes]", .pid = 10, .parent = shop});
    const auto service = sink.track({.kind = TrackKind::Service, .name = "checkout"});
    const auto at = [](std::int64_t us) { return Timestamp{Duration{us * 1000}}; };
    const auto for_ = [](std::int64_t us) { return Duration{us * 1000}; };
    for (int i = 0; i < requests; ++i) {
        const std::int64_t begin = i * 2000;
        sink.add(Slice{.begin = at(begin),
                       .length = for_(1500),
                       .track = worker,
                       .name = sink.string("handle request")});
        sink.add(Slice{.begin = at(begin + 100),
                       .length = for_(600),
                       .track = worker,
                       .name = sink.string("SELECT price"),
                       .depth = 1,
                       .flags = static_cast<std::uint8_t>(i == 3 ? kSliceError : 0)});
        sink.add(Slice{.begin = at(begin + 800),
                       .length = for_(5),
                       .track = worker,
                       .name = sink.string("tick"),
                       .depth = 1});
        sink.add(Slice{.begin = at(begin + 806),
                       .length = for_(5),
                       .track = worker,
                       .name = sink.string("tock"),
                       .depth = 1});
        sink.add(Slice{.begin = at(begin + 900),
                       .length = for_(0),
                       .track = other,
                       .name = sink.string("instant"),
                       .kind = SliceKind::Instant});
        sink.add(Slice{.begin = at(begin),
                       .length = for_(1000),
                       .track = cpu,
                       .name = sink.string("Running"),
                       .kind = SliceKind::State});
        sink.add(Slice{.begin = at(begin),
                       .length = for_(2500),
                       .track = service,
                       .name = sink.string("GET /cart"),
                       .depth = kFreeLane,
                       .kind = SliceKind::SpanServer,
                       .span = static_cast<std::uint64_t>(i + 1)});
        sink.add(CounterPoint{at(begin), heap, 1e6 * (i % 7)});
        sink.add(Flow{.begin = at(begin + 700), .length = for_(200), .from = worker, .to = other});
    }
    // The worker is sampled each 250 us while it works, a thread without slices once a request.
    const auto idle = samples ? sink.track({.kind = TrackKind::Thread,
                                            .name = "sampled only",
                                            .pid = 10,
                                            .tid = 13,
                                            .parent = shop})
                              : TrackId{};
    for (int i = 0; samples && i < requests; ++i) {
        for (const auto *measure : {"samples", "cpu"}) {
            const auto of = sink.measure({measure, Unit::Count});
            for (std::int64_t us = 0; us < 1500; us += 250)
                sink.add(
                    Sample{.time = at(i * 2000 + us), .track = worker, .measure = of, .value = 1});
            sink.add(Sample{.time = at(i * 2000), .track = idle, .measure = of, .value = 1});
        }
    }
    sink.add(Slice{.begin = at(requests * 2000),
                   .length = for_(1000),
                   .track = other,
                   .name = sink.string("unfinished"),
                   .flags = kSliceNoEnd});
}

// As app/track_source.h reads it of a session that has no levels.
inline std::shared_ptr<const TraceSet> tracesOf(const MemoryStore &store, std::uint32_t id = 1)
{
    TraceCapture capture;
    capture.id = CaptureId{id};
    capture.name = "drawn";
    DimensionsBuilder dimensions;
    SliceLanes::Builder slices;
    CounterLanes::Builder counters;
    SampleTimes::Builder samples;
    auto flows = std::make_shared<FlowColumns>();
    capture.begin = INT64_MAX;
    capture.end = INT64_MIN;
    for (const auto &chunk : store.chunks()) {
        if (const auto added = dimensions.add(chunk); !added.has_value())
            std::abort();
        if (chunk.kind == ChunkKind::Slices) {
            const auto rows = decodeSlices(chunk);
            slices.add(*rows);
            capture.sliceCount += rows->size();
        } else if (chunk.kind == ChunkKind::Counters) {
            counters.add(*decodeCounters(chunk));
        } else if (chunk.kind == ChunkKind::Samples) {
            samples.add(*decodeSamples(chunk));
        } else if (chunk.kind == ChunkKind::Flows) {
            *flows = *decodeFlows(chunk);
        } else {
            continue;
        }
        capture.begin = std::min(capture.begin, chunk.span.begin.time_since_epoch().count());
        capture.end = std::max(capture.end, chunk.span.end.time_since_epoch().count());
    }
    auto made = std::move(dimensions).finish(store.meta());
    if (!made.has_value())
        std::abort();
    capture.dimensions = std::make_shared<const Dimensions>(*std::move(made));
    capture.slices.push_back(
        std::make_shared<const SliceLevel>(SliceLevel{0, std::move(slices).finish()}));
    capture.counters.push_back(
        std::make_shared<const CounterLevel>(CounterLevel{0, std::move(counters).finish()}));
    capture.flows = std::move(flows);
    capture.samples = std::make_shared<const SampleTimes>(std::move(samples).finish());
    std::vector<TraceCapture> captures;
    captures.push_back(std::move(capture));
    return std::make_shared<const TraceSet>(assembleTraces(std::move(captures)));
}

inline std::shared_ptr<const TraceSet> drawnTraces(int requests = 30, bool samples = false)
{
    MemoryStore store;
    RecordSink sink(store);
    drawTrace(sink, requests, samples);
    if (!sink.finish().has_value())
        std::abort();
    return tracesOf(store);
}

} // namespace flamewright
