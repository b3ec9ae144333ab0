#pragma once

#include <QElapsedTimer>
#include <QTimer>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <unistd.h>

namespace flamewright {

// How long the event loop of this thread was away from its queue at most, when nobody can click,
// type or see anything new: the largest gap between the beats of a timer, less its interval. On a
// machine that is busy with other things the gaps grow although nothing blocks, so the time in
// which this thread was ready and no core was free is told apart: ownMs() is without it. That still
// has waiting for others in it (the X server, which may have no core either); workMs() is what this
// thread itself computed between two beats.
//
//     StallMeter meter;
//     ... QTest::qWaitFor(...)
//     meter.ownMs()
class StallMeter {
public:
    static constexpr int kNoticedMs = 50;

    StallMeter() : m_schedule(::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC))
    {
        m_beat.setTimerType(Qt::PreciseTimer);
        m_beat.setInterval(kBeatMs);
        QObject::connect(&m_beat, &QTimer::timeout, &m_beat, [this] { beat(); });
        restart();
        m_beat.start();
    }
    ~StallMeter()
    {
        if (m_schedule >= 0)
            ::close(m_schedule);
    }
    StallMeter(const StallMeter &) = delete;
    StallMeter &operator=(const StallMeter &) = delete;

    void restart()
    {
        m_longest = m_own = m_work = 0;
        m_clock.start();
        m_lastWork = workNow();
        m_waited = waitedForCore();
    }
    double longestMs() const { return static_cast<double>(m_longest) / 1e6; }
    double ownMs() const { return static_cast<double>(m_own) / 1e6; }
    double workMs() const { return static_cast<double>(m_work) / 1e6; }

private:
    static constexpr int kBeatMs = 5;

    // "on-core ns, ready-but-waiting ns, slices"; 0 where the kernel does not tell.
    std::int64_t waitedForCore() const
    {
        std::array<char, 96> text{};
        if (m_schedule < 0 || ::pread(m_schedule, text.data(), text.size() - 1, 0) <= 0)
            return 0;
        char *second = nullptr;
        (void)std::strtoll(text.data(), &second, 10);
        return std::strtoll(second, nullptr, 10);
    }
    static std::int64_t workNow()
    {
        timespec now{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
    }
    void beat()
    {
        const std::int64_t gap = m_clock.nsecsElapsed() - std::int64_t{kBeatMs} * 1'000'000;
        m_clock.start();
        const auto waited = waitedForCore();
        const auto own = gap - (waited - m_waited);
        m_waited = waited;
        m_longest = std::max(m_longest, gap);
        m_own = std::max(m_own, own);
        const auto work = workNow();
        m_work = std::max(m_work, work - m_lastWork);
        m_lastWork = work;
    }

    int m_schedule;
    QTimer m_beat;
    QElapsedTimer m_clock;
    std::int64_t m_longest = 0, m_own = 0, m_work = 0, m_waited = 0, m_lastWork = 0;
};

} // namespace flamewright
