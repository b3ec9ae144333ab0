#pragma once

#include "analysis/latency.h"
#include "analysis/load_rows.h"
#include "analysis/load_series.h"

#include <cstdint>
#include <string>
#include <vector>

namespace flamewright {

// What happened while the load stayed the same.
struct LoadLevel {
    std::string name;                    // of the capture or phase; empty for one that was detected
    std::uint8_t capture = 0;            // index of LoadRows::captures
    std::int64_t beginNs = 0, endNs = 0; // half open, on the axis of LoadRows
    double concurrency = 0;      // mean number of requests under way: the integral of their overlap
    double offeredPerSecond = 0; // requests that were sent
    double achievedPerSecond = 0;           // successes that ended
    std::uint64_t requests = 0, errors = 0; // of those that were sent
    LatencySummary latency;                 // of the successes that were sent
    double errorShare() const
    {
        return requests == 0 ? 0 : static_cast<double>(errors) / static_cast<double>(requests);
    }
};

// What the levels were told by.
enum class LevelsFrom : std::uint8_t {
    Nothing, // there are no times
    // The load does not change but at the ends (one level is four fifths of the time), or there are
    // too few requests to see that it does.
    Whole,
    Captures, // one level is one capture
    Phases,   // phases that follow one another
    Workers,  // steps of the number of busy workers,
    InFlight, // of the number of requests under way,
    Sent,     // of the rate of requests
    Ramp,     // the load changes all the time: windows of equal length
};
// In words, for people: "steps of busy workers".
const char *describe(LevelsFrom from);

struct LoadLevels {
    LevelsFrom from = LevelsFrom::Nothing;
    std::vector<LoadLevel> levels; // in order of time; captures: by concurrency
    LoadSeries series;             // what it was detected in; empty for several captures
};

enum class LevelsBy : std::uint8_t {
    Automatic, // captures when there are several, phases when they follow one another, else Steps
    Captures,
    Phases,
    Steps,
};

// Load levels of a test. Steps are looked for in the least noisy of busy workers, requests under
// way and rate of requests: in a closed test the number of workers is what was set, in an open one
// the rate. The first and the last time step of each are left out of it, because the load changes
// somewhere in them; so are the ramps between steps. Steps and phases are those of one capture: of
// the first that has times.
LoadLevels loadLevels(const LoadRows &rows, LevelsBy by = LevelsBy::Automatic);

// Steps of one capture (index of rows.captures).
LoadLevels loadSteps(const LoadRows &rows, std::uint8_t capture);

// The same figures for given stretches of time of one capture.
LoadLevel measureLevel(const LoadRows &rows, std::uint8_t capture, std::int64_t beginNs,
                       std::int64_t endNs);

} // namespace flamewright
