#include "analysis/lanes.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace flamewright {
namespace {

constexpr std::uint32_t kNear = 8;         // rows looked at one by one before jumping
constexpr std::uint32_t kMostBefore = 256; // rows that reach into the window from its left

std::uint64_t keyOf(TrackId track, std::uint32_t depth)
{
    return std::uint64_t{track.raw} << 32 | depth;
}

std::size_t slotOf(std::uint64_t key, std::size_t mask)
{
    key *= 0x9e37'79b9'7f4a'7c15ull;
    return static_cast<std::size_t>(key >> 32) & mask;
}

// log2 of the length of columns: at least a pixel, less than two.
int columnBits(double nsPerPixel)
{
    int bits = 0;
    while (bits < 62 && static_cast<double>(std::int64_t{1} << bits) < nsPerPixel)
        ++bits;
    return bits;
}

// The first time of the next column; arithmetic shifts put negative times into columns too.
std::int64_t columnEnd(std::int64_t time, int bits)
{
    const auto column = time >> bits;
    if (column >= (INT64_MAX >> bits))
        return INT64_MAX;
    return (column + 1) << bits;
}

} // namespace

std::uint32_t SliceLanes::Builder::laneOf(TrackId track, std::uint32_t depth)
{
    const auto key = keyOf(track, depth);
    if (key == m_lastKey && !m_lanes.empty())
        return m_lastLane;
    if (m_lanes.size() * 2 >= m_slots.size())
        grow();
    const auto mask = m_slots.size() - 1;
    auto slot = slotOf(key, mask);
    while (m_slots[slot] != UINT32_MAX && m_keys[slot] != key)
        slot = (slot + 1) & mask;
    if (m_slots[slot] == UINT32_MAX) {
        m_slots[slot] = static_cast<std::uint32_t>(m_lanes.size());
        m_keys[slot] = key;
        m_lanes.push_back({track, depth, 0, 0});
    }
    m_lastKey = key;
    m_lastLane = m_slots[slot];
    return m_lastLane;
}

void SliceLanes::Builder::grow()
{
    const auto size = std::max<std::size_t>(64, m_slots.size() * 2);
    m_slots.assign(size, UINT32_MAX);
    m_keys.assign(size, 0);
    for (std::uint32_t i = 0; i < m_lanes.size(); ++i) {
        const auto key = keyOf(m_lanes[i].track, m_lanes[i].depth);
        auto slot = slotOf(key, size - 1);
        while (m_slots[slot] != UINT32_MAX)
            slot = (slot + 1) & (size - 1);
        m_slots[slot] = i;
        m_keys[slot] = key;
    }
}

void SliceLanes::Builder::add(const SliceColumns &block, std::int64_t begin, std::int64_t end)
{
    for (std::size_t i = 0; i < block.size(); ++i) {
        const auto from = block.begin[i].time_since_epoch().count();
        if (from > end || (from == end && end != INT64_MAX) ||
            (from < begin && saturatingAdd(from, block.length[i].count()) <= begin))
            continue;
        m_begin.push_back(from);
        m_length.push_back(block.length[i].count());
        m_name.push_back(block.name[i].raw);
        m_kind.push_back(block.kind[i]);
        m_flags.push_back(block.flags[i]);
        m_lane.push_back(laneOf(block.track[i], block.depth[i]));
    }
}

void SliceLanes::Builder::add(const SliceLevelColumns &block)
{
    for (std::size_t i = 0; i < block.size(); ++i) {
        m_begin.push_back(block.begin[i].time_since_epoch().count());
        m_length.push_back(block.length[i].count());
        m_name.push_back(block.name[i].raw);
        m_kind.push_back(block.kind[i]);
        m_flags.push_back(block.flags[i]);
        m_count.push_back(block.count[i]);
        m_lane.push_back(laneOf(block.track[i], block.depth[i]));
    }
}

