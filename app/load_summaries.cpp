#include "app/load_summaries.h"

#include "app/scope_captures.h"
#include "capture/session/chunk_codec.h"
#include "capture/session/dimensions.h"

#include <algorithm>

namespace flamewright {
namespace {

Result<std::vector<ToolFigure>> figuresOf(SessionReader &reader, const CaptureInfo &capture,
                                          JobContext &job)
{
    FW_ASSIGN(const auto dimensions, loadDimensions(reader, capture.id, job));
    const auto &tracks = capture.meta.tracks;
    std::vector<ToolFigure> out;
    FW_TRY(
        reader.scan(capture.id, ChunkKind::Summaries, {}, job, [&](const Chunk &chunk) -> Result<> {
            FW_TRY(job.checkpoint());
            FW_ASSIGN(const auto rows, decodeSummaries(chunk));
            for (std::size_t i = 0; i < rows.size(); ++i) {
                if (dimensions->strings.text(rows.metric[i]) != "latency")
                    continue;
                auto &figure = out.emplace_back();
                const auto endpoint = rows.endpoint[i].raw;
                if (endpoint != 0 && endpoint <= tracks.size())
                    figure.endpoint = tracks[endpoint - 1].name;
                figure.subset = dimensions->strings.text(rows.subset[i]);
                figure.method = dimensions->strings.text(rows.method[i]);
                if (rows.begin[i] != kNoTime)
                    figure.beginNs = rows.begin[i].time_since_epoch().count();
                figure.lengthNs = rows.length[i].count();
                figure.figure = rows.figure[i];
                figure.position = rows.position[i];
                figure.value = rows.value[i];
            }
            return {};
        }));
    return out;
}

} // namespace

Result<std::vector<CaptureFigures>> loadFigures(SessionReader &reader, const Scope &scope,
                                                JobContext &job)
{
    const auto withoutRequests = [](const CaptureInfo &one) { return one.requests == 0; };
    FW_ASSIGN(const auto captures, capturesOf(reader, scope, withoutRequests));
    std::vector<CaptureFigures> out;
    for (const auto &capture : captures) {
        FW_ASSIGN(const auto figures, figuresOf(reader, capture, job));
        if (figures.empty())
            continue;
        CaptureFigures of{capture.id, capture.desc.name, {}, toolLatencies(figures)};
        for (const auto &[key, value] : capture.meta.provenance) {
            if (key == "tool")
                of.tool = value;
        }
        out.push_back(std::move(of));
    }
    return out;
}

} // namespace flamewright
