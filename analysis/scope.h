#pragma once

#include "analysis/transforms.h"
#include "capture/base/units.h"

#include <string>
#include <vector>

namespace flamewright {

// A track of one capture: ids are per capture.
struct TrackRef {
    CaptureId capture;
    TrackId track;
    friend auto operator<=>(const TrackRef &, const TrackRef &) = default;
};

// Which part of a session a question is about. A plain value: it is the undo stack entry, the
// cache key, the CLI flags and the saved view, all at once.
struct Scope {
    std::vector<CaptureId> captures;   // empty: every capture that has the measure
    std::vector<TimeRange> times;      // on the captures' own clocks; empty: all
    std::vector<TrackRef> tracks;      // a process stands for its threads; empty: all
    std::string measure;               // empty: the default measure; "samples": number of samples
    std::string search;                // text, or /regex/i: what is highlighted and summed up
    bool inlines = true;               // false: inlined code counts as what it was inlined into
    std::vector<Transform> transforms; // done to every stack, in this order
    friend bool operator==(const Scope &, const Scope &) = default;
};

} // namespace flamewright
