#include "views/scene/plot_frame.h"
#include "views/scene/plot_view.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace flamewright;

namespace {

const FixedMetrics kMetrics;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::vector<std::string> labelsOf(const PlotAxis &axis, double pixels, double distance)
{
    std::vector<std::string> out;
    for (const auto &tick : axisTicks(axis, pixels, distance)) {
        if (!tick.label.empty())
            out.push_back(tick.label);
    }
    return out;
}
using Labels = std::vector<std::string>;

// A plot along time with nothing in it.
class EmptyPlot final : public PlotView {
public:
    std::string_view kind() const override { return "empty"; }
    void paint(const Viewport &, Theme, const TextMetrics &, DisplayList &) const override {}
    bool isEmpty() const override { return true; }
    RectF plotArea(const Viewport &) const override { return {100, 0, 500, 100}; }
    std::optional<LoadSpan> timeSpan() const override { return LoadSpan{1000, 3000}; }
    std::optional<PlotReadout> readout(const Viewport &, PointF) const override { return {}; }
    std::string summary() const override { return {}; }
};

} // namespace

class TestPlotFrame : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void placesComeBackAsValues_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("log");
        QTest::addColumn<double>("from");
        QTest::addColumn<double>("to");
        QTest::newRow("count") << int(AxisKind::Count) << false << 0.0 << 12.0;
        QTest::newRow("duration") << int(AxisKind::Nanoseconds) << false << 0.0 << 4e9;
        QTest::newRow("log") << int(AxisKind::Nanoseconds) << true << 1e5 << 2e10;
        QTest::newRow("nines") << int(AxisKind::Nines) << false << 0.0 << 0.99999;
        QTest::newRow("time") << int(AxisKind::SinceStart) << false << 5e9 << 6e9;
    }
    void placesComeBackAsValues()
    {
        QFETCH(int, kind);
        QFETCH(bool, log);
        QFETCH(double, from);
        QFETCH(double, to);
        const PlotFrame frame{.plot = {40, 30, 600, 300},
                              .x = {static_cast<AxisKind>(kind), log, from, to, {}, {}},
                              .y = {static_cast<AxisKind>(kind), log, from, to, {}, {}}};
        QVERIFY(std::abs(frame.xOf(from) - 40) < 0.01f);
        QVERIFY(std::abs(frame.xOf(to) - 640) < 0.01f);
        QVERIFY(std::abs(frame.yOf(from) - 330) < 0.01f);
        QVERIFY(std::abs(frame.yOf(to) - 30) < 0.01f);
        for (float x = 40; x <= 640; x += 7)
            QVERIFY(std::abs(frame.xOf(frame.xAt(x)) - x) < 0.02f);
        for (float y = 30; y <= 330; y += 7)
            QVERIFY(std::abs(frame.yOf(frame.yAt(y)) - y) < 0.02f);
    }

    // p90, p99, p99.9 are as far from each other.
    void everyNineIsAsFar()
    {
        const PlotAxis axis{AxisKind::Nines, false, 0, 0.9999, {}, {}};
        QVERIFY(std::abs(axis.share(0.9) - 0.25) < 1e-9);
        QVERIFY(std::abs(axis.share(0.99) - 0.5) < 1e-9);
        QVERIFY(std::abs(axis.share(0.999) - 0.75) < 1e-9);
        QCOMPARE(labelsOf(axis, 800, 46),
                 (Labels{"min", "p50", "p75", "p90", "p95", "p99", "p99.9", "p99.99"}));
        QCOMPARE(labelsOf(axis, 160, 36), (Labels{"min", "p90", "p99", "p99.9", "p99.99"}));
    }

    void quantilesHaveTheirNames()
    {
        QCOMPARE(quantileName(0.5), std::string("p50"));
        QCOMPARE(quantileName(0.999), std::string("p99.9"));
        QCOMPARE(quantileName(0.9999), std::string("p99.99"));
        QCOMPARE(quantileName(0.975), std::string("p97.5"));
    }

    void ticksAreRound()
    {
        const PlotAxis ms{AxisKind::Nanoseconds, false, 0, 350e6, {}, {}};
        QCOMPARE(labelsOf(ms, 300, 34), (Labels{"0 s", "50 ms", "100 ms", "150 ms", "200 ms",
                                                "250 ms", "300 ms", "350 ms"}));
        const PlotAxis decades{AxisKind::Nanoseconds, true, 1e5, 1e9, {}, {}};
        QCOMPARE(labelsOf(decades, 200, 34),
                 (Labels{"100 \u00b5s", "1 ms", "10 ms", "100 ms", "1 s"}));
        const PlotAxis few{AxisKind::Nanoseconds, true, 1e6, 1e7, {}, {}};
        QCOMPARE(labelsOf(few, 200, 34), (Labels{"1 ms", "2 ms", "5 ms", "10 ms"}));
        const PlotAxis rate{AxisKind::Rate, false, 0, 1500, {}, {}};
        QCOMPARE(labelsOf(rate, 120, 34), (Labels{"0/s", "500/s", "1,000/s", "1,500/s"}));
        const PlotAxis share{AxisKind::Share, false, 0, 1, {}, {}};
        QCOMPARE(labelsOf(share, 142, 34), (Labels{"0 %", "25 %", "50 %", "75 %", "100 %"}));
        const PlotAxis users{AxisKind::Count, false, 0, 3, {}, {}}; // no half a user
        QCOMPARE(labelsOf(users, 300, 34), (Labels{"0", "1", "2", "3"}));
        const PlotAxis time{AxisKind::SinceStart, false, 0, 90e9, {}, {}};
        QCOMPARE(labelsOf(time, 600, 84),
                 (Labels{"0 s", "15 s", "30 s", "45 s", "60 s", "75 s", "90 s"}));
    }

    void roundedAxesHoldTheirValues()
    {
        for (const bool log : {false, true}) {
            for (const double most : {1.5, 37.0, 12345.0, 9.99e8, 3.2e12}) {
                const auto axis = roundedAxis({AxisKind::Nanoseconds, log, 0, 1, {}, {}}, most / 40,
                                              most, 200, 34);
                QVERIFY(axis.to >= most * (1 - 1e-9) && axis.to <= most * 5.01);
                QVERIFY(axis.from <= std::max(most / 40, 1.0));
            }
        }
        const auto none = roundedAxis({AxisKind::Rate, false, 0, 1, {}, {}}, 0, 0, 200, 34);
        QVERIFY(none.to > none.from);
        QCOMPARE(roundedAxis({AxisKind::Share, false, 0, 1, {}, {}}, 0, 0.97, 200, 34).to, 1.0);
    }

    void hostileAxesHaveFewTicks()
    {
        for (const double most : {1e-300, 1e300, 9.2e18}) {
            for (int kind = 0; kind <= int(AxisKind::SinceStart); ++kind) {
                for (const bool log : {false, true}) {
                    const PlotAxis axis{static_cast<AxisKind>(kind), log, 0, most, {}, {}};
                    QVERIFY(axisTicks(axis, 500, 40).size() <= 1000);
                }
            }
        }
        QVERIFY(axisTicks({AxisKind::Count, false, 5, 5, {}, {}}, 500, 40).empty());
        QVERIFY(axisTicks({AxisKind::Count, false, kNone, 5, {}, {}}, 500, 40).empty());
    }

    // A million points cost as much as the pixels they are on; a gap stays one.
    void curvesFollowThePixelsAndKeepGaps()
    {
        const PlotFrame frame{.plot = {0, 0, 500, 100},
                              .x = {AxisKind::Count, false, 0, 1e6, {}, {}},
                              .y = {AxisKind::Count, false, 0, 100, {}, {}}};
        std::vector<PlotPoint> points;
        for (int i = 0; i < 1'000'000; ++i)
            points.push_back({double(i), i == 700'123 ? 99.0 : 50.0});
        for (int i = 300'000; i < 400'000; ++i)
            points[std::size_t(i)].y = kNone;
        DisplayList list;
        PlotCanvas(Theme::Light, kMetrics, 1, list).curve(frame, points, {0xff});
        std::size_t lines = 0, count = 0;
        float top = 100;
        for (const auto &cmd : list.commands()) {
            if (cmd.op != Op::Polyline)
                continue;
            ++lines;
            for (const auto &p : list.pointsOf(cmd)) {
                ++count;
                top = std::min(top, p.y);
                QVERIFY(p.x <= 150.6f || p.x >= 199.9f);
            }
        }
        QCOMPARE(lines, std::size_t{2});
        QVERIFY(count <= 4 * 501);
        QCOMPARE(top, 1.0f); // the one high point is not lost
    }

    void bandsCoverEachPixelOnce()
    {
        const PlotFrame frame{.plot = {10, 0, 300, 100},
                              .x = {AxisKind::Count, false, 0, 100, {}, {}},
                              .y = {AxisKind::Count, false, 0, 100, {}, {}}};
        const PlotBand points[] = {{0, 10, 20},  {33.3, 10, 60}, {50, kNone, kNone},
                                   {60, 20, 30}, {60.1, 25, 30}, {100, 20, 90}};
        for (const float scale : {1.0f, 1.5f, 2.0f}) {
            DisplayList list;
            PlotCanvas(Theme::Light, kMetrics, scale, list).band(frame, points, {0x80});
            for (float x = 10 + 0.25f / scale; x < 310; x += 1 / scale) {
                const auto value = frame.xAt(x);
                int covered = 0;
                for (const auto &cmd : list.commands())
                    covered += x >= cmd.rect.x && x < cmd.rect.right();
                if (std::abs(value - 33.3) < 0.4 || std::abs(value - 60) < 0.4)
                    continue; // on an edge of the gap
                QCOMPARE(covered, value > 33.3 && value < 60 ? 0 : 1);
            }
        }
    }

    void labelsDoNotCoverEachOther()
    {
        std::vector<PlotLabel> labels;
        for (int i = 0; i < 6; ++i)
            labels.push_back({{200, 50.0f + static_cast<float>(i)}, "p" + std::to_string(i), {}});
        labels.push_back({{395, 50}, "at the right", {}});
        DisplayList list;
        PlotCanvas(Theme::Light, kMetrics, 1, list).labels(labels, {0, 0, 400, 200});
        std::vector<RectF> rects;
        for (const auto &cmd : list.commands())
            rects.push_back(
                {cmd.rect.x, cmd.rect.y, cmd.rect.width, kMetrics.lineHeight(FontRole::Label)});
        QCOMPARE(rects.size(), labels.size());
        for (std::size_t a = 0; a < rects.size(); ++a) {
            QVERIFY(rects[a].right() <= 400);
            for (auto b = a + 1; b < rects.size(); ++b)
                QVERIFY(rects[a].right() <= rects[b].x || rects[b].right() <= rects[a].x ||
                        rects[a].bottom() <= rects[b].y || rects[b].bottom() <= rects[a].y);
        }
    }

    void legendsSayWhatTheyHaveNoRoomFor()
    {
        std::vector<SeriesKey> keys;
        for (int i = 0; i < 12; ++i)
            keys.push_back(
                {"endpoint-" + std::to_string(i), lineColor(std::size_t(i), Theme::Light)});
        DisplayList list;
        PlotCanvas canvas(Theme::Light, kMetrics, 1, list);
        QVERIFY(canvas.legend(keys, {10, 10}, 500) <= 500);
        const auto dumped = dump(list);
        QVERIFY2(dumped.find("and 9 more") != std::string::npos, dumped.c_str());
        // What is drawn is what a click finds.
        std::size_t found = 0;
        for (const auto &cmd : list.commands()) {
            if (cmd.op != Op::Text || list.textOf(cmd).starts_with("and"))
                continue;
            const auto at =
                legendAt(keys, {10, 10}, 500, kMetrics, {cmd.rect.x + 2, cmd.rect.y + 2});
            QVERIFY(at);
            QCOMPARE(keys[*at].label, std::string(list.textOf(cmd)));
            ++found;
        }
        QVERIFY(found >= 3);
        QCOMPARE(lineColor(8, Theme::Dark), palette(Theme::Dark).otherLines);
    }

    void timesOfAPlotComeBack()
    {
        const EmptyPlot plot;
        const Viewport zoomed{.size = {700, 200}, .begin = 0.25, .end = 0.5};
        QCOMPARE(*plot.timeAt(zoomed, 100), 1500.0);
        QCOMPARE(*plot.timeAt(zoomed, 600), 2000.0);
        QCOMPARE(*plot.timeAt(zoomed, 900), 2000.0); // a drag that leaves the plot
        QCOMPARE(plot.xOfTime(zoomed, 1750), 350.0f);
        QVERIFY(plot.xOfTime(zoomed, 1000) < 100);
    }
};

QTEST_GUILESS_MAIN(TestPlotFrame)
#include "tst_plot_frame.moc"
