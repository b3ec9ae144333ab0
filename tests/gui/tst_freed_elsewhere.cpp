#include "app/gui/freed_elsewhere.h"
#include "app/gui/latest_job.h"
#include "app/pool_runner.h"

#include <QCoreApplication>
#include <QTest>

#include <atomic>
#include <thread>

using namespace flamewright;

namespace {

// Notes which thread frees it.
class Large {
public:
    explicit Large(std::atomic<std::thread::id> &freedBy) : m_freedBy(&freedBy) {}
    ~Large()
    {
        if (m_freedBy)
            m_freedBy->store(std::this_thread::get_id());
    }
    Large(Large &&other) noexcept : m_freedBy(std::exchange(other.m_freedBy, nullptr)) {}
    Large &operator=(Large &&) = delete;

private:
    std::atomic<std::thread::id> *m_freedBy;
};

const std::thread::id kNobody;

} // namespace

// What is large is not freed by the thread that a person waits for.
class TestFreedElsewhere : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theLastOwnerLetsTheRunnerFreeIt()
    {
        std::atomic<std::thread::id> freedBy{kNobody};
        PoolRunner runner(1);
        auto value = freedIn(runner, std::make_shared<const Large>(freedBy));
        auto other = value;
        value.reset();
        QTest::qWait(50);
        QCOMPARE(freedBy.load() == kNobody, true); // somebody still has it
        other.reset();
        QTRY_VERIFY(freedBy.load() != kNobody);
        QVERIFY(freedBy.load() != std::this_thread::get_id());
        QVERIFY(!freedIn(runner, std::shared_ptr<const Large>()));
    }

    void isFreedBeforeTheRunnerIsGone()
    {
        std::atomic<std::thread::id> freedBy{kNobody};
        {
            PoolRunner runner(1);
            freedIn(runner, std::make_shared<const Large>(freedBy)).reset();
        }
        QVERIFY(freedBy.load() != kNobody);
    }

    void anAnswerThatNobodyWaitsForIsFreedThere()
    {
        std::atomic<std::thread::id> freedBy{kNobody};
        PoolRunner runner(1);
        LatestJob<Large> job(runner);
        std::atomic<bool> made{false};
        bool delivered = false;
        job.start(
            "large",
            [&](JobContext &) -> Result<Large> {
                Result<Large> out(Large{freedBy});
                made = true;
                return out;
            },
            [&](Result<Large>) { delivered = true; });
        while (!made)
            std::this_thread::yield();
        std::this_thread::sleep_for(std::chrono::milliseconds(50)); // it is in the mailbox
        job.cancel();
        QTRY_VERIFY(freedBy.load() != kNobody);
        QVERIFY(freedBy.load() != std::this_thread::get_id());
        QVERIFY(!delivered);
    }
};

QTEST_MAIN(TestFreedElsewhere)
#include "tst_freed_elsewhere.moc"