SliceLanes SliceLanes::Builder::finish() &&
{
    SliceLanes out;
    // Lanes by track and depth, then every row to its place in one pass.
    std::vector<std::uint32_t> order(m_lanes.size()), place(m_lanes.size());
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return keyOf(m_lanes[a].track, m_lanes[a].depth) <
               keyOf(m_lanes[b].track, m_lanes[b].depth);
    });
    for (std::uint32_t i = 0; i < order.size(); ++i)
        place[order[i]] = i;
    out.m_lanes.reserve(m_lanes.size());
    for (const auto lane : order)
        out.m_lanes.push_back({m_lanes[lane].track, m_lanes[lane].depth, 0, 0});
    for (const auto lane : m_lane)
        ++out.m_lanes[place[lane]].last;
    std::uint32_t next = 0;
    for (auto &lane : out.m_lanes) {
        lane.first = next;
        next += lane.last;
        lane.last = lane.first;
    }
    const auto rows = m_begin.size();
    out.m_begin.resize(rows);
    out.m_length.resize(rows);
    out.m_name.resize(rows);
    out.m_kind.resize(rows);
    out.m_flags.resize(rows);
    if (!m_count.empty())
        out.m_upTo.resize(rows + 1);
    for (std::size_t i = 0; i < rows; ++i) {
        const auto to = out.m_lanes[place[m_lane[i]]].last++;
        out.m_begin[to] = m_begin[i];
        out.m_length[to] = m_length[i];
        out.m_name[to] = m_name[i];
        out.m_kind[to] = m_kind[i];
        out.m_flags[to] = m_flags[i];
        if (!m_count.empty())
            out.m_upTo[to + 1] = m_count[i]; // becomes a running sum below
    }
    for (const auto &lane : out.m_lanes)
        out.sortWithin(lane);
    for (std::size_t i = 1; i < out.m_upTo.size(); ++i)
        out.m_upTo[i] += out.m_upTo[i - 1];
    out.buildBlocks();
    return out;
}

// Nearly always sorted already: blocks come in order of time.
void SliceLanes::sortWithin(const Lane &lane)
{
    const auto before = [this](std::uint32_t a, std::uint32_t b) {
        return m_begin[a] != m_begin[b] ? m_begin[a] < m_begin[b] : m_length[a] > m_length[b];
    };
    bool sorted = true;
    for (auto i = lane.first; sorted && i + 1 < lane.last; ++i)
        sorted = !before(i + 1, i);
    if (sorted)
        return;
    std::vector<std::uint32_t> order(lane.last - lane.first);
    std::iota(order.begin(), order.end(), lane.first);
    std::stable_sort(order.begin(), order.end(), before);
    const auto apply = [&](auto &column, std::uint32_t shift) {
        std::remove_reference_t<decltype(column)> copy;
        copy.reserve(order.size());
        for (const auto i : order)
            copy.push_back(column[i + shift]);
        std::copy(copy.begin(), copy.end(),
                  column.begin() + static_cast<std::ptrdiff_t>(lane.first + shift));
    };
    apply(m_begin, 0);
    apply(m_length, 0);
    apply(m_name, 0);
    apply(m_kind, 0);
    apply(m_flags, 0);
    if (!m_upTo.empty())
        apply(m_upTo, 1);
}

SliceLanes::Block SliceLanes::ofRow(std::uint32_t row) const
{
    return {row, end(row), m_flags[row]};
}

void SliceLanes::join(Block &into, const Block &other) const
{
    if (m_length[other.longest] > m_length[into.longest])
        into.longest = other.longest;
    into.maxEnd = std::max(into.maxEnd, other.maxEnd);
    into.flags = static_cast<std::uint8_t>(into.flags | other.flags);
}

void SliceLanes::buildBlocks()
{
    const auto rows = static_cast<std::uint32_t>(m_begin.size());
    std::vector<Block> finest;
    for (std::uint32_t i = 0; i < rows; ++i) {
        if (i % kFan == 0)
            finest.push_back(ofRow(i));
        else
            join(finest.back(), ofRow(i));
    }
    m_blocks.push_back(std::move(finest));
    while (m_blocks.back().size() > kFan) {
        const auto &below = m_blocks.back();
        std::vector<Block> above;
        for (std::size_t i = 0; i < below.size(); ++i) {
            if (i % kFan == 0)
                above.push_back(below[i]);
            else
                join(above.back(), below[i]);
        }
        m_blocks.push_back(std::move(above));
    }
}

template <class RowTest, class BlockTest>
std::uint32_t SliceLanes::findFirst(std::uint32_t from, std::uint32_t to, RowTest row,
                                    BlockTest block) const
{
    while (from < to) {
        if (from % kFan != 0) {
            if (row(from))
                return from;
            ++from;
            continue;
        }
        // The largest block that begins here and has nothing of it is skipped.
        std::size_t level = 0;
        std::uint64_t size = kFan;
        while (level + 1 < m_blocks.size() && from % (size * kFan) == 0 &&
               from + size * kFan <= to) {
            size *= kFan;
            ++level;
        }
        for (;;) {
            if (from + size <= to && !block(m_blocks[level][from / size])) {
                from += static_cast<std::uint32_t>(size);
                break;
            }
            if (level == 0) {
                const auto stop = std::min<std::uint32_t>(to, from + kFan);
                for (; from < stop; ++from) {
                    if (row(from))
                        return from;
                }
                break;
            }
            --level;
            size /= kFan;
        }
    }
    return to;
}

