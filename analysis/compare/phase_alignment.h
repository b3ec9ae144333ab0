#pragma once

#include "analysis/load_rows.h"
#include "analysis/load_timeline.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace flamewright {

// Time of two load tests that belongs together, each on the axis of its own LoadRows. Both begin
// together; where one is longer, its rest has no counterpart.
struct AlignedStretch {
    std::string phase; // as in the capture, or "level 2"; may be empty
    std::int64_t baseBegin = 0, baseEnd = 0, candBegin = 0, candEnd = 0; // half open
    std::int64_t length() const;                                         // of the longer one
    friend bool operator==(const AlignedStretch &, const AlignedStretch &) = default;
};

// What the times of two tests were matched by.
enum class AlignedBy : std::uint8_t {
    Nothing, // a side has no times
    Phases,  // names of phases that follow one another on both sides
    Levels,  // as many levels of load on both sides
    WarmUp,  // the end of the warm-up, where a side has one; of the other that is its start
    Start    // the first request
};
const char *describe(AlignedBy by); // in words, for people: "names of phases"

struct PhaseAlignment {
    AlignedBy by = AlignedBy::Nothing;
    std::vector<AlignedStretch> stretches;       // in order of time on both sides
    std::vector<std::string> onlyBase, onlyCand; // phases without a counterpart
};

// By the first of these that both sides have. Of one run each, with all columns.
PhaseAlignment alignPhases(const LoadRows &base, const LoadRows &cand);

// One side on the axis of both: columns of one length, a value for each bin.
struct AlignedSide {
    static constexpr std::int64_t kTooFew = TimelineSeries::kTooFew;
    std::vector<std::uint32_t> count, failed;
    std::vector<double> seconds; // of the bin in which the side ran: a rate is count / seconds
    // Of the successes, in the order of kTimelinePercentiles; exact, nearest rank. Too few where no
    // request is slower, or there is none.
    std::array<std::vector<std::int64_t>, kTimelinePercentiles.size()> percentiles;
};

// Both sides over a common time, on which the stretches follow one another without gaps.
struct AlignedSeries {
    struct Stretch {
        std::string phase;
        std::int64_t beginNs = 0, endNs = 0; // on the common axis
        std::size_t firstBin = 0, bins = 0;  // bins begin with the stretch; the last may be short
    };
    std::int64_t binNs = 0; // 0: there is nothing to draw
    std::vector<Stretch> stretches;
    std::vector<std::int64_t> binBegin; // on the common axis
    AlignedSide base, cand;
    std::int64_t endNs = 0;
};

// About `bins` bins of a round length, at least one for each stretch.
AlignedSeries alignedSeries(const LoadRows &base, const LoadRows &cand,
                            const PhaseAlignment &alignment, std::size_t bins);

} // namespace flamewright
