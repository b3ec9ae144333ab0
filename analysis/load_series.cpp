#include "analysis/load_series.h"

#include <algorithm>

namespace flamewright {
namespace {

__extension__ using Wide = __int128;

// Sums of spans of time over steps: what lies in a step in part is added to it, the steps between
// are counted at their ends.
class Overlap {
public:
    explicit Overlap(std::size_t steps) : m_partial(steps, 0), m_whole(steps + 1, 0) {}

    // `first` and `last` are the steps of `begin` and `end`.
    void add(std::int64_t begin, std::int64_t end, std::size_t first, std::size_t last,
             std::int64_t step)
    {
        if (first == last) {
            m_partial[first] += end - begin;
            return;
        }
        m_partial[first] += Wide{step} * static_cast<Wide>(first + 1) - begin;
        m_partial[last] += end - Wide{step} * static_cast<Wide>(last);
        ++m_whole[first + 1];
        --m_whole[last];
    }
    std::vector<double> means(std::int64_t step) const
    {
        std::vector<double> out(m_partial.size());
        std::int64_t whole = 0;
        for (std::size_t i = 0; i < out.size(); ++i) {
            whole += m_whole[i];
            out[i] = static_cast<double>(whole) +
                     static_cast<double>(m_partial[i]) / static_cast<double>(step);
        }
        return out;
    }

private:
    std::vector<Wide> m_partial;
    std::vector<std::int64_t> m_whole;
};

// How many workers are busy in each step. Their requests come in order of begin.
class BusyWorkers {
public:
    BusyWorkers(std::size_t steps, std::size_t workers)
        : m_changes(steps + 1, 0),
          m_counted(workers, 0)
    {}
    void add(std::uint32_t worker, std::size_t first, std::size_t last)
    {
        first = std::max(first, m_counted[worker]);
        if (first > last)
            return;
        ++m_changes[first];
        --m_changes[last + 1];
        m_counted[worker] = last + 1;
    }
    std::vector<double> counts() const
    {
        std::vector<double> out(m_changes.size() - 1);
        std::int64_t busy = 0;
        for (std::size_t i = 0; i < out.size(); ++i) {
            busy += m_changes[i];
            out[i] = static_cast<double>(busy);
        }
        return out;
    }

private:
    std::vector<std::int64_t> m_changes;
    std::vector<std::size_t> m_counted; // by worker: the first step that it is not counted in yet
};

} // namespace

LoadSeries loadSeries(const LoadRows &rows, std::uint8_t capture, std::size_t steps)
{
    LoadSeries out;
    auto begin = INT64_MAX, end = INT64_MIN;
    bool workersKnown = true;
    const auto latencyOf = [&](std::size_t i) {
        return std::max<std::int64_t>(rows.latency[i], 0);
    };
    for (auto i = rows.firstTimed(); i < rows.size(); ++i) {
        if (rows.capture[i] != capture)
            continue;
        begin = std::min(begin, rows.begin[i]);
        end = std::max(end, saturatingAdd(rows.begin[i], latencyOf(i)));
        workersKnown = workersKnown && rows.worker[i] != 0;
    }
    if (begin > end || steps == 0)
        return out;
    out.beginNs = begin;
    // One more, so that the end lies in the last step.
    out.stepNs = saturatingAdd((end - begin) / static_cast<std::int64_t>(steps), 1);
    const auto size = static_cast<std::size_t>((end - begin) / out.stepNs) + 1;
    Overlap inFlight(size);
    BusyWorkers workers(size, rows.workers.size());
    std::vector<std::uint64_t> sent(size, 0), ended(size, 0), failed(size, 0);
    for (auto i = rows.firstTimed(); i < rows.size(); ++i) {
        if (rows.capture[i] != capture)
            continue;
        const auto from = rows.begin[i] - begin;
        const auto to = saturatingAdd(rows.begin[i], latencyOf(i)) - begin;
        const auto first = static_cast<std::size_t>(from / out.stepNs);
        const auto last = static_cast<std::size_t>(to / out.stepNs);
        inFlight.add(from, to, first, last, out.stepNs);
        if (workersKnown)
            workers.add(rows.worker[i], first, last);
        ++sent[first];
        ++ended[last];
        failed[last] += rows.failed[i];
    }
    out.inFlight = inFlight.means(out.stepNs);
    if (workersKnown)
        out.workers = workers.counts();
    const auto perSecond = [&](const std::vector<std::uint64_t> &counts) {
        std::vector<double> rates(counts.size());
        std::transform(counts.begin(), counts.end(), rates.begin(), [&](std::uint64_t count) {
            return static_cast<double>(count) * 1e9 / static_cast<double>(out.stepNs);
        });
        return rates;
    };
    out.sentPerSecond = perSecond(sent);
    out.endedPerSecond = perSecond(ended);
    out.failedPerSecond = perSecond(failed);
    return out;
}

} // namespace flamewright
