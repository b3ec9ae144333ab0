#pragma once

#include "analysis/slice_stats.h"
#include "analysis/trace_tracks.h"
#include "capture/base/job.h"
#include "capture/base/result.h"
#include "capture/session/session.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

// What a timeline reads of a session: levels of detail at once, the slices of a stretch of time when
// somebody looks that closely.
namespace flamewright {

// Whether a timeline has something to show of it.
bool hasTracks(const CaptureInfo &capture);

// Those of `captures` (empty: all of the session) that have tracks, on one axis. Reads no facts where
// there are levels. Errc::Corrupt as scan().
Result<std::shared_ptr<const TraceSet>>
loadTraces(SessionReader &reader, std::span<const CaptureId> captures, JobContext &job);

inline constexpr std::size_t kMostDetailRows = 1u << 20;

// What touches [begin, end) of a capture's clock; nothing but `tooMany` where that is more rows than
// `mostRows`.
Result<std::shared_ptr<const DetailRows>> loadDetail(SessionReader &reader, CaptureId capture,
                                                     std::int64_t begin, std::int64_t end,
                                                     std::size_t mostRows, JobContext &job);

inline constexpr std::size_t kMostAreaRows = 24'000'000;

// Errc::Limit where the area has more slices than can be counted together.
Result<SliceStats> areaStats(SessionReader &reader, const TraceSet &set, const TraceArea &area,
                             JobContext &job);

// All that is known of one.
struct SliceDetails {
    SlicePlace place;
    SliceKind kind = SliceKind::Slice;
    std::uint8_t flags = 0;
    std::string trace; // id
    std::uint64_t span = 0, parent = 0;
    std::string args;                 // JSON object, or empty
    std::optional<std::int64_t> self; // of nested slices: what those on the next depth leave
    std::uint64_t children = 0;
    std::optional<SlicePlace> within; // the one it is nested in, or the parent span if it is near
};
// nullopt: the session has no such slice.
Result<std::optional<SliceDetails>> sliceDetails(SessionReader &reader, const TraceSet &set,
                                                 const SlicePlace &place, JobContext &job);

// Slices whose name a pattern means (matchNames()).
// Errc::Usage: the expression is invalid.
Result<SliceMatches> findSlices(SessionReader &reader, const TraceSet &set,
                                std::string_view pattern, JobContext &job);

} // namespace flamewright
