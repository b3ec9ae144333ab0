#include "capture/session/levels.h"

#include <cmath>

namespace flamewright {
namespace {

std::int64_t endOf(std::int64_t begin, std::int64_t length)
{
    return saturatingAdd(begin, length);
}

// Times of hostile input may be further apart than a length can be.
std::int64_t lengthBetween(std::int64_t begin, std::int64_t end)
{
    std::int64_t out = 0;
    return __builtin_sub_overflow(end, begin, &out) ? INT64_MAX : out;
}

// From the first begin to the last end of both.
template <class Row>
void widen(Row &row, const Row &other)
{
    const auto end = std::max(endOf(row.begin, row.length), endOf(other.begin, other.length));
    row.begin = std::min(row.begin, other.begin);
    row.length = lengthBetween(row.begin, end);
}

Timestamp at(std::int64_t ns)
{
    return Timestamp{Duration{ns}};
}

template <class Columns, class Rows, class Append>
void emitRuns(const Rows &rows, std::uint32_t rowsPerChunk, Append append,
              const std::function<void(const Columns &)> &emit)
{
    Columns run;
    for (const auto &row : rows) {
        append(run, row);
        if (run.size() >= rowsPerChunk) {
            emit(run);
            run = {};
        }
    }
    if (run.size() > 0)
        emit(run);
}

} // namespace

void SliceLevelRow::take(const SliceLevelRow &other)
{
    if (other.longest > longest) {
        longest = other.longest;
        name = other.name;
        kind = other.kind;
    }
    widen(*this, other);
    busy = saturatingAdd(busy, other.busy);
    flags |= other.flags;
    count = count > UINT32_MAX - other.count ? UINT32_MAX : count + other.count;
}

void CounterLevelRow::take(const CounterLevelRow &other)
{
    // The last point is the one whose time is the latest; of equal times the one that came last.
    if (endOf(other.begin, other.length) >= endOf(begin, length))
        last = other.last;
    widen(*this, other);
    min = std::fmin(min, other.min); // of a number and NaN: the number
    max = std::fmax(max, other.max);
    count = count > UINT32_MAX - other.count ? UINT32_MAX : count + other.count;
}

void SliceLevelsBuilder::add(const SliceColumns &block)
{
    for (std::size_t i = 0; i < block.size(); ++i) {
        const auto length = block.length[i].count();
        m_rows.add({.begin = block.begin[i].time_since_epoch().count(),
                    .length = length,
                    .busy = length,
                    .longest = length,
                    .track = block.track[i].raw,
                    .name = block.name[i].raw,
                    .depth = block.depth[i],
                    .kind = block.kind[i],
                    .flags = block.flags[i]});
    }
}

void SliceLevelsBuilder::finish(std::uint32_t rowsPerChunk,
                                const std::function<void(const SliceLevelColumns &)> &emit)
{
    m_rows.finish([&](int bits, const std::vector<SliceLevelRow> &rows) {
        emitRuns<SliceLevelColumns>(
            rows, rowsPerChunk,
            [&](SliceLevelColumns &run, const SliceLevelRow &row) {
                run.begin.push_back(at(row.begin));
                run.length.push_back(Duration{row.length});
                run.track.push_back(TrackId{row.track});
                run.name.push_back(StringId{row.name});
                run.depth.push_back(row.depth);
                run.kind.push_back(row.kind);
                run.flags.push_back(row.flags);
                run.count.push_back(row.count);
                run.busy.push_back(Duration{row.busy});
                run.cellBits.push_back(static_cast<std::uint8_t>(bits));
            },
            emit);
    });
}

void CounterLevelsBuilder::add(const CounterColumns &block)
{
    for (std::size_t i = 0; i < block.size(); ++i) {
        const auto value = block.value[i];
        m_rows.add({.begin = block.time[i].time_since_epoch().count(),
                    .track = block.track[i].raw,
                    .min = value,
                    .max = value,
                    .last = value});
    }
}

void CounterLevelsBuilder::finish(std::uint32_t rowsPerChunk,
                                  const std::function<void(const CounterLevelColumns &)> &emit)
{
    m_rows.finish([&](int bits, const std::vector<CounterLevelRow> &rows) {
        emitRuns<CounterLevelColumns>(
            rows, rowsPerChunk,
            [&](CounterLevelColumns &run, const CounterLevelRow &row) {
                run.time.push_back(at(row.begin));
                run.length.push_back(Duration{row.length});
                run.track.push_back(TrackId{row.track});
                run.min.push_back(row.min);
                run.max.push_back(row.max);
                run.last.push_back(row.last);
                run.count.push_back(row.count);
                run.cellBits.push_back(static_cast<std::uint8_t>(bits));
            },
            emit);
    });
}

} // namespace flamewright
