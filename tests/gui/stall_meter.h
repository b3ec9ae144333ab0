#pragma once

#include <QElapsedTimer>
#include <QTimer>

#include <algorithm>
#include <cstdint>
#include <ctime>

namespace flamewright {

// How long the event loop of this thread was away from its queue at most, when nobody can click,
// type or see anything new: the largest gap between the beats of a timer, less its interval. On a
// machine that is busy with other things the gaps grow although nothing blocks; cpuMs() is what
// this thread itself computed in a gap.
//
//     StallMeter meter;
//     ... QTest::qWaitFor(...)
//     meter.longestMs()
class StallMeter {
public:
    static constexpr int kNoticedMs = 50;

    StallMeter()
    {
        m_beat.setTimerType(Qt::PreciseTimer);
        m_beat.setInterval(kBeatMs);
        QObject::connect(&m_beat, &QTimer::timeout, &m_beat, [this] { beat(); });
        restart();
        m_beat.start();
    }

    void restart()
    {
        m_longest = m_cpu = 0;
        m_noticed = 0;
        m_clock.start();
        m_lastCpu = cpuNow();
    }
    double longestMs() const { return static_cast<double>(m_longest) / 1e6; }
    double cpuMs() const { return static_cast<double>(m_cpu) / 1e6; }
    int noticed() const { return m_noticed; } // gaps of more than kNoticedMs of own work

private:
    static constexpr int kBeatMs = 5;

    static std::int64_t cpuNow()
    {
        timespec now{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
    }
    void beat()
    {
        const auto gap = m_clock.nsecsElapsed() - std::int64_t{kBeatMs} * 1'000'000;
        m_clock.start();
        const auto cpu = cpuNow();
        m_longest = std::max(m_longest, gap);
        m_cpu = std::max(m_cpu, cpu - m_lastCpu);
        m_noticed += cpu - m_lastCpu > std::int64_t{kNoticedMs} * 1'000'000 ? 1 : 0;
        m_lastCpu = cpu;
    }

    QTimer m_beat;
    QElapsedTimer m_clock;
    std::int64_t m_longest = 0, m_cpu = 0, m_lastCpu = 0;
    int m_noticed = 0;
};

} // namespace flamewright
