#include "analysis/percentile_intervals.h"
#include "made_load.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>

using namespace flamewright;

namespace {

#ifdef FW_SANITIZED
constexpr unsigned kTests = 40;
#else
constexpr unsigned kTests = 200;
#endif

struct Columns {
    std::vector<std::int64_t> begin, latency;
};

// A request every `gap`; the server is now and then slow for some seconds on end.
Columns bursty(unsigned seed, std::int64_t length, std::int64_t gap)
{
    std::mt19937_64 random(seed);
    std::lognormal_distribution<double> latency(16, 0.4);
    std::exponential_distribution<double> fast(1 / 8e9), slow(1 / 2e9);
    Columns out;
    std::int64_t until = 0;
    bool isSlow = true;
    for (std::int64_t at = 0; at < length; at += gap) {
        while (at >= until) {
            isSlow = !isSlow;
            until += static_cast<std::int64_t>(isSlow ? slow(random) : fast(random)) + 1;
        }
        out.begin.push_back(at);
        out.latency.push_back(static_cast<std::int64_t>(latency(random) * (isSlow ? 6 : 1)));
    }
    return out;
}

std::int64_t percentileOf(std::vector<std::int64_t> values, double q)
{
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(std::ceil(q * static_cast<double>(values.size())) - 1)];
}

// The bootstrap by the book: blocks of requests put one after the other and sorted.
LatencyInterval slowly(const Columns &columns, std::int64_t blockNs, double q)
{
    std::mt19937_64 random(99);
    const auto time = columns.begin.back() - columns.begin.front() + 1;
    std::vector<std::int64_t> values;
    for (int round = 0; round < 600; ++round) {
        std::vector<std::int64_t> drawn;
        for (std::int64_t block = 0; block < time / blockNs; ++block) {
            const auto from =
                static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(time));
            for (std::size_t i = 0; i < columns.begin.size(); ++i) {
                const auto off = (columns.begin[i] - columns.begin.front() - from + time) % time;
                if (off < blockNs)
                    drawn.push_back(columns.latency[i]);
            }
        }
        values.push_back(percentileOf(std::move(drawn), q));
    }
    return *middleOf(std::move(values));
}

bool near(std::int64_t a, std::int64_t b, double relative)
{
    return std::abs(static_cast<double>(a) / static_cast<double>(b) - 1) <= relative;
}

} // namespace

