#include "analysis/warm_up.h"
#include "made_load.h"

#include <QTest>

#include <cmath>

using namespace flamewright;

namespace {

// MSER-5 as it is defined, sum by sum.
std::optional<std::size_t> slowly(const std::vector<std::int64_t> &values)
{
    std::vector<double> means;
    for (std::size_t i = 0; i + 5 <= values.size(); i += 5)
        means.push_back(static_cast<double>(values[i] + values[i + 1] + values[i + 2] +
                                            values[i + 3] + values[i + 4]) /
                        5);
    const auto n = means.size();
    if (n < 2)
        return std::nullopt;
    double least = INFINITY;
    std::size_t best = 0;
    for (std::size_t cut = 0; 2 * cut <= n; ++cut) {
        double mean = 0, squares = 0;
        const auto left = static_cast<double>(n - cut);
        for (auto i = cut; i < n; ++i)
            mean += means[i] / left;
        for (auto i = cut; i < n; ++i)
            squares += (means[i] - mean) * (means[i] - mean);
        if (squares / (left * left) < least * (1 - 1e-12)) {
            least = squares / (left * left);
            best = cut;
        }
    }
    return 2 * best >= n ? std::nullopt : std::optional(5 * best);
}

LoadRows test(unsigned seed, double slowdown, std::int64_t warmUpNs)
{
    std::mt19937_64 random(seed);
    std::vector<MadeRequest> requests;
    addClosed(requests, 1, 4, 0, 60 * kSecond, 0, random, [&](std::mt19937_64 &r, std::int64_t at) {
        const auto latency = std::lognormal_distribution<double>(16.1, 0.5)(r);
        return static_cast<std::int64_t>(latency * (at < warmUpNs ? slowdown : 1));
    });
    return madeRows(requests);
}

} // namespace

class TestWarmUp : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // 50 values of 100 or so, then 200 of 10 or so: the first 50 go.
    void countsByHand()
    {
        std::vector<std::int64_t> values;
        for (int i = 0; i < 250; ++i)
            values.push_back((i < 50 ? 100 : 10) + i % 3);
        QCOMPARE(mser5(values), std::optional<std::size_t>(50));
        // All the same: nothing to drop.
        QCOMPARE(mser5(std::vector<std::int64_t>(100, 7)), std::optional<std::size_t>(0));
        // It gets slower all the time: no steady state.
        for (int i = 0; i < 250; ++i)
            values[static_cast<std::size_t>(i)] = i * i;
        QVERIFY(!mser5(values) || *mser5(values) == 0);
        QVERIFY(!mser5({}));
        QVERIFY(!mser5(std::vector<std::int64_t>(9, 7)));
    }
    void agreesWithTheObviousWay()
    {
        std::mt19937 random(3);
        for (int round = 0; round < 200; ++round) {
            std::vector<std::int64_t> values;
            const auto n = random() % 300, slow = random() % 100;
            for (unsigned i = 0; i < n; ++i)
                values.push_back(static_cast<std::int64_t>(random() % 100 + (i < slow ? 70 : 0)));
            QCOMPARE(mser5(values), slowly(values));
        }
    }
    void warmUpsAreFound()
    {
        const auto rows = test(1, 4, 6 * kSecond);
        const auto found = warmUp(rows, 0);
        QVERIFY(found);
        QVERIFY2(std::abs(static_cast<double>(found->endNs) / 6e9 - 1) < 0.1,
                 qPrintable(QString::number(found->endNs)));
        std::uint64_t before = 0;
        for (const auto begin : rows.begin)
            before += begin < found->endNs;
        QCOMPARE(found->requests, before);
        QCOMPARE(found->share, static_cast<double>(before) / static_cast<double>(rows.size()));
        QCOMPARE(found->all.count, rows.size());
        QCOMPARE(found->without.count, rows.size() - before);
        QVERIFY(found->without.percentiles[3].value < found->all.percentiles[3].value);
    }
    // A test that is the same all along has none, nor one that is a little slower at first.
    void fewFalseAlarms()
    {
        int found = 0;
        for (unsigned seed = 0; seed < 100; ++seed)
            found += warmUp(test(seed, seed % 2 ? 1.0 : 1.02, 6 * kSecond), 0).has_value();
        QVERIFY2(found <= 1, qPrintable(QString::number(found)));
    }
    // Five slow ones of 20,000 move no percentile that can be told.
    void whatChangesNothingIsNotOffered()
    {
        auto rows = test(5, 1, 0);
        for (std::size_t i = 0; i < 5; ++i)
            rows.latency[i] = 50 * kMs;
        QVERIFY(!warmUp(rows, 0));
    }
    void failuresDoNotCount()
    {
        auto rows = test(2, 1, 0);
        for (std::size_t i = 0; i < 400; ++i) {
            rows.failed[i] = 1;
            rows.latency[i] = 30 * kSecond;
        }
        QVERIFY(!warmUp(rows, 0));
        QVERIFY(!warmUp(rows, 1));
    }
    void littleAndHostile()
    {
        QVERIFY(!warmUp({}, 0));
        QVERIFY(!warmUp(madeRows({{0, 5}}), 0));
        QVERIFY(!warmUp(madeRows({{LoadRows::kUntimed, 5}}), 0));
        std::vector<MadeRequest> requests;
        for (int i = 0; i < 100; ++i)
            requests.push_back({i < 50 ? 0 : 5, i < 20 ? INT64_MAX : (i % 2 ? INT64_MIN : 3)});
        const auto found = warmUp(madeRows(requests), 0);
        QVERIFY(!found || found->requests > 0);
        // Slow ones that all began at once cannot be told apart by time.
        for (auto &request : requests)
            request = {7, request.latency > 3 ? 1000 : 3};
        QVERIFY(!warmUp(madeRows(requests), 0));
    }
};

QTEST_GUILESS_MAIN(TestWarmUp)
#include "tst_warm_up.moc"
