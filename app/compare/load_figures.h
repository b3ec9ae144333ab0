#pragma once

#include "analysis/compare/comparison.h"
#include "analysis/load_rows.h"
#include "app/load_summaries.h"

#include <span>

namespace flamewright {

// What is known of the latencies of a side: requests of each run, figures that tools printed, or
// some of both.
struct FiguresOfSide {
    std::span<const LoadRows> runs;
    std::span<const CaptureFigures> figures;
};

// Sides of which at least one has no requests: figures beside each other, said to be the tool's,
// without a verdict. Of several runs the median of each figure, which is no percentile of all.
void addFigures(const FiguresOfSide &base, const FiguresOfSide &cand, ComparedSection &out);

} // namespace flamewright
