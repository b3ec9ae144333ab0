#include "tests/support/import_contract.h"
#include "tests/views/drawn_load.h"
#include "views/scene/percentile_view.h"
#include "views/scene/plot_picture.h"

#include <QTest>

#include <cmath>

using namespace flamewright;

namespace {

const FixedMetrics kMetrics;

PercentileData dataOf(const LoadRows &rows, std::size_t most = kLineColors)
{
    return {.curves =
                std::make_shared<const PercentileCurves>(percentileCurves(rows, false, most))};
}

std::string painted(const PercentileView &view, SizeF size, Theme theme = Theme::Light)
{
    DisplayList list;
    view.paint({.size = size}, theme, kMetrics, list);
    return dump(list);
}

bool shows(const std::string &dumped, const std::string &text)
{
    return dumped.find(text) != std::string::npos;
}

} // namespace

class TestPercentileView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void drawsTheGoldenPicture_data()
    {
        QTest::addColumn<int>("theme");
        QTest::newRow("light") << int(Theme::Light);
        QTest::newRow("dark") << int(Theme::Dark);
    }
    void drawsTheGoldenPicture()
    {
        QFETCH(int, theme);
        auto data = dataOf(drawnLoad(30, 40, 2));
        data.limits = {{.perMyriad = 9900, .limitNs = 300 * kDrawnMs}};
        PercentileView view(data);
        view.setAnnotated(true);
        const auto picture = plotPicture(view,
                                         {.title = "Latency by percentile",
                                          .subtitle = "1,120 requests",
                                          .theme = static_cast<Theme>(theme),
                                          .width = 480,
                                          .height = 320},
                                         kMetrics);
        const auto diff =
            testing::compareGolden(std::string(FW_SOURCE_DIR "/tests/golden/views/percentiles-") +
                                       QTest::currentDataTag() + ".display-list.txt",
                                   dump(picture.list));
        QVERIFY2(diff.empty(), diff.c_str());
    }

    // Each point of each line is found where it is drawn.
    void everyPointIsFound()
    {
        const auto rows = drawnLoad();
        const PercentileView view(dataOf(rows));
        for (const float width : {640.0f, 2200.0f}) {
            const Viewport viewport{.size = {width, 480}};
            const auto frame = view.frame(viewport);
            const auto &curves = view.data().curves->curves;
            for (std::size_t c = 0; c < curves.size(); ++c) {
                for (const auto &point : curves[c].points) {
                    const auto at = frame.at(point.quantile, double(point.value));
                    const auto found =
                        view.readout(viewport, {at.x, std::min(at.y, frame.plot.bottom() - 0.5f)});
                    QVERIFY(found && found->group);
                    // Another line may be closer where two cross, or other points in one pixel.
                    const auto by =
                        std::hypot(double(found->at.x - at.x), double(found->at.y - at.y));
                    QVERIFY2(by < 1.5, qPrintable(QString::number(by)));
                }
            }
            QVERIFY(!view.readout(viewport, {frame.plot.x - 2, 100}));
            QVERIFY(view.hitTest(viewport, {frame.plot.x + 50, 100}));
        }
    }

    void tooltipsHaveEveryLine()
    {
        const PercentileView view(dataOf(drawnLoad()));
        const Viewport viewport{.size = {900, 480}};
        const auto frame = view.frame(viewport);
        const auto &curve = view.data().curves->curves[0];
        const auto &p95 = *curve.marks[2];
        const auto found = view.readout(viewport, frame.at(0.95, double(p95.value)));
        QVERIFY(found);
        QCOMPARE(found->tip.rows.size(), std::size_t{3});
        QVERIFY(found->tip.title.starts_with("p9"));
        QVERIFY(shows(found->tip.rows[*found->group].value, " to "));
    }

    void arrowsWalkAlongALine()
    {
        const PercentileView view(dataOf(ungrouped(drawnLoad())));
        const Viewport viewport{.size = {900, 480}};
        const auto frame = view.frame(viewport);
        const auto &points = view.data().curves->curves[0].points;
        auto at = frame.at(points[0].quantile, double(points[0].value));
        for (std::size_t i = 1; i < points.size(); ++i) {
            const auto next = view.stepped(viewport, at, 1);
            QVERIFY(next);
            QVERIFY(next->x >= at.x);
            at = *next;
        }
        QVERIFY(std::abs(at.x - frame.xOf(points.back().quantile)) < 0.5f);
        QVERIFY(std::abs(view.stepped(viewport, at, 5)->x - at.x) < 0.01f);
    }

    void saysWhetherALimitWasMet_data()
    {
        QTest::addColumn<qint64>("limit");
        QTest::addColumn<QString>("label");
        // p95 of 1 to 1000 ms is 950 ms, its interval about 935 to 962 ms.
        QTest::newRow("met") << qint64{1100} << "SLO p95 \u2264 1.1 s: met, 950 ms";
        QTest::newRow("missed") << qint64{500} << "SLO p95 \u2264 500 ms: missed, 950 ms";
        QTest::newRow("close") << qint64{951} << "SLO p95 \u2264 951 ms: 950 ms, too close to say";
    }
    void saysWhetherALimitWasMet()
    {
        QFETCH(qint64, limit);
        QFETCH(QString, label);
        LoadRows rows;
        for (int i = 1; i <= 1000; ++i)
            addRequest(rows, i, i * kDrawnMs);
        auto data = dataOf(ungrouped(rows));
        data.limits = {{.perMyriad = 9500, .limitNs = limit * kDrawnMs}};
        QVERIFY(shows(painted(PercentileView(data), {900, 400}), label.toStdString()));
    }

    void tooFewRequestsAreSaid()
    {
        LoadRows rows;
        for (int i = 1; i <= 60; ++i)
            addRequest(rows, i, i * kDrawnMs);
        auto data = dataOf(ungrouped(rows));
        data.limits = {{.perMyriad = 9900, .limitNs = 100 * kDrawnMs}};
        const auto dumped = painted(PercentileView(data), {900, 400});
        QVERIFY(shows(dumped, "n too small to say"));
        QVERIFY(shows(dumped, "there are too few requests to say; the slowest took 60 ms."));
    }

    void manyGroupsShareTheLastLine()
    {
        LoadRows rows;
        for (int i = 0; i < 1000; ++i)
            addRequest(rows, i, (i % 97 + 1) * kDrawnMs, static_cast<std::uint32_t>(i % 20));
        rows.groups.clear();
        for (int g = 0; g < 20; ++g)
            rows.groups.push_back("endpoint " + std::to_string(g));
        const PercentileView view(dataOf(rows));
        const auto names = view.groupNames();
        QCOMPARE(names.size(), kLineColors);
        QCOMPARE(names.back(), std::string("others (13)"));
        QVERIFY(shows(painted(view, {1600, 400}), "others (13)"));
    }

    void aLongTailIsLogarithmic()
    {
        LoadRows rows;
        for (int i = 0; i < 2000; ++i)
            addRequest(rows, i, i % 50 == 0 ? 10 * kDrawnSecond : 10 * kDrawnMs);
        auto data = dataOf(ungrouped(rows));
        const Viewport viewport{.size = {900, 400}};
        QVERIFY(PercentileView(data).frame(viewport).y.log);
        data.scale = ScaleChoice::Linear;
        QVERIFY(!PercentileView(data).frame(viewport).y.log);
        LoadRows even;
        for (int i = 1; i <= 1000; ++i)
            addRequest(even, i, i * kDrawnMs);
        QVERIFY(!PercentileView(dataOf(ungrouped(even))).frame(viewport).y.log);
    }

    // What a tool printed has marks and its name, no line; each is found.
    void figuresOfToolsAreMarksOfTheirOwn()
    {
        auto data = dataOf(ungrouped(drawnLoad()));
        data.printed = {{.capture = "mix.txt",
                         .tool = "wrk",
                         .method = "corrected for omission",
                         .points = {{0.5, 60 * kDrawnMs, {}}, {0.99, 700 * kDrawnMs, {}}}}};
        const PercentileView view(data);
        const Viewport viewport{.size = {900, 400}};
        DisplayList with, without;
        view.paint(viewport, Theme::Light, kMetrics, with);
        const auto lines = [](const DisplayList &list) {
            return std::count_if(list.commands().begin(), list.commands().end(),
                                 [](const DrawCmd &c) { return c.op == Op::Polyline; });
        };
        data.printed.clear();
        PercentileView(data).paint(viewport, Theme::Light, kMetrics, without);
        QCOMPARE(lines(with), lines(without));
        QVERIFY(shows(dump(with), "wrk, as printed"));
        const auto frame = view.frame(viewport);
        const auto found = view.readout(viewport, frame.at(0.99, 700e6));
        QCOMPARE(*found->group, 1u);
        QVERIFY(shows(plainText(found->tip), "as the tool printed it: corrected for omission"));
    }

    void figuresAloneAreDrawn()
    {
        const PercentileView view(
            {.printed = {{.tool = "wrk", .points = {{0.5, 60 * kDrawnMs, {}}}}},
             .aggregatesOnly = true});
        QVERIFY(!view.isEmpty());
        QVERIFY(shows(painted(view, {900, 400}), "figures that a tool computed"));
        QVERIFY(shows(painted(view, {900, 400}), "\"60 ms\""));
    }

    void saysWhatIsMissing()
    {
        QVERIFY(shows(painted(PercentileView(), {600, 300}), "No requests in this scope"));
        QVERIFY(shows(painted(PercentileView({.aggregatesOnly = true}), {600, 300}),
                      "This file holds figures that a tool computed, no requests."));
        LoadRows rows;
        addRequest(rows, 0, kDrawnMs, 0, 1);
        QVERIFY(
            shows(painted(PercentileView(dataOf(rows)), {600, 300}), "Every request here failed"));
        QVERIFY(shows(painted(PercentileView(dataOf(drawnLoad())), {90, 60}), "Too small"));
        QVERIFY(shows(painted(PercentileView(dataOf(drawnLoad())), {900, 400}),
                      "Failures are not in the percentiles."));
    }

    void hostileNamesAndTimesAreHeld()
    {
        LoadRows rows;
        for (int i = 0; i < 100; ++i)
            addRequest(rows, i, i % 2 == 0 ? INT64_MAX : -5);
        rows.groups[0] = "a\n\x1b[31m" + std::string(100'000, 'x');
        PercentileView view(dataOf(rows));
        view.setHover(PointF{300, 200});
        view.setEmphasis(7);
        const auto dumped = painted(view, {600, 300});
        QVERIFY(!dumped.empty() && dumped.size() < 100'000);
        QVERIFY(dumped.find('\x1b') == std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestPercentileView)
#include "tst_percentile_view.moc"