SliceLanes::Block SliceLanes::summary(std::uint32_t from, std::uint32_t to) const
{
    auto out = ofRow(from++);
    while (from < to) {
        std::size_t level = 0;
        std::uint64_t size = 1;
        while (level < m_blocks.size() && from % (size * kFan) == 0 && from + size * kFan <= to) {
            size *= kFan;
            ++level;
        }
        join(out, level == 0 ? ofRow(from) : m_blocks[level - 1][from / size]);
        from += static_cast<std::uint32_t>(size);
    }
    return out;
}

std::uint32_t SliceLanes::gallop(std::uint32_t from, std::uint32_t to, std::int64_t time) const
{
    std::uint32_t step = 1, low = from;
    while (low < to && m_begin[low] < time) {
        from = low + 1;
        low = to - low > step ? low + step : to;
        step *= 2;
    }
    const auto at = std::lower_bound(m_begin.begin() + from, m_begin.begin() + low, time);
    return static_cast<std::uint32_t>(at - m_begin.begin());
}

std::span<const Lane> SliceLanes::lanesOf(TrackId track) const
{
    const auto first = std::lower_bound(m_lanes.begin(), m_lanes.end(), track,
                                        [](const Lane &l, TrackId t) { return l.track < t; });
    auto last = first;
    while (last != m_lanes.end() && last->track == track)
        ++last;
    return std::span(m_lanes).subspan(static_cast<std::size_t>(first - m_lanes.begin()),
                                      static_cast<std::size_t>(last - first));
}

std::uint32_t SliceLanes::firstEndingAfter(const Lane &lane, std::int64_t time) const
{
    return findFirst(
        lane.first, lane.last,
        [&](std::uint32_t row) { return end(row) > time || m_begin[row] >= time; },
        [&](const Block &block) { return block.maxEnd >= time; });
}

std::uint32_t SliceLanes::lastBeginningBefore(const Lane &lane, std::int64_t time) const
{
    const auto at =
        std::lower_bound(m_begin.begin() + lane.first, m_begin.begin() + lane.last, time);
    const auto row = static_cast<std::uint32_t>(at - m_begin.begin());
    return row == lane.first ? lane.last : row - 1;
}

// One question to one lane.
struct SliceLanes::Walk {
    const SliceLanes &lanes;
    const Lane &lane;
    const LaneWindow &window;
    std::vector<LaneBox> &out;
    int bits = columnBits(window.nsPerPixel);
    std::int64_t column = INT64_MIN; // end of the one that the last boxes begin in
    int inColumn = 0;

    bool isWide(std::uint32_t row) const
    {
        return static_cast<double>(lanes.m_length[row]) >= window.nsPerPixel;
    }
    void put(std::uint32_t from, std::uint32_t to, const Block &block)
    {
        const auto count = lanes.count(from, to);
        const auto end = columnEnd(lanes.m_begin[from], bits);
        if (end != column) {
            column = end;
            inColumn = 0;
        }
        if (inColumn == kMostBoxes) {
            auto &box = out.back();
            if (lanes.m_length[block.longest] > lanes.m_length[box.row])
                box.row = block.longest;
            box.end = std::max(box.end, block.maxEnd);
            box.count += count;
            box.flags = static_cast<std::uint8_t>(box.flags | block.flags);
            return;
        }
        ++inColumn;
        out.push_back({lanes.m_begin[from], block.maxEnd, block.longest, count, block.flags});
    }
    // What began before the window and reaches into it: one slice of a sound lane.
    std::uint32_t before(std::uint32_t from, std::uint32_t stop)
    {
        const auto reaches = [&](std::uint32_t row) { return lanes.end(row) > window.begin; };
        const auto may = [&](const Block &block) { return block.maxEnd > window.begin; };
        for (std::uint32_t n = 0; n < kMostBefore; ++n) {
            from = lanes.findFirst(from, stop, reaches, may);
            if (from == stop)
                return stop;
            put(from, from + 1, lanes.ofRow(from));
            ++from;
        }
        return stop;
    }
    void run()
    {
        auto at = lanes.gallop(lane.first, lane.last, window.begin);
        if (at > lane.first)
            before(lane.first, at);
        const auto last = lanes.gallop(at, lane.last, window.end);
        while (at < last) {
            const auto end = columnEnd(lanes.m_begin[at], bits);
            if (end == column && inColumn == kMostBoxes) {
                const auto next = lanes.gallop(at, last, end);
                put(at, next, lanes.summary(at, next));
                at = next;
                continue;
            }
            if (isWide(at)) {
                put(at, at + 1, lanes.ofRow(at));
                ++at;
                continue;
            }
            at = narrow(at, last, end);
        }
    }
    // Those too narrow to be seen alone, until the column ends or a wide one comes.
    std::uint32_t narrow(std::uint32_t at, std::uint32_t last, std::int64_t columnsEnd)
    {
        auto block = lanes.ofRow(at);
        auto next = at + 1;
        const auto goesOn = [&](std::uint32_t row) {
            return row < last && lanes.m_begin[row] < columnsEnd && !isWide(row);
        };
        while (next - at < kNear && goesOn(next))
            lanes.join(block, lanes.ofRow(next++));
        if (goesOn(next)) {
            const auto stop = lanes.findFirst(
                next, lanes.gallop(next, last, columnsEnd),
                [&](std::uint32_t row) { return isWide(row); },
                [&](const Block &b) { return isWide(b.longest); });
            lanes.join(block, lanes.summary(next, stop));
            next = stop;
        }
        put(at, next, block);
        return next;
    }
};

