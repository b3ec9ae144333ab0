#include "analysis/sample_times.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

using namespace flamewright;

namespace {

void append(SampleColumns &to, std::uint32_t track, std::int64_t time)
{
    to.time.push_back(Timestamp{Duration{time}});
    to.track.push_back(TrackId{track});
    to.cpu.push_back(-1);
    to.stack.push_back({});
    to.measure.push_back({});
    to.labels.push_back({});
    to.value.push_back(1);
    to.count.push_back(1);
}

} // namespace

class TestSampleTimes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void ticksAreThoseOfLookingAtEverySample_data()
    {
        QTest::addColumn<double>("nsPerColumn");
        QTest::addColumn<qint64>("begin");
        for (const qint64 begin : {qint64{0}, qint64{1'763'000'000'000'000'000}})
            for (const double ns : {0.02, 1.0, 7.3, 1000.0, 123'456.7})
                QTest::addRow("%g ns from %lld", ns, static_cast<long long>(begin)) << ns << begin;
    }
    void ticksAreThoseOfLookingAtEverySample()
    {
        QFETCH(double, nsPerColumn);
        QFETCH(qint64, begin);
        std::mt19937 random(7);
        std::map<std::uint32_t, std::set<std::int64_t>> all; // moments, one by one
        SampleTimes::Builder builder;
        for (int chunk = 0; chunk < 3; ++chunk) {
            SampleColumns rows;
            for (int i = 0; i < 4000; ++i) {
                const auto track = 1 + static_cast<std::uint32_t>(random() % 4);
                const auto time = begin - 500 + static_cast<std::int64_t>(random() % 2'000'000);
                append(rows, track, time);
                append(rows, track, time); // a second measure
                all[track].insert(time);
            }
            builder.add(rows);
        }
        const auto times = std::move(builder).finish();
        for (const auto from : {std::int64_t{0}, std::int64_t{700'000}}) {
            const TickColumns columns{begin + from, 0.25, nsPerColumn, 800};
            for (std::uint32_t track = 0; track < 6; ++track) {
                std::map<std::int64_t, std::uint64_t> naive;
                for (const auto time : all[track]) {
                    const auto at = std::floor((static_cast<double>(time - columns.begin) - 0.25) /
                                               nsPerColumn);
                    if (at >= 0 && at < 800)
                        ++naive[static_cast<std::int64_t>(at)];
                }
                std::vector<SampleTick> expected;
                for (const auto &[column, count] : naive)
                    expected.push_back({column, count});
                std::vector<SampleTick> found;
                times.ticks(TrackId{track}, columns, found);
                QVERIFY(found == expected);
            }
        }
    }
    void ofVeryManyOneInSeveralIsHeld()
    {
        SampleTimes::Builder builder(1000);
        SampleColumns rows;
        for (int i = 0; i < 50'000; ++i)
            append(rows, 1, i * 10);
        append(rows, 2, 5);
        builder.add(rows);
        const auto times = std::move(builder).finish();
        QVERIFY(times.of(TrackId{1}).size() <= 1000);
        QCOMPARE(times.of(TrackId{2}).size(), std::size_t{1}); // no track loses all
        // Evenly: the tenths of the time have as many, within one, and stand for all of them.
        std::vector<SampleTick> ticks;
        times.ticks(TrackId{1}, {0, 0, 50'000, 10}, ticks);
        QCOMPARE(ticks.size(), std::size_t{10});
        for (const auto &tick : ticks) {
            const auto stands = tick.count * times.step();
            QVERIFY(stands + times.step() >= 5000 && stands <= 5000 + times.step());
        }
    }
    void farAndMissingTimesAreNoTrouble()
    {
        SampleTimes::Builder builder;
        SampleColumns rows;
        for (const auto time : {INT64_MIN, INT64_MIN + 1, INT64_MAX, std::int64_t{0}})
            append(rows, 1, time);
        append(rows, UINT32_MAX, 0);
        builder.add(rows);
        const auto times = std::move(builder).finish();
        QCOMPARE(times.of(TrackId{1}).size(), std::size_t{3}); // without the one that has no time
        std::vector<SampleTick> ticks;
        times.ticks(TrackId{1}, {INT64_MIN, 0, 1, 10}, ticks);
        QCOMPARE(ticks.size(), std::size_t{1});
        ticks.clear();
        times.ticks(TrackId{1}, {-5, 0, 1e-3, INT64_MAX}, ticks);
        QCOMPARE(ticks.size(), std::size_t{1});
    }
};

QTEST_APPLESS_MAIN(TestSampleTimes)
#include "tst_sample_times.moc"
