#include "analysis/sample_times.h"

#include <algorithm>
#include <cmath>

namespace flamewright {

std::int64_t TickColumns::of(std::int64_t time) const
{
    std::int64_t after = 0;
    if (__builtin_sub_overflow(time, begin, &after))
        return time > begin ? INT64_MAX : INT64_MIN;
    const auto at = std::floor((static_cast<double>(after) - fraction) / nsPerColumn);
    if (!(std::fabs(at) < 9.2e18))
        return at > 0 ? INT64_MAX : INT64_MIN;
    return static_cast<std::int64_t>(at);
}

void SampleTimes::Builder::add(const SampleColumns &rows)
{
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto track = rows.track[i].raw;
        // Tracks are numbered from 1 without gaps; a damaged chunk's id must not cost memory.
        if (rows.time[i] == kNoTime || track == 0 || track > m_most)
            continue;
        if (track >= m_times.size()) {
            m_times.resize(track + 1);
            m_seen.resize(track + 1, 0);
        }
        const auto time = rows.time[i].time_since_epoch().count();
        auto &times = m_times[track];
        if (!times.empty() && times.back() == time) // another measure of it
            continue;
        if (m_seen[track]++ % m_step != 0)
            continue;
        times.push_back(time);
        if (++m_held > m_most)
            thin();
    }
}

void SampleTimes::Builder::sortAll()
{
    m_held = 0;
    for (auto &times : m_times) {
        std::sort(times.begin(), times.end());
        times.erase(std::unique(times.begin(), times.end()), times.end());
        m_held += times.size();
    }
}

void SampleTimes::Builder::thin()
{
    sortAll();
    if (m_held <= m_most / 2)
        return;
    m_step *= 2;
    m_held = 0;
    for (auto &times : m_times) {
        // Every track keeps its first: it must not look like one without samples.
        for (std::size_t i = 0; 2 * i < times.size(); ++i)
            times[i] = times[2 * i];
        times.resize((times.size() + 1) / 2);
        m_held += times.size();
    }
    m_most = std::max(m_most, 2 * m_held); // nearly as many tracks as times
}

SampleTimes SampleTimes::Builder::finish() &&
{
    sortAll();
    SampleTimes out;
    out.m_times = std::move(m_times);
    for (auto &times : out.m_times)
        times.shrink_to_fit();
    out.m_step = m_step;
    return out;
}

std::span<const std::int64_t> SampleTimes::of(TrackId track) const
{
    if (track.raw >= m_times.size())
        return {};
    return m_times[track.raw];
}

void SampleTimes::ticks(TrackId track, const TickColumns &columns,
                        std::vector<SampleTick> &out) const
{
    const auto times = of(track);
    // The first whose column is at least `column`: near the last one, or far away.
    const auto firstOf = [&](std::size_t from, std::int64_t column) {
        std::size_t step = 1, low = from;
        while (low < times.size() && columns.of(times[low]) < column) {
            from = low + 1;
            low += std::min(step, times.size() - low);
            step *= 2;
        }
        const auto stop = std::min(low, times.size());
        const auto at = std::lower_bound(
            times.begin() + static_cast<std::ptrdiff_t>(from),
            times.begin() + static_cast<std::ptrdiff_t>(stop), column,
            [&](std::int64_t time, std::int64_t wanted) { return columns.of(time) < wanted; });
        return static_cast<std::size_t>(at - times.begin());
    };
    for (auto i = firstOf(0, 0); i < times.size();) {
        const auto column = columns.of(times[i]);
        if (column >= columns.count)
            break;
        const auto next = firstOf(i, column + 1);
        out.push_back({column, next - i});
        i = next;
    }
}

} // namespace flamewright
