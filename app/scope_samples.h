#pragma once

#include "analysis/scope.h"
#include "capture/base/job.h"
#include "capture/base/result.h"
#include "capture/session/chunk_codec.h"
#include "capture/session/session.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace flamewright {

// Which samples of one capture a scope asks for.
struct CaptureSelection {
    CaptureInfo capture;
    MeasureId measure;                // raw 0: all of them
    std::vector<std::uint8_t> tracks; // by TrackId::raw; empty: all

    bool takes(TrackId track) const
    {
        return tracks.empty() || (track.raw < tracks.size() && tracks[track.raw] != 0);
    }
};

// A scope, looked up in a session: what it is about and what is added up.
struct ScopeSelection {
    std::vector<CaptureSelection> captures;
    std::string measure; // as asked for, or the default
    Unit unit = Unit::Count;
    bool countSamples = false; // "samples": values are counts
};

// Errc::Usage when the scope names a measure that no capture of it has.
Result<ScopeSelection> selectionOf(SessionReader &reader, const Scope &scope);

// The same for who lists samples instead of adding them up: without a measure in the scope, those
// of every measure of every capture.
Result<ScopeSelection> rowsSelectionOf(SessionReader &reader, const Scope &scope);

// The rows of one capture that are in a scope, as visit(rows, index); it may return a Result to stop
// at an error.
template <class F>
Result<> scanScope(SessionReader &reader, const CaptureSelection &what, const Scope &scope,
                   JobContext &job, F visit)
{
    // One pass over the hull of the ranges; rows are tested against each.
    TimeRange hull;
    if (!scope.times.empty())
        hull = scope.times.front();
    for (const auto &range : scope.times)
        hull = {std::min(hull.begin, range.begin), std::max(hull.end, range.end)};
    const auto inTime = [&](Timestamp t) {
        return scope.times.empty() ||
               std::any_of(scope.times.begin(), scope.times.end(),
                           [&](const TimeRange &range) { return range.contains(t); });
    };
    return reader.scan(what.capture.id, ChunkKind::Samples, hull, job,
                       [&](const Chunk &chunk) -> Result<> {
                           FW_TRY(job.checkpoint());
                           FW_ASSIGN(const auto rows, decodeSamples(chunk));
                           for (std::size_t i = 0; i < rows.size(); ++i) {
                               if ((what.measure.raw != 0 && rows.measure[i] != what.measure) ||
                                   !what.takes(rows.track[i]) || !inTime(rows.time[i]))
                                   continue;
                               if constexpr (std::is_void_v<decltype(visit(rows, i))>)
                                   visit(rows, i);
                               else
                                   FW_TRY(visit(rows, i));
                           }
                           return {};
                       });
}

} // namespace flamewright
