#include "tests/support/import_contract.h"
#include "tests/views/drawn_load.h"
#include "views/scene/load_curve_view.h"
#include "views/scene/plot_picture.h"

#include <QTest>

#include <cmath>

using namespace flamewright;

namespace {

const FixedMetrics kMetrics;
const UslLaw kLaw{.sigma = 0.04, .kappa = 0.0006, .lambda = 120};

// Levels of a system that keeps to the law, but for a ripple; latencies of 1000 requests each.
std::shared_ptr<Capacity> drawnCapacity(const std::vector<double> &concurrencies)
{
    auto out = std::make_shared<Capacity>();
    out->levels.from = LevelsFrom::Workers;
    std::vector<UslPoint> points;
    std::vector<double> x, throughput;
    for (std::size_t i = 0; i < concurrencies.size(); ++i) {
        LoadLevel level;
        level.beginNs = static_cast<std::int64_t>(i) * 20 * kDrawnSecond;
        level.endNs = level.beginNs + 20 * kDrawnSecond;
        level.concurrency = concurrencies[i];
        level.achievedPerSecond = kLaw.throughput(level.concurrency) * (i % 2 == 0 ? 1.02 : 0.98);
        level.offeredPerSecond = level.achievedPerSecond * 1.01;
        level.requests = 1000;
        level.errors = i * i;
        std::vector<std::int64_t> latencies;
        for (int n = 1; n <= 1000; ++n)
            latencies.push_back(static_cast<std::int64_t>(
                level.concurrency / level.achievedPerSecond * 1e6 * (400 + n)));
        level.latency = summarizeLatencies(latencies);
        points.push_back({level.concurrency, level.achievedPerSecond});
        x.push_back(level.concurrency);
        throughput.push_back(level.achievedPerSecond);
        out->levels.levels.push_back(std::move(level));
    }
    out->usl = fitUsl(points, 200);
    out->throughputKnee = strongestKnee(x, throughput, KneeShape::Flattens);
    return out;
}

const std::vector<double> kSteps{16, 1, 2, 4, 8, 32, 24, 48}; // in order of time

std::string painted(const LoadCurveView &view, const Viewport &viewport)
{
    DisplayList list;
    view.paint(viewport, Theme::Light, kMetrics, list);
    return dump(list);
}

bool shows(const std::string &dumped, const std::string &text)
{
    return dumped.find(text) != std::string::npos;
}

} // namespace

