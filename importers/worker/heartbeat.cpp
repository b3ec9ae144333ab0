#include "importers/worker/heartbeat.h"

#include "importers/worker/messages.h"

#include <chrono>
#include <latch>
#include <poll.h>
#include <thread>
#include <unistd.h>

namespace flamewright {
namespace {

constexpr int kBeatMilliseconds = 50;

bool readerIsGone(int pipe)
{
    pollfd state{pipe, 0, 0};
    return ::poll(&state, 1, 0) > 0 && (state.revents & POLLERR) != 0;
}

} // namespace

void Heartbeat::start()
{
    std::latch running(1);
    std::thread([this, &running] {
        // A new thread makes system calls of its own that the filter does not have.
        running.count_down();
        run();
    }).detach();
    running.wait();
}

void Heartbeat::silence()
{
    std::scoped_lock lock(m_mutex);
    m_silent = true;
}

void Heartbeat::run()
{
    for (;;) {
        std::this_thread::sleep_for(std::chrono::milliseconds(kBeatMilliseconds));
        if (readerIsGone(m_writer.descriptor()))
            ::_exit(1);
        beat();
    }
}

void Heartbeat::beat()
{
    // Held throughout, so that silence() also ends every use of the input.
    std::scoped_lock lock(m_mutex);
    const auto *input = m_input.load(std::memory_order_acquire);
    if (input == nullptr || m_silent)
        return;
    const auto read = input->rawBytesRead();
    // Importers count what comes out of the decompressor; people see the file.
    const auto parsed = m_job.progress().done;
    const auto done = input->layers().empty() && parsed > 0 ? parsed : read;
    if (done == m_done && read == m_read)
        return;
    m_done = done;
    m_read = read;
    (void)m_writer.write(encodeMessage(ProgressMessage{done, read}));
}

} // namespace flamewright
