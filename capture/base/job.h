#pragma once

#include "capture/base/result.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <stop_token>
#include <string>
#include <type_traits>
#include <utility>

namespace flamewright {

struct Progress {
    std::uint64_t done = 0;
    std::uint64_t total = 0; // 0: unknown, show a busy bar
};

// The only thing long work knows about who runs it. Cheap enough to call per record batch.
class JobContext {
public:
    explicit JobContext(std::stop_token stop = {}) : m_stop(std::move(stop)) {}

    bool cancelled() const { return m_stop.stop_requested(); }
    const std::stop_token &stopToken() const { return m_stop; }
    void setTotal(std::uint64_t total) { m_total.store(total, std::memory_order_relaxed); }
    void setDone(std::uint64_t done) { m_done.store(done, std::memory_order_relaxed); }
    Progress progress() const
    {
        return {m_done.load(std::memory_order_relaxed), m_total.load(std::memory_order_relaxed)};
    }
    // Errc::Cancelled when asked to stop.
    Result<> checkpoint() const
    {
        if (cancelled())
            return fail(Errc::Cancelled, "cancelled");
        return {};
    }

private:
    std::stop_token m_stop;
    std::atomic<std::uint64_t> m_done{0};
    std::atomic<std::uint64_t> m_total{0};
};

template <class T>
class Job;

// Where jobs run. InlineRunner (CLI, tests) runs at once; PoolRunner owns threads.
class JobRunner {
public:
    virtual ~JobRunner() = default;

    template <class F, class R = std::invoke_result_t<F, JobContext &>>
    Job<typename R::value_type> submit(std::string title, F work);

protected:
    virtual void enqueue(std::string title, std::function<void()> run) = 0;
};

// Shared handle to running work. Dropping it does not stop the work; cancel() asks it to.
template <class T>
class Job {
public:
    void cancel() { m_state->stop.request_stop(); }
    Progress progress() const { return m_state->context.progress(); }
    bool finished() const { return m_state->finished.load(std::memory_order_acquire); }
    // Blocks until the work is done. Call at most once.
    Result<T> take()
    {
        std::unique_lock lock(m_state->mutex);
        m_state->wake.wait(lock, [&] { return m_state->result.has_value(); });
        return std::move(*m_state->result);
    }

private:
    friend class JobRunner;
    struct State {
        std::stop_source stop;
        JobContext context{stop.get_token()};
        std::atomic<bool> finished{false};
        std::mutex mutex;
        std::condition_variable wake;
        std::optional<Result<T>> result;
    };
    std::shared_ptr<State> m_state = std::make_shared<State>();
};

// The one place where exceptions become errors: std::bad_alloc, kj::Exception (Cap'n Proto on
// malformed chunks) and bugs. Nothing of ours throws.
template <class F>
std::invoke_result_t<F> guarded(F work)
{
    try {
        return work();
    } catch (const std::bad_alloc &) {
        return fail(Errc::Limit, "not enough memory");
    } catch (const std::exception &e) {
        return fail(Errc::Internal, e.what());
    }
}

template <class F, class R>
Job<typename R::value_type> JobRunner::submit(std::string title, F work)
{
    Job<typename R::value_type> job;
    enqueue(std::move(title), [state = job.m_state, work = std::move(work)]() mutable {
        R result = guarded([&] { return work(state->context); });
        {
            std::scoped_lock lock(state->mutex);
            state->result.emplace(std::move(result));
        }
        state->finished.store(true, std::memory_order_release);
        state->wake.notify_all();
    });
    return job;
}

class InlineRunner final : public JobRunner {
protected:
    void enqueue(std::string, std::function<void()> run) override { run(); }
};

} // namespace flamewright
