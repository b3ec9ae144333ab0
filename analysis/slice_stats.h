#pragma once

#include "analysis/flame_tree.h"
#include "capture/session/chunk.h"
#include "capture/session/dimensions.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace flamewright {

// What is counted together: those with one name and one of these classes.
enum class SliceClass : std::uint8_t { Slice, Async, Span, State, Moment };
constexpr SliceClass classOf(SliceKind kind)
{
    switch (kind) {
    case SliceKind::Slice: return SliceClass::Slice;
    case SliceKind::Async: return SliceClass::Async;
    case SliceKind::State: return SliceClass::State;
    case SliceKind::Instant:
    case SliceKind::Log: return SliceClass::Moment;
    default: return SliceClass::Span;
    }
}

// The slices of an area: those that touch [beginNs, endNs) on chosen tracks, as columns of one
// length. Several captures may be in one area; what is theirs (tracks, ids of spans) is told apart
// by `capture`.
class SliceArea {
public:
    // On the clock of what is added next, as ns; `offset` moves it to the axis of the area.
    void beginCapture(const StringTable &strings, std::int64_t offset);
    // Those of the block that touch the area and whose track is chosen (by raw id; empty: all).
    void add(const SliceColumns &block, std::int64_t beginNs, std::int64_t endNs,
             std::span<const std::uint8_t> tracks);

    std::size_t size() const { return begin.size(); }

    std::vector<std::int64_t> begin, length; // on the axis; not clipped
    std::vector<std::uint64_t> lane;         // capture and track
    std::vector<std::uint32_t> depth;
    std::vector<std::uint32_t> name; // of `names`
    std::vector<SliceKind> kind;
    std::vector<std::uint8_t> flags;
    std::vector<std::uint64_t> span, parent;
    std::vector<std::string> names; // as captured

private:
    const StringTable *m_strings = nullptr;
    std::int64_t m_offset = 0;
    std::uint32_t m_capture = 0;
    std::vector<std::uint32_t> m_known; // StringId::raw to index of `names` + 1
    std::unordered_map<std::string, std::uint32_t> m_index;
};

// One line of the table.
struct SliceStat {
    std::uint32_t name = 0; // of SliceStats::names
    SliceClass what = SliceClass::Slice;
    std::uint64_t count = 0;
    std::uint64_t errors = 0;
    std::uint64_t open = 0; // without begin or end in the file: not in the percentiles
    // Inside of the area, ns. Total: a slice within another of the same name is not counted again.
    std::int64_t total = 0, self = 0;
    // Of whole slices, also where they reach out of the area; nearest rank. 0 when all are open.
    std::int64_t min = 0, p50 = 0, p95 = 0, p99 = 0, max = 0;
};

struct SliceStats {
    std::int64_t beginNs = 0, endNs = 0; // the area
    std::vector<SliceStat> rows;         // by total, largest first, then self, then name
    std::vector<std::string> names;
    std::uint64_t slices = 0;
    std::int64_t self = 0; // of all rows: how much was going on
    // Stacks of nested names with their self time: the flame graph of the area.
    Profile profile;
};

// The same by slice of the area.
struct SliceTimes {
    std::vector<std::int64_t> self;  // inside of the area, ns
    std::vector<std::uint8_t> outer; // 0: within another of the same name, whose total holds it
};
SliceTimes sliceTimes(const SliceArea &area, std::int64_t beginNs, std::int64_t endNs);

// Slices of a track are nested by depth, spans by their ids, asynchronous slices and states not at
// all. Self time is what no child covers; children that overlap (spans) cover time once. A parent
// outside of the area has no part in it. Linear but for the sorting.
SliceStats sliceStats(const SliceArea &area, std::int64_t beginNs, std::int64_t endNs);

} // namespace flamewright
