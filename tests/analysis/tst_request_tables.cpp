#include "analysis/latency_trend.h"
#include "analysis/request_errors.h"
#include "analysis/search.h"
#include "analysis/slo.h"

#include <QTest>

using namespace flamewright;

namespace {

struct Row {
    std::int64_t begin, latency;
    std::uint32_t group;
    bool failed = false;
    std::uint32_t status = 0, error = 0;
};

LoadRows rowsOf(const std::vector<Row> &drawn)
{
    LoadRows rows;
    rows.groups = {"GET /cart", "POST /pay", "GET /"};
    rows.workers = rows.phases = {""};
    rows.statuses = {"200", "404", "500"};
    rows.errors = {"", "Not Found", "boom"};
    rows.captures = {{CaptureId{1}, "test", {}, {}}};
    for (const auto &row : drawn) {
        rows.begin.push_back(row.begin);
        rows.latency.push_back(row.latency);
        rows.group.push_back(row.group);
        rows.worker.push_back(0);
        rows.status.push_back(row.status);
        rows.error.push_back(row.error);
        rows.phase.push_back(0);
        rows.failed.push_back(row.failed ? 1 : 0);
        rows.capture.push_back(0);
        rows.bytesIn.push_back(0);
        rows.bytesOut.push_back(0);
    }
    return rows;
}

std::vector<std::int64_t> list(std::span<const std::int64_t> values)
{
    return {values.begin(), values.end()};
}

} // namespace

// What tables of requests and errors show.
class TestRequestTables : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void errorsAreTheSameByStatusAndWords()
    {
        const auto errors = requestErrors(rowsOf({{LoadRows::kUntimed, 1, 2, true, 2, 2},
                                                  {5, 1, 0, true, 1, 1},
                                                  {6, 1, 0, false, 0, 0},
                                                  {7, 1, 1, true, 1, 1},
                                                  {8, 1, 1, true, 2, 0},
                                                  {9, 1, 1, true, 1, 1}}));
        QCOMPARE(errors.size(), 3u);
        QCOMPARE(errors[0].status, 1u); // the most frequent first
        QCOMPARE(errors[0].error, 1u);
        QCOMPARE(errors[0].count, 3u);
        QCOMPARE(errors[0].firstNs, 5);
        QCOMPARE(errors[0].lastNs, 9);
        QCOMPARE(errors[0].groups, (std::vector<std::uint32_t>{1, 0}));
        QCOMPARE(errors[1].error, 0u); // the same status, other words
        QCOMPARE(errors[2].error, 2u);
        QCOMPARE(errors[2].firstNs, LoadRows::kUntimed);
        QCOMPARE(errors[2].lastNs, LoadRows::kUntimed);
        QVERIFY(requestErrors(LoadRows()).empty());
    }

    void trendIsAPercentileOfEachSlice()
    {
        // Slices of 10 ns: [100, 110) and so on.
        const auto rows = rowsOf({{LoadRows::kUntimed, 999, 0},
                                  {100, 10, 0},
                                  {101, 30, 0},
                                  {102, 20, 0},
                                  {103, 99, 0, true},
                                  {120, 5, 0},
                                  {121, 7, 1},
                                  {129, 6, 0}});
        const auto median = latencyTrend(rows, 5000, false, 3, 10);
        constexpr auto none = LatencyTrend::kNone;
        QCOMPARE(list(median.of(0)), (std::vector<std::int64_t>{20, none, 5}));
        QCOMPARE(list(median.of(1)), (std::vector<std::int64_t>{none, none, 7}));
        QCOMPARE(list(median.of(2)), (std::vector<std::int64_t>{none, none, none}));
        const auto most = latencyTrend(rows, 9999, true, 3, 10);
        QCOMPARE(list(most.of(0)), (std::vector<std::int64_t>{99, none, 6}));
        // Only of the groups with the most requests.
        const auto one = latencyTrend(rows, 5000, false, 3, 1);
        QCOMPARE(list(one.of(0)), (std::vector<std::int64_t>{20, none, 5}));
        QVERIFY(one.of(1).empty());
        QVERIFY(one.of(17).empty());
        QVERIFY(latencyTrend(LoadRows(), 5000, false, 3, 1).of(0).empty());
    }

    void apdexIsCountedForEachGroup()
    {
        const auto rows = rowsOf(
            {{0, 100, 0}, {1, 101, 0}, {2, 400, 0}, {3, 401, 0}, {4, 1, 0, true}, {5, 100, 1}});
        const auto groups = apdexByGroup(rows, 100);
        QCOMPARE(groups.size(), 3u);
        QCOMPARE(groups[0].satisfied, 1u);
        QCOMPARE(groups[0].tolerating, 2u);
        QCOMPARE(groups[0].frustrated, 2u);
        QCOMPARE(groups[0].score(), 0.4);
        QCOMPARE(groups[1].score(), 1.);
        QCOMPARE(groups[2].total(), 0u);
        // Together they are all of them.
        const auto all = apdex(rows.latency, rows.failed, 100);
        QCOMPARE(all.total(), 6u);
        QCOMPARE(all.tolerating, 2u);
    }

    void namesAreFoundByTextExpressionAndExactly()
    {
        const auto names = rowsOf({}).groups;
        using Hits = std::vector<std::uint8_t>;
        QCOMPARE(*matchNames(names, "get"), (Hits{1, 0, 1}));
        QCOMPARE(*matchNames(names, "/^POST/"), (Hits{0, 1, 0}));
        QCOMPARE(*matchNames(names, "/cart$/i"), (Hits{1, 0, 0}));
        QCOMPARE(*matchNames(names, "=GET /"), (Hits{0, 0, 1}));
        QCOMPARE(*matchNames(names, ""), (Hits{0, 0, 0}));
        QVERIFY(!matchNames(names, "/(/").has_value());
    }
};

QTEST_MAIN(TestRequestTables)
#include "tst_request_tables.moc"
