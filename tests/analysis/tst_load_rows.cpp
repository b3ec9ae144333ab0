#include "analysis/latency_report.h"
#include "analysis/load_rows.h"

#include <QTest>

using namespace flamewright;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

Timestamp at(std::int64_t ns)
{
    return Timestamp{Duration{ns}};
}

// Two captures whose clocks begin at 100 s and 500 s; "a" of the first, "b" of both.
LoadRows drawn()
{
    LoadRows rows;
    rows.groups = {"a", "b", "never"};
    rows.workers = {"", "one"};
    rows.statuses = {"200", "500"};
    rows.errors = {""};
    rows.phases = {""};
    rows.captures = {{CaptureId{1}, "before", at(100 * kSecond), {}},
                     {CaptureId{2}, "after", at(500 * kSecond), {}}};
    const auto add = [&](std::int64_t begin, std::int64_t latency, unsigned group, bool failed,
                         unsigned capture) {
        rows.begin.push_back(begin);
        rows.latency.push_back(latency);
        rows.group.push_back(group);
        rows.worker.push_back(1);
        rows.status.push_back(failed ? 1 : 0);
        rows.error.push_back(0);
        rows.phase.push_back(0);
        rows.failed.push_back(failed ? 1 : 0);
        rows.capture.push_back(static_cast<std::uint8_t>(capture));
        rows.bytesIn.push_back(10);
        rows.bytesOut.push_back(1);
    };
    add(LoadRows::kUntimed, 7, 0, false, 0);
    add(0, 1 * kSecond, 0, false, 0);
    add(0, 2 * kSecond, 1, false, 1);
    add(1 * kSecond, 1 * kSecond, 1, true, 0);
    add(3 * kSecond, 1 * kSecond, 1, false, 1);
    return rows;
}

} // namespace

class TestLoadRows : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void timeIsCountedFromTheStartOfEachCapture()
    {
        const auto rows = drawn();
        QCOMPARE(rows.firstTimed(), 1u);
        QCOMPARE(rows.endNs(), 4 * kSecond);
        QCOMPARE(LoadRows().endNs(), 0);
    }
    void aRangeOfOneClockTakesRowsOfThatCapture()
    {
        const std::vector<TimeRange> ranges{{at(500 * kSecond), at(502 * kSecond)}};
        const auto some = within(drawn(), ranges);
        QCOMPARE(some.size(), 1u);
        QCOMPARE(some.latency[0], 2 * kSecond);
        QCOMPARE(some.withoutTime, 1u);
        QCOMPARE(some.groups, drawn().groups);
        QCOMPARE(within(drawn(), {}).size(), drawn().size());
    }
    void aBrushIsARangeOnEveryClockAndBack()
    {
        const auto rows = drawn();
        const auto clocks = onClocks(rows, kSecond, 2 * kSecond);
        QCOMPARE(clocks, (std::vector<TimeRange>{{at(101 * kSecond), at(102 * kSecond)},
                                                 {at(501 * kSecond), at(502 * kSecond)}}));
        QCOMPARE(onAxis(rows, clocks), (std::vector<LoadSpan>{{kSecond, 2 * kSecond}}));
        QCOMPARE(within(rows, clocks).size(), 1u);
        // Where nothing was measured there is nothing to show.
        QVERIFY(onAxis(rows, std::vector<TimeRange>{{at(0), at(kSecond)}}).empty());
        QCOMPARE(onAxis(rows, std::vector<TimeRange>{TimeRange{}}),
                 (std::vector<LoadSpan>{{0, 3 * kSecond + 1}}));
    }
    void groupsAreKeptByNumber()
    {
        const std::uint32_t wanted[] = {1, 99};
        const auto some = ofGroups(drawn(), wanted);
        QCOMPARE(some.size(), 3u);
        QCOMPARE(some.group, (std::vector<std::uint32_t>{1, 1, 1}));
        QCOMPARE(some.firstTimed(), 0u);
    }
    void clocksOfUnrelatedCapturesAreAddedUp()
    {
        const auto report = latencyReport(drawn(), RateOver::All, false);
        QCOMPARE(report.all.count, 5u);
        QCOMPARE(report.errors, 1u);
        QCOMPARE(report.durationNs, 2 * kSecond + 4 * kSecond); // not 404 s
        QCOMPARE(report.groups.size(), 2u);                     // "never" has no request
        QCOMPARE(report.groups[0].name, std::string("b"));
        QCOMPARE(report.groups[0].latency.failed.count, 1u);
        QCOMPARE(report.groups[0].ratePerSecond, 3.0 / 6);
    }
    void whatRanAtTheSameTimeCountsOnce()
    {
        auto rows = drawn();
        rows.captures[0].startedAtNs = 1'000 * kSecond;
        rows.captures[1].startedAtNs = 1'001 * kSecond;
        QCOMPARE(latencyReport(rows, RateOver::All, false).durationNs, 5 * kSecond);
    }
    void phasesHaveRatesOfTheirOwn()
    {
        const auto report = latencyReport(drawn(), RateOver::Own, false);
        QCOMPARE(report.groups[1].name, std::string("a"));
        QCOMPARE(report.groups[1].ratePerSecond, 2.0 / 1); // the untimed one counts, too
    }
    void noRowsHaveNoRate()
    {
        const auto report = latencyReport({}, RateOver::All, true);
        QCOMPARE(report.all.count, 0u);
        QVERIFY(!report.durationNs && !report.ratePerSecond && report.groups.empty());
    }
};

QTEST_APPLESS_MAIN(TestLoadRows)
#include "tst_load_rows.moc"
