#include "analysis/heat_map.h"

#include <algorithm>

namespace flamewright {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
// Longer than any capture; keeps sums of times within 64 bits.
constexpr std::int64_t kLongest = std::int64_t{1} << 61;

std::int64_t ns(Timestamp t)
{
    return t.time_since_epoch().count();
}

constexpr std::uint32_t kShortRows[] = {25, 10, 5};
constexpr std::int64_t kShortest = 50; // divides into all of them
constexpr std::uint64_t kSamplesPerCell = 2;

std::int64_t shortColumnFor(std::int64_t length)
{
    for (std::int64_t unit = kSecond / 10; unit >= kShortest / 5; unit /= 10) {
        for (const std::int64_t times : {5, 2, 1}) {
            if (unit * times >= kShortest && length / (unit * times) >= kMinHeatMapColumns)
                return unit * times;
        }
    }
    return kShortest;
}

// The shortest of 1, 2, 5, 10, 30, 60 s, minutes, hours ... that needs few enough columns.
std::int64_t columnFor(std::int64_t length)
{
    for (const std::int64_t seconds : {1, 2, 5, 10, 30, 60, 300, 600, 1800, 3600, 21600, 86400}) {
        if (length / (seconds * kSecond) < kMaxHeatMapColumns)
            return seconds * kSecond;
    }
    return length / (kMaxHeatMapColumns - 1) + 1;
}

} // namespace

HeatMapGrid heatMapGrid(std::int64_t lengthNs, std::uint64_t samples)
{
    if (lengthNs > 0 && lengthNs < kMinHeatMapColumns * kSecond) {
        HeatMapGrid out{.columnNs = shortColumnFor(lengthNs)};
        const auto columns = static_cast<std::uint64_t>(lengthNs / out.columnNs + 1);
        for (const auto rows : kShortRows) {
            out.rows = rows;
            if (columns * rows * kSamplesPerCell <= samples)
                break;
        }
        return out;
    }
    return {columnFor(lengthNs), kHeatMapRows};
}

HeatMap emptyHeatMap(TimeRange time, std::uint64_t samples)
{
    const auto begin = std::clamp(ns(time.begin), -kLongest, kLongest);
    return emptyHeatMap(time,
                        heatMapGrid(std::clamp(ns(time.end), begin, kLongest) - begin, samples));
}

HeatMap emptyHeatMap(TimeRange time, HeatMapGrid grid)
{
    HeatMap out;
    out.rows = std::max(grid.rows, 1u);
    out.beginNs = std::clamp(ns(time.begin), -kLongest, kLongest);
    const auto end = std::clamp(ns(time.end), out.beginNs, kLongest);
    const auto length = end - out.beginNs;
    // No more columns than there may be, whatever was asked for.
    out.columnNs = std::max(
        {grid.columnNs, std::int64_t{1}, (length + kMaxHeatMapColumns - 1) / kMaxHeatMapColumns});
    out.columnNs = (out.columnNs + out.rows - 1) / out.rows * out.rows; // rows of equal length
    // A range that ends where a column does needs no further one.
    out.columns = static_cast<std::uint32_t>((length + out.columnNs - 1) / out.columnNs);
    out.value.assign(std::size_t{out.columns} * out.rows, 0);
    out.samples = out.value;
    return out;
}

void addSample(HeatMap &map, Timestamp time, std::int64_t value, std::int64_t samples)
{
    if (time == kNoTime) {
        map.untimed = saturatingAdd(map.untimed, samples);
        return;
    }
    const auto at = std::clamp(ns(time), -kLongest, kLongest) - map.beginNs;
    if (at < 0 || at >= map.columnNs * map.columns)
        return;
    const auto column = static_cast<std::size_t>(at / map.columnNs);
    const auto row = static_cast<std::size_t>(at % map.columnNs / map.rowNs());
    const auto cell = column * map.rows + row;
    map.value[cell] = saturatingAdd(map.value[cell], value);
    map.samples[cell] = saturatingAdd(map.samples[cell], samples);
    map.most = std::max(map.most, map.value[cell]);
    map.total = saturatingAdd(map.total, value);
}

TimeRange HeatMap::rangeOf(std::uint32_t column, std::uint32_t row) const
{
    const auto begin = beginNs + column * columnNs + row * rowNs();
    return {Timestamp{Duration{begin}}, Timestamp{Duration{begin + rowNs()}}};
}

TimeRange HeatMap::rangeOf(std::uint32_t column, std::uint32_t row, std::uint32_t toColumn,
                           std::uint32_t toRow) const
{
    const auto a = rangeOf(column, row), b = rangeOf(toColumn, toRow);
    return {std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

} // namespace flamewright
