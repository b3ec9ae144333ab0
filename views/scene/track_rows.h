#pragma once

#include "analysis/trace_tracks.h"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace flamewright {

// What a person did to the tracks of a timeline. A plain value.
struct TrackChoices {
    std::set<TrackRef> closed;    // groups without their tracks, tracks with their first lane only
    std::vector<TrackRef> pinned; // stand on top
    std::string filter;           // part of a name; with its groups, and all that is in it
    // By parent: its tracks in another order than that of the tree. Raw 0 of capture 0: the roots.
    std::map<TrackRef, std::vector<TrackRef>> order;
    friend bool operator==(const TrackChoices &, const TrackChoices &) = default;
};

struct TrackPlace {
    std::uint32_t node = 0;
    double y = 0, height = 0; // of the content, or of the pinned ones
    double lanesTop = 0;      // within it: where lanes begin, below its samples
    std::uint32_t lanes = 0;  // shown
    bool group = false;       // it has tracks below it
    bool open = true;
};

inline constexpr double kLaneHeight = 19, kTrackPadding = 3, kGroupHeight = 26, kCounterHeight = 46;
// When samples were taken: a strip above the lanes.
inline constexpr double kTickHeight = 5, kTickStrip = 7;

// Which tracks are shown, and where.
class TrackRows {
public:
    TrackRows() = default;
    TrackRows(const TraceSet &set, const TrackChoices &choices);

    const std::vector<TrackPlace> &places() const { return m_places; }
    const std::vector<TrackPlace> &pinned() const { return m_pinned; }
    double height() const { return m_height; }
    double pinnedHeight() const { return m_pinnedHeight; }
    // The one at a height of the content; places().size(): none.
    std::size_t at(double y) const;
    // Of a node; nullptr: it is not shown.
    const TrackPlace *placeOf(std::uint32_t node) const;
    std::uint32_t hidden() const { return m_hidden; } // by the filter

private:
    std::vector<TrackPlace> m_places, m_pinned;
    std::vector<std::uint32_t> m_index; // by node: place + 1; 0: not shown
    double m_height = 0, m_pinnedHeight = 0;
    std::uint32_t m_hidden = 0;
};

// Of a large tree: groups closed, so that it can be overlooked.
TrackChoices firstChoices(const TraceSet &set);

// `ref` one place up (-1) or down (1) among the tracks of its parent.
void moveTrack(const TraceSet &set, TrackChoices &choices, std::uint32_t node, int by);

} // namespace flamewright
