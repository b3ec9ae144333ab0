#include "app/gui/track_counts.h"

#include "capture/base/units.h"
#include "capture/session/chunk_codec.h"

namespace flamewright {

namespace {

// Of endpoints and of workers, each by itself.
Result<std::vector<std::int64_t>> countRequests(SessionReader &reader, const CaptureInfo &capture,
                                                JobContext &job)
{
    std::vector<std::int64_t> out(capture.meta.tracks.size(), 0);
    FW_TRY(reader.scan(capture.id, ChunkKind::Requests, TimeRange{}, job,
                       [&](const Chunk &chunk) -> Result<> {
                           FW_ASSIGN(const auto rows, decodeRequests(chunk));
                           for (std::size_t i = 0; i < rows.size(); ++i) {
                               if (rows.kind[i] != RequestKind::Request)
                                   continue;
                               for (const auto track : {rows.endpoint[i].raw, rows.worker[i].raw}) {
                                   if (track != 0 && track <= out.size())
                                       ++out[track - 1];
                               }
                           }
                           return {};
                       }));
    return out;
}

} // namespace

Result<std::vector<std::int64_t>> countSamplesByTrack(const Session &session,
                                                      const CaptureInfo &capture, JobContext &job)
{
    const auto &tracks = capture.meta.tracks;
    // One event may be counted under several measures (pprof): the largest measure of a track is
    // the number of its samples.
    const auto measures = capture.meta.measures.size() + 1;
    std::vector<std::int64_t> sums(tracks.size() * measures, 0);
    FW_ASSIGN(const auto reader, session.reader());
    if (capture.requests > 0)
        return countRequests(*reader, capture, job);
    FW_TRY(reader->scan(capture.id, ChunkKind::Samples, TimeRange{}, job,
                        [&](const Chunk &chunk) -> Result<> {
                            FW_ASSIGN(const auto rows, decodeSamples(chunk));
                            for (std::size_t i = 0; i < rows.track.size(); ++i) {
                                const auto track = rows.track[i].raw;
                                const auto measure = rows.measure[i].raw;
                                if (track == 0 || track > tracks.size() || measure >= measures)
                                    continue;
                                auto &sum = sums[(track - 1) * measures + measure];
                                sum = saturatingAdd(sum, rows.count[i]);
                            }
                            return {};
                        }));
    std::vector<std::int64_t> out(tracks.size(), 0);
    for (std::size_t i = 0; i < tracks.size(); ++i) {
        for (std::size_t m = 0; m < measures; ++m)
            out[i] = std::max(out[i], sums[i * measures + m]);
    }
    const auto own = out;
    for (std::size_t i = 0; i < tracks.size(); ++i) {
        const auto parent = tracks[i].parent.raw;
        if (parent != 0 && parent <= tracks.size() && parent != i + 1)
            out[parent - 1] = saturatingAdd(out[parent - 1], own[i]);
    }
    return out;
}

} // namespace flamewright
