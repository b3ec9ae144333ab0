#pragma once

#include "app/gui/freed_elsewhere.h"
#include "capture/base/job.h"

#include <QCoreApplication>
#include <QObject>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace flamewright {

// Work for the GUI thread of which only the newest matters: starting again cancels what runs and
// drops its answer. Lives on the GUI thread; the answer is delivered there through the event
// loop, never from inside start().
template <class T>
class LatestJob {
public:
    explicit LatestJob(JobRunner &runner) : m_runner(runner) {}
    ~LatestJob()
    {
        cancel();
        std::scoped_lock lock(m_mailbox->mutex);
        m_mailbox->receiver = nullptr;
    }
    LatestJob(const LatestJob &) = delete;
    LatestJob &operator=(const LatestJob &) = delete;

    // `work` is Result<T>(JobContext &), run by the runner; `done` is void(Result<T>), run here.
    // `done` is not called when another job was started or cancel() was called meanwhile.
    template <class Work, class Done>
    void start(std::string title, Work work, Done done)
    {
        cancel();
        const auto turn = ++m_turn;
        m_busy = true;
        m_job = m_runner.submit(
            std::move(title),
            [work = std::move(work), done = std::move(done), box = m_mailbox, turn,
             this](JobContext &job) mutable -> Result<Nothing> {
                auto result = std::make_shared<Result<T>>(guarded([&] { return work(job); }));
                std::scoped_lock lock(box->mutex);
                if (box->receiver) {
                    // Delivered only while the receiver lives, so `this` is alive then too.
                    QMetaObject::invokeMethod(
                        box->receiver,
                        [this, turn, result = std::move(result), done = std::move(done)]() mutable {
                            if (turn != m_turn)
                                return freeIn(m_runner, std::move(result));
                            m_busy = false;
                            done(std::move(*result));
                        },
                        Qt::QueuedConnection);
                }
                return Nothing{};
            });
    }

    void cancel()
    {
        if (m_busy)
            m_job->cancel();
        ++m_turn;
        m_busy = false;
    }
    // Asks the work to stop, and still delivers how it ended.
    void requestStop()
    {
        if (m_busy)
            m_job->cancel();
    }
    bool busy() const { return m_busy; }
    Progress progress() const { return m_busy ? m_job->progress() : Progress{}; }

private:
    struct Nothing {};
    struct Mailbox {
        std::mutex mutex;
        QObject *receiver = nullptr;
    };

    JobRunner &m_runner;
    QObject m_receiver;
    std::shared_ptr<Mailbox> m_mailbox = [this] {
        auto box = std::make_shared<Mailbox>();
        box->receiver = &m_receiver;
        return box;
    }();
    std::optional<Job<Nothing>> m_job;
    std::uint64_t m_turn = 0;
    bool m_busy = false;
};

} // namespace flamewright
