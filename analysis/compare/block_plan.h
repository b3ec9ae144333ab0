#pragma once

#include "analysis/load_rows.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace flamewright {

// How the requests of one side of a comparison are drawn again and again: blocks of time, so that
// what happens together is drawn together (a moving-block bootstrap, circular), and of several runs
// first the runs. All figures and endpoints of a side are drawn by the same plan.
//
//   run 0                        run 1
//   |cell|cell|cell|cell|...     |cell|cell|...    weights: how often a round draws each cell
//   `---- a block ----'
class BlockPlan {
public:
    // `seed`: rounds of equal seeds and equal times are the same. No run may be empty.
    BlockPlan(std::span<const LoadRows> runs, unsigned rounds, std::uint64_t seed);

    std::size_t cells() const { return m_cells; } // of all runs
    unsigned rounds() const { return m_rounds; }
    std::size_t runs() const { return m_runs.size(); }
    // The cell of a row, of all runs' cells.
    std::uint32_t cellOf(std::size_t run, std::size_t row, std::int64_t begin) const
    {
        const auto &of = m_runs[run];
        return static_cast<std::uint32_t>(of.firstCell + cellIn(of, row, begin));
    }
    std::size_t blockOf(std::size_t cell) const { return m_blockOf[cell]; }
    std::size_t blocks() const { return m_blocks; } // of all runs
    // By time; otherwise by request, because a run has no times or is over in no time.
    bool byTime() const { return m_byTime; }
    std::int64_t blockNs() const { return m_blockNs; } // of the longest run; 0: by request

    // How often each cell is drawn, and how long all that is in seconds (0: by request).
    std::span<const std::uint32_t> weights(unsigned round) const
    {
        return std::span(m_weights).subspan(round * m_cells, m_cells);
    }
    double seconds(unsigned round) const { return m_seconds[round]; }
    double seconds() const { return m_allSeconds; } // of the cells as they are
    // Rounds that draw every run once, and only its blocks again: what of the variance is within
    // the runs. None for one run.
    unsigned withinRounds() const { return m_withinRounds; }
    std::span<const std::uint32_t> withinWeights(unsigned round) const
    {
        return weights(m_rounds + round);
    }
    double withinSeconds(unsigned round) const { return seconds(m_rounds + round); }

private:
    struct Run {
        std::size_t firstCell = 0, cells = 1, perBlock = 1;
        std::int64_t origin = 0, length = 0; // of a cell, ns; 0: by request
    };
    static std::size_t cellIn(const Run &run, std::size_t row, std::int64_t begin);
    void cut(std::span<const LoadRows> runs);
    void draw(std::uint64_t seed);

    unsigned m_rounds, m_withinRounds = 0;
    std::vector<Run> m_runs;
    std::size_t m_cells = 0, m_blocks = 0;
    bool m_byTime = true;
    std::int64_t m_blockNs = 0;
    double m_allSeconds = 0;
    std::vector<std::uint32_t> m_blockOf, m_weights;
    std::vector<double> m_seconds;
};

} // namespace flamewright
