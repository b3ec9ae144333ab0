#include "analysis/latency.h"

#include <QTest>

#include <algorithm>
#include <numeric>
#include <random>

using namespace flamewright;

namespace {

// Nearest rank of sorted values, the way the definition says it.
std::int64_t slowly(std::vector<std::int64_t> values, unsigned perMyriad)
{
    std::sort(values.begin(), values.end());
    const auto n = static_cast<std::int64_t>(values.size());
    std::int64_t rank = 1; // the first that has at least q * n values up to it
    while (rank * 10'000 < std::int64_t{perMyriad} * n)
        ++rank;
    return values[static_cast<std::size_t>(rank - 1)];
}

struct Columns {
    std::vector<std::int64_t> latency;
    std::vector<std::uint32_t> group;
    std::vector<std::uint8_t> failed;
};

} // namespace

class TestLatency : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // 1 to 100: every percentile is its own number.
    void countsByHand()
    {
        std::vector<std::int64_t> values(100);
        std::iota(values.begin(), values.end(), 1);
        std::shuffle(values.begin(), values.end(), std::mt19937(1));
        const auto s = summarizeLatencies(values);
        QCOMPARE(s.count, 100u);
        QCOMPARE(s.min, 1);
        QCOMPARE(s.max, 100);
        QCOMPARE(s.mean, 50.5);
        QCOMPARE(s.percentiles[0].value, 50);
        QCOMPARE(s.percentiles[1].value, 90);
        QCOMPARE(s.percentiles[2].value, 95);
        QCOMPARE(s.percentiles[3].value, 99);
        QCOMPARE(s.percentiles[4].value, 100);
        // qbinom(c(0.025, 0.975), 100, 0.5) is 40 and 60, for p90 84 and 95.
        QCOMPARE(s.percentiles[0].interval->low, 40);
        QCOMPARE(s.percentiles[0].interval->high, 61);
        QCOMPARE(s.percentiles[1].interval->low, 84);
        QCOMPARE(s.percentiles[1].interval->high, 96);
        // 100 requests say nothing of the p99.
        QVERIFY(!s.percentiles[3].interval);
        QVERIFY(!s.percentiles[4].interval && !s.percentiles[5].interval);
    }
    void nothingAndOne()
    {
        const auto none = summarizeLatencies({});
        QCOMPARE(none.count, 0u);
        QVERIFY(!none.percentiles[0].interval);
        const std::int64_t value[] = {7};
        const auto one = summarizeLatencies(value);
        QCOMPARE(one.min, 7);
        QCOMPARE(one.max, 7);
        QCOMPARE(one.mean, 7.0);
        for (const auto &percentile : one.percentiles) {
            QCOMPARE(percentile.value, 7);
            QVERIFY(!percentile.interval);
        }
    }
    void sumsDoNotOverflow()
    {
        const std::vector<std::int64_t> values(5, INT64_MAX);
        QCOMPARE(summarizeLatencies(values).mean, static_cast<double>(INT64_MAX));
    }
    void failuresAreKeptApart()
    {
        const Columns rows{{10, 1, 20, 2, 30, 99}, {0, 0, 0, 0, 1, 0}, {0, 1, 0, 1, 0, 0}};
        const auto table = latencyTable(rows.latency, rows.group, rows.failed, 3, true);
        QCOMPARE(table.all.count, 6u);
        QCOMPARE(table.all.min, 1);
        QCOMPARE(table.groups[0].ok.count, 3u);
        QCOMPARE(table.groups[0].ok.min, 10);
        QCOMPARE(table.groups[0].ok.max, 99);
        QCOMPARE(table.groups[0].failed.count, 2u);
        QCOMPARE(table.groups[0].failed.max, 2);
        QCOMPARE(table.groups[0].all->count, 5u);
        QCOMPARE(table.groups[0].all->percentiles[0].value, 10);
        QCOMPARE(table.groups[1].ok.count, 1u);
        QCOMPARE(table.groups[1].failed.count, 0u);
        QCOMPARE(table.groups[2].count(), 0u);
        QVERIFY(!latencyTable(rows.latency, rows.group, rows.failed, 3, false).groups[0].all);
    }
    void agreesWithTheObviousWay()
    {
        std::mt19937 random(5);
        for (int round = 0; round < 30; ++round) {
            Columns rows;
            std::vector<std::vector<std::int64_t>> ok(4), failed(4);
            const auto n = 1 + random() % 9000;
            for (unsigned i = 0; i < n; ++i) {
                const auto group = static_cast<std::uint32_t>(random() % 4);
                const auto bad = static_cast<std::uint8_t>(random() % 5 == 0);
                const auto value = static_cast<std::int64_t>(random() >> random() % 30);
                rows.latency.push_back(value);
                rows.group.push_back(group);
                rows.failed.push_back(bad);
                (bad ? failed : ok)[group].push_back(value);
            }
            const auto table = latencyTable(rows.latency, rows.group, rows.failed, 4, false);
            const auto check = [&](const LatencySummary &s, const std::vector<std::int64_t> &v) {
                if (s.count != v.size())
                    return false;
                for (std::size_t i = 0; !v.empty() && i < kPercentiles.size(); ++i) {
                    if (s.percentiles[i].value != slowly(v, kPercentiles[i].perMyriad))
                        return false;
                }
                return v.empty() || (s.min == *std::min_element(v.begin(), v.end()) &&
                                     s.max == *std::max_element(v.begin(), v.end()));
            };
            QVERIFY(check(table.all, rows.latency));
            for (std::size_t group = 0; group < 4; ++group) {
                QVERIFY(check(table.groups[group].ok, ok[group]));
                QVERIFY(check(table.groups[group].failed, failed[group]));
            }
        }
    }
    // 95 of 100 samples of a known distribution have its p90 in their interval, or nearly.
    void intervalsHoldWhatTheyPromise()
    {
        std::mt19937 random(11);
        std::lognormal_distribution<double> latencies(15, 1);
        const auto truth = static_cast<std::int64_t>(std::exp(15 + 1.2815515655446004));
        int held = 0;
        for (int round = 0; round < 2000; ++round) {
            std::vector<std::int64_t> values(400);
            for (auto &value : values)
                value = static_cast<std::int64_t>(latencies(random));
            const auto s = summarizeLatencies(values);
            const auto &interval = *s.percentiles[1].interval;
            held += interval.low <= truth && truth <= interval.high;
        }
        QVERIFY2(held >= 1880 && held <= 1960, qPrintable(QString::number(held)));
    }
    void spansAreJoined()
    {
        const auto at = [](std::int64_t ns) { return Timestamp{Duration{ns}}; };
        QCOMPARE(lengthOfUnion({}), 0);
        QCOMPARE(lengthOfUnion({{at(0), at(10)}}), 10);
        QCOMPARE(lengthOfUnion({{at(100), at(110)}, {at(0), at(10)}, {at(5), at(20)}}), 30);
        QCOMPARE(lengthOfUnion({{at(0), at(100)}, {at(10), at(20)}, {at(50), at(60)}}), 100);
        QCOMPARE(lengthOfUnion({{at(INT64_MIN + 1), at(INT64_MAX)}}), INT64_MAX);
    }
};

QTEST_GUILESS_MAIN(TestLatency)
#include "tst_latency.moc"
