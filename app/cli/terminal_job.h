#pragma once

#include "capture/base/job.h"

#include <thread>

namespace flamewright {

// The job of a command: Ctrl+C asks it to stop, and on a terminal its progress is one line on
// standard error that is redrawn ten times a second and wiped at the end. Create it before any
// other thread, so that the signals are blocked in all of them.
class TerminalJob {
public:
    TerminalJob();
    ~TerminalJob();
    TerminalJob(const TerminalJob &) = delete;
    TerminalJob &operator=(const TerminalJob &) = delete;
    JobContext &job() { return m_job; }
    void finish(); // stops the display

private:
    void watch(std::stop_token done);

    std::stop_source m_stop;
    JobContext m_job{m_stop.get_token()};
    bool m_terminal;
    std::jthread m_watcher;
};

} // namespace flamewright
