#include "analysis/tool_figures.h"

#include <QTest>

#include <cmath>

using namespace flamewright;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

ToolFigure figure(std::optional<std::int64_t> begin, std::int64_t length, SummaryFigure which,
                  double value, double position = 0)
{
    ToolFigure out;
    out.method = "tool";
    out.beginNs = begin;
    out.lengthNs = length;
    out.figure = which;
    out.value = value;
    out.position = position;
    return out;
}

} // namespace

class TestToolFigures : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void figuresOfAllOfTheTimeStayAsTheyAre()
    {
        const std::vector<ToolFigure> figures{
            figure({}, 0, SummaryFigure::Count, 100), figure({}, 0, SummaryFigure::Mean, 5),
            figure({}, 0, SummaryFigure::Quantile, 9, 0.99),
            // Parts of the time beside it change nothing.
            figure(0, kSecond, SummaryFigure::Count, 60),
            figure(kSecond, kSecond, SummaryFigure::Quantile, 7, 0.99)};
        const auto all = toolLatencies(figures);
        QCOMPARE(all.size(), 1u);
        QCOMPARE(all[0].count, 100.0);
        QCOMPARE(all[0].quantiles.at(0.99), 9.0);
        QCOMPARE(all[0].intervals, 0u);
        QVERIFY(!all[0].partsOnly);
    }
    void countsAndExtremesAddUpAndPercentilesDoNot()
    {
        const std::vector<ToolFigure> figures{
            figure(0, kSecond, SummaryFigure::Count, 10),
            figure(0, kSecond, SummaryFigure::Mean, 2), figure(0, kSecond, SummaryFigure::Min, 1),
            figure(0, kSecond, SummaryFigure::Max, 3),
            figure(0, kSecond, SummaryFigure::Quantile, 3, 0.99),
            figure(kSecond, kSecond, SummaryFigure::Count, 30),
            figure(kSecond, kSecond, SummaryFigure::Mean, 6),
            figure(kSecond, kSecond, SummaryFigure::Min, 4),
            figure(kSecond, kSecond, SummaryFigure::Max, 8),
            figure(kSecond, kSecond, SummaryFigure::Quantile, 8, 0.99),
            // Nothing happened: its zeros are no latencies.
            figure(2 * kSecond, kSecond, SummaryFigure::Count, 0),
            figure(2 * kSecond, kSecond, SummaryFigure::Min, 0),
            figure(2 * kSecond, 2 * kSecond, SummaryFigure::Count, 20)};
        const auto all = toolLatencies(figures);
        QCOMPARE(all.size(), 1u);
        QCOMPARE(all[0].count, 60.0);
        QCOMPARE(all[0].min, 1.0);
        QCOMPARE(all[0].max, 8.0);
        QVERIFY(!all[0].mean); // a part does not say its mean
        QCOMPARE(all[0].intervals, 4u);
        QVERIFY(all[0].quantiles.empty());
        QVERIFY(all[0].partsOnly);
        QCOMPARE(all[0].ratePerSecond, 60.0 / 5);
    }
    void meansAreWeighted()
    {
        const std::vector<ToolFigure> figures{
            figure(0, 1, SummaryFigure::Count, 10), figure(0, 1, SummaryFigure::Mean, 2),
            figure(1, 1, SummaryFigure::Count, 30), figure(1, 1, SummaryFigure::Mean, 6),
            figure(2, 1, SummaryFigure::Count, 25), figure(2, 1, SummaryFigure::Mean, 0)};
        QCOMPARE(toolLatencies(figures)[0].mean, 200.0 / 65);
    }
    // Locust's history: totals since the start, each containing the one before.
    void totalsSinceTheStartAreNotAddedUp()
    {
        std::vector<ToolFigure> figures;
        for (int second = 1; second <= 20; ++second)
            figures.push_back(figure(0, second * kSecond, SummaryFigure::Count, second * 7.0));
        figures.push_back(figure(-5 * kSecond, 10 * kSecond, SummaryFigure::Quantile, 3, 0.5));
        const auto all = toolLatencies(figures);
        QCOMPARE(all[0].count, 140.0);
        QCOMPARE(all[0].intervals, 0u);
        QVERIFY(all[0].partsOnly);
    }
    // Artillery: periods, and all of it beside them, with clocks that do not quite agree.
    void theLongestPartThatCountsAsMuchAsAllOthersIsTheWhole()
    {
        const std::vector<ToolFigure> figures{
            figure(-9 * kSecond, 10 * kSecond, SummaryFigure::Count, 3),
            figure(kSecond, 10 * kSecond, SummaryFigure::Count, 5),
            figure(0, 12 * kSecond, SummaryFigure::Count, 8)};
        QCOMPARE(toolLatencies(figures)[0].count, 8.0);
    }
    void histogramsAddUpWithoutALoss()
    {
        const std::vector<ToolFigure> figures{
            figure(0, kSecond, SummaryFigure::Bucket, 50, 10),
            figure(0, kSecond, SummaryFigure::Bucket, 1, 1000),
            figure(0, kSecond, SummaryFigure::Count, 51),
            figure(kSecond, kSecond, SummaryFigure::Bucket, 49, 20),
            figure(kSecond, kSecond, SummaryFigure::Count, 49)};
        const auto all = toolLatencies(figures);
        QCOMPARE(all[0].count, 100.0);
        QCOMPARE(all[0].quantiles.at(0.5), 10.0);  // the 50th of 100
        QCOMPARE(all[0].quantiles.at(0.99), 20.0); // the 99th
        QCOMPARE(all[0].quantiles.at(0.999), 1000.0);
        QVERIFY(!all[0].partsOnly);
    }
    void allEndpointsTogetherComeFirst()
    {
        auto small = figure({}, 0, SummaryFigure::Count, 3), large = small, every = small;
        small.endpoint = "/a";
        large.endpoint = "/b";
        large.value = 9;
        const std::vector<ToolFigure> figures{small, large, every};
        const auto all = toolLatencies(figures);
        QCOMPARE(all[0].endpoint, std::string());
        QCOMPARE(all[1].endpoint, std::string("/b"));
        QVERIFY(toolLatencies({}).empty());
    }
    void hostileFiguresDoNoHarm()
    {
        const auto nan = std::nan("");
        std::vector<ToolFigure> figures;
        for (const double value : {nan, -1.0, 1e308, HUGE_VAL})
            for (const auto which : {SummaryFigure::Count, SummaryFigure::Bucket,
                                     SummaryFigure::Mean, SummaryFigure::Quantile})
                figures.push_back(figure(static_cast<std::int64_t>(figures.size()), INT64_MAX,
                                         which, value, value));
        QCOMPARE(toolLatencies(figures).size(), 1u);
    }
};

QTEST_APPLESS_MAIN(TestToolFigures)
#include "tst_tool_figures.moc"
