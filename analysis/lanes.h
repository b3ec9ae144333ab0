#pragma once

#include "capture/session/chunk.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// Slices and counters by lane, for pictures along time: what a question costs follows the pixels that
// are asked about, not the rows behind them.
namespace flamewright {

// Rows [first, last) of one depth of a track.
struct Lane {
    TrackId track;
    std::uint32_t depth = 0;
    std::uint32_t first = 0, last = 0;
};

// Which part of a capture's time is asked for, and how long a pixel of it is.
struct LaneWindow {
    std::int64_t begin = 0, end = 0; // ns on the capture's clock, half open
    double nsPerPixel = 1;
};

// What is drawn as one: a slice, or several that are narrower than a pixel each.
struct LaneBox {
    std::int64_t begin = 0, end = 0; // of the first, and the last end
    std::uint32_t row = 0;           // of SliceLanes: the longest
    std::uint64_t count = 0;         // slices
    std::uint8_t flags = 0;          // SliceFlag of any of them
    bool exact() const { return count == 1; }
};

// Slices (or rows of one of their levels) sorted by track, depth and begin. Immutable once built.
class SliceLanes {
public:
    // Takes blocks in any order; those of one level, or slices.
    class Builder {
    public:
        void add(const SliceColumns &block) { add(block, INT64_MIN, INT64_MAX); }
        // Only what touches [begin, end).
        void add(const SliceColumns &block, std::int64_t begin, std::int64_t end);
        void add(const SliceLevelColumns &block);
        std::size_t rows() const { return m_begin.size(); }
        SliceLanes finish() &&;

    private:
        friend class SliceLanes;
        std::vector<std::int64_t> m_begin, m_length;
        std::vector<std::uint32_t> m_name, m_count; // no counts: all are 1
        std::vector<std::uint32_t> m_lane;          // by order of m_lanes
        std::vector<SliceKind> m_kind;
        std::vector<std::uint8_t> m_flags;
        std::vector<Lane> m_lanes;
        std::vector<std::uint64_t> m_keys; // hash table of lanes
        std::vector<std::uint32_t> m_slots;
        std::uint64_t m_lastKey = 0;
        std::uint32_t m_lastLane = 0;
        std::uint32_t laneOf(TrackId track, std::uint32_t depth);
        void grow();
    };

    std::span<const Lane> lanes() const { return m_lanes; }
    // Those of one track, by depth.
    std::span<const Lane> lanesOf(TrackId track) const;
    std::size_t rows() const { return m_begin.size(); }

    std::int64_t begin(std::uint32_t row) const { return m_begin[row]; }
    std::int64_t length(std::uint32_t row) const { return m_length[row]; }
    std::int64_t end(std::uint32_t row) const { return saturatingAdd(m_begin[row], m_length[row]); }
    StringId name(std::uint32_t row) const { return StringId{m_name[row]}; }
    SliceKind kind(std::uint32_t row) const { return m_kind[row]; }
    std::uint8_t flags(std::uint32_t row) const { return m_flags[row]; }
    std::uint64_t count(std::uint32_t first, std::uint32_t last) const
    {
        return m_upTo.empty() ? last - first : m_upTo[last] - m_upTo[first];
    }

    // Appends the boxes of a lane that touch the window, from left to right. Each slice is counted
    // once: those as long as a pixel have a box of their own, shorter ones share it with those that
    // begin within the same column of one to two pixels. Columns stay where they are when the window
    // moves. Of broken lanes, in which long slices overlap, a column has kMostBoxes boxes, and the
    // last one stands for the rest.
    void boxes(const Lane &lane, const LaneWindow &window, std::vector<LaneBox> &out) const;
    static constexpr int kMostBoxes = 4;

    // The first row of a lane that ends after `time` (or, without length, is at it or later);
    // lane.last: none. And the last that begins before it; lane.last: none.
    std::uint32_t firstEndingAfter(const Lane &lane, std::int64_t time) const;
    std::uint32_t lastBeginningBefore(const Lane &lane, std::int64_t time) const;

private:
    struct Walk;
    struct Block { // of kFan rows, or of kFan blocks
        std::uint32_t longest = 0;
        std::int64_t maxEnd = INT64_MIN;
        std::uint8_t flags = 0;
    };
    static constexpr std::uint32_t kFan = 32;

    void sortWithin(const Lane &lane);
    void buildBlocks();
    template <class RowTest, class BlockTest>
    std::uint32_t findFirst(std::uint32_t from, std::uint32_t to, RowTest row,
                            BlockTest block) const;
    // Of rows [from, to), which are some.
    Block summary(std::uint32_t from, std::uint32_t to) const;
    void join(Block &into, const Block &other) const;
    Block ofRow(std::uint32_t row) const;
    // The first row of [from, to) that begins at `time` or later.
    std::uint32_t gallop(std::uint32_t from, std::uint32_t to, std::int64_t time) const;

    std::vector<Lane> m_lanes;
    std::vector<std::int64_t> m_begin, m_length;
    std::vector<std::uint32_t> m_name;
    std::vector<SliceKind> m_kind;
    std::vector<std::uint8_t> m_flags;
    std::vector<std::uint64_t> m_upTo;        // slices before a row; empty: each row is one
    std::vector<std::vector<Block>> m_blocks; // finest first
};

// Values of a counter within a column of a picture, or one point.
struct CounterBand {
    std::int64_t begin = 0, end = 0; // of the first point and of the last
    double min = 0, max = 0, last = 0;
    std::uint64_t count = 0; // points
};

// Points of counters (or rows of one of their levels) sorted by track and time.
class CounterLanes {
public:
    class Builder {
    public:
        void add(const CounterColumns &block);
        void add(const CounterLevelColumns &block);
        std::size_t rows() const { return m_rows.size(); }
        CounterLanes finish() &&;

    private:
        friend class CounterLanes;
        struct Row {
            TrackId track;
            std::uint32_t count;
            CounterBand band;
        };
        std::vector<Row> m_rows;
    };

    struct Range {
        TrackId track;
        std::uint32_t first = 0, last = 0;
        double min = 0, max = 0; // of all its values that are finite; 0 and 0 without any
    };
    std::span<const Range> tracks() const { return m_tracks; }
    const Range *rangeOf(TrackId track) const;
    std::size_t rows() const { return m_rows.size(); }

    // Appends the bands of a counter that touch the window, from left to right, one for each column
    // of one to two pixels, and before them the one that says what the value is as it begins, after
    // them the next.
    void bands(TrackId track, const LaneWindow &window, std::vector<CounterBand> &out) const;

private:
    std::vector<Range> m_tracks;
    std::vector<CounterBand> m_rows;
};

} // namespace flamewright