class TestPercentileIntervals : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // Every second is the same: 1 to 100 ns. Whatever is drawn has the same percentiles.
    void equalBlocksHaveNoDoubt()
    {
        Columns columns;
        for (int second = 0; second < 100; ++second) {
            for (int i = 0; i < 100; ++i) {
                columns.begin.push_back(second * kSecond + i * kSecond / 100);
                columns.latency.push_back((i * 37) % 100 + 1);
            }
        }
        const auto found = blockIntervals(columns.begin, columns.latency);
        QVERIFY(found);
        QCOMPARE(found->resamples, kBlockResamples);
        QVERIFY(found->blockNs >= kSecond && found->blockNs <= 2 * kSecond);
        QVERIFY(near(found->intervals[0]->low, 50, 0.03) &&
                near(found->intervals[0]->high, 50, 0.03));
        QVERIFY(near(found->intervals[3]->low, 99, 0.011) &&
                near(found->intervals[3]->high, 99, 0.011));
        QVERIFY(found->intervals[4].has_value());  // 10,000 are enough for p99.9,
        QVERIFY(!found->intervals[5].has_value()); // not for p99.99
    }
    // Half of the time 1 ms, half 2 ms: p50 is either.
    void halvesDoNotAgree()
    {
        Columns columns;
        for (std::int64_t at = 0; at < 200 * kSecond; at += kSecond / 20) {
            columns.begin.push_back(at);
            columns.latency.push_back(at < 100 * kSecond ? kMs : 2 * kMs);
        }
        const auto found = *blockIntervals(columns.begin, columns.latency);
        QVERIFY(near(found.intervals[0]->low, kMs, kDrawnError));
        QVERIFY(near(found.intervals[0]->high, 2 * kMs, kDrawnError));
        QVERIFY(near(found.intervals[3]->low, 2 * kMs, kDrawnError));
    }
    void agreesWithTheObviousWay()
    {
        for (const unsigned seed : {1u, 2u, 3u}) {
            const auto columns = bursty(seed, 100 * kSecond, kSecond / 20);
            const auto found = *blockIntervals(columns.begin, columns.latency);
            for (const auto &[i, q] : {std::pair{0, 0.5}, {1, 0.9}, {3, 0.99}}) {
                const auto expected = slowly(columns, found.blockNs, q);
                const auto &interval = *found.intervals[static_cast<std::size_t>(i)];
                QVERIFY2(near(interval.low, expected.low, 0.08) &&
                             near(interval.high, expected.high, 0.08),
                         qPrintable(QStringLiteral("%1: %2..%3, expected %4..%5")
                                        .arg(q)
                                        .arg(interval.low)
                                        .arg(interval.high)
                                        .arg(expected.low)
                                        .arg(expected.high)));
            }
        }
    }
    // The true p50 lies in the interval more often than where requests are taken for independent.
    void intervalsHoldWhatTheyPromise()
    {
        const auto truth =
            summarizeLatencies(bursty(1000, 200'000 * kSecond, kSecond / 10).latency).percentiles;
        int blocks[2] = {}, independent[2] = {};
        for (unsigned seed = 0; seed < kTests; ++seed) {
            const auto columns = bursty(seed, 300 * kSecond, kSecond / 20);
            const auto found = *blockIntervals(columns.begin, columns.latency, 300);
            const auto summary = summarizeLatencies(columns.latency);
            for (const std::size_t i : {0u, 1u}) {
                const auto held = [&](const LatencyInterval &interval) {
                    return interval.low <= truth[i].value && truth[i].value <= interval.high;
                };
                blocks[i] += held(*found.intervals[i]);
                independent[i] += held(*summary.percentiles[i].interval);
            }
        }
        for (int i = 0; i < 2; ++i) {
            const auto text = QStringLiteral("%1 %2").arg(blocks[i]).arg(independent[i]);
            QVERIFY2(blocks[i] >= static_cast<int>(kTests * 85 / 100), qPrintable(text));
            QVERIFY2(independent[i] < static_cast<int>(kTests * 70 / 100), qPrintable(text));
        }
    }
    // Where they are independent, both intervals are the same but for chance.
    void independentRequests()
    {
        std::mt19937_64 random(5);
        std::lognormal_distribution<double> latency(16, 1);
        Columns columns;
        for (std::int64_t at = 0; at < 600 * kSecond; at += kSecond / 100) {
            columns.begin.push_back(at);
            columns.latency.push_back(static_cast<std::int64_t>(latency(random)));
        }
        const auto found = *blockIntervals(columns.begin, columns.latency);
        const auto summary = summarizeLatencies(columns.latency);
        for (const std::size_t i : {0u, 1u, 2u, 3u}) {
            const auto &a = *found.intervals[i], &b = *summary.percentiles[i].interval;
            const auto ratio =
                static_cast<double>(a.high - a.low) / static_cast<double>(b.high - b.low);
            QVERIFY2(ratio > 0.6 && ratio < 1.5, qPrintable(QString::number(ratio)));
        }
    }
    void valuesAreDrawnExactlyEnough()
    {
        Columns columns;
        std::mt19937_64 random(6);
        for (std::int64_t i = 0; i < 4000; ++i) {
            columns.begin.push_back(i * kSecond / 50);
            columns.latency.push_back(static_cast<std::int64_t>(random() >> (1 + random() % 60)));
        }
        const unsigned asked[] = {1, 5000, 9900, 10'000};
        const auto draws = *drawPercentiles(columns.begin, columns.latency, asked, 50);
        auto sorted = columns.latency;
        std::sort(sorted.begin(), sorted.end());
        QCOMPARE(draws.values.size(), std::size_t{4});
        for (const auto &values : draws.values) {
            QCOMPARE(values.size(), std::size_t{50});
            for (const auto value : values) {
                const auto it = std::lower_bound(sorted.begin(), sorted.end(), value);
                const auto off = [&](std::int64_t other) {
                    return std::abs(static_cast<double>(value) - static_cast<double>(other)) /
                           std::max(static_cast<double>(other), 1.0);
                };
                const auto above = it == sorted.end() ? 1.0 : off(*it);
                const auto below = it == sorted.begin() ? 1.0 : off(*(it - 1));
                QVERIFY(std::min(above, below) <= kDrawnError);
            }
        }
    }
    void blocksByTheLengthOfTheTest_data()
    {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<double>("block");
        QTest::newRow("a minute") << qint64{60} << 1.2;
        QTest::newRow("half a minute") << qint64{30} << 1.0;
        QTest::newRow("ten minutes") << qint64{600} << 10.0;
        QTest::newRow("an hour") << qint64{3600} << 10.0;
        QTest::newRow("a day") << qint64{86400} << 86400 / 512.0;
    }
    void blocksByTheLengthOfTheTest()
    {
        QFETCH(const qint64, seconds);
        QFETCH(const double, block);
        Columns columns;
        for (std::int64_t i = 0; i <= 10'000; ++i) {
            columns.begin.push_back(i * seconds * kSecond / 10'000);
            columns.latency.push_back(kMs);
        }
        const auto found = blockIntervals(columns.begin, columns.latency, 5);
        QVERIFY(found);
        QVERIFY(std::abs(static_cast<double>(found->blockNs) / 1e9 / block - 1) < 0.01);
        QVERIFY(found->blocks >= kLeastBlocks && found->blocks <= 512);
    }
    void tooLittle()
    {
        QVERIFY(!blockIntervals({}, {}));
        QVERIFY(!middleOf({}));
        Columns columns;
        for (std::int64_t i = 0; i < 1000; ++i) {
            columns.begin.push_back(i * 19 * kMs); // 19 seconds
            columns.latency.push_back(kMs);
        }
        QVERIFY(!blockIntervals(columns.begin, columns.latency));
        // All in two bursts, a long time apart.
        for (std::size_t i = 0; i < 1000; ++i)
            columns.begin[i] = i < 500 ? 0 : 1000 * kSecond;
        QVERIFY(!blockIntervals(columns.begin, columns.latency));
        // Without times.
        std::fill(columns.begin.begin(), columns.begin.end(), LoadRows::kUntimed);
        QVERIFY(!blockIntervals(columns.begin, columns.latency));
    }
    void hostileValues()
    {
        Columns columns;
        const std::int64_t values[] = {INT64_MIN, -1, 0, 1, 2047, 2048, 2049, INT64_MAX};
        for (std::int64_t i = 0; i < 800; ++i) {
            columns.begin.push_back(i * (INT64_MAX / 800));
            columns.latency.push_back(values[i % 8]);
        }
        columns.begin.back() = INT64_MAX;
        const auto found = blockIntervals(columns.begin, columns.latency, 20);
        QVERIFY(found);
        QVERIFY(found->intervals[0]->low >= 0);
        QVERIFY(near(found->intervals[3]->high, INT64_MAX, kDrawnError));
    }
};

QTEST_GUILESS_MAIN(TestPercentileIntervals)
#include "tst_percentile_intervals.moc"
