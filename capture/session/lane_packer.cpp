#include "capture/session/lane_packer.h"

#include <algorithm>
#include <numeric>

namespace flamewright {

std::uint32_t LanePacker::laneFor(TrackId track, Timestamp begin, Timestamp end)
{
    auto &ends = m_ends[track];
    auto lane = static_cast<std::size_t>(
        std::find_if(ends.begin(), ends.end(), [&](Timestamp e) { return e <= begin; }) -
        ends.begin());
    if (lane == ends.size() && ends.size() < kMaxLanes) {
        ends.push_back(end);
        ++m_remembered;
    } else {
        lane = std::min(lane, ends.size() - 1);
        ends[lane] = std::max(ends[lane], end);
    }
    return static_cast<std::uint32_t>(lane);
}

void LanePacker::pack(SliceColumns &rows)
{
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
        if (rows.depth[i] == kFreeLane)
            order.push_back(i);
    }
    if (order.empty())
        return;
    if (m_remembered > kMaxRemembered) {
        m_ends.clear();
        m_remembered = 0;
    }
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) {
        return rows.begin[a] != rows.begin[b] ? rows.begin[a] < rows.begin[b]
                                              : rows.length[a] > rows.length[b];
    });
    for (const auto i : order) {
        const auto begin = rows.begin[i];
        const auto end = Timestamp{
            Duration{saturatingAdd(begin.time_since_epoch().count(), rows.length[i].count())}};
        // What takes no time would share its lane with what begins at once.
        const auto taken = end == begin && end != Timestamp::max() ? end + Duration{1} : end;
        rows.depth[i] = laneFor(rows.track[i], begin, taken);
    }
}

} // namespace flamewright