void SliceLanes::boxes(const Lane &lane, const LaneWindow &window, std::vector<LaneBox> &out) const
{
    if (window.begin >= window.end || lane.first >= lane.last)
        return;
    Walk{*this, lane, window, out}.run();
}

void CounterLanes::Builder::add(const CounterColumns &block)
{
    for (std::size_t i = 0; i < block.size(); ++i) {
        const auto time = block.time[i].time_since_epoch().count();
        const auto value = block.value[i];
        m_rows.push_back({block.track[i], 1, {time, time, value, value, value, 1}});
    }
}

void CounterLanes::Builder::add(const CounterLevelColumns &block)
{
    for (std::size_t i = 0; i < block.size(); ++i) {
        const auto time = block.time[i].time_since_epoch().count();
        m_rows.push_back({block.track[i],
                          block.count[i],
                          {time, saturatingAdd(time, block.length[i].count()), block.min[i],
                           block.max[i], block.last[i], block.count[i]}});
    }
}

CounterLanes CounterLanes::Builder::finish() &&
{
    std::stable_sort(m_rows.begin(), m_rows.end(), [](const Row &a, const Row &b) {
        return a.track != b.track ? a.track < b.track : a.band.begin < b.band.begin;
    });
    CounterLanes out;
    out.m_rows.reserve(m_rows.size());
    bool any = false; // a finite value of the track
    for (const auto &row : m_rows) {
        const auto at = static_cast<std::uint32_t>(out.m_rows.size());
        if (out.m_tracks.empty() || out.m_tracks.back().track != row.track) {
            out.m_tracks.push_back({row.track, at, at, 0, 0});
            any = false;
        }
        auto &range = out.m_tracks.back();
        for (const auto value : {row.band.min, row.band.max}) {
            if (!std::isfinite(value))
                continue;
            range.min = any ? std::min(range.min, value) : value;
            range.max = any ? std::max(range.max, value) : value;
            any = true;
        }
        out.m_rows.push_back(row.band);
        range.last = at + 1;
    }
    return out;
}

const CounterLanes::Range *CounterLanes::rangeOf(TrackId track) const
{
    const auto at = std::lower_bound(m_tracks.begin(), m_tracks.end(), track,
                                     [](const Range &r, TrackId t) { return r.track < t; });
    return at == m_tracks.end() || at->track != track ? nullptr : &*at;
}

void CounterLanes::bands(TrackId track, const LaneWindow &window,
                         std::vector<CounterBand> &out) const
{
    const auto *range = rangeOf(track);
    if (!range || window.begin >= window.end)
        return;
    const auto bits = columnBits(window.nsPerPixel);
    const auto first = m_rows.begin() + range->first, last = m_rows.begin() + range->last;
    auto at = std::lower_bound(first, last, window.begin,
                               [](const CounterBand &b, std::int64_t t) { return b.begin < t; });
    if (at != first)
        out.push_back(*std::prev(at));
    std::int64_t column = INT64_MIN;
    for (; at != last && at->begin < window.end; ++at) {
        const auto end = columnEnd(at->begin, bits);
        if (end != column || out.empty()) {
            column = end;
            out.push_back(*at);
            continue;
        }
        // std::fmin takes NaN, which is no minimum, for missing.
        auto &band = out.back();
        band.end = std::max(band.end, at->end);
        band.min = std::fmin(band.min, at->min);
        band.max = std::fmax(band.max, at->max);
        band.last = at->last;
        band.count += at->count;
    }
    if (at != last)
        out.push_back(*at);
}

} // namespace flamewright
