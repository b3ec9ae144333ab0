#include "analysis/load_model.h"
#include "made_load.h"

#include <QTest>

#include <cmath>

using namespace flamewright;

namespace {

std::int64_t tenMs(std::mt19937_64 &random, std::int64_t)
{
    return static_cast<std::int64_t>(std::lognormal_distribution<double>(16.1, 0.3)(random));
}

QByteArray text(const LoadModelReport &report)
{
    return QByteArray::fromStdString(report.reason) + " slope " +
           QByteArray::number(report.gaps.slopeLow) + ".." +
           QByteArray::number(report.gaps.slopeHigh) + " think " +
           QByteArray::number(static_cast<qlonglong>(report.gaps.thinkNs));
}

#define COMPARE_MODEL(report, expected) QVERIFY2((report).model == (expected), text(report))

// Times as a clock of this unit tells them.
LoadRows clocked(LoadRows rows, std::int64_t unit)
{
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows.begin[i] = rows.begin[i] / unit * unit;
        rows.latency[i] = rows.latency[i] / unit * unit;
    }
    return rows;
}

} // namespace

class TestLoadModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // One worker: [0, 10) [15, 35) [40, 50) [55, 56): 15, 25 and 15 from start to start, think 5.
    void gapsByHand()
    {
        const auto rows = madeRows({{0, 10, 1}, {15, 20, 1}, {40, 10, 1}, {55, 1, 1}, {3, 100, 2}});
        const auto report = loadModel(rows, 0);
        QCOMPARE(report.gaps.pairs, 3u);
        QCOMPARE(report.gaps.betweenNs, 15);
        QCOMPARE(report.gaps.thinkNs, 5);
        QCOMPARE(report.gaps.overlapping, 0.0);
        QCOMPARE(report.gaps.slope, 1.0);
        QCOMPARE(report.model, LoadModel::Unknown);
        QVERIFY(!report.reason.empty());
    }
    void closedLoops()
    {
        std::mt19937_64 random(1);
        for (const auto think : {std::int64_t{0}, kMs / 100, 5 * kMs, 200 * kMs}) {
            for (const auto unit : {std::int64_t{1}, kMs}) {
                std::vector<MadeRequest> requests;
                addClosed(requests, 1, 8, 0, 60 * kSecond, think, random, tenMs);
                const auto report = loadModel(clocked(madeRows(requests), unit), 0);
                COMPARE_MODEL(report, LoadModel::Closed);
                QCOMPARE(report.gaps.thinkNs > 0, think > kMs);
                QVERIFY(!report.omission);
            }
        }
    }
    // Think times at random, some hundred times the spread of the latencies.
    void closedLoopsWithRandomThinkTimes()
    {
        std::mt19937_64 random(2);
        std::vector<MadeRequest> requests;
        for (std::uint32_t worker = 1; worker <= 50; ++worker) {
            for (std::int64_t at = 0; at < 600 * kSecond;) {
                const auto latency = tenMs(random, 0) * 10;
                requests.push_back({at, latency, worker});
                at += latency + static_cast<std::int64_t>(
                                    std::exponential_distribution<double>(1 / 1e9)(random));
            }
        }
        const auto report = loadModel(madeRows(requests), 0);
        COMPARE_MODEL(report, LoadModel::Closed);
        // Too few of them tell nothing.
        requests.resize(150);
        COMPARE_MODEL(loadModel(madeRows(requests), 0), LoadModel::Unknown);
    }
    // A worker sends every 50 ms (wrk2), unless the last answer takes longer.
    void schedules()
    {
        std::mt19937_64 random(3);
        std::vector<MadeRequest> requests;
        for (std::uint32_t worker = 1; worker <= 8; ++worker) {
            for (std::int64_t at = worker * 6 * kMs; at < 60 * kSecond; at += 50 * kMs)
                requests.push_back({at, tenMs(random, at), worker});
        }
        COMPARE_MODEL(loadModel(madeRows(requests), 0), LoadModel::Open);
    }
    // Requests at a rate that grows, each given to the worker that has rested longest (k6).
    void poolsOfWorkers()
    {
        std::mt19937_64 random(4);
        std::vector<MadeRequest> requests;
        for (std::int64_t at = 0; at < 60 * kSecond; at += kSecond / (100 + at / (kSecond / 5)))
            requests.push_back(
                {at + static_cast<std::int64_t>(random() % 200'000), tenMs(random, at)});
        std::vector<std::int64_t> free(60, 0);
        for (auto &request : requests) {
            const auto it = std::min_element(free.begin(), free.end());
            request.worker = static_cast<std::uint32_t>(it - free.begin()) + 1;
            *it = request.begin + request.latency;
        }
        COMPARE_MODEL(loadModel(madeRows(requests), 0), LoadModel::Open);
    }
    // Users come at random and each sends five requests, one after the other (Gatling, Artillery).
    void usersThatComeAndGo()
    {
        std::mt19937_64 random(5);
        std::vector<MadeRequest> requests, arrivals;
        addOpen(arrivals, 20, 0, 60 * kSecond, random, tenMs);
        std::uint32_t worker = 0;
        for (const auto &user : arrivals) {
            ++worker;
            auto at = user.begin;
            for (int i = 0; i < 5; ++i) {
                requests.push_back({at, tenMs(random, at), worker});
                at += requests.back().latency;
            }
        }
        COMPARE_MODEL(loadModel(madeRows(requests), 0), LoadModel::Open);
    }
    // Where each is followed by the next at once, a constant number is there: a closed test.
    void usersThatTakeTurns()
    {
        std::mt19937_64 random(6);
        std::vector<MadeRequest> requests;
        addClosed(requests, 1, 10, 0, 60 * kSecond, 0, random, tenMs);
        std::vector<std::uint32_t> sent(11, 0);
        const auto loops = madeRows(requests);
        auto rows = loops;
        for (std::size_t i = 0; i < rows.size(); ++i)
            rows.worker[i] = rows.worker[i] + 10 * (sent[rows.worker[i]]++ / 20);
        rows.workers.resize(*std::max_element(rows.worker.begin(), rows.worker.end()) + 1);
        COMPARE_MODEL(loadModel(rows, 0), LoadModel::Closed);
    }
    void withoutWorkers()
    {
        std::mt19937_64 random(7);
        std::vector<MadeRequest> closed, regular, poisson;
        addClosed(closed, 0, 8, 0, 60 * kSecond, 0, random, tenMs);
        const auto report = loadModel(madeRows(closed), 0);
        COMPARE_MODEL(report, LoadModel::Closed);
        QVERIFY(std::abs(static_cast<double>(report.gaps.betweenNs) / 10.25e6 - 1) < 0.05);
        for (std::int64_t at = 0; at < 60 * kSecond; at += 5 * kMs)
            regular.push_back(
                {at + static_cast<std::int64_t>(random() % 100'000), tenMs(random, at)});
        COMPARE_MODEL(loadModel(madeRows(regular), 0), LoadModel::Open);
        addOpen(poisson, 500, 0, 60 * kSecond, random, tenMs);
        COMPARE_MODEL(loadModel(madeRows(poisson), 0), LoadModel::Unknown);
    }
    // All answers take about the same, so that the starts are nearly regular: but there are eight of
    // them at any time, up to some microseconds.
    void withoutWorkersButRegular()
    {
        std::mt19937_64 random(17);
        const auto alike = [](std::mt19937_64 &r, std::int64_t) {
            return static_cast<std::int64_t>(50 * kMs + r() % kMs);
        };
        std::vector<MadeRequest> closed, open;
        for (int worker = 0; worker < 8; ++worker) {
            for (std::int64_t at = worker * 6 * kMs; at < 10 * kSecond;) {
                closed.push_back({at, alike(random, at), 0});
                at += closed.back().latency + 20'000;
            }
        }
        const auto report = loadModel(madeRows(closed), 0);
        COMPARE_MODEL(report, LoadModel::Closed);
        QVERIFY(std::abs(static_cast<double>(report.gaps.betweenNs) / 50.5e6 - 1) < 0.03);
        for (std::int64_t at = 0; at < 10 * kSecond; at += 7 * kMs)
            open.push_back({at, alike(random, at), 0});
        COMPARE_MODEL(loadModel(madeRows(open), 0), LoadModel::Open);
    }
    // The server stands still for four seconds of a minute: the answers that were under way take
    // that long, and nothing is sent.
    void stallsOfClosedTests()
    {
        std::mt19937_64 random(8);
        const auto stalled = [](std::mt19937_64 &r, std::int64_t at) {
            const auto latency = tenMs(r, at);
            return at < 30 * kSecond && at + latency >= 30 * kSecond ? latency + 4 * kSecond
                                                                     : latency;
        };
        std::vector<MadeRequest> closed, open;
        addClosed(closed, 1, 8, 0, 60 * kSecond, 0, random, stalled);
        const auto report = loadModel(madeRows(closed), 0);
        COMPARE_MODEL(report, LoadModel::Closed);
        QVERIFY(report.omission);
        QVERIFY(std::abs(static_cast<double>(report.omission->slowNs) / 4e9 - 1) < 0.25);
        QVERIFY(report.omission->slowRate < report.omission->rate / 4);
        QVERIFY(report.omission->slowLatencyNs > 1e9);
        QVERIFY(std::abs(static_cast<double>(report.gaps.betweenNs) / 9.8e6 - 1) < 0.1);
    }
    // Twice as slow for a while, but no fewer requests, because there are more workers.
    void moreWorkersAreNoOmission()
    {
        std::mt19937_64 random(9);
        std::vector<MadeRequest> requests;
        addClosed(requests, 1, 4, 0, 60 * kSecond, 0, random, tenMs);
        addClosed(requests, 5, 12, 40 * kSecond, 60 * kSecond, 0, random,
                  [](std::mt19937_64 &r, std::int64_t at) { return tenMs(r, at) * 3; });
        const auto report = loadModel(madeRows(requests), 0);
        COMPARE_MODEL(report, LoadModel::Closed);
        QVERIFY(!report.omission);
    }
    void coarseClocks()
    {
        std::mt19937_64 random(10);
        std::vector<MadeRequest> requests;
        addClosed(requests, 1, 8, 0, 60 * kSecond, 0, random, tenMs);
        const auto report = loadModel(clocked(madeRows(requests), kSecond), 0);
        COMPARE_MODEL(report, LoadModel::Unknown);
        QVERIFY(report.reason.find("whole seconds") != std::string::npos);
        // k6: the end is in whole seconds, the latency is not.
        auto rows = madeRows(requests);
        for (std::size_t i = 0; i < rows.size(); ++i)
            rows.begin[i] = (rows.begin[i] + 5 * kSecond) / kSecond * kSecond - rows.latency[i];
        std::sort(rows.begin.begin(), rows.begin.end());
        for (std::size_t i = 0; i < rows.size(); ++i)
            rows.latency[i] = (rows.begin[i] + kSecond) / kSecond * kSecond - rows.begin[i];
        COMPARE_MODEL(loadModel(rows, 0), LoadModel::Unknown);
    }
    void eachCaptureByItself()
    {
        std::mt19937_64 random(11);
        std::vector<MadeRequest> requests;
        addClosed(requests, 1, 8, 0, 60 * kSecond, 0, random, tenMs, {0, 0, 0, false, 0, 1});
        const auto rows = madeRows(requests);
        COMPARE_MODEL(loadModel(rows, 0), LoadModel::Unknown);
        COMPARE_MODEL(loadModel(rows, 1), LoadModel::Closed);
    }
    void littleAndHostile()
    {
        COMPARE_MODEL(loadModel({}, 0), LoadModel::Unknown);
        COMPARE_MODEL(loadModel(madeRows({{0, 5, 1}}), 0), LoadModel::Unknown);
        COMPARE_MODEL(loadModel(madeRows({{LoadRows::kUntimed, 5, 1}}), 0), LoadModel::Unknown);
        std::vector<MadeRequest> requests;
        for (int i = 0; i < 2000; ++i)
            requests.push_back(
                {i, i % 3 == 0 ? INT64_MAX : INT64_MIN, static_cast<std::uint32_t>(i % 4)});
        requests.push_back({INT64_MAX, INT64_MAX, 1});
        QVERIFY(!loadModel(madeRows(requests), 0).reason.empty());
        for (auto &request : requests)
            request.worker = 1;
        QVERIFY(!loadModel(madeRows(requests), 0).reason.empty());
        // All at once, and all the same.
        QVERIFY(!loadModel(madeRows(std::vector<MadeRequest>(3000, {5, 0, 1})), 0).reason.empty());
        QVERIFY(!loadModel(madeRows(std::vector<MadeRequest>(3000, {5, 7, 0})), 0).reason.empty());
    }
};

QTEST_GUILESS_MAIN(TestLoadModel)
#include "tst_load_model.moc"
