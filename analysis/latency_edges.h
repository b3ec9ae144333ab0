#pragma once

#include <cstdint>
#include <vector>

namespace flamewright {

// Of what all latencies are multiples, as a power of ten: the clock of the tool.
class LatencyClock {
public:
    void add(std::int64_t latency)
    {
        while (m_tick > 1 && latency % m_tick != 0)
            m_tick /= 10;
    }
    std::int64_t tickNs() const { return m_tick; }

private:
    std::int64_t m_tick = 100'000'000;
};

// About `count` bins between the least and the largest latency, as their edges in ascending order:
// of equal ratio (logarithmic) or from 0 of equal width. They are whole ticks wide with their edges
// between ticks, and no bin is narrower than the one before: otherwise some would hold one value
// and their neighbours two or none.
std::vector<double> latencyEdges(std::int64_t least, std::int64_t most, std::int64_t tickNs,
                                 bool log, double count);

} // namespace flamewright
