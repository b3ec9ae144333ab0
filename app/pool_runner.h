#pragma once

#include "capture/base/job.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace flamewright {

// Runs jobs on threads of its own, in the order they were submitted. The destructor runs what is
// still queued to its end (Job::take() must never wait for ever): whoever owns jobs cancels them
// before the runner goes.
class PoolRunner final : public JobRunner {
public:
    explicit PoolRunner(unsigned threads = 2);
    ~PoolRunner() override;
    PoolRunner(const PoolRunner &) = delete;
    PoolRunner &operator=(const PoolRunner &) = delete;

protected:
    void enqueue(std::string title, std::function<void()> run) override;

private:
    void work(const std::stop_token &stop);

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<std::function<void()>> m_queue;
    std::vector<std::jthread> m_threads; // last: they use everything above
};

} // namespace flamewright
