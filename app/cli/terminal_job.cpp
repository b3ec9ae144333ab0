#include "app/cli/terminal_job.h"

#include "capture/base/format_value.h"

#include <chrono>
#include <csignal>
#include <ctime>
#include <iostream>
#include <string>
#include <unistd.h>

namespace flamewright {
namespace {

sigset_t stopSignals()
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

// "\r 38.1 MiB of 81.2 MiB (46.9 %), 210 MiB/s, 2.1 s left"
std::string progressLine(const Progress &now, double seconds)
{
    const auto bytes = [](double v) { return formatBytes(static_cast<std::int64_t>(v)); };
    const auto done = static_cast<double>(now.done), total = static_cast<double>(now.total);
    auto line = bytes(done);
    if (now.total > 0)
        line += " of " + bytes(total) + " (" + formatShare(done, total) + ")";
    if (seconds > 0.5 && now.done > 0) {
        const auto rate = done / seconds;
        line += ", " + bytes(rate) + "/s";
        if (now.total > now.done)
            line += ", " +
                    formatSeconds(static_cast<std::int64_t>((total - done) / rate * 1e9), 1) +
                    " left";
    }
    return line;
}

} // namespace

TerminalJob::TerminalJob() : m_terminal(::isatty(STDERR_FILENO) == 1)
{
    const auto set = stopSignals();
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    m_watcher = std::jthread([this](std::stop_token done) { watch(std::move(done)); });
}

TerminalJob::~TerminalJob()
{
    finish();
}

void TerminalJob::finish()
{
    if (!m_watcher.joinable())
        return;
    m_watcher.request_stop();
    m_watcher.join();
}

void TerminalJob::watch(std::stop_token done)
{
    const auto set = stopSignals();
    const auto start = std::chrono::steady_clock::now();
    bool shown = false;
    while (!done.stop_requested()) {
        const timespec wait{0, 20'000'000};
        if (::sigtimedwait(&set, nullptr, &wait) > 0) {
            // The second time is meant: leave without tidying up.
            if (m_stop.stop_requested())
                ::_exit(130);
            m_stop.request_stop();
        }
        const auto progress = m_job.progress();
        const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
        if (m_terminal && elapsed.count() > 0.3 && progress.done > 0) {
            std::cerr << "\r\x1b[K" << progressLine(progress, elapsed.count()) << std::flush;
            shown = true;
        }
    }
    if (shown)
        std::cerr << "\r\x1b[K" << std::flush;
}

} // namespace flamewright
