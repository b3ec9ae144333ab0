#pragma once

#include "analysis/kneedle.h"
#include "analysis/load_levels.h"
#include "analysis/load_rows.h"
#include "analysis/slo.h"
#include "analysis/usl_fit.h"

#include <cstdint>
#include <optional>

namespace flamewright {

// What load levels say of how much a system can take. Indices of knees are those of `levels`.
struct Capacity {
    LoadLevels levels;
    UslAnswer usl;                      // of throughput (successes) over concurrency
    std::optional<Knee> throughputKnee; // over concurrency: from here on more load brings less
    std::optional<Knee> latencyKnee;    // of the p95 over concurrency
};
Capacity capacity(const LoadRows &rows, LevelsBy by = LevelsBy::Automatic);

// "p99 within 300 ms".
struct Objective {
    unsigned perMyriad = 9900; // of the requests
    std::int64_t thresholdNs = 0;
    double target() const { return perMyriad / 10'000.0; }
};

struct ObjectiveHeadroom {
    Headroom headroom;
    std::size_t levels = 0; // with enough successes for the percentile
    std::size_t independent =
        0; // of these: too short for blocks of time (drawPercentiles), so that
           // the interval takes their requests for independent
};
// Over the successes of each level. nullopt: no level has enough of them for the percentile.
std::optional<ObjectiveHeadroom> headroomOf(const LoadRows &rows, const LoadLevels &levels,
                                            const Objective &objective);

} // namespace flamewright
