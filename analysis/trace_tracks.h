#pragma once

#include "analysis/lanes.h"
#include "analysis/sample_times.h"
#include "analysis/scope.h"
#include "capture/session/dimensions.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

// Captures with slices, counters and flows as a timeline shows them: on one axis of time, their
// tracks as a tree, their rows in levels of detail.
namespace flamewright {

struct SliceLevel {
    std::uint8_t cellBits = 0; // log2 of its cells' length; 0: the slices themselves
    SliceLanes lanes;
};
struct CounterLevel {
    std::uint8_t cellBits = 0;
    CounterLanes lanes;
};

// The slices and points of one capture that touch a stretch of its time, for pictures that are finer
// than the finest level.
struct DetailRows {
    std::int64_t begin = 0, end = 0; // on the capture's clock
    SliceLanes slices;
    CounterLanes counters;
    bool tooMany = false; // more than may be held: there are none here
    bool covers(std::int64_t from, std::int64_t to) const
    {
        return !tooMany && begin <= from && to <= end;
    }
};

struct TraceCapture {
    CaptureId id;
    std::string name;                // as captured
    std::int64_t offset = 0;         // added to its times gives those of the axis
    std::int64_t begin = 0, end = 0; // on its clock
    std::optional<std::int64_t> wallOffset;
    std::shared_ptr<const Dimensions> dimensions; // strings and tracks
    // Coarsest first; the last may be the facts themselves.
    std::vector<std::shared_ptr<const SliceLevel>> slices;
    std::vector<std::shared_ptr<const CounterLevel>> counters;
    std::shared_ptr<const FlowColumns> flows;   // sorted by begin; never null
    std::uint64_t flowsLeft = 0;                // more of them than may be held
    std::shared_ptr<const SampleTimes> samples; // null: there are none
    std::uint64_t sliceCount = 0;

    std::int64_t onAxis(std::int64_t own) const { return saturatingAdd(own, offset); }
    std::int64_t onClock(std::int64_t axis) const;
    // Pixels as short as this show more than the finest level has: DetailRows are wanted.
    bool wantsDetail(double nsPerPixel) const;
    // The coarsest that has all that can be seen; null: there are no slices.
    const SliceLanes *slicesFor(double nsPerPixel) const;
    const CounterLanes *countersFor(double nsPerPixel) const;
};

// One line of the tree.
struct TrackNode {
    TrackRef ref;              // track raw 0: the capture as a whole
    std::uint32_t capture = 0; // of TraceSet::captures
    std::uint32_t parent = UINT32_MAX;
    std::uint32_t subtreeEnd = 0; // preorder: its descendants are (node, subtreeEnd)
    std::uint32_t indent = 0;
    TrackKind kind = TrackKind::Process; // of a track
    std::uint32_t lanes = 0;             // depths with slices, from 0
    bool counter = false;
    bool samples = false;
    std::string name;   // to be shown
    std::string detail; // "pid 12"
    bool isCapture() const { return ref.track.raw == 0; }
};

struct TraceSet {
    enum class Axis : std::uint8_t {
        Own,     // one capture, its own clock
        Wall,    // several, all with a wall clock: the axis is that
        Together // several, of which one has none: they begin together
    };
    std::vector<TraceCapture> captures;
    Axis axis = Axis::Own;
    std::int64_t begin = 0, end = 1;                     // on the axis, half open
    std::vector<TrackNode> nodes;                        // preorder
    std::vector<std::vector<std::uint32_t>> nodeOfTrack; // by capture and TrackId; UINT32_MAX: none
    std::vector<float> activity; // of equal parts of the time: how much was going on, 0 to 1

    bool empty() const { return nodes.empty(); }
    const TraceCapture *find(CaptureId id) const;
    std::optional<std::uint32_t> nodeOf(TrackRef ref) const;
};

// A part of a timeline: a time on the axis, and tracks; none: all.
struct TraceArea {
    std::int64_t begin = 0, end = 0;
    std::vector<TrackRef> tracks;
    friend bool operator==(const TraceArea &, const TraceArea &) = default;
};

// A slice as it can be found again.
struct SlicePlace {
    CaptureId capture;
    TrackId track;
    std::uint32_t depth = 0;
    std::int64_t begin = 0, length = 0; // on the capture's clock
    std::string name;                   // as captured
    friend bool operator==(const SlicePlace &, const SlicePlace &) = default;
};

// Slices whose name a search found, in order of time.
struct SliceMatches {
    struct Match {
        std::uint32_t capture = 0; // of the set
        TrackId track;
        std::uint32_t depth = 0;
        StringId name;
        std::int64_t begin = 0, length = 0; // on the axis
    };
    std::vector<Match> matches;                   // at most kMost
    std::vector<std::vector<std::uint8_t>> names; // by capture of the set and StringId: 1: matches
    std::uint64_t count = 0;                      // all of them
    static constexpr std::size_t kMost = 200'000;
};
inline constexpr std::uint32_t kMostLanes = 1u << 17; // of one track that are shown

// Fills in offsets, axis, nodes and activity of `captures`, whose levels are there.
TraceSet assembleTraces(std::vector<TraceCapture> captures);

// "CPU 2" before "CPU 10".
bool naturallyBefore(std::string_view a, std::string_view b);

} // namespace flamewright
