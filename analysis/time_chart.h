#pragma once

#include "analysis/flame_tree.h"
#include "capture/base/units.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace flamewright {

// One sample of a profile: when, on which lane (thread), and at which node of the profile's tree.
struct TimedSample {
    std::int64_t timeNs = 0;
    std::uint32_t lane = 0; // index of `lanes`
    std::uint32_t node = 0;
};

// The samples behind a profile in time order per lane.
struct SampleSeries {
    std::vector<std::string> lanes; // as shown: "node 4711"
    std::vector<TimedSample> samples;
    std::int64_t beginNs = 0, endNs = 0; // the time asked for
    std::int64_t periodNs = 0;           // between two samples of a thread that runs; 0: not known
    std::uint64_t leftOut = 0;           // samples beyond the limit: only every n-th was taken
};

// Stacks along time: below the root one node a lane, below it the frames, a run of equal frames
// of neighbouring samples as one. Values are nanoseconds: a sample stands for the time to the next
// one of its lane, or for one period where the next is farther than two; in between the lane did
// not run and there is a gap. Lanes are stacked: `depth` is the row, so that the rows of a lane
// are those below the lane before it. `begin` is set. Table and functions are those of `profile`,
// with one function added for each lane.
Profile chartProfile(const Profile &profile, const SampleSeries &series);

// The usual distance of two samples of one lane: the median. 0 with fewer than two.
std::int64_t usualPeriod(std::span<const TimedSample> samples);

} // namespace flamewright
