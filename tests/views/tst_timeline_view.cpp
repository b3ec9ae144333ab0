#include "tests/support/import_contract.h"
#include "tests/views/drawn_load.h"
#include "views/scene/plot_picture.h"
#include "views/scene/timeline_view.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace flamewright;

namespace {

const FixedMetrics kMetrics;
using Kind = TimelineView::PanelKind;

TimelineData dataOf(const LoadRows &rows, const TimelineQuestion &question = {})
{
    return {.timeline = std::make_shared<const LoadTimeline>(loadTimeline(rows, question))};
}

std::string painted(const TimelineView &view, const Viewport &viewport)
{
    DisplayList list;
    view.paint(viewport, Theme::Light, kMetrics, list);
    return dump(list);
}

bool shows(const std::string &dumped, const std::string &text)
{
    return dumped.find(text) != std::string::npos;
}

std::vector<Kind> kindsOf(const TimelineView &view, const Viewport &viewport)
{
    std::vector<Kind> out;
    for (const auto &panel : view.panels(viewport))
        out.push_back(panel.kind);
    return out;
}

} // namespace

class TestTimelineView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void drawsTheGoldenPicture_data()
    {
        QTest::addColumn<int>("theme");
        QTest::addColumn<bool>("grouped");
        QTest::newRow("light") << int(Theme::Light) << false;
        QTest::newRow("groups-dark") << int(Theme::Dark) << true;
    }
    void drawsTheGoldenPicture()
    {
        QFETCH(int, theme);
        QFETCH(bool, grouped);
        auto data = dataOf(drawnLoad(30, 20), {.pixels = 200, .grouped = grouped});
        data.limits = {{.perMyriad = 9500, .limitNs = 300 * kDrawnMs}};
        TimelineView view(data);
        view.setAnnotated(true);
        view.setRanges({{5 * kDrawnSecond, 9 * kDrawnSecond}});
        view.setPending(LoadSpan{20 * kDrawnSecond, 22 * kDrawnSecond});
        view.setHover(PointF{250, 300});
        const auto picture = plotPicture(view,
                                         {.title = "Load test over time",
                                          .subtitle = "560 requests",
                                          .theme = static_cast<Theme>(theme),
                                          .width = 480,
                                          .height = 560},
                                         kMetrics);
        const auto diff =
            testing::compareGolden(std::string(FW_SOURCE_DIR "/tests/golden/views/over-time-") +
                                       QTest::currentDataTag() + ".display-list.txt",
                                   dump(picture.list));
        QVERIFY2(diff.empty(), diff.c_str());
    }

    // Every pixel of the time axis is in the bin of its time, zoomed or not.
    void everyPixelIsTheBinOfItsTime()
    {
        const TimelineView view(dataOf(drawnLoad(), {.pixels = 700}));
        const auto &all = *view.data().timeline;
        for (const auto &[begin, end] : {std::pair(0.0, 1.0), std::pair(0.31, 0.44)}) {
            const Viewport viewport{.size = {800, 600}, .begin = begin, .end = end};
            const auto plot = view.plotArea(viewport);
            for (float x = plot.x + 0.5f; x < plot.right(); x += 3) {
                const auto found = view.readout(viewport, {x, 100});
                QVERIFY(found && found->span);
                const auto time = *view.timeAt(viewport, x);
                QVERIFY(static_cast<double>(found->span->beginNs) <= time);
                QVERIFY(time <= static_cast<double>(found->span->endNs));
                QCOMPARE(found->span->endNs - found->span->beginNs, all.binNs);
                QVERIFY(std::abs(view.xOfTime(viewport, time) - x) < 0.01f);
            }
            QVERIFY(!view.readout(viewport, {plot.x - 5, 100}));
        }
    }

    void tooltipsHaveTheFiguresOfTheBin()
    {
        const TimelineView view(dataOf(drawnLoad(), {.pixels = 700}));
        const Viewport viewport{.size = {800, 600}};
        const auto x = view.xOfTime(viewport, 16.2 * double(kDrawnSecond)); // in the spike
        const auto found = view.readout(viewport, {x, 100});
        const auto text = plainText(found->tip);
        QVERIFY2(shows(text, "p95"), text.c_str());
        QVERIFY(shows(text, "under way"));
        QVERIFY(shows(text, " failed"));
        QVERIFY(shows(text, "/s"));
    }

    // Whatever the height, the lowest panel has the labels of the time; the keys go before the title.
    void narrowAndLowPlotsHaveTheirLabels()
    {
        const TimelineView view(dataOf(drawnLoad()));
        for (float height = 200; height < 420; height += 7) {
            const auto dumped = painted(view, {.size = {520, height}});
            QVERIFY(shows(dumped, "\"10 s\"") && shows(dumped, "\"p95\""));
            QVERIFY(shows(dumped, "\"latency"));
        }
    }

    void panelsAreStackedAndLeaveOutWhatHasNoRoom()
    {
        const TimelineView view(dataOf(drawnLoad()));
        const Viewport tall{.size = {800, 700}};
        QCOMPARE(kindsOf(view, tall), (std::vector{Kind::Latency, Kind::Throughput, Kind::Errors,
                                                   Kind::Concurrency, Kind::Bytes}));
        float bottom = 0;
        for (const auto &panel : view.panels(tall)) {
            QVERIFY(panel.frame.plot.y > bottom);
            bottom = panel.frame.plot.bottom();
            QVERIFY(bottom <= 700);
            QCOMPARE(panel.frame.plot.x, view.plotArea(tall).x);
            QCOMPARE(panel.frame.plot.width, view.plotArea(tall).width);
        }
        QCOMPARE(kindsOf(view, {.size = {800, 250}}),
                 (std::vector{Kind::Latency, Kind::Throughput}));
        // And says so.
        const auto low = painted(view, {.size = {800, 250}});
        QVERIFY2(shows(low, "no room for failures, requests under way, bytes"), low.c_str());
        QVERIFY(!shows(painted(view, tall), "no room"));
        QVERIFY(shows(painted(view, {.size = {800, 30}}), "Too small"));
        // No failures, no plot of them.
        LoadRows rows;
        for (int i = 0; i < 100; ++i)
            addRequest(rows, i * kDrawnMs, kDrawnMs);
        std::fill(rows.bytesIn.begin(), rows.bytesIn.end(), 0u);
        std::fill(rows.bytesOut.begin(), rows.bytesOut.end(), 0u);
        QCOMPARE(kindsOf(TimelineView(dataOf(rows)), tall),
                 (std::vector{Kind::Latency, Kind::Throughput, Kind::Concurrency}));
    }

    // In the two seconds of pause no line and no bar is drawn.
    void aPauseStaysAGap()
    {
        const TimelineView view(dataOf(ungrouped(drawnLoad(30, 200)), {.pixels = 700}));
        const Viewport viewport{.size = {800, 700}};
        const auto left = view.xOfTime(viewport, 26.4 * double(kDrawnSecond));
        const auto right = view.xOfTime(viewport, 27.6 * double(kDrawnSecond));
        DisplayList list;
        view.paint(viewport, Theme::Light, kMetrics, list);
        const auto panels = view.panels(viewport);
        const auto latency = panels[0].frame.plot;
        int lines = 0;
        for (const auto &cmd : list.commands()) {
            if (cmd.op != Op::Polyline)
                continue;
            ++lines;
            for (std::size_t i = 1; i < list.pointsOf(cmd).size(); ++i) {
                const auto a = list.pointsOf(cmd)[i - 1], b = list.pointsOf(cmd)[i];
                QVERIFY2(b.x <= left || a.x >= right, qPrintable(QString::number(a.x)));
            }
        }
        QVERIFY(lines >= 4); // two for each percentile
        for (const auto &cmd : list.commands()) {
            if (cmd.op == Op::FillRect && cmd.rect.x > left && cmd.rect.right() < right &&
                cmd.rect.width > 1)
                QVERIFY(cmd.rect.y < latency.y); // texts have no rectangles, bars would
        }
    }

    void costFollowsThePixels()
    {
        const auto rows = drawnLoad(600, 200);
        const TimelineView narrow(dataOf(rows, {.pixels = 300})),
            wide(dataOf(rows, {.pixels = 3000}));
        DisplayList few, many;
        narrow.paint({.size = {400, 600}}, Theme::Light, kMetrics, few);
        wide.paint({.size = {3100, 600}}, Theme::Light, kMetrics, many);
        QVERIFY(few.commands().size() < 1500);
        QVERIFY(many.commands().size() < 15'000);
        // Only what is seen.
        DisplayList zoomed;
        wide.paint({.size = {3100, 600}, .begin = 0.5, .end = 0.51}, Theme::Light, kMetrics,
                   zoomed);
        QVERIFY(zoomed.commands().size() < 800);
    }

    void arrowsWalkFromBinToBin()
    {
        const TimelineView view(dataOf(drawnLoad()));
        const Viewport viewport{.size = {800, 600}};
        PointF at{view.plotArea(viewport).x + 1, 100};
        std::int64_t last = -1;
        for (std::size_t i = 0; i < view.data().timeline->bins(); ++i) {
            const auto found = view.readout(viewport, at);
            if (!found) // the middle of the last bin may be beyond the end of the test
                break;
            QVERIFY(found->span->beginNs > last || i + 2 >= view.data().timeline->bins());
            last = found->span->beginNs;
            at = *view.stepped(viewport, at, 1);
        }
        QVERIFY(last > 0);
    }

    void saysWhatIsMissing()
    {
        const Viewport viewport{.size = {800, 300}};
        QVERIFY(shows(painted(TimelineView(), viewport), "No requests in this scope"));
        QVERIFY(shows(painted(TimelineView({.aggregatesOnly = true}), viewport),
                      "This file holds figures that a tool computed, no requests."));
        LoadRows rows;
        addRequest(rows, LoadRows::kUntimed, 5);
        QVERIFY(
            shows(painted(TimelineView(dataOf(rows)), viewport), "These requests have no times"));
        const TimelineView some(dataOf(drawnLoad(30, 4)));
        QVERIFY(shows(painted(some, {.size = {1200, 600}}), "p99.9: too few in a bin"));
        QVERIFY(shows(painted(some, {.size = {1200, 600}}), "failures are not in the percentiles"));
    }

    void hostileTimesAreDrawn()
    {
        LoadRows rows;
        addRequest(rows, 0, INT64_MAX, 0, 1);
        addRequest(rows, 5, -7);
        addRequest(rows, INT64_MAX / 4, INT64_MAX);
        rows.errors[1] = "a\n\x1b[31m" + std::string(100'000, 'x');
        TimelineView view(dataOf(rows));
        view.setRanges({{INT64_MIN, INT64_MAX}});
        view.setHover(PointF{300, 100});
        for (const auto begin : {0.0, 0.999999}) {
            const auto dumped = painted(view, {.size = {800, 600}, .begin = begin});
            QVERIFY(!dumped.empty() && dumped.size() < 200'000);
            QVERIFY(dumped.find('\x1b') == std::string::npos);
        }
    }
};

QTEST_GUILESS_MAIN(TestTimelineView)
#include "tst_timeline_view.moc"
