#include "analysis/omission_correction.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <optional>
#include <random>

using namespace flamewright;

namespace {

// As it is defined: value by value.
std::vector<std::int64_t> slowly(const std::vector<std::int64_t> &values, std::int64_t interval)
{
    auto out = values;
    for (const auto value : values) {
        for (auto missing = value - interval; interval > 0 && missing >= interval;
             missing -= interval)
            out.push_back(missing);
    }
    std::sort(out.begin(), out.end());
    return out;
}

bool near(double value, double expected, double relative = 0.001)
{
    return std::abs(value - expected) <= relative * expected;
}

// Of HdrHistogram with three digits: 2,048 values of 1, then as many of 2, of 4 ...
long long endOfBucket(std::int64_t value)
{
    std::int64_t width = 1;
    while (value / width >= 2048)
        width *= 2;
    return value / width * width + width - 1;
}

} // namespace

class TestOmissionCorrection : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // HdrHistogram, src/test/java/org/HdrHistogram/HistogramDataAccessTest.java (commit 016ab978),
    // the example of its README: 10,000 results of 1 ms at 100 a second, then one of 100 s; in us,
    // expected every 10 ms.
    void exampleOfHdrHistogram()
    {
        std::vector<std::int64_t> values(10'000, 1000);
        values.push_back(100'000'000);
        const auto raw = summarizeLatencies(values);
        QCOMPARE(raw.count, 10'001u);
        QCOMPARE(raw.percentiles[5].value, 1000); // "raw 99.99%'ile is 1 msec"
        QVERIFY(near(raw.mean, (10'000.0 * 1000 + 100'000'000) / 10'001));

        const auto corrected = correctOmission(values, 10'000);
        QCOMPARE(corrected.recorded, 10'001u);
        QCOMPARE(corrected.added, 9'999u);
        QCOMPARE(corrected.latency.count, 20'000u); // "Total count is 20,000"
        QVERIFY(near(corrected.latency.mean, (1000.0 + 50'000'000) / 2));
        QCOMPARE(corrected.latency.min, 1000);
        QCOMPARE(corrected.latency.max, 100'000'000);
        const ValueCount pairs[] = {{100'000'000, 1}, {1000, 10'000}};
        const OmissionCorrection correction(pairs, 10'000);
        QCOMPARE(correction.percentile(3000), 1000);
        QCOMPARE(correction.percentile(5000), 1000);
        QVERIFY(near(static_cast<double>(correction.percentile(7500)), 50e6));
        QVERIFY(near(static_cast<double>(correction.percentile(9000)), 80e6));
        QVERIFY(near(static_cast<double>(correction.percentile(9900)), 98e6));
        QCOMPARE(correction.percentile(10'000), 100'000'000);
        // testGetPercentileAtOrBelowValue, testGetCountBetweenValues.
        QCOMPARE(static_cast<double>(correction.countAtMost(5000)), 10'000.0);
        QCOMPARE(static_cast<double>(correction.countAtMost(10'010)), 10'001.0);
        QCOMPARE(static_cast<double>(correction.countAtMost(100'000'000)), 20'000.0);
    }
    // HistogramTest.testRecordValueWithExpectedInterval: 4 at an interval of 1 is 1, 2, 3, 4.
    void valueOfHdrHistogramsTest()
    {
        const ValueCount pairs[] = {{4, 1}};
        const OmissionCorrection correction(pairs, 1);
        for (int value = 0; value <= 5; ++value)
            QCOMPARE(static_cast<int>(correction.countAtMost(value)), std::min(value, 4));
    }
    void agreesWithTheObviousWay()
    {
        std::mt19937 random(1);
        for (int round = 0; round < 300; ++round) {
            std::vector<std::int64_t> values;
            for (unsigned i = 0; i < 1 + random() % 60; ++i)
                values.push_back(static_cast<std::int64_t>(random() % 2000) - 20);
            const auto interval = static_cast<std::int64_t>(random() % 90);
            const auto expected = slowly(values, interval);
            const auto found = correctOmission(values, interval);
            QCOMPARE(found.recorded, values.size());
            QCOMPARE(found.latency.count, expected.size());
            QCOMPARE(found.latency.min, expected.front());
            QCOMPARE(found.latency.max, expected.back());
            double sum = 0;
            for (const auto value : expected)
                sum += static_cast<double>(value);
            QVERIFY(std::abs(found.latency.mean - sum / static_cast<double>(expected.size())) <
                    1e-6);
            for (std::size_t i = 0; i < kPercentiles.size(); ++i) {
                const auto rank = (expected.size() * kPercentiles[i].perMyriad + 9'999) / 10'000;
                QCOMPARE(found.latency.percentiles[i].value, expected[rank - 1]);
                QVERIFY(!found.latency.percentiles[i].interval);
            }
        }
    }
    // tests/fixtures/omission/ORIGIN.md: what HdrHistogram makes of its own example "12Krps". It
    // keeps three digits, so that it names the end of the bucket that our value is in.
    void agreesWithHdrHistogramOn12Krps()
    {
        const std::string folder = FW_SOURCE_DIR "/tests/fixtures/omission/";
        std::vector<ValueCount> values;
        std::uint64_t before = 0, upTo = 0;
        std::ifstream recorded(folder + "12krps.txt");
        for (double ms = 0; recorded >> ms >> upTo; before = upTo)
            values.push_back({std::llround(ms * 1000), upTo - before});
        QCOMPARE(upTo, 3'477'000u);

        int compared = 0, total = 0;
        std::optional<OmissionCorrection> ours;
        std::ifstream corrected(folder + "12krps.corrected.txt");
        for (std::string line; std::getline(corrected, line);) {
            long long interval = 0, count = 0, value = 0;
            double percent = 0;
            if (std::sscanf(line.c_str(), "# corrected for %lld total %lld", &interval, &count) ==
                2) {
                ours.emplace(values, interval);
                QVERIFY(ours->total() == static_cast<OmissionCorrection::Count>(count));
                ++total;
            } else if (std::sscanf(line.c_str(), "p%lf %lld", &percent, &value) == 2 &&
                       percent < 99.995) {
                const auto perMyriad = static_cast<unsigned>(std::lround(percent * 100));
                QCOMPARE(endOfBucket(ours->percentile(perMyriad)), value);
                ++compared;
            }
        }
        QCOMPARE(total, 4);
        QCOMPARE(compared, 4 * 6);
    }
    void withoutAnIntervalNothingIsAdded()
    {
        const std::vector<std::int64_t> values{5, 1000};
        for (const std::int64_t interval :
             {std::int64_t{0}, std::int64_t{-7}, INT64_MIN, INT64_MAX}) {
            const auto found = correctOmission(values, interval);
            QCOMPARE(found.added, 0u);
            QCOMPARE(found.latency.max, 1000);
        }
        const auto none = correctOmission(std::span<const std::int64_t>(), 10);
        QCOMPARE(none.latency.count, 0u);
        QCOMPARE(none.latency.percentiles[0].value, 0);
    }
    void hostileValues()
    {
        const std::vector<std::int64_t> values{INT64_MIN, -1, 0, INT64_MAX, INT64_MAX, INT64_MAX};
        const auto found = correctOmission(values, 1);
        QCOMPARE(found.latency.count, UINT64_MAX); // three times 2^63: it saturates
        QCOMPARE(found.latency.min, INT64_MIN);
        QVERIFY(near(static_cast<double>(found.latency.percentiles[0].value), 4.611686e18));
        const ValueCount many[] = {{INT64_MAX, UINT64_MAX}};
        const OmissionCorrection most(many, 1);
        QVERIFY(near(static_cast<double>(most.percentile(9999)), 9.2224497e18, 0.001));
    }
};

QTEST_GUILESS_MAIN(TestOmissionCorrection)
#include "tst_omission_correction.moc"