class TestLoadCurveView : public QObject {
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
        // Without the law, whose bits depend on the machine's mathematics.
        auto known = drawnCapacity(kSteps);
        known->usl = {std::nullopt, "it takes at least 6 levels of load"};
        LoadCurveView view(
            {.capacity = known,
             .limits = {{{.perMyriad = 9900, .limitNs = 30 * kDrawnMs},
                         ObjectiveHeadroom{.headroom = {.kind = Headroom::Kind::Crosses,
                                                        .throughput = 1240,
                                                        .concurrency = 26,
                                                        .hasInterval = true,
                                                        .low = 1200,
                                                        .high = 1280}}}}});
        view.setHover(PointF{250, 150});
        const auto picture = plotPicture(view,
                                         {.title = "Throughput and latency against load",
                                          .subtitle = "8,000 requests",
                                          .theme = static_cast<Theme>(theme),
                                          .width = 640,
                                          .height = 520},
                                         kMetrics);
        const auto dumped = dump(picture.list);
        const auto diff =
            testing::compareGolden(std::string(FW_SOURCE_DIR "/tests/golden/views/load-curve-") +
                                       QTest::currentDataTag() + ".display-list.txt",
                                   dumped);
        QVERIFY2(diff.empty(), diff.c_str());
        QVERIFY(shows(dumped, "SLO p99 \u2264 30 ms: crossed at 1,240/s (95 % interval 1,200/s to "
                              "1,280/s)"));
    }

    void everyLevelIsFoundWhereItIsDrawn()
    {
        const LoadCurveView view({.capacity = drawnCapacity(kSteps)});
        const Viewport viewport{.size = {1000, 600}};
        for (const auto &panel : view.panels(viewport)) {
            for (const auto &level : view.data().capacity->levels.levels) {
                const PointF at{panel.frame.xOf(level.concurrency), panel.frame.plot.y + 5};
                const auto found = view.readout(viewport, at);
                QVERIFY(found);
                QVERIFY(std::abs(found->at.x - at.x) < 0.01f);
                QCOMPARE(found->span->beginNs, level.beginNs);
                QCOMPARE(found->span->endNs, level.endNs);
                QCOMPARE(found->tip.rows[0].value, formatRate(level.achievedPerSecond));
            }
        }
        QVERIFY(!view.readout(viewport, {10, 100}));
    }

    void arrowsGoUpInLoad()
    {
        const LoadCurveView view({.capacity = drawnCapacity(kSteps)});
        const Viewport viewport{.size = {1000, 600}};
        auto at = *view.stepped(viewport, {0, 100}, -5);
        for (std::size_t i = 1; i < kSteps.size(); ++i) {
            const auto next = *view.stepped(viewport, at, 1);
            QVERIFY(next.x > at.x);
            at = next;
        }
        QCOMPARE(view.stepped(viewport, at, 1)->x, at.x);
    }

    // The line of the law goes through what the law says, the band is around it.
    void theLawIsDrawn()
    {
        const LoadCurveView view({.capacity = drawnCapacity(kSteps)});
        const Viewport viewport{.size = {1000, 600}};
        const auto frame = view.panels(viewport).front().frame;
        QVERIFY(view.data().capacity->usl.fit);
        const auto &fit = *view.data().capacity->usl.fit;
        DisplayList list;
        view.paint(viewport, Theme::Light, kMetrics, list);
        std::size_t points = 0;
        for (const auto &cmd : list.commands()) {
            if (cmd.op != Op::Polyline || cmd.color != lineColor(1, Theme::Light) ||
                list.pointsOf(cmd).size() < 100)
                continue;
            for (const auto &p : list.pointsOf(cmd)) {
                const auto expected = frame.yOf(fit.law.throughput(frame.xAt(p.x)));
                QVERIFY(std::abs(p.y - expected) < 1.5f);
                ++points;
            }
        }
        QVERIFY(points >= 100);
        QVERIFY(shows(painted(view, viewport), "Universal Scalability Law: at most "));
        const auto band = uslBand(fit, std::vector<double>{1, 20});
        QVERIFY(band[0].low == fit.lambda.low && band[0].high == fit.lambda.high);
        QVERIFY(band[1].low <= fit.law.throughput(20) && fit.law.throughput(20) <= band[1].high);
    }

    void saysWhatBecameOfALimit()
    {
        const auto with = [](Headroom::Kind kind) {
            const LoadCurveView view(
                {.capacity = drawnCapacity(kSteps),
                 .limits = {{{.perMyriad = 9900, .limitNs = 30 * kDrawnMs},
                             ObjectiveHeadroom{.headroom = {.kind = kind, .throughput = 900}}}}});
            return painted(view, {.size = {1000, 600}});
        };
        QVERIFY(shows(with(Headroom::Kind::Never), "held up to 900/s, the most that was measured"));
        QVERIFY(shows(with(Headroom::Kind::Always), "missed at the lowest load already"));
        QVERIFY(shows(with(Headroom::Kind::Crosses), "crossed at 900/s"));
    }

    void saysWhatIsMissing()
    {
        const Viewport viewport{.size = {900, 400}};
        QVERIFY(shows(painted(LoadCurveView(), viewport), "There is no level of load"));
        QVERIFY(shows(painted(LoadCurveView({.capacity = drawnCapacity({8})}), viewport),
                      "There is one level of load only"));
        QVERIFY(shows(painted(LoadCurveView({.aggregatesOnly = true}), viewport),
                      "This file holds figures that a tool computed, no requests."));
        const LoadCurveView two({.capacity = drawnCapacity({8, 16})});
        QVERIFY(!two.isEmpty());
        QVERIFY(shows(painted(two, {.size = {1200, 600}}),
                      "no law: it takes at least 6 levels of load"));
        QVERIFY(shows(painted(two, {.size = {90, 60}}), "Too small"));
    }

    void hostileLevelsAreDrawn()
    {
        auto known = drawnCapacity({1, 2, 3});
        auto &levels = known->levels.levels;
        levels[0].concurrency = NAN;
        levels[1].achievedPerSecond = 1e300;
        levels[2].latency.percentiles[0] = {INT64_MAX, LatencyInterval{INT64_MIN, INT64_MAX}};
        levels[2].name = "a\n\x1b[31m" + std::string(100'000, 'x');
        LoadCurveView view({.capacity = known});
        view.setHover(PointF{300, 100});
        const auto dumped = painted(view, {.size = {800, 400}});
        QVERIFY(!dumped.empty() && dumped.size() < 100'000);
    }
};

QTEST_GUILESS_MAIN(TestLoadCurveView)
#include "tst_load_curve_view.moc"
