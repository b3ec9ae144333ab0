#pragma once

#include "capture/base/units.h"

#include <cstdint>
#include <string>
#include <vector>

namespace flamewright {

// Samples by time, folded at a fixed width: a column is `columnNs`, a row a part of it, the first
// row at its beginning. Shows what happens at a rhythm, and what happens once
// (Gregg and Spier 2018, "subsecond-offset heat map").
struct HeatMap {
    std::string measure;
    Unit unit = Unit::Count;
    std::int64_t beginNs = 0; // of column 0, on the capture's clock
    std::int64_t columnNs = 1;
    std::uint32_t columns = 0, rows = 0;
    std::vector<std::int64_t> value;   // column * rows + row, in the measure's unit
    std::vector<std::int64_t> samples; // the same, number of samples
    std::int64_t most = 0;             // largest value of a cell
    std::int64_t total = 0;
    std::int64_t untimed = 0; // samples without a time, not in the picture

    std::int64_t rowNs() const { return columnNs / rows; }
    std::int64_t at(std::uint32_t column, std::uint32_t row) const
    {
        return value[std::size_t{column} * rows + row];
    }
    // The time a cell stands for.
    TimeRange rangeOf(std::uint32_t column, std::uint32_t row) const;
    // From the beginning of one cell to the end of another, whichever is earlier.
    TimeRange rangeOf(std::uint32_t column, std::uint32_t row, std::uint32_t toColumn,
                      std::uint32_t toRow) const;
};

inline constexpr std::uint32_t kHeatMapRows = 50;
inline constexpr std::uint32_t kMinHeatMapColumns = 40; // a picture of fewer is bars, not a map
inline constexpr std::uint32_t kMaxHeatMapColumns = 2000;

// How a heat map divides time.
struct HeatMapGrid {
    std::int64_t columnNs = 1'000'000'000;
    std::uint32_t rows = kHeatMapRows;
};
// Columns of a second in rows of 20 ms; where those are too many, of the shortest round time with
// which there are no more than kMaxHeatMapColumns; where they are too few, of the longest with which
// there are kMinHeatMapColumns, in 25, 10 or 5 rows, of which `samples` fill the cells: cells of less
// than a sample show the clock of the profiler.
HeatMapGrid heatMapGrid(std::int64_t lengthNs, std::uint64_t samples = UINT64_MAX);

// An empty heat map of the time [begin, end). Times of hostile files are clamped.
HeatMap emptyHeatMap(TimeRange time, std::uint64_t samples = UINT64_MAX);
// The same, divided like this; columns are longer where there would be too many.
HeatMap emptyHeatMap(TimeRange time, HeatMapGrid grid);
// Adds one sample; times outside the map are ignored, kNoTime is counted in `untimed`.
void addSample(HeatMap &map, Timestamp time, std::int64_t value, std::int64_t samples);

} // namespace flamewright
