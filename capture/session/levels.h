#pragma once

#include "capture/session/chunk.h"
#include "capture/session/level_rows.h"

#include <cstdint>
#include <functional>

// Levels of detail, stored with the facts so that a picture of everything needs none of them: each
// level holds every slice (or point) once, put together within cells of time. A view reads the level
// whose cells are as long as its pixels, and the facts only where it looks closer than that.
namespace flamewright {

struct SliceLevelRow {
    std::int64_t begin = 0, length = 0, busy = 0, longest = 0; // ns
    std::uint32_t track = 0, name = 0, depth = 0, count = 1;
    SliceKind kind = SliceKind::Slice;
    std::uint8_t flags = 0;

    std::uint64_t lane() const { return std::uint64_t{track} << 32 | depth; }
    bool fits(int bits) const { return count > 1 || length < std::int64_t{1} << bits; }
    void take(const SliceLevelRow &other);
};

struct CounterLevelRow {
    std::int64_t begin = 0, length = 0; // ns; to the last point
    std::uint32_t track = 0, count = 1;
    double min = 0, max = 0, last = 0;

    std::uint64_t lane() const { return track; }
    bool fits(int) const { return true; }
    void take(const CounterLevelRow &other);
};

// Takes chunks of slices as they are sealed; gives the levels at the end, in runs of at most
// `rowsPerChunk` rows.
class SliceLevelsBuilder {
public:
    explicit SliceLevelsBuilder(LevelLimits limits = {}) : m_rows(limits) {}
    void add(const SliceColumns &block);
    void finish(std::uint32_t rowsPerChunk,
                const std::function<void(const SliceLevelColumns &run)> &emit);

private:
    LevelRows<SliceLevelRow> m_rows;
};

class CounterLevelsBuilder {
public:
    explicit CounterLevelsBuilder(LevelLimits limits = {}) : m_rows(limits) {}
    void add(const CounterColumns &block);
    void finish(std::uint32_t rowsPerChunk,
                const std::function<void(const CounterLevelColumns &run)> &emit);

private:
    LevelRows<CounterLevelRow> m_rows;
};

} // namespace flamewright
