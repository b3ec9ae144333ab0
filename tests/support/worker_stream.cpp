#include "tests/support/worker_stream.h"

#include "capture/session/chunk_codec.h"
#include "capture/session/dimensions.h"
#include "capture/session/references.h"
#include "importers/worker/frames.h"
#include "importers/worker/messages.h"

#include <algorithm>
#include <cstring>

namespace flamewright::testing {
namespace {

Result<> receive(std::span<const std::byte> bytes, ReceivedStream &into, std::size_t step)
{
    StreamChecker checker([&](const std::string &) -> Result<ChunkStore *> { return &into.store; });
    FrameAssembler frames;
    while (!bytes.empty()) {
        const auto room = frames.room();
        const auto n = std::min({room.size(), bytes.size(), step});
        std::memcpy(room.data(), bytes.data(), n);
        bytes = bytes.subspan(n);
        FW_ASSIGN(const auto complete, frames.filled(n));
        if (!complete)
            continue;
        FW_ASSIGN(auto message, decodeMessage(frames.frame()));
        auto state = checker.take(std::move(message));
        into.ended = checker.isFailure();
        FW_ASSIGN(const auto reached, std::move(state));
        if (reached == StreamChecker::State::Ended) {
            into.ended = true;
            return {};
        }
    }
    return fail(Errc::Worker, "the stream ends without an end");
}

} // namespace

void receiveStream(std::span<const std::byte> bytes, ReceivedStream &into, std::size_t step)
{
    into.result = receive(bytes, into, step);
    if (into.result.has_value())
        into.broken = checkReceived(into.store);
}

std::string checkReceived(const MemoryStore &store)
{
    DimensionsBuilder builder;
    for (const auto &chunk : store.chunks()) {
        if (auto added = builder.add(chunk); !added.has_value())
            return added.error().text();
    }
    const auto dimensions = std::move(builder).finish(store.meta());
    if (!dimensions.has_value())
        return dimensions.error().text();
    for (const auto &chunk : store.chunks()) {
        if (chunk.kind == ChunkKind::Requests) {
            const auto requests = decodeRequests(chunk);
            if (!requests.has_value())
                return requests.error().text();
            if (!refersWithin(*requests, dimensions->tracks.size(), dimensions->strings.size() - 1))
                return "a request refers to something that is not there";
        }
        if (chunk.kind == ChunkKind::Summaries) {
            const auto summaries = decodeSummaries(chunk);
            if (!summaries.has_value())
                return summaries.error().text();
            if (!refersWithin(*summaries, dimensions->tracks.size(),
                              dimensions->strings.size() - 1))
                return "a summary refers to something that is not there";
        }
        if (chunk.kind == ChunkKind::Benchmarks) {
            const auto values = decodeBenchmarks(chunk);
            if (!values.has_value())
                return values.error().text();
            if (!refersWithin(*values, dimensions->strings.size() - 1))
                return "a benchmark value refers to a text that is not there";
        }
        if (chunk.kind != ChunkKind::Samples)
            continue;
        const auto samples = decodeSamples(chunk);
        if (!samples.has_value())
            return samples.error().text();
        for (std::size_t i = 0; i < samples->size(); ++i) {
            if (samples->stack[i].raw >= dimensions->stacks.size() ||
                samples->track[i].raw > dimensions->tracks.size() ||
                samples->measure[i].raw - 1u >= dimensions->measures.size() ||
                samples->labels[i].raw >= dimensions->strings.size())
                return "a sample refers to something that is not there";
        }
    }
    return {};
}

} // namespace flamewright::testing
