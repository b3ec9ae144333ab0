#include "analysis/latency_trend.h"

#include "analysis/order_statistics.h"

#include <algorithm>
#include <numeric>

namespace flamewright {
namespace {

constexpr std::size_t kNowhere = SIZE_MAX;

std::vector<std::size_t> placesOfLargest(const LoadRows &rows, std::size_t most)
{
    std::vector<std::size_t> counts(rows.groups.size(), 0);
    for (const auto group : rows.group)
        ++counts[group];
    std::vector<std::size_t> order(counts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return counts[a] > counts[b]; });
    std::vector<std::size_t> places(counts.size(), kNowhere);
    for (std::size_t i = 0; i < std::min(order.size(), most); ++i)
        places[order[i]] = i;
    return places;
}

} // namespace

LatencyTrend latencyTrend(const LoadRows &rows, unsigned perMyriad, bool failures,
                          std::size_t slices, std::size_t most)
{
    LatencyTrend out;
    out.slices = slices;
    out.has.assign(rows.groups.size(), 0);
    out.values.assign(rows.groups.size() * slices, LatencyTrend::kNone);
    const auto first = rows.firstTimed();
    if (first == rows.size() || slices == 0)
        return out;
    const auto places = placesOfLargest(rows, most);
    for (std::size_t group = 0; group < places.size(); ++group)
        out.has[group] = places[group] == kNowhere ? 0 : 1;
    const auto begin = rows.begin[first];
    __extension__ using Wide = unsigned __int128;
    const auto length = static_cast<std::uint64_t>(rows.begin.back() - begin) + 1;
    // Sorted by counting: each slice of each group is one piece of a column then.
    const auto cellOf = [&](std::size_t i) -> std::size_t {
        if (places[rows.group[i]] == kNowhere || (rows.failed[i] != 0 && !failures))
            return kNowhere;
        const auto since = static_cast<std::uint64_t>(rows.begin[i] - begin);
        return rows.group[i] * slices + static_cast<std::size_t>(Wide{since} * slices / length);
    };
    std::vector<std::size_t> ends(out.values.size() + 1, 0);
    for (auto i = first; i < rows.size(); ++i) {
        if (const auto cell = cellOf(i); cell != kNowhere)
            ++ends[cell + 1];
    }
    std::partial_sum(ends.begin(), ends.end(), ends.begin());
    const auto begins = ends;
    std::vector<std::int64_t> sorted(ends.back());
    for (auto i = first; i < rows.size(); ++i) {
        if (const auto cell = cellOf(i); cell != kNowhere)
            sorted[ends[cell]++] = rows.latency[i];
    }
    for (std::size_t cell = 0; cell < out.values.size(); ++cell) {
        const auto count = begins[cell + 1] - begins[cell];
        if (count == 0)
            continue;
        const auto piece = sorted.begin() + static_cast<std::ptrdiff_t>(begins[cell]);
        const auto at = piece + static_cast<std::ptrdiff_t>(nearestRank(perMyriad, count) - 1);
        std::nth_element(piece, at, piece + static_cast<std::ptrdiff_t>(count));
        out.values[cell] = *at;
    }
    return out;
}

} // namespace flamewright
