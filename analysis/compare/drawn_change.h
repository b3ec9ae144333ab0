#pragma once

#include "analysis/compare/drift.h"
#include "analysis/compare/endpoint_draws.h"
#include "analysis/compare/verdict.h"

#include <cstdint>
#include <optional>

namespace flamewright {

// One figure of one side, and what it was in each round.
struct DrawnFigure {
    double value = 0;
    const FigureDraws &draws;
    std::uint64_t requests = 0, blocks = 0; // behind it
    std::uint32_t runs = 1;
};

// Values, intervals and p; neither adjusted nor judged. Intervals are those between which the middle
// 95 % of the rounds are, wider by as much as Student's t and the spread of few blocks and runs ask
// for. `resolution`: values are known no better than this; a change may be as much less.
// `drift`: widens them by what the parts of both vary more than the blocks explain. Not p, which is of
// chance within the runs.
// nullopt in `relative`: the base is not above 0. NotEnoughData: fewer than five blocks of a side
// have requests, or rounds have none.
Change drawnChange(const DrawnFigure &base, const DrawnFigure &cand, double resolution,
                   const std::optional<Drift> &drift = std::nullopt);

// Between which a side's own figure is, the same way.
ChangeInterval drawnBand(const DrawnFigure &figure);

// Of shares of requests: as if they failed independently (Wilson's intervals, put together as
// Newcombe does), with as many fewer requests as blocks of time vary more than that.
struct DrawnShare {
    std::uint64_t hits = 0, of = 0;
    const FigureDraws &draws;
    std::uint64_t blocks = 0;
    std::uint32_t runs = 1;
};
// No p when nothing failed.
Change drawnShareChange(const DrawnShare &base, const DrawnShare &cand);

} // namespace flamewright
