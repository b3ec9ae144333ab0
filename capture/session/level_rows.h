#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace flamewright {

// log2 of the lengths of cells: 2, 4, 6 ... The finest cell is 4 ns, the coarsest 52 days.
inline constexpr int kFirstCellBits = 2;
inline constexpr int kLastCellBits = 52;
inline constexpr int kCellBitsStep = 2;

struct LevelLimits {
    // Fewer facts than this are drawn as they are.
    std::size_t minFacts = 1u << 14;
    // The finest level is worth its place if it has at most this part of the facts' rows ...
    std::size_t factsPerRow = 4;
    // ... and it is held in memory until the end.
    std::size_t maxRows = 1u << 20;
    // The coarsest has no more rows than a picture has pixels.
    std::size_t coarsest = 1u << 10;
};

// The finest level in the making. Row has `lane()`, a number that tells lanes apart, `begin`,
// `fits(bits)`, whether it may be put together with others of a cell, and `take(other)`.
// Rows come in any order; those of one lane that come in order of time are put together.
template <class Row>
class LevelRows {
public:
    explicit LevelRows(LevelLimits limits = {}) : m_limits(limits) {}

    void add(const Row &row)
    {
        ++m_facts;
        if (m_abandoned)
            return;
        append(row);
        if (m_rows.size() > m_limits.maxRows)
            coarsenTo(m_limits.maxRows / 2);
    }

    // each(bits, rows) for every level, the coarsest first, rows by begin. Ends this.
    template <class F>
    void finish(F each)
    {
        if (m_facts < m_limits.minFacts || m_abandoned)
            return;
        coarsenTo(static_cast<std::size_t>(m_facts / m_limits.factsPerRow));
        struct Level {
            int bits;
            std::vector<Row> rows;
        };
        std::vector<Level> levels;
        if (!m_abandoned)
            levels.push_back({m_bits, m_rows});
        while (!m_abandoned && m_rows.size() > m_limits.coarsest && m_bits < kLastCellBits) {
            coarsen();
            // One that hides hardly anything is not worth its place.
            if (m_rows.size() < levels.back().rows.size() / 2)
                levels.push_back({m_bits, m_rows});
        }
        for (auto level = levels.rbegin(); level != levels.rend(); ++level) {
            std::stable_sort(level->rows.begin(), level->rows.end(),
                             [](const Row &a, const Row &b) { return a.begin < b.begin; });
            each(level->bits, std::as_const(level->rows));
        }
    }

private:
    // Lanes whose last row is remembered. Two that meet in a slot are put together less well.
    static constexpr int kSlotBits = 14;
    static constexpr std::size_t kReserveFrom = 1u << 15;
    struct Open {
        std::uint64_t lane = 0;
        std::size_t row = 0;
        bool used = false;
    };

    bool belong(const Row &a, const Row &b) const
    {
        return a.fits(m_bits) && b.fits(m_bits) && a.begin >> m_bits == b.begin >> m_bits;
    }

    void append(const Row &row)
    {
        if (m_open.empty())
            m_open.resize(std::size_t{1} << kSlotBits);
        // From here on, all that it may ever need: room that is not used costs nothing, rows that are
        // copied to grow cost more than all else here.
        if (m_rows.size() == kReserveFrom && m_rows.capacity() <= m_limits.maxRows)
            m_rows.reserve(m_limits.maxRows + 1);
        if (!joins(row, m_rows.size()))
            m_rows.push_back(row);
    }

    // Whether the row was put together with the last one of its lane; if not, it is to be row `next`.
    bool joins(const Row &row, std::size_t next)
    {
        const auto lane = row.lane();
        auto &open = m_open[(lane * 0x9e37'79b9'7f4a'7c15u) >> (64 - kSlotBits)];
        if (open.used && open.lane == lane && belong(m_rows[open.row], row)) {
            m_rows[open.row].take(row);
            return true;
        }
        open = {lane, next, true};
        return false;
    }

    void coarsen(int step = kCellBitsStep)
    {
        m_bits = std::min(m_bits + step, kLastCellBits);
        std::fill(m_open.begin(), m_open.end(), Open{});
        // In place: there are never more rows than before.
        std::size_t kept = 0;
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            const auto row = m_rows[i];
            if (!joins(row, kept))
                m_rows[kept++] = row;
        }
        m_rows.resize(kept);
    }

    void coarsenTo(std::size_t rows)
    {
        // While hardly any rows belong together, the next cells but one are tried.
        int step = kCellBitsStep;
        while (m_rows.size() > rows && m_bits < kLastCellBits) {
            const auto before = m_rows.size();
            coarsen(step);
            step = m_rows.size() > before - before / 8 ? 2 * kCellBitsStep : kCellBitsStep;
        }
        // What is left is longer than any cell, or alone in its lane: levels would hide nothing.
        if (m_rows.size() > rows) {
            m_abandoned = true;
            m_rows = {};
        }
    }

    LevelLimits m_limits;
    int m_bits = kFirstCellBits;
    std::vector<Row> m_rows;
    std::vector<Open> m_open;
    std::uint64_t m_facts = 0;
    bool m_abandoned = false;
};

} // namespace flamewright
