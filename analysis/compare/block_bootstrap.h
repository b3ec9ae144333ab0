#pragma once

#include "analysis/compare/verdict.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace flamewright {

// A figure, and what it would have been in other recordings of the same: one value for each round of
// a bootstrap.
struct BlockFigure {
    double value = 0;
    std::vector<double> draws; // empty: there are too few to draw from
    double blocks = 0;         // stretches of the recording that may be taken as independent
};

// A circular moving-block bootstrap (Politis and Romano 1992) over units (traces) in order of time:
// stretches of neighbours are drawn, because neighbours are alike. Units are summed up in cells, of
// which a block is a few, so that a figure costs time by the number of cells, and every figure is
// made from the same draws.
//
//     units   | . . . | . . . | . . . | . . . |     cells of equally many units
//     block           [---------------]             begins at any cell, goes on at the begin
class BlockBootstrap {
public:
    // `level` by unit in order of time: what shows how far neighbours are alike, by ranks. How long
    // blocks are follows from that; at least the third root of the number of cells.
    BlockBootstrap(std::span<const std::int64_t> level, unsigned rounds, std::uint64_t seed);

    static std::size_t cellsOf(std::size_t units);
    static std::size_t cellOf(std::size_t unit, std::size_t units);

    std::size_t cells() const { return m_cells; }
    double blocks() const;

    // Sum of `part` by sum of `whole`, both by cell.
    BlockFigure ratio(std::span<const std::int64_t> part,
                      std::span<const std::int64_t> whole) const;
    // The percentile of values, nearest rank. `sorted` ascending with the cell of each. Rounds draw
    // the share of values up to it, and take the value where the share would be right (Woodruff
    // 1952). No draws: an end of the 95 % interval is beyond the values.
    BlockFigure percentile(std::span<const std::int64_t> sorted,
                           std::span<const std::uint32_t> cell, unsigned perMyriad) const;

private:
    std::size_t m_cells = 0, m_block = 1;
    unsigned m_rounds = 0;
    std::vector<float> m_weights; // round * cells + cell: how often it was drawn
};

// Intervals and p of the change from one to the other. A nullopt is a side without the figure.
// The intervals are percentiles of the draws, widened where there are few blocks; p is Student's, of
// the logarithm of the ratio where both are above 0. Without draws: `change.why` has to say it.
void compareDrawn(Change &change, const std::optional<BlockFigure> &base,
                  const std::optional<BlockFigure> &cand);

} // namespace flamewright
