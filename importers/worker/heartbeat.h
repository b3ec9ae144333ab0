#pragma once

#include "capture/base/job.h"
#include "importers/io/input.h"
#include "importers/worker/frames.h"

#include <atomic>
#include <mutex>

namespace flamewright {

// A thread of the worker that reports progress while the importer is busy, and ends the process
// when nobody listens any more. Must be started before the system call filter forbids threads;
// runs until the process ends.
class Heartbeat {
public:
    Heartbeat(FrameWriter &writer, const JobContext &job) : m_writer(writer), m_job(job) {}
    Heartbeat(const Heartbeat &) = delete;
    Heartbeat &operator=(const Heartbeat &) = delete;

    void start();
    // From now on `input` is what is being read.
    void watch(const Input &input) { m_input.store(&input, std::memory_order_release); }
    // Neither a message nor a look at the input after this returns.
    void silence();

private:
    void run();
    void beat();

    FrameWriter &m_writer;
    const JobContext &m_job;
    std::atomic<const Input *> m_input{nullptr};
    std::mutex m_mutex;
    bool m_silent = false;
    std::uint64_t m_done = 0, m_read = 0; // as reported
};

} // namespace flamewright
