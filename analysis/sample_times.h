#pragma once

#include "capture/session/chunk.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace flamewright {

// Columns of a picture: time t is in the one numbered floor((t - begin - fraction) / nsPerColumn).
struct TickColumns {
    std::int64_t begin = 0; // on the capture's clock
    double fraction = 0;    // of a nanosecond
    double nsPerColumn = 1;
    std::int64_t count = 0;
    std::int64_t of(std::int64_t time) const;
};
struct SampleTick {
    std::int64_t column = 0;
    std::uint64_t count = 0;
    friend bool operator==(const SampleTick &, const SampleTick &) = default;
};

// When samples of a capture were taken, by track. Rows of one moment and one track are one sample:
// profilers write one for each of their measures. Of very many, one in step() is held, evenly.
class SampleTimes {
public:
    static constexpr std::size_t kMost = 4u << 20;

    class Builder {
    public:
        explicit Builder(std::size_t most = kMost) : m_most(most < 2 ? 2 : most) {}
        void add(const SampleColumns &rows);
        SampleTimes finish() &&;

    private:
        void sortAll();
        void thin();

        std::size_t m_most, m_held = 0;
        std::uint64_t m_step = 1;
        std::vector<std::vector<std::int64_t>> m_times; // by track
        std::vector<std::uint64_t> m_seen;              // by track: rows
    };

    // In order, without repetition.
    std::span<const std::int64_t> of(TrackId track) const;
    std::size_t tracks() const { return m_times.size(); } // ids below this
    std::uint64_t step() const { return m_step; }
    // Those in columns 0 to count - 1, by column; counts are of what is held. Costs columns, not samples.
    void ticks(TrackId track, const TickColumns &columns, std::vector<SampleTick> &out) const;

private:
    std::vector<std::vector<std::int64_t>> m_times;
    std::uint64_t m_step = 1;
};

} // namespace flamewright
