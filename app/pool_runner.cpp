#include "app/pool_runner.h"

#include <utility>

namespace flamewright {

PoolRunner::PoolRunner(unsigned threads)
{
    m_threads.reserve(threads);
    for (unsigned i = 0; i < threads; ++i)
        m_threads.emplace_back([this](const std::stop_token &stop) { work(stop); });
}

PoolRunner::~PoolRunner()
{
    for (auto &thread : m_threads)
        thread.request_stop();
    m_threads.clear(); // joins
}

void PoolRunner::enqueue(std::string, std::function<void()> run)
{
    {
        std::scoped_lock lock(m_mutex);
        m_queue.push_back(std::move(run));
    }
    m_wake.notify_one();
}

void PoolRunner::work(const std::stop_token &stop)
{
    for (;;) {
        std::unique_lock lock(m_mutex);
        // Also wakes on stop; what is queued is still run then.
        m_wake.wait(lock, stop, [this] { return !m_queue.empty(); });
        if (m_queue.empty())
            return;
        const auto run = std::move(m_queue.front());
        m_queue.pop_front();
        lock.unlock();
        run();
    }
}

} // namespace flamewright
