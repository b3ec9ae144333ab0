#include "app/request_totals.h"

#include "capture/session/chunk_codec.h"

#include <algorithm>
#include <vector>

namespace flamewright {

Result<RequestTotals> requestTotals(SessionReader &reader, const CaptureInfo &capture,
                                    JobContext &job)
{
    RequestTotals out;
    FW_TRY(
        reader.scan(capture.id, ChunkKind::Summaries, {}, job, [&](const Chunk &chunk) -> Result<> {
            out.figures += chunk.rows;
            return {};
        }));
    if (capture.requests == 0)
        return out;
    std::vector<std::uint8_t> seen(capture.meta.tracks.size() + 1, 0);
    FW_TRY(
        reader.scan(capture.id, ChunkKind::Requests, {}, job, [&](const Chunk &chunk) -> Result<> {
            FW_ASSIGN(const auto rows, decodeRequests(chunk));
            for (std::size_t i = 0; i < rows.size(); ++i) {
                switch (rows.kind[i]) {
                case RequestKind::Request:
                    ++out.requests;
                    out.failed += rows.ok[i] == 0 ? 1 : 0;
                    if (rows.endpoint[i].raw < seen.size())
                        seen[rows.endpoint[i].raw] = 1;
                    break;
                case RequestKind::Transaction: ++out.transactions; break;
                case RequestKind::Part: ++out.parts; break;
                }
            }
            return {};
        }));
    out.endpoints = static_cast<std::uint64_t>(std::count(seen.begin(), seen.end(), 1));
    return out;
}

} // namespace flamewright
