#include "analysis/time_chart.h"

#include <algorithm>
#include <cstddef>

namespace flamewright {
namespace {

class Chart {
public:
    Chart(const Profile &profile, const SampleSeries &series);
    void add(std::span<const TimedSample> lane);
    Profile finish();

private:
    struct Open {
        std::uint32_t source; // node of the profile
        std::uint32_t node;
    };
    std::uint32_t open(FunctionId function, std::uint32_t parent, std::uint32_t row, bool inlined,
                       std::int64_t beginNs);
    void close(std::uint32_t node, std::int64_t endNs);
    void closeDown(std::size_t count, std::int64_t endNs);
    void take(const TimedSample &sample, std::int64_t endNs);

    const Profile &m_profile;
    const SampleSeries &m_series;
    Profile m_out;
    std::vector<Open> m_open;          // the frames of the current lane, outermost first
    std::vector<std::uint32_t> m_path; // of the sample looked at, outermost first
    std::uint32_t m_lane = 0;          // its node
    std::uint32_t m_row = 1, m_deepest = 1;
    std::int64_t m_upTo = 0; // where the last sample of the lane ended
};

Chart::Chart(const Profile &profile, const SampleSeries &series)
    : m_profile(profile),
      m_series(series)
{
    m_out.measure = "time";
    m_out.unit = Unit::Nanoseconds;
    m_out.rowsRead = profile.rowsRead;
    m_out.functions = profile.functions;
    m_out.table = profile.table;
    open({}, 0, 0, false, series.beginNs);
    close(0, series.endNs);
    m_out.tree.subtreeEnd[0] = 1;
}

std::uint32_t Chart::open(FunctionId function, std::uint32_t parent, std::uint32_t row,
                          bool inlined, std::int64_t beginNs)
{
    auto &tree = m_out.tree;
    const auto node = static_cast<std::uint32_t>(tree.size());
    tree.function.push_back(function);
    tree.parent.push_back(parent);
    tree.subtreeEnd.push_back(node + 1);
    tree.depth.push_back(row);
    tree.self.push_back(0);
    tree.total.push_back(0);
    tree.selfSamples.push_back(0);
    tree.totalSamples.push_back(0);
    tree.inlined.push_back(inlined);
    tree.begin.push_back(beginNs - m_series.beginNs);
    return node;
}

void Chart::close(std::uint32_t node, std::int64_t endNs)
{
    auto &tree = m_out.tree;
    tree.total[node] = endNs - m_series.beginNs - tree.begin[node];
    tree.subtreeEnd[node] = static_cast<std::uint32_t>(tree.size());
}

// Closes the innermost frames until `count` are left.
void Chart::closeDown(std::size_t count, std::int64_t endNs)
{
    while (m_open.size() > count) {
        close(m_open.back().node, endNs);
        m_open.pop_back();
    }
}

void Chart::take(const TimedSample &sample, std::int64_t endNs)
{
    m_path.clear();
    for (auto node = sample.node; node != 0; node = m_profile.tree.parent[node])
        m_path.push_back(node);
    std::reverse(m_path.begin(), m_path.end());
    // Nodes of the profile stand for whole paths: equal nodes have equal callers.
    std::size_t same = 0;
    if (sample.timeNs <= m_upTo) {
        while (same < m_open.size() && same < m_path.size() && m_open[same].source == m_path[same])
            ++same;
    }
    closeDown(same, std::min(m_upTo, sample.timeNs));
    auto &tree = m_out.tree;
    for (auto i = same; i < m_path.size(); ++i) {
        const auto parent = m_open.empty() ? m_lane : m_open.back().node;
        const auto row = m_row + 1 + static_cast<std::uint32_t>(i);
        m_open.push_back({m_path[i], open(m_profile.tree.function[m_path[i]], parent, row,
                                          m_profile.tree.inlined[m_path[i]] != 0, sample.timeNs)});
        m_deepest = std::max(m_deepest, row);
    }
    const auto innermost = m_open.empty() ? m_lane : m_open.back().node;
    tree.self[innermost] = saturatingAdd(tree.self[innermost], endNs - sample.timeNs);
    ++tree.selfSamples[innermost];
    m_upTo = endNs;
}

void Chart::add(std::span<const TimedSample> lane)
{
    if (lane.empty())
        return;
    const FunctionId name{static_cast<std::uint32_t>(m_out.functions.size())};
    m_out.functions.push_back(
        {.name = m_series.lanes[lane.front().lane], .kind = FrameKind::Marker});
    m_row = m_deepest + (m_lane == 0 ? 0 : 1);
    m_deepest = m_row;
    m_lane = open(name, 0, m_row, false, m_series.beginNs);
    m_upTo = m_series.beginNs - 1; // the first sample continues nothing
    const auto period = std::max<std::int64_t>(m_series.periodNs, 1);
    for (std::size_t i = 0; i < lane.size(); ++i) {
        auto end = std::min(saturatingAdd(lane[i].timeNs, period), m_series.endNs);
        if (i + 1 < lane.size() && lane[i + 1].timeNs - lane[i].timeNs <= 2 * period)
            end = lane[i + 1].timeNs;
        take(lane[i], std::max(end, lane[i].timeNs));
    }
    closeDown(0, m_upTo);
    close(m_lane, m_series.endNs);
}

Profile Chart::finish()
{
    auto &tree = m_out.tree;
    tree.subtreeEnd[0] = static_cast<std::uint32_t>(tree.size());
    for (auto node = static_cast<std::uint32_t>(tree.size()); node-- > 0;) {
        tree.totalSamples[node] = saturatingAdd(tree.totalSamples[node], tree.selfSamples[node]);
        if (node != 0) {
            auto &above = tree.totalSamples[tree.parent[node]];
            above = saturatingAdd(above, tree.totalSamples[node]);
        }
    }
    m_out.total = tree.total[0];
    m_out.samples = tree.totalSamples[0];
    return std::move(m_out);
}

} // namespace

Profile chartProfile(const Profile &profile, const SampleSeries &series)
{
    Chart chart(profile, series);
    const std::span<const TimedSample> all(series.samples);
    for (std::size_t i = 0; i < all.size();) {
        auto end = i;
        while (end < all.size() && all[end].lane == all[i].lane)
            ++end;
        chart.add(all.subspan(i, end - i));
        i = end;
    }
    return chart.finish();
}

std::int64_t usualPeriod(std::span<const TimedSample> samples)
{
    std::vector<std::int64_t> distances;
    for (std::size_t i = 1; i < samples.size(); ++i) {
        const auto distance = samples[i].timeNs - samples[i - 1].timeNs;
        if (samples[i].lane == samples[i - 1].lane && distance > 0)
            distances.push_back(distance);
    }
    if (distances.empty())
        return 0;
    const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
    std::nth_element(distances.begin(), middle, distances.end());
    return *middle;
}

} // namespace flamewright
